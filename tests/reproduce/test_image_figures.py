"""Figures of images show the right images with the right words."""

from pathlib import Path

import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image

from cancerapy.cancers import ClassLabel, Factor, Task
from cancerapy.evaluation.outcome import Outcome
from cancerapy.layouts.sample import Sample
from cancerapy.reproduce import image_figures as module

TASK = Task(
    "toy",
    "Toy",
    tuple(ClassLabel(name, name, ".", {"kind": name}) for name in ("a", "b")),
)
N = 20


@pytest.fixture
def samples(tmp_path: Path) -> dict[str, Sample]:
    """Twenty pictures of ten groups; the brightness says which it is."""
    made = {}
    for number in range(N):
        pixels = np.full((8, 12, 3), 10 * number, np.uint8)
        Image.fromarray(pixels).save(tmp_path / f"{number}.png")
        kind = "ab"[number % 2]
        made[f"{number}.png"] = Sample(f"{number}.png", {"kind": kind}, f"g{number // 4}")
    return made


@pytest.fixture
def outcome() -> Outcome:
    """Image k is of class a or b in turn; b gets the probability k / 20."""
    probability = np.arange(N) / N
    return Outcome(
        TASK,
        np.array([f"{number}.png" for number in range(N)]),
        np.array([f"g{number // 4}" for number in range(N)]),
        np.repeat("fold-1", N),
        np.arange(N) % 2,
        np.stack([1 - probability, probability], axis=1),
    )


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[list[tuple[int, str, str]]]:
    """Return what was drawn: brightness of the middle of each picture, words, colour."""
    found: list[list[tuple[int, str, str]]] = []

    def keep(figure: Figure, path: Path, **named: object) -> None:
        shown = []
        for axes in figure.axes:
            if axes.images:
                picture = np.asarray(axes.images[0].get_array())
                height, width = picture.shape[:2]
                (text,) = axes.texts
                middle = int(picture[height // 2, width // 2, 0])
                shown.append((middle, text.get_text(), str(text.get_color())))
        found.append(shown)

    monkeypatch.setattr(Figure, "savefig", keep)
    return found


def test_the_worst_errors_come_first(
    outcome: Outcome, samples: dict[str, Sample], tmp_path: Path, drawn: list
) -> None:
    module.draw_worst_errors(outcome, samples, tmp_path, tmp_path / "x.png")
    # Wrong: a (even) from 12 on, b (odd) up to 9. Image 1 is b with 5 %, image 18 a with 10 %.
    assert [tile[0] // 10 for tile in drawn[0]] == [1, 18, 3, 16, 5, 14, 7, 12, 9]
    assert drawn[0][0][1:] == ("b\n→ a 95 %", module.WRONG)
    assert drawn[0][1][1] == "a\n→ b 90 %"


def test_guesses_are_drawn_at_random_with_their_truth(
    outcome: Outcome, samples: dict[str, Sample], tmp_path: Path, drawn: list
) -> None:
    for seed in (0, 0, 1):
        module.draw_guesses(outcome, samples, tmp_path, tmp_path / "x.png", seed=seed)
    assert drawn[0] == drawn[1] != drawn[2]
    assert len(drawn[0]) == module.N_SHOWN
    for brightness, words, color in drawn[0]:
        number = brightness // 10
        assert words.startswith("ab"[number % 2])
        is_right = (number / N > 0.5) == (number % 2 == 1)
        assert color == (module.RIGHT if is_right else module.WRONG)


def test_values_have_a_row_each_of_different_groups(
    samples: dict[str, Sample], tmp_path: Path, drawn: list
) -> None:
    factor = Factor("kind", ("a", "b", "c"))
    module.draw_values(factor, list(samples.values()), tmp_path, tmp_path / "x.png")
    rows = [drawn[0][start : start + 8] for start in (0, 8, 16)]
    assert [[tile[0] // 10 for tile in row[:5]] for row in rows[:2]] == [
        [0, 4, 8, 12, 16],
        [1, 5, 9, 13, 17],
    ]
    assert [tile[1] for tile in rows[0]] == ["a"] * 5 + [""] * 3
    assert {tile[0] for tile in rows[2]} == {255}


def test_changes_stand_beside_the_untouched_picture(tmp_path: Path, drawn: list) -> None:
    rng = np.random.default_rng(0)
    pictures = [rng.integers(0, 255, (8, 12, 3)).astype(np.uint8) for _ in range(2)]
    module.draw_augmentation(pictures, ("photometric",), tmp_path / "x.png")
    assert [tile[1] for tile in drawn[0]] == (["untouched"] + [""] * 7) * 2
    assert drawn[0][0][0] == pictures[0][4, 6, 0]
    assert len({tile[0] for tile in drawn[0][:8]}) > 2
