from pathlib import Path

import numpy as np
from PIL import Image

from cancerapy.reproduce._spec import Context
from cancerapy.reproduce.data_growth import LearningCurvePart
from cancerapy.reproduce.findings import Findings
from cancerapy.reproduce.growth_pictures import Panel, draw_growth


def test_curves_are_drawn_with_their_metadata(
    good: LearningCurvePart, poor: LearningCurvePart, growing_context: Context, tmp_path: Path
) -> None:
    own, other = good.run(growing_context), poor.run(growing_context)
    findings = Findings([*own.rows, *other.rows], {good.name: own.curves, poor.name: other.curves})
    file, empty = tmp_path / "curves.png", tmp_path / "empty.png"
    draw_growth(findings, [Panel("toy", "right", (good, poor))], file, {"Source": "abc"})
    draw_growth(Findings([], {}), [Panel("toy", "right", (good, poor))], empty, {})
    with Image.open(file) as image, Image.open(empty) as blank:
        assert image.info["Source"] == "abc"
        assert image.size == blank.size
        coloured = [
            int((np.ptp(np.asarray(own.convert("RGB")).astype(int), axis=2) > 40).sum())
            for own in (image, blank)
        ]
    assert coloured[0] > 200
    assert coloured[1] == 0
