from dataclasses import replace

import pytest

from cancerapy.evaluation.measure import Figure
from cancerapy.evaluation.rows import Origin, Row
from cancerapy.reproduce._spec import CurveRow
from cancerapy.reproduce.data_growth import LearningCurvePart, growth_name, size_name
from cancerapy.reproduce.findings import Findings
from cancerapy.reproduce.growing_field import ALL
from cancerapy.reproduce.growth_gap import GapPart
from cancerapy.reproduce.growth_pictures import sizes_measured
from cancerapy.reproduce.growth_words import (
    curve_table,
    growth,
    growth_of,
    overtakes_from,
    overtaking,
)

METRIC = "balanced_accuracy"


def _row(model: str, value: float, low: float, high: float) -> Row:
    origin = Origin(
        task="toy", protocol="grouped-3", leaking="", model=model, plan="", manifest="m",
        split="s", seed="0", groups=30, n=60, size="", command="c", machine="m", commit="c",
        date="d",
    )  # fmt: skip
    return Row(origin, Figure(METRIC, value, low, high))


def _curve(*epochs: float) -> list[CurveRow]:
    return [{"fold": "draw-1", "stage": "s", "epoch": n, METRIC: 0.5} for n in epochs]


@pytest.fixture
def gap(good: LearningCurvePart, poor: LearningCurvePart) -> GapPart:
    return GapPart(good, poor)


@pytest.fixture
def findings(good: LearningCurvePart, poor: LearningCurvePart, gap: GapPart) -> Findings:
    """Curves in which the network is ahead from 16 images on."""
    rows = [
        _row(size_name(good.name, 4), 0.50, 0.4, 0.6),
        _row(size_name(good.name, 16), 0.70, 0.6, 0.8),
        _row(good.name, 0.90, 0.8, 1.0),
        _row(growth_name(good.name, 4), 0.40, 0.3, 0.5),
        _row(size_name(poor.name, 4), 0.55, 0.5, 0.6),
        _row(poor.name, 0.60, 0.5, 0.7),
        _row(size_name(gap.name, 4), -0.05, -0.1, 0.02),
        _row(size_name(gap.name, 16), 0.15, 0.05, 0.2),
        _row(gap.name, 0.30, 0.2, 0.4),
    ]
    return Findings(rows, {good.name: _curve(4, 16, 40), poor.name: _curve(4, 40)})


def test_sizes_are_those_with_rows_and_all_comes_last(
    findings: Findings, good: LearningCurvePart, poor: LearningCurvePart
) -> None:
    assert sizes_measured(findings, good) == {4: 4, 16: 16, ALL: 40}
    assert sizes_measured(findings, poor) == {4: 4, ALL: 40}
    assert sizes_measured(Findings([], {}), good) == {}


def test_a_table_has_a_column_a_size(
    findings: Findings, good: LearningCurvePart, poor: LearningCurvePart
) -> None:
    lines = curve_table(findings, (poor, good)).splitlines()
    assert [cell.strip() for cell in lines[0].strip("|").split("|")] == ["toy", "4", "16", "all"]
    assert [cell.strip() for cell in lines[2].strip("|").split("|")] == [
        "chance",
        "55.0 % (50.0 to 60.0)",
        "",
        "60.0 % (50.0 to 70.0)",
    ]


def test_a_network_overtakes_where_it_stays_ahead(
    findings: Findings, good: LearningCurvePart, gap: GapPart
) -> None:
    assert overtakes_from(findings, gap) == 16
    assert overtaking(findings, good, [gap]) == (
        "nearest mean is ahead of chance from 16 images on; with all images "
        "+30.0 (+20.0 to +40.0) points against chance"
    )


def test_a_lead_that_is_lost_again_does_not_count(
    findings: Findings, good: LearningCurvePart, gap: GapPart
) -> None:
    last = next(row for row in findings.rows if row.origin.model == gap.name)
    rows = [row for row in findings.rows if row is not last]
    lost = Findings([*rows, _row(gap.name, 0.1, -0.1, 0.2)], findings.curves)
    assert overtakes_from(lost, gap) is None
    assert "is not shown to be ahead of chance" in overtaking(lost, good, [gap])
    first = [row for row in findings.rows if row.origin.model != size_name(gap.name, 16)]
    late = Findings([*first, _row(size_name(gap.name, 16), 0.1, -0.1, 0.2)], findings.curves)
    assert overtakes_from(late, gap) == ALL
    assert "ahead of chance with all images only" in overtaking(late, good, [gap])


def test_each_rival_has_its_own_verdict(
    findings: Findings, good: LearningCurvePart, poor: LearningCurvePart, gap: GapPart
) -> None:
    strong = GapPart(good, replace(poor, learner=replace(poor.learner, name="luck")))
    rows = [*findings.rows, _row(strong.name, 0.1, -0.1, 0.2)]
    told = overtaking(Findings(rows, findings.curves), good, [gap, strong])
    assert told == (
        "nearest mean is ahead of chance from 16 images on, and is not shown to be ahead of luck, "
        "not even with all images; with all images +30.0 (+20.0 to +40.0) points against chance "
        "and +10.0 (-10.0 to +20.0) points against luck"
    )
    level = [*rows[:-1], _row(strong.name, 0.1, 0.05, 0.2)]
    level += [_row(size_name(strong.name, 16), 0.2, 0.1, 0.3)]
    told = overtaking(Findings(level, findings.curves), good, [gap, strong])
    assert told.startswith("nearest mean is ahead of chance and luck from 16 images on; with all")


def test_a_rival_that_was_not_compared_is_left_out(
    findings: Findings, good: LearningCurvePart, poor: LearningCurvePart, gap: GapPart
) -> None:
    other = GapPart(poor, good)
    assert overtaking(findings, good, [gap, other]) == overtaking(findings, good, [gap])
    assert overtaking(findings, poor, [other]) == "chance is not compared yet"


def test_growth_is_read_with_the_size_it_starts_from(
    findings: Findings, good: LearningCurvePart, poor: LearningCurvePart
) -> None:
    assert growth_of(findings, good.name, METRIC) == (4, Figure(METRIC, 0.4, 0.3, 0.5))
    assert growth_of(findings, poor.name, METRIC) is None
    assert growth(findings, good) == "nearest mean +40.0 (+30.0 to +50.0)"
    assert growth(findings, poor) == "chance not measured yet"
