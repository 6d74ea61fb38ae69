"""A small convolutional network of one's own, from random weights, for each cancer."""

from cancerapy.evaluation.words import in_words
from cancerapy.reproduce._spec import Experiment, Picture
from cancerapy.reproduce.findings import Findings
from cancerapy.reproduce.pictures import draw_curves_of
from cancerapy.reproduce.trained import TrainedPart

_BREAST = TrainedPart("breast", "breast", "small-cnn/breast.json", "grouped-5", tasks=("breast",))
_SKIN = TrainedPart(
    "skin", "skin", "small-cnn/skin.json", "grouped-5", folds=("fold-1",), tasks=("skin", "skin-7")
)
_COLORECTAL = TrainedPart("colorectal", "colorectal", "small-cnn/colorectal.json", "grouped-3")
_PARTS = (_BREAST, _COLORECTAL, _SKIN)


def _conclude(findings: Findings) -> str:
    told = [
        f"{part.name} {in_words(findings.of(part.name, 'balanced_accuracy'))}"
        for part in _PARTS
        if findings.has(part.name)
    ]
    return (
        "Balanced accuracy of four blocks of convolution that start at random: "
        f"{'; '.join(told)}. The shipped networks, which start from photographs, stand in the "
        "[results](../results/README.md). A network of one's own is worth writing to learn how it "
        "works."
    )


EXPERIMENT = Experiment(
    id="small-cnn",
    title="A small network of one's own",
    place="section 4.2",
    claim='"we are going to use custom models once, known architectures as well"; no figures.',
    protocols=(
        "`SmallCNN`, four blocks, from random weights, 20 epochs with Adam at 1e-3 from pixels; a "
        "grouped tenth of the training side chooses the epoch. Of the five folds of skin one is "
        "trained; of colorectal three slides are left out at a time."
    ),
    parts=_PARTS,
    columns={
        "accuracy": "Accuracy",
        "balanced_accuracy": "Balanced accuracy",
        "macro_auc": "AUC",
        "training_accuracy": "Training accuracy",
        "training_seconds": "Time of a fold",
    },
    conclude=_conclude,
    pictures=(
        Picture(
            "small-cnn-curves.png",
            "Accuracy and loss of the small networks by epoch, mean over the folds",
            lambda findings, path, metadata: draw_curves_of(
                findings, [part.name for part in _PARTS], path, metadata
            ),
        ),
    ),
)
