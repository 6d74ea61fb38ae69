"""The result and its parts, defined once for runtime, API, records, reports and app."""

from cancerapy.contract.decision import (
    Decision,
    Examination,
    RecordedDecision,
    WeighedAction,
)
from cancerapy.contract.prediction import (
    STATEMENT,
    Advice,
    ClassProbability,
    HeatMap,
    Malignancy,
    Prediction,
    Reason,
    Timings,
    Verdict,
    to_dict,
)

__all__ = [
    "STATEMENT",
    "Advice",
    "ClassProbability",
    "Decision",
    "Examination",
    "HeatMap",
    "Malignancy",
    "Prediction",
    "Reason",
    "RecordedDecision",
    "Timings",
    "Verdict",
    "WeighedAction",
    "to_dict",
]
