"""What is compared: backbones with their starting weights, and the plan that each is given."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cancerapy.cancers import Cancer, Pooling
from cancerapy.errors import UsageError
from cancerapy.models.weights_files import (
    APPLICATION_WEIGHTS,
    IMAGENET,
    NONE,
    OWN_WEIGHTS,
    known_backbone,
)
from cancerapy.training.plan import Plan, resolve_plan

_HEAD_EPOCHS_OF_CELLS = 10
"""Epochs of the head where a factor is read off the highest cells, which no regression starts."""

_OF_THE_COMPARISON = {"backbone": "backbones", "weights": "backbones", "epochs": "epochs"}
"""Plan values that have an option of their own, with its name."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One of the architectures compared.

    Args:
        backbone: Name, see ``models._registry.list_backbones``.
        weights: ``"imagenet"``, ``"none"`` or a file.
    """

    backbone: str
    weights: str

    @property
    def name(self) -> str:
        """Name in tables: the backbone, with its weights where they are not the usual ones."""
        if self.weights == usual_weights(self.backbone):
            return self.backbone
        return f"{self.backbone}={Path(self.weights).name}"


def usual_weights(backbone: str) -> str:
    """Return ``"imagenet"``, or ``"none"`` for a network of which nobody published weights.

    Raises:
        UnknownNameError: There is no such backbone; the nearest is offered.
    """
    known = known_backbone(backbone)
    return IMAGENET if known.weights_file or known.application else NONE


def choose_candidates(text: str | None, cancer: Cancer, folder: Path | None) -> list[Candidate]:
    """Return the candidates that are named or, if none are, those whose weights are there.

    Args:
        text: See ``parse_candidates``.
        cancer: Its own backbone comes first where none are named.
        folder: The weights folder, see ``find_candidates``.

    Raises:
        UnknownNameError: There is no such backbone; the nearest is offered.
        UsageError: There are none, or one is named twice.
    """
    if text is None:
        return find_candidates(folder, str(cancer.plan.get("backbone", "")))
    return parse_candidates(text)


def parse_candidates(text: str) -> list[Candidate]:
    """Read a list of candidates.

    Args:
        text: Names separated by commas, each with ``=weights`` where the usual ones are not meant.

    Raises:
        UnknownNameError: There is no such backbone; the nearest is offered.
        UsageError: None is named, or one of them twice.

    >>> [candidate.name for candidate in parse_candidates("MobileNetV2, ResNet50=none, SmallCNN")]
    ['MobileNetV2', 'ResNet50=none', 'SmallCNN']
    """
    candidates = []
    for part in filter(None, (part.strip() for part in text.split(","))):
        name, _, weights = (word.strip() for word in part.partition("="))
        usual = usual_weights(name)
        candidates.append(Candidate(name, weights or usual))
    _check_distinct(candidates)
    return candidates


def _check_distinct(candidates: Sequence[Candidate]) -> None:
    names = [candidate.name for candidate in candidates]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice or not names:
        given = f"'{twice[0]}' is named twice" if twice else "none is named"
        raise UsageError(
            f"--backbones takes different networks, separated by commas; {given}. For instance: "
            "--backbones MobileNetV2,ResNet50",
            field="backbones",
        )


def find_candidates(folder: Path | None, first: str = "") -> list[Candidate]:
    """Return every backbone whose ImageNet weights lie in the weights folder, sorted.

    Args:
        folder: The weights folder (``CANCERAPY_WEIGHTS``).
        first: Name of the one that comes first, to compare the others with, if it is there.

    Raises:
        UsageError: There is no such folder, or it holds weights of no known network.
    """
    files = {name: file for name, file in (OWN_WEIGHTS | APPLICATION_WEIGHTS).items() if file}
    found = [name for name, file in files.items() if folder and (folder / file).is_file()]
    if not found:
        raise UsageError(
            "Without --backbones every network is compared whose weights lie in the folder that "
            f"CANCERAPY_WEIGHTS names; {f'{folder} holds none' if folder else 'it is not set'}. "
            "Name some, for instance: --backbones MobileNetV2,ResNet50",
            field="backbones",
        )
    ordered = sorted(found, key=lambda name: (name != first, name))
    return [Candidate(name, IMAGENET) for name in ordered]


def plan_candidate(
    candidate: Candidate, cancer: Cancer, epochs: int, changes: Mapping[str, Any]
) -> Plan:
    """Return the plan by which a candidate is judged: the same recipe for all.

    Args:
        candidate: The network.
        cancer: Its own plan is what the recipe is made of.
        epochs: Epochs with the last layers trained; 0 compares frozen features.
        changes: Further plan values, for all candidates.

    Raises:
        PlanError: A value is unknown or out of range, or frozen features are asked of a network
            that starts at random.
        UsageError: A change has an option of its own.
    """
    for name, option in _OF_THE_COMPARISON.items():
        if name in changes:
            raise UsageError(
                f"A comparison takes '{name}' from --{option}, not from --set. Give --{option}.",
                field=name,
            )
    own = {"backbone": candidate.backbone, "weights": candidate.weights, "epochs": epochs}
    recipe = _of_frozen_features(cancer) if not epochs else {}
    if epochs and candidate.weights == NONE:
        recipe = {"head_start": "random", "head_epochs": 0, "views": 0, "freeze_to": "none"}
        recipe["cell_loss"] = 0.0  # is made from cached views
    return resolve_plan(cancer, {**own, "read_layers": (), "freeze_to": "", **recipe}, changes)


def _of_frozen_features(cancer: Cancer) -> dict[str, Any]:
    """Return the recipe of stage one alone: a linear classifier of the frozen features."""
    start = cancer.plan.get("head_start", "random")
    has_cells = any(factor.pooling is Pooling.TOP for factor in cancer.network.factors)
    return {
        "head_start": "logistic" if start == "random" else start,
        "head_epochs": _HEAD_EPOCHS_OF_CELLS if has_cells else 0,
        "views": 1,
        "flips": "none",
        "cell_loss": 0.0,
        "tune_offset": False,
        "patience": 0,
        "inner_fraction": 0.0,
    }
