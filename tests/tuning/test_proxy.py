"""The proxy sees no image of the held-out fold and divides the rest by whole groups."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from cancerapy.cancers import Cancer
from cancerapy.data.manifest import Manifest, build_manifest
from cancerapy.data.splits import grouped_folds
from cancerapy.errors import UnknownNameError
from cancerapy.layouts.sample import Sample
from cancerapy.training.plan import resolve_plan
from cancerapy.tuning.proxy import build_proxy, proxy_plan, restrict_manifest
from cancerapy.tuning.request import Fidelity


@pytest.fixture
def manifest() -> Manifest:
    """40 groups of three images; every second group is light."""
    values = ("dark", "light")
    samples = tuple(
        Sample(f"{group:02d}-{image}.png", {"finding": values[group % 2]}, f"g{group:02d}")
        for group in range(40)
        for image in range(3)
    )
    groups = np.array([sample.group for sample in samples])
    digests = tuple(sample.path for sample in samples)
    return Manifest("toy", "toyset", Path(), samples, digests, groups, {"finding": values})


def test_the_held_out_fold_is_not_even_in_the_manifest(manifest: Manifest) -> None:
    proxy = build_proxy(manifest, "finding", Fidelity("grouped-5", "fold-2", 1.0), 3)
    reported = grouped_folds(manifest, "finding", 5, 3)[1]
    held_out = {*manifest.groups[reported.test]}
    assert proxy.fold == "fold-2"
    assert {*proxy.held_out} == held_out
    assert len(held_out) == 8
    assert {*proxy.manifest.groups} == {*manifest.groups} - held_out
    assert proxy.outside.tolist() == reported.train.tolist()
    assert proxy.whole_digest == manifest.digest


def test_the_judging_part_has_other_groups_and_every_image_has_a_side(manifest: Manifest) -> None:
    proxy = build_proxy(manifest, "finding", Fidelity(fraction=1.0), 0)
    groups = proxy.manifest.groups
    assert not {*groups[proxy.fit]} & {*groups[proxy.inner]}
    assert sorted([*proxy.fit, *proxy.inner]) == [*range(96)]
    assert len(proxy.inner) == pytest.approx(32, abs=3)
    assert {*proxy.manifest.labels("finding")[proxy.inner]} == {0, 1}


@pytest.mark.parametrize(("fraction", "n_groups"), [(0.25, 8), (0.5, 16), (0.75, 24), (1.0, 32)])
def test_a_share_is_taken_by_whole_groups(
    fraction: float, n_groups: int, manifest: Manifest
) -> None:
    proxy = build_proxy(manifest, "finding", Fidelity(fraction=fraction), 0)
    names, counts = np.unique(proxy.manifest.groups, return_counts=True)
    assert len(names) == n_groups
    assert {*counts} == {3}
    assert sum(proxy.manifest.labels("finding")) == 3 * n_groups // 2
    record = proxy.to_record()
    assert record["n_groups_fitted"] + record["n_groups_judging"] == n_groups
    assert record["n_images_fitted"] + record["n_images_judging"] == 3 * n_groups


def test_few_groups_all_stay_with_a_share_of_their_images(manifest: Manifest) -> None:
    slides = np.array([f"slide-{row % 6}" for row in range(120)])
    few = replace(manifest, groups=slides)  # 20 images each, of which about ten are light
    proxy = build_proxy(few, "finding", Fidelity("slides", "slide-5", 0.4), 0)
    names, counts = np.unique(proxy.manifest.groups, return_counts=True)
    assert names.tolist() == [f"slide-{number}" for number in range(5)]
    for name, count in zip(names, counts, strict=True):
        of_slide = few.labels("finding")[slides == name]
        wanted = sum(round(0.4 * (of_slide == value).sum()) for value in (0, 1))
        assert count == wanted
    assert len({sample.path for sample in proxy.manifest.samples}) == counts.sum()
    assert not {*proxy.manifest.groups[proxy.fit]} & {*proxy.manifest.groups[proxy.inner]}


def test_the_seed_decides_and_the_first_fold_is_the_default(manifest: Manifest) -> None:
    first, again, other = (
        build_proxy(manifest, "finding", Fidelity(), seed).to_record() for seed in (0, 0, 1)
    )
    assert first == again
    assert first["fold"] == "fold-1"
    assert first["used"] != other["used"]


def test_an_unknown_fold_is_refused(manifest: Manifest) -> None:
    with pytest.raises(UnknownNameError, match="No fold named 'fold-9'"):
        build_proxy(manifest, "finding", Fidelity(fold="fold-9"), 0)


def test_a_part_of_a_manifest(toy_cancer: Cancer, toy_data: Path) -> None:
    whole = build_manifest(toy_cancer, toy_cancer.sources[0], toy_data)
    part = restrict_manifest(whole, np.array([1, 5]))
    assert part.samples == (whole.samples[1], whole.samples[5])
    assert part.sha256 == (whole.sha256[1], whole.sha256[5])
    assert part.labels("finding").tolist() == whole.labels("finding")[[1, 5]].tolist()
    assert part.digest != whole.digest


def test_the_plan_is_lowered_and_nothing_else_is_changed(toy_cancer: Cancer) -> None:
    plan = resolve_plan(
        toy_cancer,
        {"epochs": 12, "head_epochs": 1, "views": 8, "flips": "both", "patience": 4,
         "tune_offset": True, "dropout": 0.4},
    )  # fmt: skip
    low = proxy_plan(plan, Fidelity(epochs=3, views=2))
    assert (low.epochs, low.head_epochs, low.views, low.flips) == (3, 1, 2, "none")
    assert (low.patience, low.tune_offset) == (0, False)
    assert replace(
        low, epochs=12, views=8, flips="both", patience=4, tune_offset=True
    ) == plan  # fmt: skip


def test_flips_stay_where_the_views_hold_them_and_pixels_stay_pixels(toy_cancer: Cancer) -> None:
    plan = resolve_plan(toy_cancer, {"views": 4, "flips": "horizontal"})
    assert proxy_plan(plan, Fidelity(views=2)).flips == "horizontal"
    pixels = replace(plan, views=0, flips="both")
    low = proxy_plan(pixels, Fidelity(views=2))
    assert (low.views, low.flips) == (0, "both")
