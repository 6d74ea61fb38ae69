"""How small a photograph may become before it is sent."""

import io

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image as PillowImage

from cancerapy.app.shrink import MOST_MOVED, TIMES, encode_smaller, shrink
from cancerapy.cancers import list_cancers
from cancerapy.contract.responses import InputResponse
from cancerapy.phantoms import draw_phantom
from cancerapy.preprocess import prepare_image
from cancerapy.runtime.models import Models
from cancerapy.runtime.predictor import Predictor
from cancerapy.runtime.probabilities import task_probabilities

SPEC = InputResponse(32, 48, "crop", 16)
MODELS = Models(workers=1)


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((1280, 1920), (128, 192)),
        ((1280, 1280), (192, 192)),  # the width decides: four times 48
        ((3000, 400), (1440, 192)),
        ((129, 3000), (128, 2977)),
    ],
)
def test_height_and_width_stay_four_times_the_network_s(
    size: tuple[int, int], expected: tuple[int, int]
) -> None:
    smaller = shrink(np.zeros((*size, 3), np.uint8), SPEC)
    assert smaller is not None
    assert smaller.shape == (*expected, 3)


@pytest.mark.parametrize("size", [(128, 192), (128, 4000), (4000, 192), (10, 10)])
def test_what_is_small_enough_stays(size: tuple[int, int]) -> None:
    assert shrink(np.zeros((*size, 3), np.uint8), SPEC) is None


def _probabilities(predictor: Predictor, pixels: NDArray[np.uint8]) -> NDArray[np.float64]:
    with predictor.pool.lend() as graph:
        logits = graph(prepare_image(pixels, predictor.fields.input)[None])["logits"][0]
    selects = [label.selects for label in predictor.cancer.tasks[0].classes]
    return np.asarray(task_probabilities(logits, predictor.fields.factors, selects))


@pytest.mark.parametrize("cancer_id", list_cancers())
@pytest.mark.parametrize("seed", [0, pytest.param(1, marks=pytest.mark.slow)])
def test_the_answer_holds_at_that_size_and_would_not_at_a_careless_one(
    cancer_id: str, seed: int
) -> None:
    predictor = MODELS.predictor(cancer_id)
    spec = predictor.fields.input
    wanted = InputResponse(spec.height, spec.width, spec.aspect, spec.min_side_px)
    pixels = draw_phantom(
        predictor.cancer.phantom, seed=seed, height=6 * spec.height, width=6 * spec.width
    )
    before = _probabilities(predictor, pixels)

    def moved(times: float) -> float:
        smaller = shrink(pixels, wanted, times)
        assert smaller is not None
        with PillowImage.open(io.BytesIO(encode_smaller(smaller))) as sent:
            return float(np.abs(_probabilities(predictor, np.asarray(sent)) - before).max())

    careful = moved(TIMES)
    assert careful <= MOST_MOVED
    assert careful < moved(1.0)
