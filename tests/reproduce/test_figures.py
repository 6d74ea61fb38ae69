"""One command draws every figure, as far as data and predictions are there."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from cancerapy.cancers import Cancer
from cancerapy.errors import DataError
from cancerapy.evaluation.rows import Row
from cancerapy.reproduce import Context, Yield, figures, load_experiment
from cancerapy.reproduce.figures import draw_figures
from cancerapy.reproduce.findings import add_findings
from cancerapy.reproduce.trained import TrainedPart
from cancerapy.settings import Settings


@pytest.fixture
def only_toy(toy_cancer: Cancer, monkeypatch: pytest.MonkeyPatch) -> None:
    cancer = replace(toy_cancer, augmentation=("flip_h",))
    monkeypatch.setattr(figures, "list_cancers", lambda: ["toy"])
    monkeypatch.setattr(figures, "load_cancer", lambda name: cancer)


@pytest.mark.usefixtures("only_toy")
def test_all_figures_are_drawn(
    make_part: Callable[..., TrainedPart], context: Context, tmp_path: Path
) -> None:
    part = make_part("trained", epochs=0)
    part.run(context)
    results = part.predictions(context).parents[1]
    settings = replace(context.settings, results=results)
    said: list[str] = []
    written = draw_figures(settings, tmp_path / "out", say=said.append)
    assert said == []
    assert {path.name for path in written} == {
        "classes.png", "sizes.png", "samples.png", "augmentation.png", "confusion-toy.png",
        "roc-toy.png", "reliability-toy.png", "guesses-toy.png",
        "errors-toy.png",
    }  # fmt: skip
    assert {path.parent for path in written} == {tmp_path / "out" / "toy"}
    assert all(path.read_bytes().startswith(b"\x89PNG") for path in written)


@pytest.mark.usefixtures("only_toy")
def test_the_experiments_pictures_lie_beside_them(
    context: Context, make_row: Callable[..., Row], tmp_path: Path
) -> None:
    results = context.settings.results
    part = load_experiment("skin-imbalance").parts[0]
    add_findings(results, "skin-imbalance", part, Yield([make_row(part.name)]))
    settings = replace(context.settings, data=tmp_path / "empty")
    written = draw_figures(settings, tmp_path / "out", say=lambda text: None)
    assert {path.parent for path in written} == {tmp_path / "out" / "report"}
    assert {path.name for path in written} == {
        "skin-imbalance-remedies.png", "skin-imbalance-const.png"
    }  # fmt: skip


@pytest.mark.usefixtures("only_toy")
def test_what_is_missing_is_said(context: Context, tmp_path: Path) -> None:
    said: list[str] = []
    written = draw_figures(context.settings, tmp_path / "out", say=said.append)
    assert len(written) == 4
    assert said[0].startswith("toy: no predictions in ")
    settings = replace(context.settings, data=tmp_path / "empty")
    assert draw_figures(settings, tmp_path / "out", say=said.append) == []
    assert said[1] == "toy: there is no folder 'toyset' among the data; left out"
    with pytest.raises(DataError, match=r"^The figures need the folder of the data sets; none"):
        draw_figures(Settings(), tmp_path / "out", say=said.append)
