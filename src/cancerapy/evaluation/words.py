"""Figures put into words, the same in every chapter of the document."""

import math

from cancerapy.evaluation.measure import Figure

NOT_YET = "not measured yet"
DIFFERENCE = "_difference"
"""What the metric of a difference that stands beside the figure itself ends with."""

LEARNING_RATE = "learning_rate"
_PLAIN = ("auc", "f1", "ece", "brier", "nll")
_UNITS = {"seconds": "s", "_ms": "ms", "_mb": "MB", "_millions": "M"}


def in_words(figure: Figure | None) -> str:
    """Return a figure with its interval: ``79.4 % (78.3 to 80.5)``.

    Shares are given in per cent, areas and errors as they are, times in seconds or milliseconds,
    sizes in megabytes, numbers of parameters and multiply-adds in millions. Differences have a
    sign, those of shares in points.

    >>> in_words(Figure("accuracy", 0.794, 0.783, 0.805))
    '79.4 % (78.3 to 80.5)'
    >>> in_words(Figure("macro_auc", 0.9, math.nan, math.nan))
    '0.900'
    >>> in_words(Figure("training_seconds", 83.2, math.nan, math.nan))
    '83 s'
    >>> in_words(Figure("accuracy_difference", -0.02, -0.03, -0.01))
    '-2.0 points (-3.0 to -1.0)'
    """
    if figure is None or math.isnan(figure.value):
        return NOT_YET
    if figure.metric.startswith(LEARNING_RATE):
        return f"{figure.value:g}"
    unit = next((unit for end, unit in _UNITS.items() if figure.metric.endswith(end)), "")
    if unit:
        return f"{figure.value:,.0f} {unit}" if figure.value >= 10 else f"{figure.value:.2g} {unit}"
    is_plain = any(word in figure.metric.split(":")[0] for word in _PLAIN)
    is_difference = figure.metric.endswith(DIFFERENCE)
    share = " points" if is_difference else " %"
    factor, digits, unit = (1, 3, "") if is_plain else (100, 1, share)
    form = f"{'+' if is_difference else ''}.{digits}f"
    text = f"{factor * figure.value:{form}}{unit}"
    if math.isnan(figure.low):
        return text
    low, high = (f"{factor * bound:{form}}" for bound in (figure.low, figure.high))
    return f"{text} ({low} to {high})"


def beside_reported(figure: Figure | None, reported: float) -> str:
    """Return a share with its interval, and how it stands to the report's.

    Args:
        figure: What was measured.
        reported: The report's share, 0..1, taken as exact since it gives no interval.

    >>> beside_reported(Figure("accuracy", 0.887, 0.836, 0.932), 0.83)
    "88.7 % (83.6 to 93.2), more than the report's 83 %"
    >>> beside_reported(Figure("accuracy", 0.8, 0.7, 0.9), 0.83)
    "80.0 % (70.0 to 90.0), not told apart from the report's 83 %"
    """
    words = f"the report's {100 * reported:.0f} %"
    if figure is None or math.isnan(figure.value):
        return f"{NOT_YET}, beside {words}"
    if math.isnan(figure.low):
        return f"{in_words(figure)}, beside {words}"
    if figure.low > reported:
        return f"{in_words(figure)}, more than {words}"
    if figure.high < reported:
        return f"{in_words(figure)}, less than {words}"
    return f"{in_words(figure)}, not told apart from {words}"


def verdict(difference: Figure | None) -> str:
    """Say what a difference with its interval allows to be said.

    >>> verdict(Figure("accuracy", 0.02, 0.01, 0.03))
    'better by 2.0 points (1.0 to 3.0)'
    >>> verdict(Figure("accuracy", -0.02, -0.05, 0.01))
    'no difference shown (-2.0 points, -5.0 to 1.0)'
    """
    if difference is None or math.isnan(difference.value):
        return NOT_YET
    value, low, high = (100 * part for part in (difference.value, difference.low, difference.high))
    if math.isnan(low):
        return f"no interval ({value:.1f} points)"
    if low > 0:
        return f"better by {value:.1f} points ({low:.1f} to {high:.1f})"
    if high < 0:
        return f"worse by {-value:.1f} points ({-high:.1f} to {-low:.1f})"
    return f"no difference shown ({value:.1f} points, {low:.1f} to {high:.1f})"
