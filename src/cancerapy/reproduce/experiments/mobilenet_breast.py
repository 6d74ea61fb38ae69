"""MobileNetV2 on mammograms, benign or malignant: frozen head, then the last layers."""

from cancerapy.evaluation.words import beside_reported, in_words
from cancerapy.reproduce._spec import Experiment, Picture
from cancerapy.reproduce.findings import Findings
from cancerapy.reproduce.pictures import draw_curves_of
from cancerapy.reproduce.trained import TrainedPart

_FROZEN, _LAST = "mobilenet-breast/frozen.json", "mobilenet-breast/last-layers.json"
_ASKED = ("breast",)


def _part_on_copies(name: str, plan: str) -> TrainedPart:
    return TrainedPart(
        name,
        "breast",
        f"mobilenet-breast/{plan}.json",
        "random-5-LEAKING",
        "inbreast_copies",
        folds=("LEAKING-1",),
        tasks=_ASKED,
    )


_COPIES_FROZEN = _part_on_copies("INbreast copies, frozen", "copies-frozen")
_COPIES = _part_on_copies("INbreast copies, last layers", "copies-last-layers")
_CBIS_FROZEN = TrainedPart("CBIS-DDSM, frozen", "breast", _FROZEN, "grouped-5", tasks=_ASKED)
_CBIS = TrainedPart("CBIS-DDSM, last layers", "breast", _LAST, "grouped-5", tasks=_ASKED)
_PARTS = (_COPIES_FROZEN, _COPIES, _CBIS_FROZEN, _CBIS)


REPORTED = 0.83
"""The report's accuracy in test once the last layers are trained."""


def _conclude(findings: Findings) -> str:
    leaking = beside_reported(findings.of(_COPIES.name, "accuracy"), REPORTED)
    honest = in_words(findings.of(_CBIS.name, "accuracy"))
    frozen = in_words(findings.of(_CBIS_FROZEN.name, "accuracy"))
    return (
        f"With copies of every test image in training, the report's recipe reaches {leaking}. "
        f"{_in_training(findings)}With patients kept apart, on CBIS-DDSM, it "
        f"reaches {frozen} frozen and {honest} with the last layers trained, on the report's "
        "200 x 200 pixels, on which a mass of a centimetre is a few pixels wide. The shipped model "
        "reads the middle layers at 512 x 512 for that reason "
        "(`docs/explanation/middle-layers.md`)."
    )


def _in_training(findings: Findings) -> str:
    """Say how accurate the copies' training was at the switch and at the end."""
    rows = findings.curves.get(_COPIES.name, ())
    frozen = [float(row["accuracy"]) for row in rows if row["stage"] == "head"]
    last = findings.of(_COPIES.name, "training_accuracy")
    if not frozen or not last:
        return ""
    return (
        f"In training it had {100 * frozen[-1]:.1f} % after the five frozen epochs and "
        f"{in_words(last)} at the end, beside the report's 91 % and 94 % on images that it does "
        "not name. "
    )


EXPERIMENT = Experiment(
    id="mobilenet-breast",
    title="MobileNetV2, benign or malignant",
    place="section 4.2.1, figures 5 to 7",
    claim=(
        "MobileNetV2 with ImageNet weights and without its top, average pooling, dropout 0.25 and "
        "a linear output: 91 % accuracy in training and 80 % in test after 5 epochs with the "
        "network frozen, 94 % and 83 % after 5 more with the last layers trainable. The data set "
        "is not named."
    ),
    protocols=(
        "The same recipe at 200 x 200 px, Adam, five epochs at 1e-3 and five at 1e-4, four views "
        "of flips and small changes. By the report's way on the 7,632 INbreast copies split at "
        "random (one of five folds), and on CBIS-DDSM with patients kept apart. The answers are "
        "those of the epoch of the last layers that is best on a tenth of the training side, of "
        "other patients: on the copies one that has learnt less by heart than the last."
    ),
    parts=_PARTS,
    columns={
        "accuracy": "Accuracy",
        "malignancy_auc": "AUC",
        "sensitivity:malignant": "Sensitivity",
        "specificity:malignant": "Specificity",
        "training_accuracy": "Training accuracy",
        "training_seconds": "Time of a fold",
    },
    conclude=_conclude,
    pictures=(
        Picture(
            "mobilenet-breast-curves.png",
            "Accuracy and loss by epoch, the switch from the frozen network marked",
            lambda findings, path, metadata: draw_curves_of(
                findings, [_COPIES.name, _CBIS.name], path, metadata
            ),
        ),
    ),
)
