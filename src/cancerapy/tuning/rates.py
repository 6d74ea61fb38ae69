"""The learning rates that a comparison of optimizers tries, and which can be compared."""

from collections.abc import Sequence

from cancerapy.errors import UnknownNameError, UsageError
from cancerapy.training.plan_checks import CHOICES

_ADAPTIVE = (1e-4, 3e-4, 1e-3, 3e-3)

RATES: dict[str, tuple[float, ...]] = {
    **dict.fromkeys(CHOICES["optimizer"], _ADAPTIVE),
    "sgd": (1e-2, 3e-2, 1e-1, 3e-1),  # without momentum, as a plan has none: its steps are small
}
"""Learning rates of stage two by optimizer; that of stage one keeps its ratio to it."""


def check_optimizers(names: Sequence[str]) -> None:
    """Refuse a comparison that cannot be made.

    Raises:
        UnknownNameError: There is no optimizer of that name.
        UsageError: Fewer than two are named, or one twice.
    """
    for name in names:
        if name not in RATES:
            raise UnknownNameError.of("optimizer", name, RATES)
    if len(names) < 2 or len(set(names)) < len(names):
        raise UsageError(
            "A comparison needs at least two different optimizers, the one that others are "
            f"compared with first; given '{','.join(names)}'. Write for instance --optimizers "
            "adam,sgd.",
            field="optimizers",
        )
