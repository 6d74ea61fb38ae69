"""CBIS-DDSM in both forms."""

import json
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cancerapy.errors import DataError
from cancerapy.layouts.cbis_ddsm import read_samples
from cancerapy.layouts.roi_masks import STORE
from cancerapy.layouts.sample import Box, Sample

Touch = Callable[[Iterable[str]], Path]

OFFICIAL = "mass_case_description_train_set.csv"
HEAD = (
    "patient_id,breast_density,left or right breast,image view,abnormality id,pathology,"
    "image file path,ROI mask file path\n"
)
TOP = "Mass-Training_P_00001_LEFT_CC"


def _row(number: int, pathology: str, top: str = TOP) -> str:
    # as in the original, the last cell ends with a line break inside quotes
    image, mask = f"{top}/1.2/1.3/000000.dcm", f"{top}_{number}/1/1.dcm"
    return f'P_00001,3,LEFT,CC,{number},{pathology},{image},"{mask}\n"\n'


def test_converted_with_boxes(touch: Touch) -> None:
    folder = touch([])
    (folder / "labels.csv").write_text(
        "file,patient,key,density,label,pathology_all,boxes_xywh_800\n"
        'images/a.jpg,P_1,00001_LEFT_CC,2,malignant,MALIGNANT,"[[80, 400, 160, 8]]"\n'
        'images/b.jpg,P_1,00001_LEFT_MLO,2,malignant,MALIGNANT|BENIGN,"[[80, 400, 160, 8]]"\n'
        "images/c.jpg,P_2,00002_RIGHT_CC,1,benign,BENIGN_WITHOUT_CALLBACK,\n"
    )
    first, second, third = read_samples(folder)
    assert first == Sample(
        "images/a.jpg",
        {"malignancy": "malignant", "density": "2"},
        "P_1",
        {"laterality": "left", "view": "CC"},
        (Box(0.1, 0.5, 0.2, 0.01, "malignant"),),
    )
    assert second.boxes == ()  # which box is the malignant one is not in the table
    assert (third.labels["malignancy"], third.boxes) == ("benign", ())


@pytest.mark.parametrize(
    "place",
    [
        f"{TOP}/1.2/1.3/000000.dcm",
        f"{TOP}/1-1.dcm",
        f"{TOP}/x.png",
        f"converted/{TOP}.png",
        "images/P_00001_LEFT_CC.jpg",
        "images/00001_LEFT_CC.jpg",
    ],
)
def test_official_table_finds_the_image(touch: Touch, place: str) -> None:
    folder = touch([place])
    (folder / OFFICIAL).write_text(HEAD + _row(1, "BENIGN") + _row(2, "MALIGNANT"))
    assert read_samples(folder) == [
        Sample(
            place,
            {"malignancy": "malignant", "density": "3"},
            "P_00001",
            {"laterality": "left", "view": "CC"},
        )
    ]


def _write_picture(path: Path, height: int, width: int, white: tuple[slice, slice]) -> None:
    pixels = np.zeros((height, width), np.uint8)
    pixels[white] = 255
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(pixels).save(path)


def test_boxes_from_the_masks(touch: Touch) -> None:
    folder = touch([f"{TOP}/1.png"])
    (folder / OFFICIAL).write_text(HEAD + _row(1, "BENIGN") + _row(2, "MALIGNANT"))
    # the mask is the larger picture of its folder, whatever its name
    _write_picture(folder / f"{TOP}_1/1/b.png", 40, 20, np.s_[10:20, 5:10])
    _write_picture(folder / f"{TOP}_1/1/a.png", 10, 5, np.s_[:, :])
    _write_picture(folder / f"{TOP}_2/1/a.png", 40, 20, np.s_[0:0, 0:0])
    expected = (Box(0.25, 0.25, 0.25, 0.25, "benign"),)
    assert read_samples(folder)[0].boxes == expected
    kept = json.loads((folder / STORE).read_text())
    assert kept == {f"{TOP}_1": [0.25, 0.25, 0.25, 0.25], f"{TOP}_2": None}
    (folder / f"{TOP}_1/1/b.png").write_bytes(b"never read again")
    assert read_samples(folder)[0].boxes == expected
    (folder / STORE).write_text("damaged")
    assert read_samples(folder)[0].boxes == (Box(0.0, 0.0, 1.0, 1.0, "benign"),)


def test_missing_tables_and_columns(touch: Touch) -> None:
    folder = touch([])
    with pytest.raises(DataError, match=r"must hold 'labels\.csv' or"):
        read_samples(folder)
    (folder / OFFICIAL).write_text("patient_id,image view\nP_00001,CC\n")
    with pytest.raises(DataError, match="the columns breast_density, image file path, left or"):
        read_samples(folder)
    (folder / "labels.csv").write_text("file,label\na.jpg,benign\n")
    with pytest.raises(DataError, match="the columns boxes_xywh_800, density, key, pathology_all,"):
        read_samples(folder)


def test_missing_images_are_kept(touch: Touch) -> None:
    folder = touch([f"{TOP}/1-1.dcm"])
    other = "Mass-Training_P_00001_LEFT_MLO"
    (folder / OFFICIAL).write_text(HEAD + _row(1, "BENIGN") + _row(1, "MALIGNANT", other))
    here, absent = read_samples(folder)
    assert (here.path, here.is_at(folder)) == (f"{TOP}/1-1.dcm", True)
    assert (absent.path, absent.is_at(folder)) == (f"{other}/1.2/1.3/000000.dcm", False)
    assert (absent.labels["malignancy"], absent.group) == ("malignant", "P_00001")
