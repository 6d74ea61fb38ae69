"""The pictures of a tuning show what was measured and carry its digest."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from matplotlib.figure import Figure
from PIL import Image

from cancerapy.evaluation.rows import Row
from cancerapy.reproduce.findings import Findings
from cancerapy.reproduce.tuning_pictures import draw_importance, draw_optimizers, draw_states

MakeRow = Callable[..., Row]
METADATA = {"Source": "abc"}
NAMES = ("adam", "sgd", "nadam")


def _source(path: Path) -> str:
    with Image.open(path) as picture:
        return str(picture.info["Source"])


def test_the_first_optimizer_differs_from_itself_by_nothing(
    tmp_path: Path, drawn: list[Figure], make_row: MakeRow
) -> None:
    rows = [
        make_row("adam", "macro_auc", 0.8),
        make_row("sgd", "macro_auc", 0.6),
        make_row("sgd", "macro_auc_difference", -0.2),
    ]
    draw_optimizers(Findings(rows, {}), NAMES, tmp_path / "a.png", METADATA)
    scores, differences = drawn[0].axes
    assert [label.get_text() for label in scores.get_yticklabels()] == ["adam", "sgd"]
    assert [float(line.get_xdata()[0]) for line in scores.lines] == [0.8, 0.6]  # type: ignore[index]
    points = [float(line.get_xdata()[0]) for line in differences.lines]  # type: ignore[index]
    assert points[:2] == [0.0, -0.2]
    assert _source(tmp_path / "a.png") == "abc"


def test_the_states_are_drawn_in_the_order_of_their_seconds(
    tmp_path: Path, drawn: list[Figure]
) -> None:
    curve = [
        {"state": 0.0, "status": "finished", "seconds": 5.0, "score": 0.7, "best": 0.7},
        {"state": 1.0, "status": "failed", "seconds": 6.0},
        {"state": 2.0, "status": "finished", "seconds": 9.0, "score": 0.6, "best": 0.7},
    ]
    draw_states(Findings([], {"search": curve}), "search", tmp_path / "b.png", METADATA)
    (axes,) = drawn[0].axes
    lines = {line.get_label(): line.get_xydata().tolist() for line in axes.lines}  # type: ignore[union-attr]
    assert lines["finished"] == [[5.0, 0.7], [9.0, 0.6]]
    assert lines["best so far"] == [[5.0, 0.7], [9.0, 0.7], [9.0, 0.7]]
    assert [x for x, _ in lines["failed"]] == [6.0]
    assert _source(tmp_path / "b.png") == "abc"


def test_the_importance_of_the_search_alone_is_drawn(
    tmp_path: Path, drawn: list[Figure], make_row: MakeRow
) -> None:
    rows = [
        make_row("search", "importance:dropout", 0.25),
        make_row("search", "importance:learning_rate", 0.75),
        make_row("adam", "importance:optimizer", 0.9),
        make_row("search", "accuracy", 0.9),
    ]
    draw_importance(Findings(rows, {}), "search", tmp_path / "c.png", METADATA)
    (axes,) = drawn[0].axes
    assert [label.get_text() for label in axes.get_yticklabels()] == ["dropout", "learning_rate"]
    assert [bar.get_width() for bar in axes.patches] == [0.25, 0.75]  # type: ignore[attr-defined]
    assert _source(tmp_path / "c.png") == "abc"


def test_pictures_of_nothing_can_be_drawn(tmp_path: Path) -> None:
    none = Findings([], {})
    draw_optimizers(none, NAMES, tmp_path / "a.png", METADATA)
    draw_states(none, "search", tmp_path / "b.png", METADATA)
    draw_importance(none, "search", tmp_path / "c.png", METADATA)
    assert {_source(path) for path in tmp_path.glob("*.png")} == {"abc"}
    assert len(list(tmp_path.glob("*.png"))) == 3


def test_pictures_are_drawn_without_keras() -> None:
    code = (
        "import sys; from cancerapy.reproduce import tuning_pictures; "
        "from cancerapy.tuning import compared, plots, trials_table; "
        "sys.exit('keras' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
