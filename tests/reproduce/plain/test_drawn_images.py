"""Images drawn for the plain network: how many, of whom, and what is refused."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from cancerapy.cancers import Cancer
from cancerapy.data.manifest import Manifest
from cancerapy.errors import DataError
from cancerapy.evaluation.record import read_record
from cancerapy.layouts.sample import Sample
from cancerapy.reproduce import Context
from cancerapy.reproduce.plain.drawn_images import DrawnImages, draw_split
from cancerapy.training.progress import RichDisplay


def _manifest(sizes: list[int]) -> Manifest:
    """Return a manifest of patients with so many images each."""
    groups = np.repeat([f"p{number:02d}" for number in range(len(sizes))], sizes)
    samples = tuple(Sample(f"{row}.png", {}, str(group)) for row, group in enumerate(groups))
    digests = tuple(str(row) for row in range(len(samples)))
    return Manifest("toy", "toyset", Path(), samples, digests, groups, {"finding": ("a", "b")})


@pytest.mark.parametrize("seed", range(5))
def test_patients_stay_apart_and_numbers_are_met(seed: int) -> None:
    manifest = _manifest([1, 2, 3, 4] * 10)
    split = draw_split(manifest, 51, 14, seed=seed)
    assert (len(split.train), len(split.test)) == (51, 14)
    assert not set(manifest.groups[split.train]) & set(manifest.groups[split.test])
    assert not split.leaking


def test_a_patient_too_large_for_what_is_left_is_passed_over() -> None:
    split = draw_split(_manifest([3, 3, 3, 3]), 5, 4)
    assert (len(split.train), len(split.test)) == (3, 3)


def test_more_data_has_the_same_test_part_and_all_other_patients() -> None:
    manifest = _manifest([1, 2, 3, 4] * 10)
    few, all_ = (draw_split(manifest, 51, 14, with_rest=with_rest) for with_rest in (False, True))
    assert few.test.tolist() == all_.test.tolist()
    assert set(few.train) < set(all_.train)
    assert sorted([*all_.train, *all_.test]) == list(range(100))


def test_a_leaking_draw_takes_images_whatever_their_patients() -> None:
    manifest = _manifest([10] * 4)
    split = draw_split(manifest, 20, 10, leaking=True)
    assert (len(split.train), len(split.test)) == (20, 10)
    assert set(manifest.groups[split.train]) & set(manifest.groups[split.test])
    assert not set(split.train) & set(split.test)
    assert split.leaking


def test_the_seed_decides_the_draw() -> None:
    manifest = _manifest([1, 2] * 20)
    first, again, other = (draw_split(manifest, 20, 10, seed=seed) for seed in (0, 0, 1))
    assert first.test.tolist() == again.test.tolist()
    assert first.test.tolist() != other.test.tolist()


@pytest.mark.parametrize(("n_train", "n_test"), [(5, 4), (0, 4), (4, 0)])
def test_too_few_images(n_train: int, n_test: int) -> None:
    with pytest.raises(DataError, match=f"{n_train} training and {n_test} test .* toyset has 8"):
        draw_split(_manifest([2] * 4), n_train, n_test)


def test_opened_images_have_one_factor_and_pixels_between_0_and_1(
    toy_pair: Cancer, make_context: Callable[..., Context], tmp_path: Path
) -> None:
    images = DrawnImages(lambda: toy_pair, n_train=30, n_test=10, size_px=8)
    drawn = images.open(make_context(), RichDisplay("toy"))
    assert [factor.name for factor in drawn.cancer.network.factors] == ["finding"]
    assert [task.id for task in drawn.cancer.tasks] == ["toy"]
    inputs = drawn.inputs(drawn.split.train)
    assert inputs.shape == (30, 8 * 8 * 3)
    assert inputs.dtype == np.float32
    assert 60 / 255 <= inputs.min() < inputs.max() <= 179 / 255
    is_light = ["light/" in drawn.manifest.samples[row].path for row in drawn.split.train]
    assert drawn.labels(drawn.split.train).tolist() == [int(light) for light in is_light]
    drawn.write_record(tmp_path, images.protocol, {"seed": 4})
    record = read_record(tmp_path, images.protocol)
    assert (record.protocol, record.leaking, record.seed) == ("drawn-30-10", False, "4")
    assert record.manifest_digest == drawn.manifest.digest
    assert record.split_digest == drawn.digest


def test_the_protocol_says_what_leaks_and_what_is_all() -> None:
    images = DrawnImages("toy")
    assert images.protocol == "drawn-510-136"
    assert replace(images, leaking=True).protocol == "drawn-510-136-LEAKING"
    assert replace(images, with_rest=True).protocol == "drawn-all-136"


def test_a_quick_run_draws_three_fifths_and_one_fifth(
    toy_pair: Cancer, make_context: Callable[..., Context]
) -> None:
    drawn = DrawnImages(lambda: toy_pair).open(make_context(quick=True), RichDisplay("toy"))
    assert (len(drawn.split.train), len(drawn.split.test)) == (36, 12)
