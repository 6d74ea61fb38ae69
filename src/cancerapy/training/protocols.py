"""The protocols of a cross-validation by name; how each divides is in ``cross_validation``."""

import re
from dataclasses import dataclass

from cancerapy.errors import LeakError, UsageError

PROTOCOLS = ("grouped-K", "slides", "random-K-LEAKING", "holdout")
"""Known protocols; K is the number of folds."""


@dataclass(frozen=True, slots=True)
class Protocol:
    """A protocol's name in parts.

    Args:
        kind: ``"grouped"``, ``"slides"``, ``"random"`` or ``"holdout"``.
        n_folds: Number of folds; 0 where the name gives none.
    """

    kind: str
    n_folds: int = 0


def parse_protocol(name: str, *, allow_leak: bool = False) -> Protocol:
    """Return the parts of a protocol's name.

    Args:
        name: One of ``PROTOCOLS`` with a number of at least 2 for K.
        allow_leak: Permit a protocol that splits groups.

    Raises:
        UsageError: No such protocol.
        LeakError: The protocol leaks and that is not permitted.
    """
    if name in ("slides", "holdout"):
        return Protocol(name)
    found = re.fullmatch(r"(grouped|random)-(\d{1,9})(-LEAKING)?", name)
    n_folds = int(found[2]) if found else 0
    if not found or n_folds < 2 or (found[1] == "random") != bool(found[3]):
        raise UsageError(
            f"No protocol named '{name}'. Known: {', '.join(PROTOCOLS)}, with a number of at "
            "least 2 for K, for instance grouped-5.",
            field="protocol",
        )
    if found[3] and not allow_leak:
        raise LeakError(
            f"'{name}' puts images of one group on both sides; it serves only to repeat "
            "published protocols. Add --allow-leak if that is what you want; its results "
            "are marked LEAKING.",
            field="protocol",
        )
    return Protocol(found[1], n_folds)
