"""Parts are measured once, failures keep nothing else from being measured."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from cancerapy.errors import DataError, UnknownNameError, UsageError
from cancerapy.evaluation.rows import Row
from cancerapy.reproduce import Context, Experiment, Yield, session
from cancerapy.reproduce.findings import read_findings
from cancerapy.reproduce.session import Request, list_status, run_experiments
from cancerapy.settings import Settings


@dataclass(frozen=True)
class CountedPart:
    """A part that counts its runs and fails where it is told to."""

    name: str
    row: Row
    runs: list[bool] = field(default_factory=list)
    fails: list[bool] = field(default_factory=list)

    def run(self, context: Context) -> Yield:
        """Return the row, or fail."""
        self.runs.append(context.quick)
        if self.fails:
            raise DataError("The toy is broken.")
        protocol = context.protocol("grouped-2")
        return Yield([replace(self.row, origin=replace(self.row.origin, protocol=protocol))])


@pytest.fixture
def parts(make_row: Callable[..., Row]) -> list[CountedPart]:
    return [CountedPart(name, make_row(name)) for name in ("first", "second")]


@pytest.fixture
def request_(parts: list[CountedPart], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Request:
    experiment = Experiment(
        "toy-trial", "Toy", "nowhere", "Nothing.", "None.", parts, {}, lambda findings: ""
    )
    monkeypatch.setattr(session, "list_experiments", lambda: ["toy-trial"])
    monkeypatch.setattr(session, "load_experiment", lambda name: experiment)
    return Request(Settings(data=tmp_path, results=tmp_path / "results"), tmp_path)


def test_what_is_measured_is_not_measured_again(
    request_: Request, parts: list[CountedPart]
) -> None:
    said: list[str] = []
    run_experiments(replace(request_, experiment="toy-trial", parts=("second",)), say=said.append)
    assert [len(part.runs) for part in parts] == [0, 1]
    assert [status.word for status in list_status(request_.settings.results)] == ["1 of 2 parts"]
    run_experiments(request_, say=said.append)
    assert [len(part.runs) for part in parts] == [1, 1]
    assert said[-1] == "toy-trial, part 2 of 2: second: measured before"
    assert [status.word for status in list_status(request_.settings.results)] == ["done"]
    run_experiments(replace(request_, again=True), say=said.append)
    assert [len(part.runs) for part in parts] == [2, 2]


def test_quick_rows_do_not_count_as_measured(request_: Request, parts: list[CountedPart]) -> None:
    run_experiments(replace(request_, quick=True), say=lambda text: None)
    assert [status.word for status in list_status(request_.settings.results)] == ["not run"]
    run_experiments(request_, say=lambda text: None)
    assert [part.runs for part in parts] == [[True, False]] * 2
    found = read_findings(request_.settings.results, "toy-trial", quick=True)
    assert {row.origin.protocol for row in found.rows} == {"quick-grouped-2"}


def test_a_part_that_fails_does_not_keep_others(
    request_: Request, parts: list[CountedPart]
) -> None:
    parts[0].fails.append(True)
    said: list[str] = []
    with pytest.raises(DataError, match=r"1 could not be, for the reasons above: first\. The same"):
        run_experiments(request_, say=said.append)
    assert said[1] == "toy-trial, part 1 of 2: first failed: The toy is broken."
    assert len(parts[1].runs) == 1
    parts[0].fails.clear()
    run_experiments(request_, say=said.append)
    assert [len(part.runs) for part in parts] == [2, 1]


def test_wrong_use_is_refused_before_anything_runs(
    request_: Request, parts: list[CountedPart], tmp_path: Path
) -> None:
    def run(**changes: object) -> None:
        run_experiments(replace(request_, **changes), say=lambda text: None)  # type: ignore[arg-type]

    with pytest.raises(UsageError, match=r"^--part belongs to one experiment"):
        run(parts=("first",))
    with pytest.raises(UnknownNameError, match=r"^No part named 'frist'\. .*Did you mean 'first'"):
        run(experiment="toy-trial", parts=("frist",), settings=Settings())  # before the data
    with pytest.raises(UsageError, match=r"there is no folder '.*nowhere'\. Run in a checkout"):
        run(plans=tmp_path / "nowhere")
    with pytest.raises(DataError, match=r"^The experiments need the folder of the data sets; none"):
        run(settings=Settings(results=tmp_path))
    assert [part.runs for part in parts] == [[], []]
