"""A state is gone on from only where it belongs to the same data, sides and length."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from cancerapy.data.splits import inner_part
from cancerapy.errors import DataError
from cancerapy.training.decision import choose_offset, rank_network
from cancerapy.training.material import Material
from cancerapy.training.run_folder import RunFolder
from cancerapy.training.stages import data_digest
from cancerapy.training.train_split import train_side

MakeMaterial = Callable[..., Material]


def test_the_digest_of_a_state_changes_with_all_that_it_depends_on(
    make_material: MakeMaterial, toy_data: Path, tmp_path: Path
) -> None:
    material = make_material()
    rows, inner = np.arange(8), np.arange(8, 12)
    own = data_digest(material, rows, inner, 0)
    assert own == data_digest(make_material(), rows.copy(), inner.copy(), 0)
    others = [
        data_digest(material, rows[1:], inner, 0),
        data_digest(material, rows, inner[1:], 0),
        data_digest(material, rows, inner, 1),
        data_digest(make_material(epochs=3), rows, inner, 0),
    ]
    for content in (b"weights", b"other weights"):
        (tmp_path / "mine.npz").write_bytes(content)
        others.append(
            data_digest(make_material(weights=str(tmp_path / "mine.npz")), rows, inner, 0)
        )
    picture = sorted(toy_data.rglob("*.png"))[0]
    picture.rename(picture.with_name(f"patient9__{picture.name.partition('__')[2]}"))
    others.append(data_digest(make_material(), rows, inner, 0))  # another group
    assert len({own, *others}) == 8


def test_a_run_on_other_images_does_not_go_on_from_the_old_network(
    make_material: MakeMaterial, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    material = make_material(epochs=0, augmentation=(), inner_fraction=0.0)
    lines: list[str] = []
    monkeypatch.setattr(material.display, "say", lines.append)
    used, fresh = RunFolder(tmp_path / "used"), RunFolder(tmp_path / "fresh")
    train_side(material, np.arange(8), used)
    assert not [line for line in lines if "afresh" in line]
    before = (used.path / "history.csv").read_text()
    train_side(material, np.arange(16), used)
    assert [line for line in lines if "afresh" in line] == [
        "stage-1.npz is of other data or lengths: this stage starts afresh"
    ]
    train_side(material, np.arange(16), fresh)
    after = (fresh.path / "history.csv").read_text()
    assert (used.path / "history.csv").read_text() == after != before


def test_an_inner_part_holds_two_classes(make_material: MakeMaterial) -> None:
    manifest = make_material().manifest
    labels, everything = manifest.labels("finding"), np.arange(16)
    fit, inner = inner_part(manifest, everything, "finding", 0.5, 0)
    assert set(labels[inner]) == {0, 1}
    assert sorted([*fit, *inner]) == list(range(16))
    dark = np.flatnonzero(labels == 0)
    message = r"hold two values of 'finding' twice, .* its 8 images in 4 groups with 1 value gives"
    with pytest.raises(DataError, match=message):
        inner_part(manifest, dark, "finding", 0.5, 0)
    _, grown = inner_part(manifest, everything, "finding", 0.05, 0)
    assert set(labels[grown]) == {0, 1}
    assert len(grown) == 4  # a patient with two pictures of each class


def test_logits_that_are_no_numbers_say_that_the_training_diverged(
    make_material: MakeMaterial,
) -> None:
    network = make_material().cancer.network
    logits = np.array([[1, 0], [np.nan, 0]], np.float32)
    labels = {"finding": np.array([0, 1])}
    with pytest.raises(DataError, match=r"^Logits must be finite numbers; .* lower its learning"):
        rank_network(logits, labels, network)
    with pytest.raises(DataError, match=r"^Logits must be finite numbers; .* lower its learning"):
        choose_offset(logits, labels, {"finding": np.array([0.5, 0.5])}, network)
