"""ResNet101 on the copies of INbreast: eight classes of density and malignancy."""

from cancerapy.cancers import load_cancer
from cancerapy.evaluation.words import in_words
from cancerapy.reproduce._spec import Experiment, Picture
from cancerapy.reproduce.findings import Findings
from cancerapy.reproduce.pictures import draw_curves_of
from cancerapy.reproduce.trained import TrainedPart

_PLAN = "resnet-copies/copies.json"
_RANDOM = TrainedPart(
    "INbreast copies at random",
    "breast",
    _PLAN,
    "random-5-LEAKING",
    "inbreast_copies",
    folds=("LEAKING-1",),
)
_GROUPED = TrainedPart(
    "INbreast copies, patients apart", "breast", _PLAN, "grouped-3", "inbreast_copies"
)
_CBIS = TrainedPart(
    "CBIS-DDSM, patients apart", "breast", "resnet-copies/cbis-ddsm.json", "grouped-5"
)
_PARTS = (_RANDOM, _GROUPED, _CBIS)


def _conclude(findings: Findings) -> str:
    where = {
        _RANDOM: "with copies of every test image in training",
        _GROUPED: "on the same images with patients kept apart",
        _CBIS: "on CBIS-DDSM with patients kept apart",
    }
    told = [
        f"{in_words(findings.of(part.name, 'accuracy', 'breast-density'))} {words}"
        for part, words in where.items()
        if findings.has(part.name)
    ]
    (radiologists,) = load_cancer("breast").references
    sensitivity = in_words(findings.of(_CBIS.name, "sensitivity:malignant", "breast"))
    specificity = in_words(findings.of(_CBIS.name, "specificity:malignant", "breast"))
    return (
        f"Eight classes: {', '.join(told)}. A figure on copies split at random is the memory of "
        "106 mammograms: Density4Malignant is one single image, and Density1Benign, Density3Benign "
        "and Density4Benign come from so few patients that no split of them is honest. The report "
        f"sets its 85 % accuracy beside the {100 * radiologists.value:.1f} % sensitivity of "
        f"radiologists ({radiologists.source}); the two are different quantities. "
        "The comparable figure is the sensitivity for cancer with patients kept apart: "
        f"{sensitivity} at a specificity of {specificity} on "
        "CBIS-DDSM, on lesions that were all suspicious enough to be biopsied or recalled."
    )


EXPERIMENT = Experiment(
    id="resnet-copies",
    title="ResNet101, eight classes",
    place="section 4.2.1, figures 8 to 10",
    claim=(
        "ResNet101 on about 7,800 images (106 mammograms in 72 turned and flipped copies each), "
        "6,000 of them for training: 92 % training and 85 % test accuracy in eight classes; a "
        '"high performance model" for benign against malignant. Compared with the 87 % sensitivity '
        "of mammography."
    ),
    protocols=(
        "ResNet101V2 at 160 x 160 px with ImageNet weights up to conv4; conv5 starts at random and "
        "is trained for five epochs from cached activations (Adam, 3e-4). Malignancy and density "
        "are two heads of one network, so that the two-class and the eight-class answer come from "
        "one training. On the copies the last epoch counts: an inner part of other patients would "
        "choose the epoch that has learnt least by heart. Where there is a connection, "
        "`--backbone ResNet101` takes Keras' own weights of the first version."
    ),
    parts=_PARTS,
    columns={
        "accuracy": "Accuracy",
        "balanced_accuracy": "Balanced accuracy",
        "macro_auc": "AUC",
        "training_accuracy": "Training accuracy (malignancy)",
        "training_seconds": "Time of a fold",
    },
    conclude=_conclude,
    pictures=(
        Picture(
            "resnet-copies-curves.png",
            "Accuracy and loss of ResNet101V2 by epoch",
            lambda findings, path, metadata: draw_curves_of(
                findings, [part.name for part in _PARTS], path, metadata
            ),
        ),
    ),
)
