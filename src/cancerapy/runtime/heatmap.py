"""Where the evidence for a class lies, from the graph's own class map."""

import io
from collections.abc import Mapping, Sequence

import numpy as np
from PIL import Image as PillowImage

from cancerapy.arrays import ClassMap, Floats, Image
from cancerapy.bundle.schema import FactorFields

# Dark to bright through purple and orange: equal steps look equal, also in grey and to people
# who do not see red and green. Anchors of this project's own.
_COLOURS = np.array(
    [(10, 7, 34), (74, 17, 103), (146, 38, 101), (214, 69, 68), (249, 140, 30), (250, 232, 130)]
)


def evidence_map(
    class_map: ClassMap,
    factors: Sequence[FactorFields],
    selects: Sequence[Mapping[str, str]],
    index: int,
) -> Floats:
    """Return the evidence of every cell for one class against the task's other classes.

    A class's evidence is a sum over the factors it selects, each a logit divided by the factor's
    temperature, and each logit is a pooling of its channel of the map; so the difference of the
    channels, likewise divided, cell by cell, is what was pooled.

    Args:
        class_map: (h, w, L).
        factors: The network's factors in the order of the channels, with their temperatures.
        selects: Value of each factor by class of the task.
        index: The class to explain.

    Returns:
        (h, w) difference between the class's cells and the mean of the others', in logits at the
        factors' temperatures.
    """
    channels: dict[tuple[str, str], Floats] = {}
    for factor in factors:
        for value in factor.values:
            channel = class_map[..., len(channels)].astype(np.float64)
            channels[factor.name, value] = channel / factor.temperature
    by_class = np.stack([sum(channels[chosen] for chosen in w.items()) for w in selects])
    others = np.delete(by_class, index, axis=0)
    return np.asarray(by_class[index] - others.mean(axis=0))


def scale_evidence(evidence: Floats) -> Floats:
    """Scale a map to 0..1 for display: 0 where nothing speaks for the class, 1 at its highest.

    Where no cell speaks for the class, the lowest cell is 0 instead, so that its least unlikely
    place can still be seen.
    """
    floor = 0.0 if evidence.max() > 0 else evidence.min()
    raised = np.maximum(evidence - floor, 0.0)
    return np.asarray(raised / raised.max() if raised.max() > 0 else raised)


def colour_cells(values: Floats) -> Floats:
    """Return the colours of cells.

    Args:
        values: (H, W), 0..1.

    Returns:
        (H, W, 3) RGB, 0..255.
    """
    steps = np.linspace(0, 1, len(_COLOURS))
    return np.stack([np.interp(values, steps, _COLOURS[:, c]) for c in range(3)], axis=-1)


def render_overlay(image: Image, values: Sequence[Sequence[float]], opacity: float = 0.5) -> bytes:
    """Draw a heat map over a prepared picture.

    Args:
        image: (H, W, 3) uint8 RGB.
        values: Rows of cells, 0..1, covering the whole picture.
        opacity: How much a cell of value 1 hides the picture, 0..1.

    Returns:
        A PNG.
    """
    height, width = image.shape[:2]
    cells = PillowImage.fromarray(np.asarray(values, np.float32))
    smooth = np.asarray(cells.resize((width, height), PillowImage.Resampling.BICUBIC))
    smooth = np.clip(smooth, 0, 1)
    share = (opacity * smooth)[..., None]
    mixed = (1 - share) * image + share * colour_cells(smooth)
    output = io.BytesIO()
    PillowImage.fromarray(mixed.round().astype(np.uint8)).save(output, format="PNG")
    return output.getvalue()
