import pytest

from cancerapy.reproduce._spec import Context
from cancerapy.reproduce.data_growth import LearningCurvePart, growth_name, size_name
from cancerapy.reproduce.findings import Findings
from cancerapy.reproduce.growth_gap import GapPart


def test_a_gap_is_the_difference_at_every_size_and_of_the_growth(
    good: LearningCurvePart, poor: LearningCurvePart, growing_context: Context
) -> None:
    gap = GapPart(good, poor)
    own, other = (Findings(part.run(growing_context).rows, {}) for part in (good, poor))
    found = Findings(gap.run(growing_context).rows, {})
    assert gap.name == "toy, nearest mean minus chance"
    for make in (
        lambda n: size_name(n, 4),
        lambda n: size_name(n, 16),
        lambda n: growth_name(n, 4),
    ):
        first, second, difference = (
            findings.of(make(name), "accuracy")
            for findings, name in ((own, good.name), (other, poor.name), (found, gap.name))
        )
        assert first is not None
        assert second is not None
        assert difference is not None
        assert difference.value == pytest.approx(first.value - second.value)
        assert difference.low <= difference.value <= difference.high
    end = found.of(gap.name, "accuracy")
    assert end is not None
    assert end.low > 0.2
