"""The cancers, one file each; this package finds and describes them."""

from cancerapy.cancers._costs import ErrorCosts
from cancerapy.cancers._evidence import (
    AnswerTable,
    Evidence,
    deciding_factor,
    load_evidence,
    neutral_evidence,
)
from cancerapy.cancers._question import Question
from cancerapy.cancers._registry import list_cancers, list_tasks, load_cancer, load_task
from cancerapy.cancers._spec import (
    Aspect,
    Cancer,
    ClassLabel,
    Download,
    Factor,
    InputSpec,
    Modality,
    Network,
    Pooling,
    Reference,
    Source,
    Task,
)
from cancerapy.cancers._translations import load_translations

__all__ = [
    "AnswerTable",
    "Aspect",
    "Cancer",
    "ClassLabel",
    "Download",
    "ErrorCosts",
    "Evidence",
    "Factor",
    "InputSpec",
    "Modality",
    "Network",
    "Pooling",
    "Question",
    "Reference",
    "Source",
    "Task",
    "deciding_factor",
    "list_cancers",
    "list_tasks",
    "load_cancer",
    "load_evidence",
    "load_task",
    "load_translations",
    "neutral_evidence",
]
