import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cancerapy.cancers import Cancer
from cancerapy.errors import DataError
from cancerapy.learning.evaluation_side import EvaluationSide, read_evaluation_side, turned


def scene(seed: int, height: int = 96, width: int = 128) -> np.ndarray:
    """Return a picture with large shapes, as a photograph has, and none of its turns like it."""
    rng = np.random.default_rng(seed)
    coarse = Image.fromarray(rng.integers(0, 255, (6, 8, 3)).astype(np.uint8))
    return np.asarray(coarse.resize((width, height), Image.Resampling.BICUBIC))


@pytest.fixture
def side(toy_cancer: Cancer, tmp_path: Path) -> EvaluationSide:
    for number in range(6):
        file = tmp_path / "toyset" / "dark" / f"patient{number}__left.png"
        file.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(scene(number)).save(file)
    return read_evaluation_side(toy_cancer, tmp_path)


def test_turning_gives_eight_pictures_that_differ() -> None:
    picture = np.arange(18, dtype=np.uint8).reshape(2, 3, 3)
    found = turned(picture)
    assert found[0].tolist() == picture.tolist()
    assert len({(own.shape, own.tobytes()) for own in found}) == 8
    assert found[1][0].tolist() == picture[:, -1].tolist()  # a quarter turn to the left


@pytest.mark.parametrize("way", range(8))
def test_a_picture_is_known_in_every_orientation(side: EvaluationSide, way: int) -> None:
    assert side.holds(turned(scene(3))[way])


def test_a_scaled_and_compressed_turn_is_known_too(side: EvaluationSide) -> None:
    buffer = io.BytesIO()
    quarter = Image.fromarray(np.rot90(scene(2)).copy()).resize((144, 192))
    quarter.save(buffer, "JPEG", quality=80)
    again = np.asarray(Image.open(io.BytesIO(buffer.getvalue())))
    assert side.holds(again)


def test_others_are_not(side: EvaluationSide) -> None:
    assert not any(side.holds(scene(seed)) for seed in range(100, 120))
    assert side.groups == {f"patient{number}" for number in range(6)}
    assert side.sources == ("toyset",)


def test_a_flat_picture_is_known_by_its_pixels_alone(toy_cancer: Cancer, tmp_path: Path) -> None:
    flat = np.full((32, 32, 3), 200, np.uint8)
    file = tmp_path / "toyset" / "dark" / "patient0__left.png"
    file.parent.mkdir(parents=True)
    Image.fromarray(flat).save(file)
    side = read_evaluation_side(toy_cancer, tmp_path)
    assert side.holds(flat)
    assert not side.holds(flat + 1)


def test_a_picture_that_cannot_be_compared_with_is_an_error(
    side: EvaluationSide, toy_cancer: Cancer, tmp_path: Path
) -> None:
    (tmp_path / "toyset" / "dark" / "patient2__left.png").write_bytes(b"no picture")
    with pytest.raises(DataError, match="1 of 6 cannot be read") as caught:
        read_evaluation_side(toy_cancer, tmp_path)
    assert caught.value.code == "data_corrupt"


def test_without_the_data_set_nothing_can_be_kept_apart(toy_cancer: Cancer, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="'toyset' is not in") as caught:
        read_evaluation_side(toy_cancer, tmp_path)
    assert caught.value.code == "data_missing"
