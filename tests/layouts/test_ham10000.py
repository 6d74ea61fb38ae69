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


def test_missing_table_and_column(touch: Touch) -> None:
    folder = touch(IMAGES)
    with pytest.raises(DataError, match=f"must hold '{TABLE}'"):
        read_samples(folder)
    (folder / TABLE).write_text("image_id,dx\nI1,nv\n")
    with pytest.raises(DataError, match="must have rows with the columns lesion_id;"):
        read_samples(folder)


def test_missing_images_and_lesions_are_kept(touch: Touch) -> None:
    folder = touch(IMAGES)
    (folder / TABLE).write_text(HEAD + "L1,I3,nv,,,,\n,I1,nv,,,,\nL2\n")
    samples = read_samples(folder)
    assert [(s.path, s.group) for s in samples] == [
        ("I3.jpg", "L1"),
        (IMAGES[0], ""),
        (".jpg", "L2"),
    ]
    assert [s.is_at(folder) for s in samples] == [False, True, False]
