"""Figure 2 of the report measured: classical machine learning and networks as data grow."""

from cancerapy.reproduce._spec import Experiment, Picture
from cancerapy.reproduce.data_growth import LearningCurvePart
from cancerapy.reproduce.findings import Findings
from cancerapy.reproduce.growing_field import Field
from cancerapy.reproduce.growth_gap import GapPart
from cancerapy.reproduce.growth_pictures import Panel, draw_growth
from cancerapy.reproduce.growth_words import curve_table, growth, growth_of, overtaking
from cancerapy.reproduce.learners import BOOSTING, EDGETPU, MOBILENET, SVM

_METRIC_WORDS = {"malignancy_auc": "AUC", "balanced_accuracy": "balanced accuracy"}
_FIELDS = (
    Field("breast", "breast", "malignancy_auc", folds=("fold-1",)),
    Field("skin", "skin-7", "balanced_accuracy", folds=("fold-1",)),
    Field("colorectal", "colorectal", "balanced_accuracy", whole_groups=False),
)
_LEARNERS = (SVM, BOOSTING, MOBILENET, EDGETPU)
_CURVES = {
    field.task: tuple(LearningCurvePart(field, learner) for learner in _LEARNERS)
    for field in _FIELDS
}
_GAPS = {
    field.task: tuple(
        GapPart(network, classical)
        for network in _CURVES[field.task]
        if network.learner.is_network
        for classical in _CURVES[field.task]
        if not classical.learner.is_network
    )
    for field in _FIELDS
}
_MEASURED = tuple(part for field in _FIELDS for part in _CURVES[field.task])
_COMPARED = tuple(gap for field in _FIELDS for gap in _GAPS[field.task])


def _of_field(findings: Findings, field: Field) -> str:
    parts = [part for part in _CURVES[field.task] if findings.has(part.name)]
    if not parts:
        return ""
    overtakings = [
        overtaking(findings, part, [gap for gap in _GAPS[field.task] if gap.first == part])
        for part in parts
        if part.learner.is_network
    ]
    measured = growth_of(findings, parts[0].name, field.metric)
    start = "fewer" if measured is None else str(measured[0])
    return "\n".join(
        [
            f"{field.task}, {_METRIC_WORDS[field.metric]} by images to learn from:",
            "",
            curve_table(findings, parts),
            "",
            f"Points (hundredths) gained from {start} images to all: "
            f"{'; '.join(growth(findings, part) for part in parts)}. {'. '.join(overtakings)}.",
            "",
        ]
    )


def _verdict(findings: Findings) -> str:
    """Say whether the two statements of figure 2 hold at these sizes."""
    curves = {
        is_network: [
            (part, found[1])
            for part in _MEASURED
            if part.learner.is_network == is_network
            and (found := growth_of(findings, part.name, part.field.metric))
        ]
        for is_network in (False, True)
    }
    n_growing = {kind: sum(f.low > 0 for _, f in own) for kind, own in curves.items()}
    widening = [
        found[1].low > 0
        for gap in _COMPARED
        if (found := growth_of(findings, gap.name, gap.first.field.metric))
    ]
    return (
        f"Figure 2 makes two statements. Classical machine learning levels off: "
        f"of its curves, {n_growing[False]} of {len(curves[False])} are shown to rise still over "
        "the last stretch (the interval of the gain lies above zero). Deep learning goes on "
        f"growing: of the networks' curves, {n_growing[True]} of {len(curves[True])} are. In "
        f"{sum(widening)} of {len(widening)} pairs the network is shown to gain more over that "
        "stretch than its classical rival."
    )


def _conclude(findings: Findings) -> str:
    told = [_of_field(findings, field) for field in _FIELDS]
    return "\n".join([f"{_verdict(findings)}", "", *(text for text in told if text)])


EXPERIMENT = Experiment(
    id="data-growth",
    title="Classical machine learning and networks as data grow",
    place="section 2, figure 2",
    claim=(
        "Classical machine learning levels off as data grow, and deep learning goes on growing; a "
        "drawing, without data."
    ),
    protocols=(
        "Classical: histograms of colour (RGB, HSV) and texture (local binary patterns, grey-level "
        "co-occurrence, steepness at three scales) at the size that the network takes, learnt by a "
        "support vector machine (RBF, C chosen on a fifth of the groups of the training side) and "
        "by gradient boosting (50 rounds). Networks: frozen ImageNet features of MobileNetV2 and "
        "MobileNetEdgeTPU (breast: its middle layers, as shipped), learnt by the logistic "
        "regression that the shipped models start from. Their layers are not trained here: a curve "
        "of that takes hours. "
        "Training images grow from 60 by factors of four to all; every size holds the smaller "
        "ones, whole patients and lesions are drawn with classes in share, three times at each "
        "size. Measured on the first of five folds with patients or lesions kept apart; for "
        "colorectal on all nine slides, one or two left out in turn, with single tiles drawn from "
        "all the other slides, since nine slides are too few to draw from. Intervals hold the "
        "groups of the test side and the draws. The table is of all images to learn from."
    ),
    parts=(*_MEASURED, *_COMPARED),
    columns={
        "balanced_accuracy": "Balanced accuracy",
        "malignancy_auc": "AUC of malignancy",
        "accuracy": "Accuracy",
    },
    conclude=_conclude,
    pictures=(
        Picture(
            "data-growth-curves.png",
            "Learning curves of the three cancers; classical machine learning dashed, networks "
            "solid, 95 % intervals as bands, dots are single draws",
            lambda findings, path, metadata: draw_growth(
                findings,
                [
                    Panel(field.task, _METRIC_WORDS[field.metric], _CURVES[field.task])
                    for field in _FIELDS
                ],
                path,
                metadata,
            ),
        ),
    ),
)
