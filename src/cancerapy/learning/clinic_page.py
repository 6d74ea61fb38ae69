"""The chapter of ``docs/learning.md`` on a clinic's own data, made from its rows alone."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from cancerapy.cancers import load_cancer
from cancerapy.errors import DataError
from cancerapy.evaluation.measure import Figure
from cancerapy.evaluation.rows import Origin, Row, read_rows
from cancerapy.evaluation.tables import markdown_table
from cancerapy.evaluation.words import DIFFERENCE as SIGNED
from cancerapy.evaluation.words import NOT_YET, in_words, verdict
from cancerapy.learning.clinic_names import (
    CHALLENGER,
    CHAMPION,
    DIFFERENCE,
    FOLDER,
    FOLDS,
    HOLDS,
    LOOP,
    MEASURED,
    OWN,
    RECORDS,
    UNJUDGED,
    UNSEEN,
)

COMMAND = "cancerapy learn clinic"
_LOWER_IS_BETTER = ("ece",)
_PARTS = {
    FOLDS: "the fixed folds of the shipped data",
    OWN: "the clinic's own collected patients, never learnt from",
}


class ClinicRows:
    """The rows of one simulated clinic, found by protocol, model, task and figure.

    Args:
        rows: All of them.
    """

    def __init__(self, rows: Sequence[Row]) -> None:
        self.origin: Origin = next(r.origin for r in rows if r.origin.protocol.startswith(LOOP))
        self.cancer = load_cancer(self.origin.task)
        self.site = self.origin.protocol.removeprefix(LOOP)
        self._rows = {
            (r.origin.protocol, r.origin.model, r.origin.task, r.figure.metric): r for r in rows
        }

    def of(self, protocol: str, model: str, task: str, metric: str) -> Figure:
        """Return a figure; ``protocol`` as its beginning.

        Raises:
            DataError: It was not measured.
        """
        key = (f"{protocol}{self.site}", model, task, metric)
        if key not in self._rows:
            raise DataError(
                f"The page needs '{metric}' of '{model}' ({key[0]}, {task}), which the rows lack. "
                f"Run again: {COMMAND} {self.cancer.id} --site {self.site}"
            )
        return self._rows[key].figure

    def count(self, name: str) -> int:
        """Return a number of what happened in the records."""
        return int(self.of(LOOP, RECORDS, self.cancer.id, name).value)

    def counts_of(self, beginning: str) -> dict[str, int]:
        """Return the numbers whose names begin so, by the rest of the name."""
        return {
            metric.removeprefix(beginning): int(row.figure.value)
            for (protocol, _, _, metric), row in self._rows.items()
            if protocol.startswith(LOOP) and metric.startswith(beginning)
        }

    def figures(self, protocol: str, model: str) -> list[tuple[str, str]]:
        """Return task and name of every figure of a model, in the order of the file."""
        wanted = f"{protocol}{self.site}"
        return [(task, m) for (p, own, task, m) in self._rows if (p, own) == (wanted, model)]

    def measured_on(self, protocol: str, task: str) -> Origin:
        """Return what a task was measured on."""
        key = next(k for k in self._rows if k[0] == f"{protocol}{self.site}" and k[2] == task)
        return self._rows[key].origin


def read_clinics(results: Path) -> list[ClinicRows]:
    """Return the rows of every simulated clinic, by the names of their files."""
    return [ClinicRows(read_rows(file)) for file in sorted((results / FOLDER).glob("*.csv"))]


def build_chapters(results: Path) -> list[str]:
    """Return a chapter a clinic, from the rows alone."""
    return [_chapter(rows) for rows in read_clinics(results)]


def _chapter(rows: ClinicRows) -> str:
    source = next(s for s in rows.cancer.sources if s.folder == rows.site)
    parts = [
        f"## A clinic's own data: {rows.cancer.id}, {source.title}",
        f"`{rows.origin.command}`",
        _tell_loop(rows, source.labels_are),
        f"**Verdict.** {tell_verdict(rows)}",
    ]
    for task in dict.fromkeys(task for task, _ in rows.figures(UNSEEN, CHAMPION)):
        on = rows.measured_on(UNSEEN, task)
        parts += [
            f"Patients that neither model saw, `{task}`, {on.n} images of {on.groups} patients:",
            _table(rows, UNSEEN, task),
        ]
    for protocol, where in _PARTS.items():
        for task in dict.fromkeys(task for task, _ in rows.figures(protocol, CHAMPION)):
            on = rows.measured_on(protocol, task)
            parts += [
                f"The promotion, on {where}, `{task}`, {on.n} images of {on.groups} patients:",
                _table(rows, protocol, task),
            ]
    parts.append(
        f"The challenger is not shipped: {source.title} is for {source.licence.partition(',')[0]}, "
        "and a clinic's own challenger is its own. Shares are in per cent, their differences in "
        "points; intervals are 95 %, bootstrapped over patients, paired for differences. "
        "*sensitivity:* with a class: how often its images get it as the most probable one."
    )
    return "\n\n".join(parts) + "\n"


def _tell_loop(rows: ClinicRows, labels_are: str) -> str:
    """Say what happened in the clinic."""
    left = ", ".join(f"{n} ({why})" for why, n in rows.counts_of("n_left_out:").items())
    rejected = f"{rows.count('n_rejected')} of them it would not judge"
    return (
        f"Half of the data set's patients, {rows.count('n_patients')}, drawn by seed with the "
        "classes in proportion, come to a simulated clinic; "
        f"{rows.count('n_refusing')} of them refuse training. The served model guesses at their "
        f"{rows.count('n_uploaded')} images ({rejected}), and one named reviewer says of "
        f"{rows.count('n_reviewed')} what the data set's table says, by the task that says most: "
        f"{rows.count('n_agreed')} guesses were right. {labels_are} `collect` takes "
        f"{rows.count('n_collected')} images of {rows.count('n_collected_patients')} patients and "
        f"leaves out {left or 'none'}. "
        "`retrain` makes a challenger by the served model's own recipe, `promote` compares the "
        "two on the shipped data and on these patients, each answered by a network that never "
        "learnt from it. What is kept apart from all that, and measured here, is the other half."
    ).replace("  ", " ")


def tell_verdict(rows: ClinicRows) -> str:
    """Say what the paired differences allow to be said."""
    main = rows.cancer.tasks[0].id
    metric = "malignancy_auc"
    if (main, metric) not in rows.figures(UNSEEN, CHAMPION):
        metric = "macro_auc"
    before, after, change = (
        rows.of(UNSEEN, model, main, metric) for model in (CHAMPION, CHALLENGER, DIFFERENCE)
    )
    sentences = [
        f"On the site's other patients the AUC goes from {in_words(before)} to "
        f"{in_words(after)}: {verdict(change)}.",
    ]
    sentences += [
        f"{words[0].upper()}{words[1:]}: {_verdict_of(rows.of(UNSEEN, DIFFERENCE, main, name))}."
        for name, words in MEASURED.items()
        if name in ("point_sensitivity", "point_specificity", "ece")
        and (main, name) in rows.figures(UNSEEN, DIFFERENCE)
    ]
    sentences += [_tell_part(rows, FOLDS), _tell_part(rows, OWN)]
    accepted = rows.of(FOLDS, RECORDS, rows.cancer.id, "accepted").value
    sentences.append(
        "`promote` serves it from then on."
        if accepted
        else "`promote` refuses it and the clinic goes on with the model it had."
    )
    if accepted and _misses_more(rows, main):
        sentences.append(
            "**It passed, and on the site's other patients it misses more of what it is there to "
            "find.** Look at patients of your own that were never learnt from before you promote, "
            "and at sensitivity, not at accuracy."
        )
    return " ".join(sentences)


def _tell_part(rows: ClinicRows, protocol: str) -> str:
    """Say what the promotion found on one of its parts."""
    failed = [
        f"{task} {name}"
        for task, name in rows.figures(protocol, HOLDS)
        if not rows.of(protocol, HOLDS, task, name).value
    ]
    unjudged = [
        f"{task} {name} ({int(rows.of(protocol, UNJUDGED, task, name).value)})"
        for task, name in rows.figures(protocol, UNJUDGED)
    ]
    told = f"The promotion, on {_PARTS[protocol]}: "
    if rows.of(protocol, RECORDS, rows.cancer.id, "holds").value:
        return f"{told}it gets worse in no class and its calibration holds."
    parts = [f"it gets worse ({', '.join(failed)})"] if failed else []
    if unjudged:
        parts.append(f"too few patients to judge {', '.join(unjudged)}")
    return f"{told}{'; '.join(parts) or 'nobody to judge it on'}."


def _misses_more(rows: ClinicRows, task: str) -> bool:
    """Whether sensitivity at the operating point is shown to be worse on the unseen patients."""
    name = "point_sensitivity"
    is_measured = (task, name) in rows.figures(UNSEEN, DIFFERENCE)
    return is_measured and rows.of(UNSEEN, DIFFERENCE, task, name).high < 0


def _verdict_of(change: Figure) -> str:
    """Say what a difference allows to be said, also of a figure that is better low."""
    if change.metric in _LOWER_IS_BETTER:
        change = replace(change, value=-change.value, low=-change.high, high=-change.low)
    return verdict(change)


def _table(rows: ClinicRows, protocol: str, task: str) -> str:
    names = [name for own, name in rows.figures(protocol, CHAMPION) if own == task]
    if "malignancy_auc" in names and len(rows.cancer.task(task).classes) == 2:
        names.remove("macro_auc")  # of two classes it is the same
    order = [name for name in MEASURED if name in names]
    header = ["Figure", "Served", "Challenger", "Difference"]
    holds = {
        name: "yes" if rows.of(protocol, HOLDS, task, name).value else "**no**"
        for own, name in rows.figures(protocol, HOLDS)
        if own == task
    }
    few = [name for own, name in rows.figures(protocol, UNJUDGED) if own == task]
    holds |= {
        name: f"not judged, patients: {int(rows.of(protocol, UNJUDGED, task, name).value)}"
        for name in few
    }
    lines = []
    for name in [*order, *(name for name in names if name not in order)]:
        before, after, change = (
            rows.of(protocol, model, task, name) for model in (CHAMPION, CHALLENGER, DIFFERENCE)
        )
        signed = in_words(replace(change, metric=f"{name}{SIGNED}"))
        told = (in_words(before), in_words(after), signed)
        lines.append([MEASURED.get(name, name), *("" if t == NOT_YET else t for t in told)])
        if holds:
            lines[-1].append(holds.get(name, ""))
    return markdown_table([*header, *(["Holds"] if holds else [])], lines)
