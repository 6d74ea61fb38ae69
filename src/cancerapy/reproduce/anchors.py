"""``docs/anchors.md``: published values beside ours, with what may be compared and what not."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from cancerapy.cancers import load_cancer
from cancerapy.evaluation.rows import Row, read_all_rows
from cancerapy.evaluation.tables import BASELINE, markdown_table
from cancerapy.evaluation.words import NOT_YET, in_words
from cancerapy.reproduce.published import Chapter, Own, Published, load_chapters

ANCHORS = "anchors.md"

_COLUMNS = ("Who", "Figure", "Data and protocol", "Split", "Leaking", "Ours", "Checked")
_NAMES = {
    "balanced_accuracy": "balanced accuracy",
    "macro_auc": "AUC",
    "macro_f1": "macro-F1",
    "point_sensitivity": "sensitivity at the operating point",
    "point_specificity": "specificity at the operating point",
}

_HEAD = """# Published values beside ours

What others have published on the same tasks, how they came by it, and what of it may stand beside
our figures. Ours are made from the rows in `results/` and have 95 % intervals, bootstrapped over
patients, lesions or slides; the page is written by `cancerapy reproduce --document`.

- **No figure of ours has the training images, the split and the test images of a published one.**
  So nothing here says that one network is better than another by a point or two. It says what is
  to be expected.
- **LEAKING**: images of one patient, lesion or slide stood on both sides. Such a figure may only be
  compared with one of ours that leaks in the same way. *Unknown*: the source, as far as it was
  read, does not say.
- *Split* names what was kept on one side.
- *Checked*: **read** - the figure stands in a text that was read for this page (mostly the
  abstract); **from memory** - known from the literature and not read again, so look it up before
  you cite it; **quoted** - taken over from a text without a source of its own. Where only an
  abstract was read, what is said here of a paper's methods is from memory too.
"""


def build_anchors(results: Path) -> str:
    """Return the page's text, from the published values and the rows alone.

    Args:
        results: Folder of the results.
    """
    rows = read_all_rows(results)
    chapters = load_chapters()
    parts = [_HEAD]
    for name, chapter in chapters.items():
        cancer = load_cancer(name)
        caution = [cancer.caution, ""] if cancer.caution else []
        parts += [f"## {cancer.title}", "", *caution, *_tables(chapter, rows)]
    left_out = [f"- {text}" for chapter in chapters.values() for text in chapter.left_out]
    return "\n".join([*parts, "## Looked for and left out", "", *left_out, ""])


def own_in_words(own: Own, rows: Sequence[Row]) -> str:
    """Return figures of ours in words, with their protocol and whether they leak.

    Args:
        own: Which figures.
        rows: All rows; those of baselines and subgroups are passed over.

    Returns:
        For instance ``grouped-5: accuracy 79.4 % (78.3 to 80.5)``; of several models each with
        its name. What is not in the rows is said not to be measured.
    """
    models: dict[str, dict[str, Row]] = {}
    for row in rows:
        origin = row.origin
        if (origin.task, origin.protocol, origin.subgroup) == (own.task, own.protocol, "") and (
            not origin.model.startswith(BASELINE)
        ):
            models.setdefault(origin.model, {})[row.figure.metric] = row
    if not models:
        return f"{own.protocol}: {NOT_YET}"
    return "; ".join(
        _of_model(own, found, model if len(models) > 1 else "")
        for model, found in sorted(models.items())
    )


def _of_model(own: Own, found: Mapping[str, Row], model: str) -> str:
    is_leaking = any(row.origin.leaking for row in found.values())
    protocol = own.protocol.removesuffix("-LEAKING") + (" **LEAKING**" if is_leaking else "")
    figures = [
        f"{_NAMES.get(metric, metric)} {in_words(row.figure if row else None)}"
        for metric, row in ((metric, found.get(metric)) for metric in own.metrics)
    ]
    return f"{protocol}{f', {model}' if model else ''}: {', '.join(figures)}"


def _tables(chapter: Chapter, rows: Sequence[Row]) -> Iterator[str]:
    for task in dict.fromkeys(value.task for value in chapter.values):
        values = [value for value in chapter.values if value.task == task]
        yield f"### `{task}`\n"
        yield markdown_table(_COLUMNS, [_line(value, rows) for value in values]) + "\n"
        yield from (_note(value) for value in values)
        yield ""


def _line(value: Published, rows: Sequence[Row]) -> list[str]:
    ours = "; ".join(own_in_words(own, rows) for own in value.ours)
    return [
        value.who,
        value.figure,
        value.protocol,
        value.split,
        str(value.leaking),
        ours or "-",
        str(value.checked),
    ]


def _note(value: Published) -> str:
    return (
        f"- **{value.who}** ({value.source}). *May be compared:* {value.comparable} "
        f"*May not:* {value.not_comparable} *Checked:* {value.how}"
    )
