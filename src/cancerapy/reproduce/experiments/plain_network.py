"""A plain neural network from scratch on mammograms, and the remedies against overfitting."""

from collections.abc import Sequence

from cancerapy.evaluation.words import NOT_YET, in_words, verdict
from cancerapy.models.mlp_fit import MLPPlan
from cancerapy.reproduce._spec import Experiment, Part, Picture
from cancerapy.reproduce.findings import Findings
from cancerapy.reproduce.paired import PairedPart, difference_name
from cancerapy.reproduce.pictures import draw_bars
from cancerapy.reproduce.plain.cnn_part import DrawnCnnPart
from cancerapy.reproduce.plain.descent_picture import draw_descent
from cancerapy.reproduce.plain.drawn_images import DrawnImages
from cancerapy.reproduce.plain.network_part import (
    CPU_SECONDS,
    ITERATIONS,
    PlainNetworkPart,
)
from cancerapy.reproduce.plain.search_part import RAW, PlainSearchPart, chosen_settings

_CBIS = DrawnImages("breast", "cbis_ddsm")
_COPIES = DrawnImages("breast", "inbreast_copies", leaking=True)
_MORE = DrawnImages("breast", "cbis_ddsm", with_rest=True)
_FOLDER = "plain-network/"
_NONE = _FOLDER + "none.json"

_SEARCH = PlainSearchPart(
    "search on the training side, CBIS-DDSM", _CBIS, _NONE, _FOLDER + "search.json"
)
_LEAKING = PlainNetworkPart("no remedy, INbreast copies at random", _COPIES, _NONE)
_PLAIN = PlainNetworkPart("no remedy, CBIS-DDSM", _CBIS, _NONE, in_span=True)
_REMEDIES = (
    PlainNetworkPart("more data, CBIS-DDSM", _MORE, _NONE, in_span=True),
    PlainNetworkPart("dropout, CBIS-DDSM", _CBIS, _FOLDER + "dropout.json", in_span=True),
    PlainNetworkPart("L2, CBIS-DDSM", _CBIS, _FOLDER + "l2.json", in_span=True),
    PlainNetworkPart(
        "early stopping, CBIS-DDSM", _CBIS, _FOLDER + "early-stopping.json", in_span=True
    ),
)
_CNN = DrawnCnnPart("small CNN, CBIS-DDSM", _CBIS, _FOLDER + "small-cnn.json")
_JUDGED = (*_REMEDIES, _CNN)
_PAIRS = tuple(PairedPart(part, _PLAIN) for part in _JUDGED)
N_ORIGINALS, N_MALIGNANT_ORIGINALS = 106, 71
"""Images that the INbreast copies are made of, and those of them that show a malignant mass."""

_REPORT = MLPPlan()
_N_WEIGHTS = (3 * _CBIS.size_px**2 + 1) * _REPORT.n_hidden + _REPORT.n_hidden + 1
_PARTS: tuple[Part, ...] = (_SEARCH, _LEAKING, _PLAIN, *_REMEDIES, _CNN, *_PAIRS)


def _conclude(findings: Findings) -> str:
    return "\n\n".join(tell(findings) for tell in (_of_memory, _of_copies, _of_remedies, _of_time))


def _of_memory(findings: Findings) -> str:
    def both(part: PlainNetworkPart) -> str:
        accuracies = (findings.of(part.name, name) for name in ("training_accuracy", "accuracy"))
        return "{} in training and {} in test".format(*map(in_words, accuracies))

    kept = [
        float(row["accuracy"])
        for row in findings.curves.get(_SEARCH.name, ())
        if row["stage"] == RAW
    ]
    raw = f"{100 * max(kept):.1f} %" if kept else NOT_YET
    training, test = (findings.of(_PLAIN.name, n) for n in ("training_accuracy", "accuracy"))
    is_by_heart = training is not None and test is not None and training.value > test.high
    learnt = (
        "it learns them by heart: to be right on what was seen and far less so on the rest is high "
        "*variance*. The report calls it high bias; a network with high bias would be wrong on its "
        "training images as well."
        if is_by_heart
        else "it could learn them by heart, which would be high *variance*; that it is right less "
        "often on the rest is not shown here."
    )
    return (
        f"The report's network has 99.8 % in training and 66 % in test. Ours has {both(_LEAKING)} "
        f"on copies and {both(_PLAIN)} on CBIS-DDSM with patients kept apart. (With the mean image "
        f"left in the pixels no learning rate came above {raw} on the images it was trained on.) "
        f"With {_N_WEIGHTS:,} weights for {_CBIS.n_train} images {learnt}"
    )


def _of_copies(findings: Findings) -> str:
    accuracy, area = (findings.of(_LEAKING.name, name) for name in ("accuracy", "malignancy_auc"))
    if accuracy is None or area is None:
        return f"The copies: {NOT_YET}."
    always = N_MALIGNANT_ORIGINALS / N_ORIGINALS
    more_or_less = "more" if accuracy.value < always else "no more"
    told = (
        f"{N_MALIGNANT_ORIGINALS} of the {N_ORIGINALS} images behind the copies are malignant: to "
        f"call every copy so is right for {100 * always:.0f} %, as much as the report's 66 % and "
        f"{more_or_less} than ours. "
    )
    if area.low > 0.5:
        return f"{told}The copies on both sides do help it to an AUC of {in_words(area)}."
    return (
        f"{told}That nearly every test image has turned copies in training does not show in this "
        f"network's AUC, {in_words(area)}: each weight belongs to one pixel, and a turned copy has "
        "its breast in other pixels. What the leak does for networks that see shapes is told in "
        "the chapters on MobileNetV2 and ResNet101."
    )


def _of_remedies(findings: Findings) -> str:
    settings = chosen_settings(findings, _SEARCH.name)
    chosen = ", ".join(f"{name.replace('_', ' ')} {value:g}" for name, value in settings.items())
    told, helpful, kept_out, widths = [], [], [], []
    by_heart = findings.of(_PLAIN.name, "training_accuracy")
    for part in _REMEDIES:
        name = part.name.partition(",")[0]
        difference = findings.of(difference_name(part.name, _PLAIN.name), "accuracy")
        training = findings.of(part.name, "training_accuracy")
        told.append(f"{name}: {verdict(difference)}, with {in_words(training)} in training")
        if training and by_heart and training.value < by_heart.value:
            kept_out.append(name)
        if difference is not None:
            helpful += [name] if difference.low > 0 else []
            widths.append(50 * (difference.high - difference.low))
    least = f"({_CBIS.n_test} images do not show less than {max(widths, default=0):.0f} points.) "
    return (
        f"The search on the training side chose: {chosen or NOT_YET}. Accuracy in test against no "
        f"remedy, on the same images: {'; '.join(told)}. "
        + (f"Shown to help: {', '.join(helpful)}. " if helpful else "None is shown to help. ")
        + (least if widths else "")
        + _of_training(findings, kept_out)
    )


def _of_training(findings: Findings, kept_out: Sequence[str]) -> str:
    """Say what the remedies do that keep the network from learning its images by heart."""
    if not kept_out:
        return "None keeps the network from learning its images by heart."
    stopped = findings.of(_REMEDIES[-1].name, ITERATIONS)
    after = f" after {stopped.value:.0f} iterations" if stopped else ""
    means = {
        "L2": "L2 pulls the weights towards zero",
        "dropout": "dropout takes the hidden units away in turns",
        "early stopping": f"early stopping ends{after}",
        "more data": "more images are more to remember",
    }
    alone = "" if len(kept_out) == len(_REMEDIES) else f" ({', '.join(kept_out)})"
    return (
        f"What they do{alone} is to keep the network from learning its images by heart: "
        f"{', '.join(words for name, words in means.items() if name in kept_out)}. That closes the "
        f"gap from above. It does not teach a layer of {_REPORT.n_hidden} units what a mass looks "
        "like wherever it lies, because each of its weights belongs to one pixel."
    )


def _of_time(findings: Findings) -> str:
    plain, cnn = (in_words(findings.of(part.name, CPU_SECONDS)) for part in (_LEAKING, _CNN))
    difference = findings.of(difference_name(_CNN.name, _PLAIN.name), "accuracy")
    return (
        f"Processor time: {plain} for {_REPORT.iterations} iterations of the plain network, {cnn} "
        f"for 20 epochs of the small CNN, both on {_CBIS.n_train} images. Its accuracy in test "
        f"against the plain network's: {verdict(difference)}."
    )


_REPORTED = (_LEAKING, _PLAIN, *_REMEDIES, _CNN)
_WATCHED = {
    **{part.name: "test, watched only" for part in (_LEAKING, _PLAIN, *_REMEDIES[:-1])},
    _REMEDIES[-1].name: "inner part, stops",
}

EXPERIMENT = Experiment(
    id="plain-network",
    title="A plain network from scratch",
    place="section 4.2",
    claim=(
        "200 x 200 px with three channels are 120,000 inputs; 7 hidden ReLU units and a sigmoid, "
        "2000 iterations on 510 training and 136 test mammograms of a set that is not named: "
        '99.8 % training and 66 % test accuracy, "which is seems to have a high bias". Remedies '
        "named: more examples, regularisation such as dropout, and other stopping criteria."
    ),
    protocols=(
        "`cancerapy.models.mlp`, in NumPy alone, with the mean image of the training side taken "
        "away and gradient descent over all training images. Once on 510 and 136 of the 7,632 "
        "INbreast copies, drawn at random; once on as many images of CBIS-DDSM with patients kept "
        "apart. The 136 choose nothing. The report gives no learning rate: of six that were tried "
        "on four fifths of the CBIS-DDSM training side, the one that comes nearest to 99.8 % there "
        "is taken; dropout and L2 are the strengths with the lowest loss on the other fifth. The "
        "remedies: all images of other patients instead of 510; dropout; L2; stopping when the "
        "loss on a fifth of the training side, of other patients, has not fallen for 200 "
        "iterations. Training accuracy is with all units on. Beside it `SmallCNN`, 20 epochs on "
        "the same images. Processor time is that of all cores together. What stands without a time "
        "was trained in the span of the images (`cancerapy.models.mlp_span`), which takes the same "
        "steps except for rounding. At the rate taken the loss jumps now and then, as the curves "
        "show, and there rounding grows: repeating a training so moves its accuracy, on the about "
        "hundred images of the inner part by up to four points, less than the intervals are wide."
    ),
    parts=_PARTS,
    columns={
        "accuracy": "Accuracy",
        "malignancy_auc": "AUC",
        "training_accuracy": "Training accuracy",
        CPU_SECONDS: "Processor time",
    },
    conclude=_conclude,
    pictures=(
        Picture(
            "plain-network-curves.png",
            "Accuracy and loss of the plain network by iteration, without and with remedies",
            lambda findings, path, metadata: draw_descent(findings, _WATCHED, path, metadata),
        ),
        Picture(
            "plain-network-accuracy.png",
            "Accuracy in training and in test without and with each remedy",
            lambda findings, path, metadata: draw_bars(
                findings,
                [part.name for part in _REPORTED],
                {"training_accuracy": "training", "accuracy": "test"},
                path,
                metadata,
            ),
        ),
    ),
)
