"""The pictures of a summary."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from cancerapy.cancers import Cancer
from cancerapy.data.summary import DataSummary, summarise_data
from cancerapy.data.summary_plots import choose_samples, plot_samples, write_plots
from cancerapy.errors import StorageError

Write = Callable[[Any], Path]


@pytest.fixture
def summary(toy: Cancer, write_toy: Write) -> DataSummary:
    rows = [(f"{n}.png", "aab"[n % 3], "1", f"p{n // 3}") for n in range(9)]
    return summarise_data(toy, toy.sources[0], write_toy(rows))


def test_each_picture_is_written(summary: DataSummary, tmp_path: Path) -> None:
    out = tmp_path / "new" / "out"
    written = write_plots(summary, out)
    assert [path.name for path in written] == [
        "ages.png",
        "classes.png",
        "samples.png",
        "sizes.png",
    ]
    for path in written:
        pixels = np.asarray(Image.open(path).convert("L"))
        assert min(pixels.shape) >= 200
        assert pixels.std() > 5


def test_the_grid_shows_the_images_themselves(
    toy: Cancer, write_toy: Write, summary: DataSummary
) -> None:
    root = summary.root
    for path in root.glob("*.png"):
        Image.new("RGB", (32, 24), (255, 0, 255)).save(path)
    pixels = np.asarray(Image.open(io.BytesIO(plot_samples(summary))).convert("RGB"))
    share = (pixels == (255, 0, 255)).all(axis=-1).mean()
    assert 0.1 < share < 0.6  # nine of sixteen places


def test_samples_are_of_different_groups_first(summary: DataSummary, toy: Cancer) -> None:
    (task,) = toy.tasks
    three = choose_samples(summary, task, "a", 3, seed=0)
    assert len({sample.group for sample in three}) == 3
    everything = choose_samples(summary, task, "a", 50, seed=0)
    assert len(everything) == len({sample.path for sample in everything}) == 6
    assert {sample.labels["finding"] for sample in everything} == {"a"}
    assert choose_samples(summary, task, "a", 3, seed=0) == three
    assert any(choose_samples(summary, task, "a", 3, seed) != three for seed in range(1, 5))


def test_no_permission(summary: DataSummary, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StorageError, match=r"classes\.png"):
        write_plots(summary, tmp_path / "file")
