"""The experiments of the 2022 report, each by its own protocol and by one without leaks."""

from cancerapy.reproduce._registry import list_experiments, load_experiment
from cancerapy.reproduce._spec import Context, Experiment, Part, Yield

__all__ = ["Context", "Experiment", "Part", "Yield", "list_experiments", "load_experiment"]
