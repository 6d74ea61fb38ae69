"""A part that is one candidate of a comparison of architectures, compared with the first."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from cancerapy.cancers import load_cancer
from cancerapy.comparison.candidates import parse_candidates
from cancerapy.comparison.rows import CandidateRow, read_rows
from cancerapy.errors import DataError
from cancerapy.evaluation.measure import Figure
from cancerapy.evaluation.rows import Origin, rows_of
from cancerapy.evaluation.words import DIFFERENCE
from cancerapy.reproduce._spec import Context, Yield
from cancerapy.reproduce.trained import keep_few

COSTS = {
    "train_processor_s": ("training_seconds", 1.0),
    "inference_ms": ("inference_ms", 1.0),
    "size_mb": ("size_mb", 1.0),
    "memory_mb": ("memory_mb", 1.0),
    "parameters": ("parameters_millions", 1e6),
    "multiply_adds": ("multiply_adds_millions", 1e6),
}
"""Metric of each cost of a comparison, and the unit that it is given in."""

_N_RESAMPLES_QUICK = 50


@dataclass(frozen=True, slots=True)
class ArchitecturePart:
    """A backbone on frozen features: how right it is and what it costs; see ``comparison``.

    What ``cancerapy compare`` has put into the results is taken over; what is missing is compared
    as that command does it and stands there afterwards.

    Args:
        name: The candidate.
        first: The candidate that it is compared with; its own name for that one itself.
        cancer: Id of the cancer.
        protocol: Name of the protocol.
    """

    name: str
    first: str
    cancer: str
    protocol: str

    def run(self, context: Context) -> Yield:
        """Take over what is known of the candidate, or judge it.

        Raises:
            DataError: It could not be judged.
        """
        row = self._known(context) or self._compare(context)
        if row.failed:
            raise DataError(
                f"Every architecture must be judged; {self.name} failed: {row.failed}. "
                f"'cancerapy compare {self.cancer} --backbones {self.name}' tries it by itself."
            )
        return Yield(rows_of(self._origin(row, context), _figures(row)))

    def _known(self, context: Context) -> CandidateRow | None:
        """Return the row of an earlier comparison, if it is whole and against the same first."""
        cancer = load_cancer(self.cancer)
        file = context.settings.results / "comparison" / f"{self.cancer}.csv"
        key = (cancer.sources[0].folder, 0, self.protocol, self.name)
        row = None if context.quick else {row.key: row for row in read_rows(file)}.get(key)
        against = "" if self.name == self.first else self.first
        is_whole = row and not row.failed and set(COSTS) <= set(row.costs)
        return row if row and is_whole and row.against == against else None

    def _compare(self, context: Context) -> CandidateRow:
        # Keras comes with these: listing the experiments does not wait for it.
        from cancerapy.comparison.request import Request
        from cancerapy.comparison.session import compare_candidates

        request = Request(
            cancer=load_cancer(self.cancer),
            candidates=parse_candidates(",".join(dict.fromkeys((self.first, self.name)))),
            protocol=self.protocol,
            epochs=0,
            changes={},
            source=None,
            settings=context.settings,
            command=context.command,
        )
        if context.quick:
            folder = context.folder(self.name)
            settings = replace(context.settings, runs=folder / "runs", results=folder / "results")
            request = replace(
                request, settings=settings, n_resamples=_N_RESAMPLES_QUICK, choose=keep_few
            )
        return compare_candidates(request).rows[-1]

    def _origin(self, row: CandidateRow, context: Context) -> Origin:
        reach = f" of {row.last_layer}" if row.last_layer else ""
        return Origin(
            task=load_cancer(self.cancer).tasks[0].id,
            protocol=context.protocol(f"{row.protocol}, frozen features{reach}"),
            leaking=row.leaking,
            model=self.name,
            plan=row.plan,
            manifest=row.manifest,
            split=row.split,
            seed=str(row.seed),
            groups=row.groups,
            n=row.n,
            size=f"{row.costs['size_mb']:.2f}",
            machine=row.machine,
            commit=row.commit,
            command=row.command,
            date=row.date,
        )


def _figures(row: CandidateRow) -> list[Figure]:
    differences: Mapping[str, Figure] = row.differences if row.against else {}
    nan = float("nan")
    return [
        *row.figures.values(),
        *(replace(figure, metric=name + DIFFERENCE) for name, figure in differences.items()),
        *(
            Figure(metric, row.costs[name] / unit, nan, nan)
            for name, (metric, unit) in COSTS.items()
            if name in row.costs
        ),
    ]
