"""The 72 copies of INbreast's mass images."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cancerapy.data.copies import FLAG, N_COPIES, choose_originals, copy_of, make_copies
from cancerapy.errors import DataError, StorageError, UsageError
from cancerapy.layouts import inbreast_copies

HEAD = "Laterality;View;File Name;ACR;Bi-Rads\n"


@pytest.fixture
def inbreast(tmp_path: Path) -> Path:
    """Write three images of two patients, two of which are marked."""
    folder = tmp_path / "data" / "inbreast"
    (folder / "images").mkdir(parents=True)
    rows = [("111", "aaa", "1", "2"), ("222", "aaa", "4", "5"), ("333", "bbb", "2", "1")]
    names = {n: f"images/{n}_{patient}_MG_R_CC_ANON.png" for n, patient, _, _ in rows}
    for number, name in names.items():
        picture = np.random.default_rng(int(number)).integers(0, 256, (40, 30)).astype(np.uint8)
        Image.fromarray(picture).save(folder / name)
    lines = [f"R;CC;{number};{density};{bi_rads}" for number, _, density, bi_rads in rows]
    (folder / "INbreast.csv").write_text(HEAD + "\n".join(lines))
    flags = [f"{names['111']},True", f"{names['222']},True", f"{names['333']},False"]
    (folder / "labels.csv").write_text("\n".join([f"file,{FLAG}", *flags]))
    return folder


def _size(path: Path) -> tuple[int, int]:
    with Image.open(path) as picture:
        return picture.size


def test_a_set_that_its_reader_takes(inbreast: Path) -> None:
    target = inbreast.parent / "elsewhere"
    seen: list[tuple[int, int]] = []
    assert make_copies(inbreast, target, size_px=16, progress=lambda *n: seen.append(n)) == 2
    assert seen == [(1, 2), (2, 2)]
    samples = inbreast_copies.read_samples(target)
    assert len(samples) == 2 * N_COPIES == 144
    assert {s.group for s in samples} == {"aaa"}
    assert {(s.labels["malignancy"], s.labels["density"]) for s in samples} == {
        ("benign", "1"),
        ("malignant", "4"),
    }
    assert _size(target / "Density4Malignant" / "222 (72).png") == (16, 16)
    assert (target / "originals.csv").read_text() == "image,patient\n111,aaa\n222,aaa\n"


def test_only_missing_copies_are_made(inbreast: Path) -> None:
    target = inbreast.parent / "elsewhere"
    make_copies(inbreast, target, size_px=16)
    kept, gone = (target / "Density1Benign" / f"111 ({n}).png" for n in (1, 2))
    kept.write_bytes(b"mine")
    gone.unlink()
    make_copies(inbreast, target, size_px=16)
    assert kept.read_bytes() == b"mine"
    assert _size(gone) == (16, 16)


def test_turns_and_mirrors() -> None:
    picture = np.zeros((20, 20, 3), np.uint8)
    picture[:10, :10] = 255  # upper left
    corners = {}
    for number in (1, 10, 19, 37):
        copy = copy_of(picture, number, 20)
        corners[number] = [int(copy[y, x]) for y, x in ((2, 2), (2, 17), (17, 17), (17, 2))]
    assert corners == {
        1: [255, 0, 0, 0],  # as it is
        10: [0, 0, 0, 255],  # a quarter turn against the clock
        19: [0, 0, 255, 0],  # upside down
        37: [0, 255, 0, 0],  # mirrored
    }


def test_all_copies_differ_and_nothing_is_cut() -> None:
    picture = np.random.default_rng(0).integers(60, 256, (40, 30, 3)).astype(np.uint8)
    copies = [copy_of(picture, number, 32) for number in range(1, N_COPIES + 1)]
    assert len({copy.tobytes() for copy in copies}) == N_COPIES
    mean = picture.mean()
    for copy in copies:
        ys, xs = np.nonzero(copy > 30)
        assert max(np.ptp(ys), np.ptp(xs)) >= 27
        # what is white covers as much as the scaled picture does: between 9/16 and 3/4 turned
        assert 0.25 < (copy > 30).mean() < 0.8
        assert abs(copy[copy > 30].mean() - mean) < 40


def test_without_marks_the_workbook_decides(
    inbreast: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (inbreast / "labels.csv").unlink()
    with pytest.raises(DataError, match=rf"neither '{FLAG}' .* nor 'INbreast\.xls'") as caught:
        choose_originals(inbreast)
    assert caught.value.code == "data_missing"
    monkeypatch.setattr("cancerapy.layouts.inbreast.mass_numbers", lambda folder: {"333"})
    assert [sample.group for sample in choose_originals(inbreast)] == ["bbb"]


def test_missing_originals_are_counted(inbreast: Path) -> None:
    next(inbreast.rglob("111_*")).unlink()
    with pytest.raises(DataError, match=r"1 of \d are missing, for instance 111\.") as caught:
        choose_originals(inbreast)
    assert caught.value.code == "data_missing"


def test_images_without_label_cannot_be_filed(inbreast: Path) -> None:
    (inbreast / "INbreast.csv").write_text(HEAD + "R;CC;111;;2\nR;CC;222;4;5\n")
    with pytest.raises(DataError, match="1 have not, for instance images/111_aaa"):
        make_copies(inbreast, inbreast.parent / "x", size_px=16)


def test_wrong_size_and_no_permission(inbreast: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="at least 1 pixel; 0 was given"):
        make_copies(inbreast, tmp_path / "x", size_px=0)
    (tmp_path / "file").touch()
    with pytest.raises(StorageError, match="writing copies to"):
        make_copies(inbreast, tmp_path / "file", size_px=8)
