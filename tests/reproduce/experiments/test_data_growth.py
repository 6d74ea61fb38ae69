from cancerapy.evaluation.measure import Figure
from cancerapy.evaluation.rows import Origin, Row
from cancerapy.reproduce._spec import CurveRow
from cancerapy.reproduce.data_growth import LearningCurvePart, growth_name, size_name
from cancerapy.reproduce.experiments.data_growth import EXPERIMENT
from cancerapy.reproduce.findings import Findings
from cancerapy.reproduce.growth_gap import GapPart


def _row(model: str, task: str, metric: str, value: float) -> Row:
    origin = Origin(
        task=task, protocol="grouped-5", leaking="", model=model, plan="", manifest="m", split="s",
        seed="0", groups=30, n=60, size="", command="c", machine="m", commit="c", date="d",
    )  # fmt: skip
    return Row(origin, Figure(metric, value, value - 0.01, value + 0.01))


def _findings() -> Findings:
    """Curves of skin: networks gain ten points and are ahead, classical ways gain nothing."""
    rows: list[Row] = []
    curves: dict[str, list[CurveRow]] = {}
    for part in EXPERIMENT.parts:
        gap = part if isinstance(part, GapPart) else None
        curve = gap.first if gap else part
        assert isinstance(curve, LearningCurvePart)
        if curve.field.task != "skin-7":
            continue
        gain = 0.1 if gap or curve.learner.is_network else 0.0
        for model, value in (
            (size_name(part.name, 60), 0.3),
            (part.name, 0.3 + gain),
            (growth_name(part.name, 60), gain),
        ):
            rows.append(_row(model, "skin-7", curve.field.metric, value))
        if not gap:
            curves[part.name] = [
                {"fold": "draw-1", "stage": curve.learner.name, "epoch": n, curve.field.metric: 0.3}
                for n in (60.0, 8000.0)
            ]
    return Findings(rows, curves)


def test_every_network_is_compared_with_every_classical_way_of_its_cancer() -> None:
    curves = [part for part in EXPERIMENT.parts if isinstance(part, LearningCurvePart)]
    gaps = [part for part in EXPERIMENT.parts if isinstance(part, GapPart)]
    assert {part.field.task for part in curves} == {"breast", "skin-7", "colorectal"}
    assert len(curves) == len(gaps) == 12
    assert all(gap.first.field == gap.second.field for gap in gaps)
    assert all(gap.first.learner.is_network for gap in gaps)
    assert not any(gap.second.learner.is_network for gap in gaps)


def test_the_conclusion_counts_what_the_intervals_show() -> None:
    told = EXPERIMENT.conclude(_findings())
    assert "of its curves, 0 of 2 are shown to rise" in told
    assert "of the networks' curves, 2 of 2 are" in told
    assert "In 4 of 4 pairs" in told
    assert (
        "Points (hundredths) gained from 60 images to all: SVM on colour and texture +0.0" in told
    )
    rivals = "SVM on colour and texture and boosting on colour and texture"
    assert f"frozen MobileNetV2 is ahead of {rivals} from 60 images on" in told
    assert "breast," not in told


def test_without_rows_nothing_is_concluded_of_a_cancer() -> None:
    told = EXPERIMENT.conclude(Findings([], {}))
    assert "of its curves, 0 of 0" in told
    assert "balanced accuracy" not in told
