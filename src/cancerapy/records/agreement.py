"""Agreement of two readers beyond chance."""

from collections import Counter
from collections.abc import Sequence


def cohen_kappa(first: Sequence[str], second: Sequence[str]) -> float | None:
    """Return Cohen's kappa of two readers' labels.

    ``(observed - expected) / (1 - expected)``: 1 is full agreement, 0 what chance gives, below it
    less. Undefined without cases, and where both gave one and the same label to every case.

    Args:
        first: Labels by the first reader, one per case.
        second: Labels by the second reader, in the same order.

    References:
        Cohen J. (1960), doi:10.1177/001316446002000104.

    >>> cohen_kappa(["a", "a", "b", "b"], ["a", "a", "b", "a"])
    0.5
    """
    n_cases = len(first)
    if n_cases == 0:
        return None
    n_same = sum(one == other for one, other in zip(first, second, strict=True))
    of_first, of_second = Counter(first), Counter(second)
    n_expected = sum(of_first[label] * of_second[label] for label in of_first) / n_cases
    if n_expected == n_cases:
        return None
    return (n_same - n_expected) / (n_cases - n_expected)
