"""Every painter: any size, the same seed the same pixels, classes that look different."""

import numpy as np
import pytest

from cancerapy.cancers import list_cancers, load_cancer
from cancerapy.errors import UnknownNameError, UsageError
from cancerapy.phantoms import draw_phantom, list_phantoms
from cancerapy.preprocess import measure_quality


def shipped_classes() -> list[tuple[str, str]]:
    """Return painter and class id of every class of every shipped cancer."""
    return sorted(
        {
            (cancer.phantom, class_id)
            for cancer in map(load_cancer, list_cancers())
            for task in cancer.tasks
            for class_id in task.class_ids
        }
    )


@pytest.mark.parametrize("kind", list_phantoms())
@pytest.mark.parametrize(("height", "width"), [(1, 1), (1, 9), (33, 7), (48, 64)])
def test_any_size_and_the_same_seed_the_same_pixels(kind: str, height: int, width: int) -> None:
    first = draw_phantom(kind, seed=3, height=height, width=width)
    again = draw_phantom(kind, seed=3, height=height, width=width)
    assert first.shape == (height, width, 3)
    assert first.dtype == np.uint8
    np.testing.assert_array_equal(first, again)


@pytest.mark.parametrize(("kind", "value"), shipped_classes())
def test_every_shipped_class_is_drawn_and_seeds_differ(kind: str, value: str) -> None:
    one = draw_phantom(kind, seed=0, height=48, width=64, value=value)
    other = draw_phantom(kind, seed=1, height=48, width=64, value=value)
    assert one.std() > 1
    assert (one != other).mean() > 0.5


@pytest.mark.parametrize("kind", list_phantoms())
def test_an_unknown_class_has_a_look_of_its_own(kind: str) -> None:
    def mean_colour(value: str) -> np.ndarray:
        pictures = [
            draw_phantom(kind, seed=seed, height=48, width=48, value=value) for seed in range(4)
        ]
        return np.stack([picture.mean(axis=(0, 1)) for picture in pictures]).mean(axis=0)

    assert np.abs(mean_colour("toy-one") - mean_colour("toy-two")).max() > 2


def test_mammograms_are_grey_on_black() -> None:
    image = draw_phantom("mammogram", seed=2, height=128, width=100, value="malignant")
    np.testing.assert_array_equal(image[..., 0], image[..., 2])
    assert np.quantile(image, 0.1) < 12
    assert image.max() > 150


def test_denser_breasts_are_brighter() -> None:
    means = [
        np.mean(
            [
                draw_phantom("mammogram", seed=s, height=64, width=50, value=f"Density{d}Benign")
                for s in range(8)
            ]
        )
        for d in (1, 4)
    ]
    assert means[0] + 3 < means[1]


def test_stains_by_tissue() -> None:
    def picture(value: str) -> np.ndarray:
        return draw_phantom("histology", seed=5, height=100, width=100, value=value)

    assert picture("EMPTY").mean() > 215
    assert picture("ADIPOSE").mean() > picture("STROMA").mean() > picture("LYMPHO").mean()
    red, green, blue = np.median(picture("STROMA"), axis=(0, 1))  # the ground between nuclei
    assert abs(red - blue) < 6  # pink: eosin takes green only
    assert 40 < min(red, blue) - green < 110
    red, _, blue = np.median(picture("LYMPHO"), axis=(0, 1))
    assert 12 < blue - red < 35  # violet: haematoxylin takes red as well
    assert measure_quality(picture("EMPTY")).saturation < 30


def test_a_melanoma_is_darker_than_a_naevus() -> None:
    def darkest(value: str) -> float:
        pictures = [
            draw_phantom("dermatoscopy", seed=seed, height=60, width=80, value=value)
            for seed in range(4)
        ]
        return float(np.mean([np.quantile(picture, 0.05) for picture in pictures]))

    assert darkest("mel") + 10 < darkest("nv")


def test_wrong_use() -> None:
    with pytest.raises(UnknownNameError, match=r"No phantom named 'mammogramm'.*'mammogram'\?"):
        draw_phantom("mammogramm", height=4, width=4)
    with pytest.raises(UsageError, match=r"must be at least 1 x 1 px; 0 x 5 was asked for"):
        draw_phantom("generic", height=5, width=0)
