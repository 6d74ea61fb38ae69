"""What ``cancerapy compare`` does once its options are read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from cancerapy.atomic import replacing, write_atomically
from cancerapy.comparison.judge import Judged, Terms, judge_candidate
from cancerapy.comparison.latency import N_THREADS, time_in_turn
from cancerapy.comparison.pareto import can_be_drawn, plot_pareto
from cancerapy.comparison.request import Request, check_request
from cancerapy.comparison.rows import CandidateRow, read_rows, write_row
from cancerapy.comparison.table import comparison_page, describe_comparison
from cancerapy.comparison.verdict import find_differences
from cancerapy.errors import CanceRapyError
from cancerapy.surroundings import without_places
from cancerapy.training.cross_validation import make_splits
from cancerapy.training.plan import Plan
from cancerapy.training.progress import RichDisplay
from cancerapy.training.session import open_material

FOLDER = "comparison"
"""Folder of comparisons below the runs and below the results."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What came out.

    Args:
        rows: Of the candidates asked for, in their order.
        files: What was written.
    """

    rows: Sequence[CandidateRow]
    files: Sequence[Path]

    @property
    def n_failed(self) -> int:
        """Number of candidates that failed."""
        return sum(bool(row.failed) for row in self.rows)


def compare_candidates(request: Request) -> Comparison:
    """Judge every candidate, time them in turn, compare them with the first.

    What is finished is written at once and not done again by the same command. A candidate that
    fails gets a row that says why, and the others go on.

    Raises:
        DataError: No data folder is set, or the data set is incomplete.
        PlanError: A plan value is unknown or out of range.
        UsageError: There is no such protocol, or it has one fold only.
        LeakError: The protocol leaks and that is not permitted.
    """
    cancer, settings = request.cancer, request.settings
    protocol, plans = check_request(request)
    with open_material(cancer, plans[0], settings, request.source) as material:
        if request.choose:
            material = replace(material, manifest=request.choose(material.manifest))
        main = cancer.network.factors[0].name
        splits = make_splits(
            material.manifest, main, protocol, plans[0].seed, allow_leak=request.allow_leak
        )
        terms = Terms(
            material,
            protocol,
            splits,
            request.epochs,
            settings.runs / FOLDER / material.manifest.source,
            request.command,
            request.n_resamples,
            request.allow_leak,
        )
        file = settings.results / FOLDER / f"{cancer.id}.csv"
        rows: dict[str, CandidateRow] = {}
        judged: dict[str, Judged] = {}
        for number, (candidate, plan) in enumerate(zip(request.candidates, plans, strict=True), 1):
            name = candidate.name
            material.display.title = f"{cancer.id} {name} ({number} of {len(plans)})"
            found = _judge_or_fail(name, plan, terms, file)
            if isinstance(found, Judged):
                judged[name] = found
            rows[name] = found.row if isinstance(found, Judged) else found
            write_row(file, rows[name])
        material.display.title = cancer.id
        rows |= _compare_in_turn(judged, terms, material.display)
    for row in rows.values():
        write_row(file, row)
    return Comparison(list(rows.values()), _write(file, list(rows.values()), request))


def _judge_or_fail(name: str, plan: Plan, terms: Terms, file: Path) -> Judged | CandidateRow:
    """Judge a candidate; if it fails, for whatever reason, return a row that says why."""
    row = terms.empty_row(name)
    known = {row.key: row for row in read_rows(file)}.get(row.key)
    try:
        judged = judge_candidate(name, plan, known, terms)
    except CanceRapyError as error:
        reason = error.message
    except Exception as error:  # noqa: BLE001 - a fault of one network must not stop the others
        reason = f"{type(error).__name__}: {(str(error).splitlines() or [''])[0]}"
    else:
        terms.material.display.say("finished" if judged.is_new else "was finished before")
        return judged
    terms.material.display.say(f"failed: {reason}")
    return replace(row, failed=without_places(reason))


def _compare_in_turn(
    judged: Mapping[str, Judged], terms: Terms, display: RichDisplay
) -> dict[str, CandidateRow]:
    """Return the rows with inference times of one sitting and differences to the first."""
    rows = {name: candidate.row for name, candidate in judged.items()}
    if any(j.is_new or "inference_ms" not in j.row.costs for j in judged.values()):
        timed = time_in_turn({name: j.model for name, j in judged.items()}, progress=display.step)
        for name, latency in timed.items():
            costs = {
                **rows[name].costs,
                "inference_ms": latency.processor_ms,
                "inference_wall_ms": latency.wall_ms,
            }
            rows[name] = replace(rows[name], costs=costs, threads=N_THREADS)
    first = next(iter(judged), "")
    for number, (name, candidate) in enumerate(judged.items(), 1):
        row, reference = rows[name], judged[first]
        if name == first:
            rows[name] = replace(row, against="", differences={})
        elif candidate.is_new or reference.is_new or row.against != first:
            differences = find_differences(
                candidate.answer, reference.answer, n_resamples=terms.n_resamples
            )
            rows[name] = replace(row, against=first, differences=differences)
        display.step("comparing", number, len(judged))
    return rows


def _write(file: Path, rows: Sequence[CandidateRow], request: Request) -> list[Path]:
    """Write the page and, where there is something to see, the picture."""
    page = file.with_suffix(".md")
    write_atomically(page, comparison_page(request.cancer.id, read_rows(file)))
    files = [file, page]
    if any(map(can_be_drawn, rows)):
        name = f"{request.cancer.id}-{rows[0].source}-{rows[0].protocol}-{request.epochs}.png"
        plot = request.plot or request.settings.runs / FOLDER / name
        title = f"{request.cancer.title}: {describe_comparison(rows[0])}"
        with replacing(plot) as opened:
            opened.write(plot_pareto(rows, title))
        files.append(plot)
    return files
