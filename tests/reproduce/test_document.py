"""The page and its pictures are those of the rows in the repository."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image

from cancerapy.evaluation.rows import Row
from cancerapy.reproduce import (
    Context,
    Experiment,
    Yield,
    document,
    list_experiments,
    load_experiment,
)
from cancerapy.reproduce._spec import Picture
from cancerapy.reproduce.document import PAGE, PICTURES, SOURCE_KEY, build_page, write_document
from cancerapy.reproduce.findings import FOLDER, Findings, add_findings, read_findings

ROOT = Path(__file__).parents[2]
RESULTS, DOCS = ROOT / "results", ROOT / "docs"


def test_the_page_is_current() -> None:
    written = (DOCS / PAGE).read_text(encoding="utf-8")
    assert written == build_page(RESULTS), "run 'cancerapy reproduce --document'"


@pytest.mark.parametrize("name", list_experiments())
def test_the_pictures_are_current(name: str) -> None:
    findings = read_findings(RESULTS, name)
    for picture in load_experiment(name).pictures:
        path = DOCS / PICTURES / picture.file
        assert path.is_file() == bool(findings.rows)
        if findings.rows:
            with Image.open(path) as drawn:
                assert drawn.info[SOURCE_KEY] == findings.digest


def test_nothing_lies_there_that_no_experiment_draws_or_measures() -> None:
    drawn = {p.file for name in list_experiments() for p in load_experiment(name).pictures}
    assert {path.name for path in (DOCS / PICTURES).glob("*")} <= drawn
    measured = {path.name.partition(".")[0] for path in (RESULTS / FOLDER).glob("*.csv")}
    assert measured <= set(list_experiments())


def test_no_row_of_a_quick_run_is_kept() -> None:
    for name in list_experiments():
        assert not read_findings(RESULTS, name, quick=True).rows


@dataclass(frozen=True)
class NamedPart:
    """A part that is only named."""

    name: str

    def run(self, context: Context) -> Yield:
        """Measure nothing."""
        return Yield([])


def test_a_chapter_says_what_was_measured_and_what_was_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, make_row: Callable[..., Row]
) -> None:
    first, second = NamedPart("first"), NamedPart("second")

    def draw(findings: Findings, path: Path, metadata: Mapping[str, str]) -> None:
        path.write_text(str(dict(metadata)))

    experiment = Experiment(
        "toy-trial",
        "A toy",
        "section 9",
        "Toys are right in 90 %.",
        "By chance.",
        [first, second],
        {"accuracy": "Accuracy", "macro_auc": "AUC"},
        lambda findings: f"{len(findings.rows)} figures.",
        [Picture("toy-trial-bars.png", "Bars", draw)],
    )
    monkeypatch.setattr(document, "list_experiments", lambda: ["toy-trial"])
    monkeypatch.setattr(document, "load_experiment", lambda name: experiment)
    page = build_page(tmp_path)
    assert "## 1. A toy" in page
    assert "Not run yet." in page
    assert "Bars" not in page
    row = make_row("first", value=0.75, protocol="random-2-LEAKING", leaking="LEAKING")
    add_findings(tmp_path, "toy-trial", first, Yield([row]))
    written = write_document(tmp_path, tmp_path / "docs")
    names = [path.name for path in written]
    assert names == ["toy-trial-bars.png", "reproduction.md", "anchors.md"]
    assert read_findings(tmp_path, "toy-trial").digest in written[0].read_text()
    page = written[1].read_text()
    wanted = (
        "| first | `toy` | random-2-LEAKING **LEAKING** | 16 (8) | 75.0 % (65.0 to 85.0) |  |",
        "Not run yet: second.",
        "![Bars](images/reproduction/toy-trial-bars.png)",
        "**What follows.** 1 figures.",
        "**The report** (section 9): Toys are right in 90 %.",
    )
    for text in wanted:
        assert text in page
