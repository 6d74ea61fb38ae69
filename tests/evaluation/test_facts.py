"""Facts of images, joined by path."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from cancerapy.cancers import Cancer, Source
from cancerapy.errors import DataError
from cancerapy.evaluation.facts import read_facts
from cancerapy.evaluation.predictions import OutOfFold
from cancerapy.layouts.sample import Sample

Draw = Callable[..., OutOfFold]


def write(root: Path, lines: list[str]) -> None:
    (root / "toyset").mkdir()
    (root / "toyset" / "facts.csv").write_text("\n".join(lines))


def test_facts_are_joined_by_path(tmp_path: Path, cancer: Cancer, draw: Draw) -> None:
    lines = [f"image-{i:04d}.png,{30 + i},female" for i in range(8)]
    write(tmp_path, [*reversed(lines), "not-predicted.png,90,male"])
    facts = read_facts(cancer, tmp_path, draw(5))
    assert facts["age"] == {f"image-{i:04d}.png": str(30 + i) for i in range(8)}
    assert set(facts["sex"].values()) == {"female"}


def test_another_data_set_gives_no_facts(tmp_path: Path, cancer: Cancer, draw: Draw) -> None:
    assert read_facts(cancer, tmp_path, draw(5)) == {}
    write(tmp_path, ["image-0001.png,30,female", "other.png,40,male"])
    assert read_facts(cancer, tmp_path, draw(5)) == {}


def test_a_data_set_that_cannot_be_read_is_passed_over(
    tmp_path: Path, cancer: Cancer, draw: Draw
) -> None:
    def fail(folder: Path) -> list[Sample]:
        raise DataError(f"{folder} is incomplete")

    write(tmp_path, [f"image-{i:04d}.png,50,male" for i in range(10)])
    broken = Source("toyset", "Broken", "none", "CC0-1.0", "patient", fail)
    both = replace(cancer, sources=(broken, *cancer.sources))
    assert set(read_facts(both, tmp_path, draw(5))) == {"age", "sex"}
