"""The documentation's figure: a column per cancer, a second row only where a model is."""

import io
import runpy
from pathlib import Path

import numpy as np
from PIL import Image

from cancerapy.cancers import list_cancers, load_cancer
from cancerapy.runtime.models import Models

TOOL = runpy.run_path(str(Path(__file__).parents[2] / "tools" / "draw_phantoms.py"))


def test_without_models_there_is_one_row_with_a_phantom_of_each_cancer(tmp_path: Path) -> None:
    figure = TOOL["build_figure"](Models(tmp_path))
    n_cancers = len(list_cancers())
    assert figure.size == (n_cancers * 240 + (n_cancers - 1) * 12, 240)
    pixels = np.asarray(figure)
    for column in range(n_cancers):
        assert pixels[:, column * 252 : column * 252 + 240].std() > 10
    assert (pixels[:, 240:252] == 255).all()


def test_a_phantom_has_the_shape_of_the_network(tmp_path: Path) -> None:
    skin = load_cancer("skin")
    data = TOOL["draw"](skin)
    with Image.open(io.BytesIO(data)) as picture:
        assert picture.size == (480, 356)  # 216 x 160 px, the longer side 480
    assert TOOL["with_heat_map"](skin, Models(tmp_path), data) is None
    assert TOOL["draw"](skin) == data
