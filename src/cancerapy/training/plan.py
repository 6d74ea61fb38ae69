"""The training plan: every choice of a run, resolved in full before the first step.

A plan is the defaults below, changed by the cancer's file, then by a plan file, then by options.
It is saved as JSON with the run, and its digest names the run: two runs of one name are the same
experiment.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from cancerapy.cancers import Cancer, InputSpec
from cancerapy.data.augment import list_augmentations
from cancerapy.errors import PlanError, UnknownNameError
from cancerapy.nearest import offer_nearest
from cancerapy.training.plan_checks import (
    CHOICES,
    check_cancer,
    check_together,
    check_views,
    wrong_value,
)

NO_CHANGE = ("none",)
"""Augmentation of a plan that wants none; an empty one takes the cancer's own."""


def _option(
    default: Any, help_text: str, *, least: float | None = None, later: bool = False
) -> Any:
    """Describe an option; ``later``: added when there were runs already, see ``Plan.digest``."""
    return field(default=default, metadata={"help": help_text, "least": least, "later": later})


@dataclass(frozen=True, slots=True)
class Plan:
    """One training run in full; build with ``resolve_plan``."""

    cancer: str
    backbone: str = _option("MobileNetV2", "Network below the head, see docs/reference/backbones.")
    weights: str = _option("imagenet", "Starting weights: imagenet, none, or a file.")
    height: int = _option(0, "Input height in pixels; 0 takes the cancer's own.", least=0)
    width: int = _option(0, "Input width in pixels; 0 takes the cancer's own.", least=0)
    read_layers: tuple[str, ...] = _option(
        (), "Layers that the head reads, with their spread; empty: the last.", later=True
    )
    spread_parts: int = _option(
        2,
        "Parts of each side of the picture within which their spread is taken: 1, 2 (quarters) ...",
        least=1,
        later=True,
    )
    head_start: str = _option(
        "random", "Head before stage one: random, logistic (regression) or discriminant."
    )
    logistic_c: float = _option(
        0.01, "Inverse strength of that regression's penalty.", least=0, later=True
    )
    shrinkage: float = _option(
        0.3,
        "Share, 0..1, of that discriminant's covariance that is of independent features.",
        least=0,
        later=True,
    )
    choose_shrinkage: bool = _option(
        False,
        "Choose it for each factor on left-out groups of the training side instead.",
        later=True,
    )
    head_epochs: int = _option(5, "Stage one: epochs with the backbone frozen.", least=0)
    head_learning_rate: float = _option(1e-3, "Stage one: learning rate.", least=0)
    epochs: int = _option(5, "Stage two: epochs with the last layers trained.", least=0)
    freeze_to: str = _option(
        "", "Last frozen layer of stage two; empty: the backbone's own; none: train all."
    )
    views: int = _option(
        0, "Stage two from activations of this many views, cached; 0: from pixels.", least=0
    )
    learning_rate: float = _option(1e-4, "Stage two: highest learning rate.", least=0)
    optimizer: str = _option("adam", "adam, adamw, sgd, rmsprop or nadam.")
    warmup_epochs: float = _option(0.5, "Stage two: epochs until the highest rate.", least=0)
    cosine: bool = _option(True, "Stage two: let the rate fall to zero along a cosine.")
    weight_decay: float = _option(0.0, "Decoupled weight decay (adamw).", least=0)
    clip_norm: float = _option(
        0.0, "Greatest length of the gradient of one layer's weights; 0: any.", least=0, later=True
    )
    batch_size: int = _option(32, "Images in a step.", least=1)
    dropout: float = _option(0.25, "Share of feature channels dropped.", least=0)
    label_smoothing: float = _option(0.0, "Share of the target spread over all values.", least=0)
    teacher_weight: float = _option(
        0.0,
        "Share, 0..1, of the teachers' answers in the targets of a final fit (--teacher).",
        least=0,
        later=True,
    )
    focal_gamma: float = _option(
        0.0, "Exponent of the focal loss; 0: cross-entropy.", least=0, later=True
    )
    mixup: float = _option(0.0, "Beta parameter of mixing pairs; 0 mixes none.", least=0)
    ema: float = _option(0.0, "Momentum of the moving average of the weights; 0: none.", least=0)
    augmentation: tuple[str, ...] = _option(
        (), 'Random changes; empty: the cancer\'s own; ["none"]: no change.'
    )
    augmentation_strength: float = _option(1.0, "Factor on their ranges.", least=0)
    class_weight: bool = _option(False, "Weigh classes by N / (K n_c) - const.")
    class_weight_const: float = _option(0.0, "The constant of the class weights.", least=0)
    logit_adjustment: float = _option(
        0.0, "Multiple of the log class frequency added to the logits in the loss.", least=0
    )
    sampling: str = _option(
        "none", "none, over (copy rare classes), under (drop frequent) or sqrt (both, gently)."
    )
    cell_loss: float = _option(0.0, "Weight of the loss on cells inside lesion boxes.", least=0)
    cell_positive_weight: float = _option(
        1.0, "Weight of a cell inside a lesion against one outside.", least=0
    )
    inner_fraction: float = _option(
        0.1,
        "Grouped part of the training side that chooses epoch and offset; more where few groups "
        "would leave it one class.",
        least=0,
    )
    tune_offset: bool = _option(False, "Choose a decision offset on the inner part.")
    patience: int = _option(0, "Epochs without gain before stopping early; 0: never.", least=0)
    precision: str = _option("float32", "float32 or mixed_bfloat16.")
    flips: str = _option("none", "Test-time flips: none, horizontal or both.")
    seed: int = _option(0, "Seed of everything random.", least=0)

    @property
    def digest(self) -> str:
        """First 10 digits of the SHA-256 of the resolved plan.

        An option that was added later counts only where it is used, so that older runs of the
        same plan keep their name. Of a file of weights the name counts, not the folder; what it
        holds is noted beside the plan, see ``starting_weights.weights_digest``.
        """
        values = self.without_place
        for spec in fields(self):
            if spec.metadata.get("later") and values[spec.name] == spec.default:
                del values[spec.name]
        text = json.dumps(values, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:10]

    @property
    def without_place(self) -> dict[str, Any]:
        """The values, of a file of weights its name alone: it is found in the weights folder."""
        return {**asdict(self), "weights": Path(self.weights).name}

    @property
    def name(self) -> str:
        """Name of the run folder."""
        return f"{self.cancer}-{self.digest}"

    @property
    def without_teachers(self) -> "Plan":
        """The plan by which a distilled network is cross-validated: the same, with labels alone."""
        return replace(self, teacher_weight=0.0)

    @property
    def random_changes(self) -> tuple[str, ...]:
        """Names of the random changes to make."""
        return () if self.augmentation == NO_CHANGE else self.augmentation

    def input_spec(self, cancer: Cancer) -> InputSpec:
        """Return the cancer's input at this plan's size."""
        return replace(cancer.input, height=self.height, width=self.width)

    def to_dict(self) -> dict[str, Any]:
        """Return the values by name."""
        return asdict(self)

    def to_json(self) -> str:
        """Return the plan as indented JSON."""
        return json.dumps(asdict(self), indent=2) + "\n"


def plan_help() -> dict[str, str]:
    """Return the help text of every field that can be set, by name."""
    return {spec.name: spec.metadata["help"] for spec in fields(Plan) if spec.metadata}


def resolve_plan(cancer: Cancer, *changes: Mapping[str, Any]) -> Plan:
    """Build the plan of a cancer.

    Args:
        cancer: Its own ``plan`` values come over the defaults.
        *changes: Further values, later ones over earlier ones. One that replaces the backbone
            without naming ``freeze_to`` and the layers that are read takes the new backbone's own.

    Raises:
        PlanError: A field is unknown, of the wrong type, out of range, or contradicts another; or
            a change is the plan of another cancer.
        UnknownNameError: There is no such augmentation.
    """
    known = {spec.name: spec for spec in fields(Plan)}
    values: dict[str, Any] = dict(cancer.plan)
    for change in changes:
        check_cancer(change, cancer)
        before = values.get("backbone", known["backbone"].default)
        if change.get("backbone", before) != before:
            values.pop("freeze_to", None)  # layers of the network that is replaced
            values.pop("read_layers", None)
            values.pop("spread_parts", None)
        values.update(change)
    plan = _build({**values, "cancer": cancer.id})
    plan = replace(
        plan,
        height=plan.height or cancer.input.height,
        width=plan.width or cancer.input.width,
        augmentation=plan.augmentation or cancer.augmentation,
    )
    check_together(plan)
    check_views(plan, cancer)
    for name in plan.random_changes:
        if name not in list_augmentations():
            raise UnknownNameError.of("augmentation", name, [*list_augmentations(), *NO_CHANGE])
    return plan


def plan_of_run(values: Mapping[str, Any]) -> Plan:
    """Return the plan that a run was made with.

    Args:
        values: What its ``plan.json`` holds. A field that is absent was added after the run and
            has its default, whatever the cancer's file says today.

    Raises:
        PlanError: No cancer is named, a field is unknown or of the wrong type.
    """
    if "cancer" not in values:
        raise PlanError(
            "A run's plan must name its cancer; this one does not. Train again.", field="cancer"
        )
    return _build(values)


def read_plan(path: Path) -> dict[str, Any]:
    """Read the values of a plan file, see ``fill_values``.

    Raises:
        PlanError: The file is missing or not a JSON object.
    """
    try:
        values = json.loads(path.read_text())
    except (OSError, ValueError, RecursionError) as error:
        raise PlanError(
            f"A plan file must be readable JSON; '{path}' is not: {error}. "
            "Start from the plan.json of a run folder.",
            field="plan",
        ) from error
    if not isinstance(values, dict):
        raise PlanError(f"A plan file must hold one JSON object; '{path}' holds another value.")
    return fill_values(values)


def fill_values(values: Mapping[str, Any]) -> dict[str, Any]:
    """Add to the whole plan of a run the defaults of options that were added after it.

    Else ``resolve_plan`` would take the cancer's present values of these. Other values are
    returned as they are.
    """
    later = {spec.name: spec.default for spec in fields(Plan) if spec.metadata.get("later")}
    whole = {spec.name for spec in fields(Plan)} - later.keys() <= values.keys()
    return {**later, **values} if whole else dict(values)


def _build(values: Mapping[str, Any]) -> Plan:
    known = {spec.name: spec for spec in fields(Plan)}
    for name in values:
        if name not in known:
            raise PlanError(
                f"A plan has no field '{name}'. Known: {', '.join(sorted(known))}."
                f"{offer_nearest(name, known)}",
                field=name,
            )
    return Plan(**{name: _checked(name, value, known[name]) for name, value in values.items()})


def _checked(name: str, value: Any, spec: Any) -> Any:
    kind = str if spec.name == "cancer" else type(spec.default)
    if kind is float and type(value) is int:
        value = float(value) if abs(value) < 2**63 else float("inf")
    if kind is tuple and isinstance(value, list):
        value = tuple(value)
    if type(value) is not kind or (kind is tuple and {type(part) for part in value} - {str}):
        wanted = "list of names" if kind is tuple else kind.__name__
        raise wrong_value(name, f"of type {wanted}", repr(value))
    least = spec.metadata.get("least")
    if least is not None and not (value >= least and value != float("inf")):
        finite = " and finite" if kind is float else ""
        raise wrong_value(name, f"at least {least}{finite}", value)
    if (choices := CHOICES.get(name)) and value not in choices:
        raise wrong_value(name, f"one of {', '.join(choices)}", f"'{value}'")
    return value
