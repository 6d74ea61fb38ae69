"""Finds the experiments: every module of ``experiments`` holds one ``EXPERIMENT``."""

import importlib
import pkgutil

from cancerapy.errors import UnknownNameError
from cancerapy.reproduce import experiments
from cancerapy.reproduce._spec import Experiment

_ORDER = (
    "plain_network",
    "small_cnn",
    "mobilenet_breast",
    "resnet_copies",
    "skin_imbalance",
    "colorectal_tiles",
    "tuning",
    "architectures",
)
"""The order of the report; others follow by name."""


def list_experiments() -> list[str]:
    """Return the ids of all experiments, in the order of the report."""
    modules = [m.name for m in pkgutil.iter_modules(experiments.__path__) if m.name[0] != "_"]
    place = {name: number for number, name in enumerate(_ORDER)}
    ordered = sorted(modules, key=lambda name: (place.get(name, len(place)), name))
    return [name.replace("_", "-") for name in ordered]


def load_experiment(name: str) -> Experiment:
    """Return an experiment.

    Raises:
        UnknownNameError: There is none of that name; the nearest is offered.
    """
    known = list_experiments()
    if name not in known:
        raise UnknownNameError.of("experiment", name, known)
    module = importlib.import_module(f"{experiments.__name__}.{name.replace('-', '_')}")
    experiment = module.EXPERIMENT
    assert isinstance(experiment, Experiment)  # noqa: S101 - our own module
    return experiment
