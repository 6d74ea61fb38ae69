"""What must hold between the values of a plan, and between a plan and its cancer."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from cancerapy.cancers import Cancer, Pooling
from cancerapy.errors import PlanError

if TYPE_CHECKING:
    from cancerapy.training.plan import Plan

N_FLIPPED = {"none": 1, "horizontal": 2, "both": 4}
"""Test-time flips by name with the number of views of each, as ``models.classifier.FLIPS``."""

CHOICES: dict[str, tuple[str, ...]] = {
    "head_start": ("random", "logistic", "discriminant"),
    "optimizer": ("adam", "adamw", "sgd", "rmsprop", "nadam"),
    "sampling": ("none", "over", "under", "sqrt"),
    "flips": tuple(N_FLIPPED),
    "precision": ("float32", "mixed_bfloat16"),
}
"""Values of the fields that take one of a few words."""

GREATEST_SEED = 2**32 - 1
"""What scikit-learn and NumPy's older generator take."""


def wrong_value(name: str, must: str, value: object) -> PlanError:
    """Return the error for a value that its field does not allow.

    Args:
        name: Of the field.
        must: What its value must be.
        value: What it is.
    """
    return PlanError(
        f"'{name}' must be {must}; it is {value}. Correct it in the plan file or with "
        f"--set {name}=...; 'cancerapy train CANCER --show-plan' explains every field.",
        field=name,
    )


def check_cancer(values: Mapping[str, Any], cancer: Cancer) -> None:
    """Refuse the plan of another cancer.

    Raises:
        PlanError: The values name a cancer, and not this one.
    """
    named = values.get("cancer", cancer.id)
    if named != cancer.id:
        raise PlanError(
            f"A plan for {cancer.id} must be of that cancer; this one says 'cancer': {named!r}. "
            f"Give a plan of {cancer.id}, or train the cancer that the plan is of.",
            field="cancer",
        )


def check_together(plan: "Plan") -> None:
    """Check what neither the type nor the least value of a field says.

    Raises:
        PlanError: A value is too large, or one contradicts another.
    """
    if plan.seed > GREATEST_SEED:
        raise wrong_value("seed", f"at most {GREATEST_SEED}", plan.seed)
    for name in ("dropout", "label_smoothing", "ema", "inner_fraction"):
        if getattr(plan, name) >= 1:
            raise wrong_value(name, "below 1", getattr(plan, name))
    if plan.head_start == "logistic" and not plan.logistic_c:
        raise wrong_value("logistic_c", "above 0", 0)
    for name in ("shrinkage", "teacher_weight"):
        if getattr(plan, name) > 1:
            raise wrong_value(name, "at most 1", getattr(plan, name))
    if plan.tune_offset and not plan.inner_fraction:
        raise PlanError(
            "tune_offset needs an inner part to choose on; inner_fraction is 0. "
            "Set inner_fraction to 0.1 or leave tune_offset out.",
            field="tune_offset",
        )
    if plan.patience and not plan.inner_fraction:
        raise PlanError(
            "Early stopping (patience) needs an inner part to watch; inner_fraction is 0. "
            "Set inner_fraction to 0.1 or patience to 0.",
            field="patience",
        )
    if not plan.head_epochs and not plan.epochs and plan.head_start == "random":
        raise PlanError(
            "Nothing would be trained: head_epochs and epochs are 0 and the head starts at "
            "random. Give one of them at least 1.",
            field="epochs",
        )


def check_views(plan: "Plan", cancer: Cancer) -> None:
    """Check that the cached views are enough for what is made from them.

    Raises:
        PlanError: They are not, or the cancer has no use for it.
    """
    needed = N_FLIPPED[plan.flips]
    if 0 < plan.views < needed:
        raise PlanError(
            f"The plain flips are the first of the cached views: flips '{plan.flips}' needs at "
            f"least {needed} views; there are {plan.views}. Set views to {needed}, or to 0.",
            field="views",
        )
    if plan.cell_loss and not plan.views:
        raise PlanError(
            "cell_loss is made from cached views; views is 0. Set views to 1 or more.",
            field="cell_loss",
        )
    if plan.cell_loss and Pooling.TOP not in {f.pooling for f in cancer.network.factors}:
        raise PlanError(
            f"cell_loss needs a factor pooled from top cells; {cancer.id} has none. Set it to 0.",
            field="cell_loss",
        )
