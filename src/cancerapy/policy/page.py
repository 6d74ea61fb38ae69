"""The tables of ``docs/agent.md``, made from the rows in ``results/agent``."""

import math
from collections.abc import Sequence
from pathlib import Path

from cancerapy.atomic import write_atomically
from cancerapy.cancers import Cancer, ErrorCosts, load_cancer
from cancerapy.cancers._costs import COST_FIELDS
from cancerapy.errors import DataError
from cancerapy.evaluation.rows import Row, read_rows

START = "<!-- figures: made by 'cancerapy agent measure'; do not edit by hand -->"
END = "<!-- figures: end -->"

_WAYS = ("one image", "all images", "one image + answers", "all images + answers")
_POLICIES = (
    "always the top class",
    "always refer",
    "never refer",
    "lowest expected cost, one image",
    "lowest expected cost, all images",
    "lowest expected cost, all images + answers",
    "agent",
)


def refresh_page(results: Path, docs: Path) -> list[Path]:
    """Put the tables of all cancers measured so far into ``agent.md``, where it is there.

    Args:
        results: The results folder.
        docs: The documentation's folder.

    Raises:
        DataError: The page has lost its marks.
    """
    page = docs / "agent.md"
    if not page.is_file():
        return []
    text = page.read_text(encoding="utf-8")
    if text.count(START) != 1 or text.count(END) != 1:
        raise DataError(
            f"The page must have the lines '{START}' and '{END}' once each; {page.name} has not. "
            "Put them back where the tables belong."
        )
    before, _, rest = text.partition(START)
    after = rest.partition(END)[2]
    write_atomically(page, f"{before}{START}\n\n{build_tables(results)}\n{END}{after}")
    return [page]


def build_tables(results: Path) -> str:
    """Return the tables of every cancer with rows in ``results/agent``, Markdown."""
    parts = []
    for file in sorted((results / "agent").glob("*.csv")):
        parts += _of_cancer(load_cancer(file.stem), read_rows(file))
    return "\n".join(parts)


def _of_cancer(cancer: Cancer, rows: Sequence[Row]) -> list[str]:
    first = rows[0].origin
    examinations = max(row.origin.n for row in rows)
    return [
        f"### {cancer.title}",
        "",
        f"{examinations} examinations of {first.groups} groups ({first.protocol}, "
        f"`{first.task}`), unit {cancer.costs.unit}. Made by `{first.command}`.",
        "",
        *_costs_table(cancer.costs),
        *_beliefs_table(rows),
        *_policies_tables(rows),
        f"![Cost per 1000 patients as one cost is multiplied](images/agent-{cancer.id}.png)",
        "",
        *_changes(rows),
    ]


def _costs_table(costs: ErrorCosts) -> list[str]:
    lines = ["| Cost | Value | Source |", "|---|---|---|"]
    for name in COST_FIELDS:
        lines.append(f"| `{name}` | {getattr(costs, name):,.10g} | {costs.source_of(name)} |")
        if name == "missed_malignant":
            lines += [
                f"| the same of `{value}` | {cost:,.10g} | {costs.source_of(f'missed:{value}')} |"
                for value, cost in costs.missed.items()
            ]
    return [*lines, ""]


def _beliefs_table(rows: Sequence[Row]) -> list[str]:
    lines = [
        "| Examinations | What the belief rests on | AUC of malignancy | Log-loss | Accuracy, % |",
        "|---|---|---|---|---|",
    ]
    for subgroup, words in (("", "all"), ("several images", "with several images")):
        for model in [*_WAYS, *(f"{way} minus {_WAYS[0]}" for way in _WAYS[1:])]:
            auc = _find(rows, model, subgroup, "malignancy_auc")
            if auc is None:
                continue
            cells = [
                _show(auc, ".4f"),
                _show(_find(rows, model, subgroup, "nll"), ".4f"),
                _show(_find(rows, model, subgroup, "accuracy"), ".1f", 100),
            ]
            lines.append(f"| {words} | {model} | {' | '.join(cells)} |")
    return [*lines, ""]


def _policies_tables(rows: Sequence[Row]) -> list[str]:
    found = [r.origin.subgroup for r in rows if r.origin.model == "agent"]
    lines = []
    for name in dict.fromkeys(found):
        value = name.removeprefix("prevalence=")
        title = "the data set's own share" if value == "own" else f"{100 * float(value):g} %"
        lines += [
            f"Malignant findings: {title}",
            "",
            "| Policy | Cost per 1000 | Agent less this | Missed per 1000 | Reassured, % | Tested, "
            "% | Referred, % | PPV, % | NPV, % |",
            "|---|---|---|---|---|---|---|---|---|",
        ]
        here = {row.origin.model for row in rows if row.origin.subgroup == name}
        lines += [_policy_line(rows, policy, name) for policy in _POLICIES if policy in here]
        lines += [""]
    return lines


def _policy_line(rows: Sequence[Row], policy: str, name: str) -> str:
    def cell(metric: str, form: str, times: float = 1.0, model: str = policy) -> str:
        return _show(_find(rows, model, name, metric), form, times)

    def share(metric: str) -> str:
        row = _find(rows, policy, name, metric)
        return (
            "" if row is None or math.isnan(row.figure.value) else f"{100 * row.figure.value:.1f}"
        )

    return (
        f"| {policy} | {cell('cost_per_1000', ',.0f')} | "
        f"{cell('cost_per_1000', '+,.0f', 1.0, f'agent minus {policy}')} | "
        f"{cell('missed_per_1000', '.2f')} | {share('reassured')} | {share('tested')} | "
        f"{share('referred')} | {cell('ppv', '.1f', 100)} | {cell('npv', '.2f', 100)} |"
    )


def _changes(rows: Sequence[Row]) -> list[str]:
    """Return which policy without costs is cheapest, and what a wrong cost costs."""
    table: dict[str, dict[str, float]] = {}
    for row in rows:
        if row.origin.model.startswith("sensitivity: "):
            policy = row.origin.model.removeprefix("sensitivity: ")
            table.setdefault(row.origin.subgroup, {})[policy] = row.figure.value
    lines = [
        "| Malignant | Cost, times what is assumed | Cheapest of the fixed policies | Its cost per "
        "1000 | Lowest expected cost | With the costs as assumed |",
        "|---|---|---|---|---|---|",
    ]
    for name, costs in table.items():
        place, _, varied = name.partition(", ")
        fixed = {p: costs[p] for p in ("always the top class", "always refer", "never refer")}
        best = min(fixed, key=lambda policy: fixed[policy])
        lines.append(
            f"| {place.removeprefix('prevalence=')} | `{varied}` | {best} | {fixed[best]:,.0f} | "
            f"{costs['lowest expected cost']:,.0f} | {costs['costs as assumed']:,.0f} |"
        )
    return ["<details><summary>Sensitivity to each cost, in figures</summary>", "", *lines, "",
            "</details>", ""]  # fmt: skip


def _find(rows: Sequence[Row], model: str, subgroup: str, metric: str) -> Row | None:
    for row in rows:
        own = row.origin
        if (own.model, own.subgroup, row.figure.metric) == (model, subgroup, metric):
            return row
    return None


def _show(row: Row | None, form: str, times: float = 1.0) -> str:
    if row is None or math.isnan(row.figure.value):
        return ""
    figure = row.figure
    text = format(times * figure.value, form)
    if math.isnan(figure.low):
        return text
    return f"{text} ({format(times * figure.low, form)} to {format(times * figure.high, form)})"
