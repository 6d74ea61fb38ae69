"""Tuning as the report's search in a state space, and whether Adam deserves its place."""

import math
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from cancerapy.evaluation.words import DIFFERENCE, LEARNING_RATE, in_words, verdict
from cancerapy.reproduce._spec import Experiment, Picture
from cancerapy.reproduce.findings import Findings
from cancerapy.reproduce.optimizer_part import AT_EDGE, FAILED, SCORE, OptimizerPart
from cancerapy.reproduce.proxy_trial import ProxyTrial
from cancerapy.reproduce.search_part import BEFORE, BEST, IMPORTANCE, STATES, SearchPart
from cancerapy.reproduce.tuning_pictures import draw_importance, draw_optimizers, draw_states
from cancerapy.tuning.request import Fidelity

_CANCER, _PLAN = "colorectal", "tuning/colorectal.json"
_ALL_BUT_ONE = Fidelity(protocol="slides", fraction=0.25, epochs=5, views=2)
_TWO_THIRDS = Fidelity(protocol="grouped-3", fraction=0.4, epochs=5, views=2)
_ADAPTIVE = (1e-4, 3e-4, 1e-3)
_RATES = {  # AdamW without weight decay, as in the report's plan, is Adam
    "adam": _ADAPTIVE,
    "nadam": _ADAPTIVE,
    "rmsprop": _ADAPTIVE,
    "sgd": (1e-2, 3e-2, 1e-1),  # without momentum its steps are small
}
_OPTIMIZERS = tuple(
    OptimizerPart(name, ProxyTrial(_CANCER, _PLAN, _ALL_BUT_ONE), _RATES) for name in _RATES
)
_FIRST = next(iter(_RATES))
_OF_TRAINING = (
    "optimizer",
    "learning_rate",
    "dropout",
    "focal_gamma",
    "class_weight",
    "class_weight_const",
)
# Each value of these needs cached activations of its own, so their proxy is lower still.
_OF_ACTIVATIONS = ("freeze_to", "input_size", "augmentation_strength")
_SEARCH = SearchPart(
    "search", ProxyTrial(_CANCER, _PLAN, _TWO_THIRDS), budget_s=480.0, search=_OF_TRAINING
)
_WHOLE_SPACE = SearchPart(
    "search, whole space",
    ProxyTrial(_CANCER, _PLAN, replace(_TWO_THIRDS, fraction=0.2, epochs=3)),
    budget_s=1200.0,
    search=(*_OF_TRAINING, *_OF_ACTIVATIONS),
)
_SEARCHES = (_SEARCH, _WHOLE_SPACE)


_GOAL = (
    "A score on the images that chose is what the report calls training accuracy; only the "
    "held-out slides say whether the goal was reached."
)


def _conclude(findings: Findings) -> str:
    found = [_on_search(findings, part.name) for part in _SEARCHES if findings.has(part.name)]
    searches = found or ["No search has been run yet."]
    return "\n\n".join([_on_adam(findings), *searches, *([_GOAL] if found else [])])


def _on_adam(findings: Findings) -> str:
    others = [part.name for part in _OPTIMIZERS if part.name != _FIRST and findings.has(part.name)]
    if not others or not findings.has(_FIRST):
        return "The optimizers have not been compared yet."
    found = {name: findings.of(name, SCORE + DIFFERENCE) for name in others}
    lines = [f"- {name}: {_told(findings, name)}" for name in others]
    better = [name for name, figure in found.items() if figure and figure.low > 0]
    worse = [name for name, figure in found.items() if figure and figure.high < 0]
    if better:
        judgement = f"The report is not right about Adam here: better is {_listed(better)}."
    elif worse:
        judgement = (
            "Nothing is shown to be better than Adam, so the report does not choose badly. That "
            f"it alters much is only shown against {_listed(worse)}."
        )
    else:
        judgement = (
            "Nothing is shown to be better than Adam, and nothing to be worse: once each optimizer "
            "has a rate of its own, the choice that the report calls the one which never changes "
            "is one that could change without anything following from it."
        )
    origin = findings.origin(_FIRST)
    n_groups = origin.groups if origin else 0
    return "\n".join(
        [
            "Mean AUC against Adam, each at the rate that an inner part chose, on the same "
            "images in pairs:",
            "",
            *lines,
            "",
            f"{judgement} The intervals are over {n_groups} slides, which is few."
            f"{_edges(findings)}",
        ]
    )


def _told(findings: Findings, name: str) -> str:
    figure = findings.of(name, SCORE + DIFFERENCE)
    failed = findings.of(name, FAILED)
    note = f" ({failed.value:.0f} trainings failed)" if failed and failed.value else ""
    return f"{verdict(figure)}{note}"


def _edges(findings: Findings) -> str:
    found = {part.name: findings.of(part.name, AT_EDGE) for part in _OPTIMIZERS}
    names = [name for name, figure in found.items() if figure and figure.value]
    if not names:
        return ""
    return (
        f" In at least one part the rate of {_listed(names)} is an end of the grid, so that a "
        "wider grid could do better."
    )


def _on_search(findings: Findings, name: str) -> str:
    rows = [row.figure for row in findings.rows if row.origin.model == name]
    counts = [
        f"{f.value:.0f} {f.metric.removeprefix(STATES)}"
        for f in rows
        if f.metric.startswith(STATES)
    ]
    shares = sorted(
        (f for f in rows if f.metric.startswith(IMPORTANCE)), key=lambda f: f.value, reverse=True
    )
    leading = _listed([f.metric.removeprefix(IMPORTANCE) for f in shares[:3]])
    mattered = f" What mattered most to the score was {leading}." if shares else ""
    best = in_words(findings.of(name, BEST))
    own, before = (in_words(findings.of(name, f"accuracy{end}")) for end in ("", BEFORE))
    difference = findings.of(name, SCORE + DIFFERENCE)
    is_open = difference is None or math.isnan(difference.low)
    few = " Slides so few do not tell the two apart." if is_open else ""
    return (
        f"The {_called(name)} ({', '.join(counts)} states) ended with a state of AUC {best} on the "
        "one slide that it judges by, which as the best of many is too high. Trained in the same "
        "way and judged on the slides that were held out from the search, it is right in "
        f"{own} and the plan before the search in {before}: "
        f"{verdict(findings.of(name, 'accuracy' + DIFFERENCE))} in accuracy, "
        f"{verdict(difference)} in mean AUC.{few}{mattered}"
    )


def _called(name: str) -> str:
    return "search of the whole space" if name == _WHOLE_SPACE.name else "search"


def _shown(findings: Findings) -> str:
    """Return the search that is drawn: the widest that has been run."""
    return next((p.name for p in reversed(_SEARCHES) if findings.has(p.name)), _SEARCH.name)


def _listed(names: list[str]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1]))) if names else ""


def _draw_optimizers(findings: Findings, path: Path, metadata: Mapping[str, str]) -> None:
    draw_optimizers(findings, [part.name for part in _OPTIMIZERS], path, metadata)


EXPERIMENT = Experiment(
    id="tuning",
    title="Tuning as a search",
    place="sections 3.3 and 4.2.1",
    claim=(
        "States are the settings of a model, the first ones random; actions move in the space of "
        "parameters; the goal is a high accuracy in training; the cost of a path is its time. "
        '"Adam is the choice for every model", the one property that never changes.'
    ),
    protocols=(
        "MobileNetV2 at 96 x 96 px, five epochs of the head and five of the last layers from "
        "cached activations. Optimizers: a quarter of the tiles of eight slides in three parts, "
        "each judged once by networks trained on the others; of three rates each, an inner part "
        "of those others chooses one, and the epoch; *Difference* is against Adam. Search: eight "
        "minutes of states (optimizer, learning rate, dropout, focal loss, class weights and their "
        "constant) on two fifths of the tiles of six slides, each judged on one of these; a state "
        "that is below the median of the others is pruned from its second epoch on. *Whole space* "
        "searches the freezing point, the input size and the strength of the random changes as "
        "well; since these need activations of their own, its proxy is lower still: twenty "
        "minutes, a fifth of the tiles, three epochs a stage. The best state and the plan before "
        "the search are then judged on the three slides held out, and *Difference* is between "
        "these two. Times are by the clock of a busy machine."
    ),
    parts=(*_OPTIMIZERS, *_SEARCHES),
    columns={
        SCORE: "AUC",
        SCORE + DIFFERENCE: "Difference",
        "accuracy": "Accuracy",
        LEARNING_RATE: "Rate (median)",
        "training_seconds": "Time of all trainings",
    },
    conclude=_conclude,
    pictures=(
        Picture(
            "tuning-optimizers.png",
            "Mean AUC of each optimizer and its difference to Adam, with 95 % intervals",
            _draw_optimizers,
        ),
        Picture(
            "tuning-search.png",
            "The search: score of every state, and the best so far, against the seconds spent",
            lambda findings, path, metadata: draw_states(
                findings, _shown(findings), path, metadata
            ),
        ),
        Picture(
            "tuning-importance.png",
            "Share of each parameter in the differences between the states",
            lambda findings, path, metadata: draw_importance(
                findings, _shown(findings), path, metadata
            ),
        ),
    ),
)
