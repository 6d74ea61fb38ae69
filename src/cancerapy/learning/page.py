"""``docs/learning.md``: what simulation and clinic say, made from their rows alone."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

from cancerapy.atomic import write_atomically
from cancerapy.errors import DataError
from cancerapy.evaluation.measure import Figure
from cancerapy.evaluation.rows import Origin, Row, read_rows
from cancerapy.evaluation.tables import markdown_table
from cancerapy.evaluation.words import in_words, verdict
from cancerapy.learning.clinic_page import COMMAND as CLINIC_COMMAND
from cancerapy.learning.clinic_page import build_chapters
from cancerapy.learning.policies import (
    ALL,
    MACHINE,
    POLICIES,
    RANDOM,
    RANDOM_FEW,
    SEARCHING,
    UNCERTAINTY,
    UNCERTAINTY_FEW,
    Policy,
)
from cancerapy.learning.simulation import (
    COMPARISONS,
    METRICS,
    N_SEEDS,
    difference_name,
    gain_name,
    round_name,
)
from cancerapy.learning.stream import N_ROUNDS

FOLDER = "learning"
PAGE = "learning.md"
PICTURES = Path("images") / "learning"
COMMAND = "cancerapy learn simulate"

_HEAD = f"""# Learning from confirmed cases, simulated

The report wants uploaded images to be taken into the training data, with the class that the machine
gave them. Here that is tried on a data set whose truth is known, beside what CanceRapy does: only
cases that a reviewer has confirmed are learnt from. Then the whole loop runs at a simulated clinic
with the model that is shipped. This page and its picture are made by `{COMMAND}` and
`{CLINIC_COMMAND}` from the rows in `results/learning/`; how the loop is used in a clinic stands in
[Learn from confirmed cases](how-to/learn-from-cases.md).
"""

_PROTOCOL = f"""**How it is measured.** The test side is one fold with groups (lesions) kept
apart; it never changes and is never learnt from. A fifth of the other groups is at hand at the
start with right labels; the rest is uploaded in {N_ROUNDS} rounds. Reviewers give 5 % of the
groups a wrong class, any other being as likely, so the labels of rare classes suffer most. They
have time for half of what is uploaded in a round, or in two of the ways for a tenth; what is not
reviewed waits and can be reviewed later. With *label-error search* (cleanlab, over old and new
labels, each image judged by a model that did not learn from its group) up to a tenth of the same
reviews go to a second look at the most suspect labels; without reviewers, suspect labels are left
out. *Every upload reviewed* takes twice the reviews and shows what there is to gain. After each
round a shrunk linear discriminant of frozen ImageNet features is fitted anew; it is no shipped
model, and only the differences between the ways are meant. {N_SEEDS} draws of start, order and
wrong labels; intervals are 95 % and hold both the draws and the lesions of the test side.

**What was settled after a look.** The discriminant's prior, the share of second looks and the size
of the pictures for the frozen features were set after one draw had been seen; the two ways in which
reviewers have time for a tenth only were added after the first full result.
"""


class LearningRows:
    """The rows of one cancer's simulation, found by name.

    Args:
        rows: All of them.

    Raises:
        DataError: They are of several protocols, so that one name stands for two figures.
    """

    def __init__(self, rows: Sequence[Row]) -> None:
        if len({row.origin.protocol for row in rows}) > 1:
            raise DataError(
                f"The rows in '{FOLDER}' of one cancer must be of one protocol; "
                f"'{rows[0].origin.task}' has several. Remove that file and run the simulation "
                f"again: {COMMAND}"
            )
        self.origin: Origin = rows[0].origin
        self._figures = {(row.origin.model, row.figure.metric): row.figure for row in rows}
        self.digest = hashlib.sha256(repr(list(rows)).encode()).hexdigest()[:16]

    def of(self, name: str, metric: str) -> Figure:
        """Return a figure.

        Raises:
            DataError: The simulation has not measured it.
        """
        if (name, metric) not in self._figures:
            raise DataError(
                f"The page needs '{metric}' of '{name}', which the rows lack. Run the simulation "
                f"again: {COMMAND}"
            )
        return self._figures[name, metric]


def read_learning(results: Path) -> dict[str, LearningRows]:
    """Return the rows of every simulation by the name of its cancer."""
    files = sorted((results / FOLDER).glob("*.csv"))
    return {file.stem: LearningRows(read_rows(file)) for file in files}


def write_page(results: Path, docs: Path) -> list[Path]:
    """Write the page and draw its pictures.

    Args:
        results: Folder of the results.
        docs: Folder of the documentation.

    Returns:
        The files written.
    """
    from cancerapy.learning.picture import draw_rounds

    written = []
    for name, rows in read_learning(results).items():
        path = docs / PICTURES / f"{name}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        draw_rounds(rows, path)
        written.append(path)
    write_atomically(docs / PAGE, build_page(results))
    return [*written, docs / PAGE]


def build_page(results: Path) -> str:
    """Return the page's text, from the rows alone."""
    chapters = [_chapter(name, rows) for name, rows in read_learning(results).items()]
    simulated = [_HEAD, _PROTOCOL, *(chapters or ["Not run yet.\n"])]
    return "\n".join([*simulated, *build_chapters(results)])


def _chapter(name: str, rows: LearningRows) -> str:
    origin = rows.origin
    return "\n".join(
        [
            f"## {name}",
            "",
            f"`{origin.command}`, task `{origin.task}`, {origin.n} images of {origin.groups} "
            "groups on the test side.",
            "",
            f"**Verdict.** {tell_verdict(rows)}",
            "",
            f"![Balanced accuracy by round](images/{FOLDER}/{name}.png)",
            "",
            "After the last round:",
            "",
            _table(rows),
            "",
            "In pairs, after the last round:",
            "",
            *(
                f"- {second.name}, against {first.name}: balanced accuracy "
                f"{verdict(rows.of(difference_name(first, second), 'balanced_accuracy'))}, "
                f"accuracy {verdict(rows.of(difference_name(first, second), 'accuracy'))}"
                for first, second in COMPARISONS
            ),
            "",
            "Balanced accuracy by round, %:",
            "",
            _rounds_table(rows),
            "",
        ]
    )


def _table(rows: LearningRows) -> str:
    header = ["Way", "Reviews", "Learnt from", "Wrong labels", "Balanced accuracy", "Accuracy"]
    start = ["*the start*", *_cells(rows, round_name(ALL, 0))]
    lines = [[p.name, *_cells(rows, round_name(p, N_ROUNDS))] for p in POLICIES]
    return markdown_table(header, [start, *lines])


def _cells(rows: LearningRows, name: str) -> list[str]:
    reviews, n, wrong = (rows.of(name, m).value for m in ("n_reviews", "n_training", "n_wrong"))
    figures = [in_words(rows.of(name, metric)) for metric in METRICS]
    return [f"{reviews:.0f}", f"{n:.0f}", f"{100 * wrong / n:.1f} %", *figures]


def _rounds_table(rows: LearningRows) -> str:
    header = ["Way", *(str(number) for number in range(N_ROUNDS + 1))]
    lines = [
        [
            policy.name,
            *(
                f"{100 * rows.of(round_name(policy, number), 'balanced_accuracy').value:.1f}"
                for number in range(N_ROUNDS + 1)
            ),
        ]
        for policy in POLICIES
    ]
    return markdown_table(header, lines)


def tell_verdict(rows: LearningRows) -> str:
    """Say what the paired differences allow to be said, and what the search found."""
    metric = "balanced_accuracy"
    pairs = {pair: rows.of(difference_name(*pair), metric) for pair in COMPARISONS}
    gain, lost = (rows.of(gain_name(MACHINE), name) for name in METRICS)
    searched = [SEARCHING[own] for own in (MACHINE, RANDOM, UNCERTAINTY)]
    sentences = [
        f"The report's own idea, uploads added with the machine's label, against not learning at "
        f"all: balanced accuracy {verdict(gain)}, accuracy {verdict(lost)}.",
        f"Labels confirmed by reviewers in random order, for half of the uploads, against it: "
        f"{verdict(pairs[MACHINE, RANDOM])}.",
        f"The most uncertain first, at the same number of reviews, against random order: "
        f"{verdict(pairs[RANDOM, UNCERTAINTY])}; with time for a tenth of the uploads: "
        f"{verdict(pairs[RANDOM_FEW, UNCERTAINTY_FEW])}. Reviewing everything, at twice the "
        f"reviews, adds: {verdict(pairs[UNCERTAINTY, ALL])}.",
        "The search for wrong labels: "
        + "; ".join(
            f"{own.name}, balanced accuracy {verdict(pairs[own, SEARCHING[own]])}, accuracy "
            f"{verdict(rows.of(difference_name(own, SEARCHING[own]), 'accuracy'))}"
            for own in (MACHINE, RANDOM, UNCERTAINTY)
        )
        + ".",
        "Of the labels it names, "
        + ", ".join(f"{_precision(rows, own)} ({own.name})" for own in searched)
        + " are wrong in truth: a list to look at from its top, not one to delete.",
    ]
    return " ".join(sentences)


def _precision(rows: LearningRows, policy: Policy) -> str:
    names = [round_name(policy, number) for number in range(1, N_ROUNDS + 1)]
    named = sum(rows.of(name, "n_suspects").value for name in names)
    caught = sum(rows.of(name, "n_caught").value for name in names)
    return f"{100 * caught / named:.0f} %" if named else "none"
