"""The cancers, one file each; this package finds and describes them."""

from cancerapy.cancers._question import Question
from cancerapy.cancers._registry import list_cancers, list_tasks, load_cancer, load_task
from cancerapy.cancers._spec import (
    Aspect,
    Cancer,
    ClassLabel,
    Download,
    ErrorCosts,
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
    "Aspect",
    "Cancer",
    "ClassLabel",
    "Download",
    "ErrorCosts",
    "Factor",
    "InputSpec",
    "Modality",
    "Network",
    "Pooling",
    "Question",
    "Reference",
    "Source",
    "Task",
    "list_cancers",
    "list_tasks",
    "load_cancer",
    "load_task",
    "load_translations",
]
