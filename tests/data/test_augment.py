"""Random changes of pictures."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from cancerapy.arrays import Image
from cancerapy.data.augment import augment_image, list_augmentations
from cancerapy.errors import UnknownNameError

GEOMETRIC = ["flip_h", "flip_v", "rotate", "rotate90", "tilt", "zoom"]
COLOUR = ["gamma", "photometric", "stain"]


def _noise(height: int = 20, width: int = 30, seed: int = 0) -> Image:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3)).astype(np.uint8)


def _rng(seed: int) -> np.random.Generator:
    return np.random.default_rng(seed)


def test_names() -> None:
    assert list_augmentations() == sorted(GEOMETRIC + COLOUR)


def test_unknown_name() -> None:
    expected = (
        r"^No augmentation named 'flip'\. Known: flip_h, flip_v, gamma, .*\. "
        r"Did you mean 'flip_[hv]'\?$"
    )
    with pytest.raises(UnknownNameError, match=expected):
        augment_image(_noise(), ["flip"], _rng(0))


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("name", GEOMETRIC)
def test_matrix_says_where_a_spot_goes(name: str, seed: int) -> None:
    """A spot two fifths off the centre stays in a square picture whatever is done to it."""
    image = np.zeros((61, 61, 3), np.uint8)
    x, y = 42, 35
    image[y - 1 : y + 2, x - 1 : x + 2] = 255
    moved, matrix = augment_image(image, [name], _rng(seed))
    brightness = moved[..., 0].astype(float)
    rows, columns = np.indices(brightness.shape)
    centre = [np.average(columns, weights=brightness), np.average(rows, weights=brightness)]
    np.testing.assert_allclose(matrix @ [x, y, 1], centre, atol=0.2)


@pytest.mark.parametrize("seed", range(4))
def test_matrix_of_several_changes(seed: int) -> None:
    image = np.zeros((61, 61, 3), np.uint8)
    image[34:37, 41:44] = 255
    moved, matrix = augment_image(image, GEOMETRIC, _rng(seed))
    rows, columns = np.indices(moved.shape[:2])
    centre = [np.average(axis, weights=moved[..., 0].astype(float)) for axis in (columns, rows)]
    np.testing.assert_allclose(matrix @ [42, 35, 1], centre, atol=0.3)


@pytest.mark.parametrize(("name", "axis"), [("flip_h", 1), ("flip_v", 0)])
def test_flips_are_exact_and_happen_half_the_time(name: str, axis: int) -> None:
    image = _noise()
    results = [augment_image(image, [name], _rng(seed)).image for seed in range(40)]
    n_flipped = sum(np.array_equal(result, np.flip(image, axis)) for result in results)
    n_same = sum(np.array_equal(result, image) for result in results)
    assert n_flipped + n_same == 40
    assert 10 <= n_flipped <= 30


def test_quarter_turns_of_a_square_are_exact() -> None:
    image = _noise(25, 25)
    turned = {k: np.rot90(image, -k) for k in range(4)}
    met = set()
    for seed in range(30):
        result = augment_image(image, ["rotate90"], _rng(seed)).image
        (same,) = (k for k, picture in turned.items() if np.array_equal(result, picture))
        met.add(same)
    assert met == {0, 1, 2, 3}


def test_no_border_is_blackened() -> None:
    image = np.full((30, 40, 3), 200, np.uint8)
    for seed in range(5):
        np.testing.assert_array_equal(augment_image(image, GEOMETRIC, _rng(seed)).image, image)


@pytest.mark.parametrize("name", ["tilt", "zoom"])
def test_strength_scales_the_range(name: str) -> None:
    def size(strength: float) -> float:
        matrices = [
            augment_image(_noise(), [name], _rng(seed), strength=strength).matrix
            for seed in range(10)
        ]
        return float(np.mean([np.abs(matrix[:, :2] - np.eye(2)).sum() for matrix in matrices]))

    assert size(0.0) == 0
    assert 0.3 < size(0.5) / size(1.0) < 0.7


def test_zoom_stays_in_its_range() -> None:
    for seed in range(50):
        matrix = augment_image(_noise(), ["zoom"], _rng(seed)).matrix
        assert matrix[0, 1] == matrix[1, 0] == 0
        assert np.exp(-0.28) <= min(matrix[0, 0], matrix[1, 1])
        assert max(matrix[0, 0], matrix[1, 1]) <= np.exp(0.28)


@pytest.mark.parametrize("name", COLOUR)
def test_colour_changes_leave_the_geometry(name: str) -> None:
    _, matrix = augment_image(_noise(), [name], _rng(0))
    np.testing.assert_array_equal(matrix, np.eye(3)[:2])


@pytest.mark.parametrize("name", COLOUR)
def test_no_strength_no_change(name: str) -> None:
    image = _noise()
    result = augment_image(image, [name], _rng(0), strength=0.0).image
    np.testing.assert_array_equal(result, image)


def test_photometric_stays_in_its_bounds() -> None:
    """Mid grey moves by at most 20 % of contrast about itself, 10 % of brightness, 5 % of cast."""
    grey = np.full((4, 4, 3), 128, np.uint8)
    results = np.array(
        [augment_image(grey, ["photometric"], _rng(seed)).image[0, 0] for seed in range(300)]
    ).astype(float)
    highest = 0.5 + 127.5 + 25.5 + 128 * 1.2 * (np.exp(0.058) - 1)
    lowest = 127.5 - 25.5 - 128 * 1.2 * (1 - np.exp(-0.058)) - 0.5
    assert lowest <= results.min() < 115
    assert 140 < results.max() <= highest
    assert abs(results.mean() - 128) < 4


def test_white_background_never_turns_green_or_magenta() -> None:
    white = np.full((4, 4, 3), 250, np.uint8)
    for seed in range(300):
        red, green, blue = augment_image(white, ["photometric"], _rng(seed)).image[0, 0].astype(int)
        # Green lies between the others, or off by what the tint and the rounding may add.
        assert min(red, blue) - 6 <= green <= max(red, blue) + 6


def test_gamma_keeps_black_white_and_order() -> None:
    ramp = np.tile(np.arange(256, dtype=np.uint8)[None, :, None], (2, 1, 3))
    middles = []
    for seed in range(50):
        result = augment_image(ramp, ["gamma"], _rng(seed)).image[0, :, 0].astype(int)
        assert (result[0], result[-1]) == (0, 255)
        assert (np.diff(result) >= 0).all()
        middles.append(result[128])
    # 255 (128/255)^g for g from exp(-0.35) to exp(0.35)
    assert round(255 * (128 / 255) ** np.exp(0.35)) <= min(middles) < 110
    assert 145 < max(middles) <= round(255 * (128 / 255) ** np.exp(-0.35))


def test_stain_keeps_white_white() -> None:
    white = np.full((6, 6, 3), 255, np.uint8)
    for seed in range(20):
        np.testing.assert_array_equal(augment_image(white, ["stain"], _rng(seed)).image, white)


@pytest.mark.parametrize("seed", range(3))
def test_stain_against_its_formula(seed: int) -> None:
    """Unmix, scale and shift each stain, mix: pixel by pixel in double precision."""
    image = (_noise() // 2 + 20).astype(np.uint8)  # dark enough to be all tissue
    result = augment_image(image, ["stain"], _rng(seed)).image
    rng = _rng(seed)
    scale, shift = 1 + rng.uniform(-0.25, 0.25, 3), rng.uniform(-0.08, 0.08, 3)
    stains = np.array([[0.65, 0.70, 0.29], [0.07, 0.99, 0.11], [0.27, 0.57, 0.78]])
    stains /= np.linalg.norm(stains, axis=1, keepdims=True)
    density = -np.log((image.astype(float) + 1) / 256)
    amounts = density @ np.linalg.inv(stains)
    expected = 256 * np.exp(-((amounts * scale + shift) @ stains)) - 1
    np.testing.assert_allclose(result, np.clip(expected, 0, 255), atol=0.51)
    assert np.abs(result.astype(int) - image).max() > 5


def test_result_depends_on_the_seed_alone() -> None:
    names = [*GEOMETRIC, *COLOUR]
    images = [_noise(seed=k) for k in range(6)]
    alone = [augment_image(images[k], names, _rng(k)).image.copy() for k in range(6)]
    for k in (4, 0, 5, 2, 1, 3):
        np.testing.assert_array_equal(augment_image(images[k], names, _rng(k)).image, alone[k])
    assert not np.array_equal(alone[0], augment_image(images[0], names, _rng(9)).image)


def test_threads_do_not_disturb_each_other() -> None:
    names = ["stain", "photometric", "rotate"]
    images = [_noise(40, 40, seed=k) for k in range(40)]
    expected = [augment_image(image, names, _rng(k)).image for k, image in enumerate(images)]
    with ThreadPoolExecutor(4) as pool:
        results = list(
            pool.map(lambda k: augment_image(images[k], names, _rng(k)).image, range(40))
        )
    np.testing.assert_array_equal(results, expected)


def test_results_and_inputs_are_left_alone_by_later_calls() -> None:
    first, second = _noise(seed=1), _noise(seed=2)
    before = first.copy()
    result = augment_image(first, ["stain"], _rng(0)).image
    kept = result.copy()
    augment_image(second, ["stain"], _rng(1))
    np.testing.assert_array_equal(first, before)
    np.testing.assert_array_equal(result, kept)


def test_pictures_of_other_sizes_after_each_other() -> None:
    for height, width in ((10, 20), (20, 10), (7, 7)):
        result = augment_image(_noise(height, width), ["stain", "zoom"], _rng(0)).image
        assert result.shape == (height, width, 3)
        assert result.dtype == np.uint8
