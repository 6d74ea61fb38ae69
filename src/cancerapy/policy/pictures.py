"""The picture of the sensitivity analysis, as PNG bytes."""

import io
from collections.abc import Sequence

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure as Canvas

from cancerapy.cancers import Cancer
from cancerapy.policy.sensitivity import CURVES, FACTORS, Sensitivity

_DPI = 110
_COLOURS = ("#1d5fa8", "#b45309", "#6b7280", "#15803d")
_WORDS = {
    "missed_malignant": "missed cancer",
    "false_alarm": "needless referral",
    "further_test": "further test",
    "follow_up": "follow-up",
}


def draw_sensitivity(curves: Sequence[Sensitivity], cancer: Cancer) -> bytes:
    """Draw the cost of every policy as one cost is multiplied; a row for each prevalence.

    Args:
        curves: One for each varied cost and prevalence.
        cancer: Whose costs these are.
    """
    prevalences = list(dict.fromkeys(curve.prevalence for curve in curves))
    varied = list(dict.fromkeys(curve.varied for curve in curves))
    canvas = Canvas(figsize=(3.0 * len(varied), 2.7 * len(prevalences) + 0.5), layout="constrained")
    FigureCanvasAgg(canvas)
    axes = canvas.subplots(len(prevalences), len(varied), squeeze=False)
    for curve in curves:
        row, column = prevalences.index(curve.prevalence), varied.index(curve.varied)
        own = axes[row][column]
        for name, colour in zip(CURVES, _COLOURS, strict=True):
            own.plot(FACTORS, curve.curves[name], color=colour, label=name, linewidth=1.6)
        own.plot(FACTORS, curve.unaware, color=_COLOURS[0], linestyle=":", label="costs as assumed")
        own.set_xscale("log")
        own.set_yscale("log")
        own.axvline(1, color="#cbd2d9", linewidth=0.8, zorder=0)
        own.set_xlabel(f"{_WORDS[curve.varied]}, times what is assumed", fontsize=8)
        own.tick_params(labelsize=7)
        where = "own" if curve.prevalence is None else f"{100 * curve.prevalence:g} %"
        own.set_title(f"malignant: {where}", fontsize=8)
        if column == 0:
            own.set_ylabel(f"{cancer.costs.unit} per 1000", fontsize=8)
    handles, labels = axes[0][0].get_legend_handles_labels()
    canvas.legend(handles, labels, loc="outside upper center", ncols=len(labels), fontsize=8)
    buffer = io.BytesIO()
    canvas.savefig(buffer, format="png", dpi=_DPI, metadata={"Software": None})
    return buffer.getvalue()
