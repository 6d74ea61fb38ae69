"""HAM10000."""

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from cancerapy.errors import DataError
from cancerapy.layouts.ham10000 import TABLE, read_samples
from cancerapy.layouts.sample import Sample

Touch = Callable[[Iterable[str]], Path]

HEAD = "lesion_id,image_id,dx,dx_type,age,sex,localization\n"
IMAGES = ["HAM10000_images_part_1/I1.jpg", "HAM10000_images_part_2/I2.jpg"]


def test_both_folders_and_all_facts(touch: Touch) -> None:
    folder = touch(IMAGES)
    (folder / TABLE).write_text(
        HEAD + "L1,I2,mel,histo,45.0,male,back\nL1,I1,,consensus,,unknown,unknown\n"
    )
    assert read_samples(folder) == [
        Sample(
            IMAGES[1],
            {"diagnosis": "mel"},
            "L1",
            {"age": "45.0", "sex": "male", "site": "back", "confirmed_by": "histo"},
        ),
        Sample(IMAGES[0], {}, "L1", {"confirmed_by": "consensus"}),
    ]


def test_missing_table_column_and_images(touch: Touch) -> None:
    folder = touch(IMAGES)
    with pytest.raises(DataError, match=f"must hold '{TABLE}'"):
        read_samples(folder)
    (folder / TABLE).write_text("image_id,dx\nI1,nv\n")
    with pytest.raises(DataError, match=r"must have the columns lesion_id\."):
        read_samples(folder)
    (folder / TABLE).write_text(HEAD + "L1,I3,nv,,,,\nL2,I1,nv,,,,\nL2,I4,nv,,,,\n")
    with pytest.raises(DataError, match="2 of 3 are missing, for instance I3, I4"):
        read_samples(folder)
