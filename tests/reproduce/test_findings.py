"""What was measured is kept, read back, and told apart from quick runs."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from cancerapy.errors import DataError
from cancerapy.evaluation.rows import Row
from cancerapy.reproduce import Context, Yield
from cancerapy.reproduce.findings import FOLDER, add_findings, read_findings

MakeRow = Callable[..., Row]


@dataclass(frozen=True)
class NamedPart:
    """A part that is only named."""

    name: str

    def run(self, context: Context) -> Yield:
        """Measure nothing."""
        return Yield([])


def test_rows_and_curves_are_read_back(tmp_path: Path, make_row: MakeRow) -> None:
    first = Yield(
        [make_row("first"), make_row("first", "macro_auc", 0.9)],
        [{"fold": "fold-1", "stage": "head", "epoch": 1.0, "loss": 0.123456789}],
    )
    add_findings(tmp_path, "toy-trial", NamedPart("first"), first)
    add_findings(tmp_path, "toy-trial", NamedPart("second"), Yield([make_row("second", value=0.5)]))
    found = read_findings(tmp_path, "toy-trial")
    assert found.has("first")
    assert not found.has("third")
    figure = found.of("first", "macro_auc")
    assert figure is not None
    assert (figure.value, figure.low, figure.high) == (0.9, 0.8, 1.0)
    assert found.of("first", "macro_auc", "another task") is None
    expected = {"fold": "fold-1", "stage": "head", "epoch": 1.0, "loss": 0.123457}
    assert found.curves == {"first": [expected]}


def test_a_part_measured_again_replaces_its_rows_and_curves(
    tmp_path: Path, make_row: MakeRow
) -> None:
    part = NamedPart("first")
    for value in (0.5, 0.6):
        curve = [{"fold": "fold-1", "stage": "head", "epoch": 1.0, "loss": value}]
        add_findings(tmp_path, "toy-trial", part, Yield([make_row("first", value=value)], curve))
    found = read_findings(tmp_path, "toy-trial")
    assert [row.figure.value for row in found.rows] == [0.6]
    assert [row["loss"] for row in found.curves["first"]] == [0.6]


def test_quick_rows_are_no_findings(tmp_path: Path, make_row: MakeRow) -> None:
    quick = make_row("first", protocol="quick-grouped-2", value=0.1)
    curve = [{"fold": "fold-1", "stage": "head", "epoch": 1.0, "loss": 1.0}]
    add_findings(tmp_path, "toy-trial", NamedPart("first"), Yield([quick], curve))
    found = read_findings(tmp_path, "toy-trial")
    assert (found.rows, found.curves) == ([], {})
    assert read_findings(tmp_path, "toy-trial", quick=True).has("first")


def test_the_digest_changes_with_what_was_measured(tmp_path: Path, make_row: MakeRow) -> None:
    digests = set()
    for value in (0.5, 0.6):
        add_findings(tmp_path, "t", NamedPart("first"), Yield([make_row("first", value=value)]))
        digests.add(read_findings(tmp_path, "t").digest)
        assert read_findings(tmp_path, "t").digest in digests
    assert len(digests) == 2


@pytest.mark.parametrize(
    "text", ["epoch,loss\n1,0.5\n", "part,epoch,loss\nfirst,1\n", "part,epoch\nfirst,1,0.5\n"]
)
def test_a_damaged_file_of_curves_is_named(tmp_path: Path, make_row: MakeRow, text: str) -> None:
    add_findings(tmp_path, "toy-trial", NamedPart("first"), Yield([make_row("first")]))
    (tmp_path / FOLDER / "toy-trial.curves.csv").write_text(text)
    with pytest.raises(DataError, match=r"^Every line of 'toy-trial\.curves\.csv' must name"):
        read_findings(tmp_path, "toy-trial")
