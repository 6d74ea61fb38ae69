"""What errors and actions cost, all in one unit, each with where the figure comes from."""

from collections.abc import Mapping
from dataclasses import dataclass, field

ASSUMED = "assumed"
"""How the source of a figure begins that nobody has published."""

COST_FIELDS = (
    "missed_malignant",
    "false_alarm",
    "follow_up",
    "further_test",
    "image",
    "question",
    "test_sensitivity",
    "test_specificity",
)
"""The figures that need a source."""


@dataclass(frozen=True, slots=True)
class ErrorCosts:
    """What an error and an action of the agent cost, in one unit.

    The values that are not given are assumptions for a unit of one needless referral.

    Args:
        missed_malignant: A malignant finding that is reassured, beyond what it costs if found now.
        false_alarm: A benign finding that is referred: the work-up and its burden.
        source: Where the first two come from.
        unit: The unit, in words.
        missed: By value of the deciding factor, where another figure than ``missed_malignant``
            holds.
        follow_up: Following a reassured finding.
        further_test: The further test itself.
        test_sensitivity: Of the further test, 0..1; a malignant finding that it overlooks counts
            as missed.
        test_specificity: Of the further test, 0..1; a benign finding that it calls is a false
            alarm.
        image: Taking another image.
        question: Asking a question.
        sources: By name of a field where its figure comes from; ``"assumed"`` and why, where there
            is no publication. ``missed:<value>`` for those of ``missed``.
    """

    missed_malignant: float
    false_alarm: float
    source: str
    unit: str = "needless referrals"
    missed: Mapping[str, float] = field(default_factory=dict)
    follow_up: float = 0.05
    further_test: float = 0.1
    test_sensitivity: float = 0.8
    test_specificity: float = 0.8
    image: float = 0.02
    question: float = 0.005
    sources: Mapping[str, str] = field(default_factory=dict)

    def missed_as(self, value: str) -> float:
        """Return what it costs to reassure a malignant finding of a value."""
        return self.missed.get(value, self.missed_malignant)

    def source_of(self, name: str) -> str:
        """Return where a figure comes from, by the field's name."""
        if name in self.sources:
            return self.sources[name]
        return self.source if name in ("missed_malignant", "false_alarm") else ASSUMED
