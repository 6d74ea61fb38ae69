"""Kather 2016."""

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from cancerapy.errors import DataError
from cancerapy.layouts.kather2016 import read_samples
from cancerapy.layouts.sample import Sample

Touch = Callable[[Iterable[str]], Path]

TILE = "1A11_CRC-Prim-HE-07_022.tif_Row_1_Col_301.tif"


@pytest.mark.parametrize("above", ["", "Kather_texture_2016_image_tiles_5000/"])
def test_tissue_from_the_folder_and_slide_from_the_name(touch: Touch, above: str) -> None:
    folder = touch([f"{above}01_TUMOR/{TILE}", f"{above}08_EMPTY/x_CRC-Prim-HE-10.tif", "09_X/a"])
    assert read_samples(folder) == [
        Sample(f"{above}01_TUMOR/{TILE}", {"tissue": "TUMOR"}, "slide-07", {"slide": "07"}),
        Sample(
            f"{above}08_EMPTY/x_CRC-Prim-HE-10.tif", {"tissue": "EMPTY"}, "slide-10",
            {"slide": "10"},
        ),
    ]  # fmt: skip


def test_no_class_folder(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="must hold the folders 01_TUMOR to 08_EMPTY") as caught:
        read_samples(tmp_path)
    assert caught.value.code == "data_missing"


def test_tiles_without_slide_have_no_group(touch: Touch) -> None:
    folder = touch([f"01_TUMOR/{TILE}", "02_STROMA/renamed.tif"])
    assert [s.group for s in read_samples(folder)] == ["slide-07", ""]
    assert read_samples(folder)[1] == Sample("02_STROMA/renamed.tif", {"tissue": "STROMA"}, "")
