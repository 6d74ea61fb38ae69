"""One candidate from its weights to its row: trained out of fold, measured, exported, weighed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import mean

import keras

from cancerapy.atomic import replacing
from cancerapy.comparison.frozen import FrozenMaterial, freeze
from cancerapy.comparison.multiply_adds import count_multiply_adds
from cancerapy.comparison.peak_memory import measure_peak_memory
from cancerapy.comparison.rows import METRICS, CandidateRow
from cancerapy.data.splits import Split
from cancerapy.evaluation.calibrated import Calibrated
from cancerapy.evaluation.calibration import cross_fitted
from cancerapy.evaluation.measure import measure
from cancerapy.evaluation.predictions import read_predictions
from cancerapy.export.litert import to_litert
from cancerapy.training.cross_validation import cross_validate, split_digest
from cancerapy.training.material import Material
from cancerapy.training.plan import Plan
from cancerapy.training.run_folder import RunFolder

MODEL = "for-timing.tflite"
"""The exported graph; its head is not trained, since it is there to be weighed and timed."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What is the same for all candidates of a comparison.

    Args:
        material: The data set, with the plan of any candidate.
        protocol: Name of the protocol.
        splits: Its splits, at least two.
        epochs: Epochs with the last layers trained; 0: frozen features.
        runs: Where runs, predictions and models go.
        command: The command line, for the rows.
        n_resamples: Resamples of the groups.
        allow_leak: Permit a leaking protocol.
    """

    material: Material
    protocol: str
    splits: Sequence[Split]
    epochs: int
    runs: Path
    command: str
    n_resamples: int
    allow_leak: bool

    def empty_row(self, name: str) -> CandidateRow:
        """Return the row of a candidate of which nothing is known yet."""
        manifest = self.material.manifest
        return CandidateRow(
            candidate=name,
            protocol=self.protocol,
            source=manifest.source,
            epochs=self.epochs,
            leaking="LEAKING" if any(split.leaking for split in self.splits) else "",
            manifest=manifest.digest,
            split=split_digest(list(self.splits)),
            seed=self.material.plan.seed,
            command=self.command,
        )


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """A candidate that did not fail.

    Args:
        row: What was found.
        answer: Its out-of-fold answers to the main task.
        model: Its LiteRT file, see ``MODEL``.
        is_new: Whether it was judged now, and not before.
    """

    row: CandidateRow
    answer: Calibrated
    model: Path
    is_new: bool


def judge_candidate(name: str, plan: Plan, known: CandidateRow | None, terms: Terms) -> Judged:
    """Judge a candidate, or take what is known of it if nothing has changed.

    A candidate is judged again if its row is of another plan, data set or split, or if its
    predictions or its model are no longer there.

    Args:
        name: Its name in the rows.
        plan: Its plan.
        known: Its row, if it has one.
        terms: What all candidates share.

    Raises:
        CanceRapyError: It cannot be built, started, trained or exported.
    """
    keras.utils.clear_session()
    material = replace(terms.material, plan=plan)
    if not terms.epochs:
        material = freeze(material)
    place = terms.runs / material.plan.name
    model = place / MODEL
    predictions = place / "predictions" / f"{material.cancer.id}-{terms.protocol}"
    row = replace(terms.empty_row(name), plan=material.plan.digest)
    is_whole = all((predictions / f"{split.name}.csv").is_file() for split in terms.splits)
    if known and _is_same(known, row) and is_whole and model.is_file():
        return Judged(known, _read_answer(material, predictions), model, is_new=False)
    is_cut_short = isinstance(material, FrozenMaterial) and material.is_cut_short
    train = _train(material, terms, place)
    answer = _read_answer(material, predictions)
    figures = {f.metric: f for f in measure(answer, n_resamples=terms.n_resamples)}
    row = replace(
        row,
        height=material.plan.height,
        width=material.plan.width,
        groups=answer.outcome.n_groups,
        n=len(answer.outcome),
        figures={metric: figures[metric] for metric in METRICS},
        costs={**train, **_weigh(material, model)},
        last_layer=material.plan.freeze_to if is_cut_short else "",
    )
    return Judged(row, answer, model, is_new=True)


def _is_same(known: CandidateRow, row: CandidateRow) -> bool:
    facts = ("plan", "manifest", "split")
    return not known.failed and all(getattr(known, f) == getattr(row, f) for f in facts)


def _train(material: Material, terms: Terms, place: Path) -> dict[str, float]:
    """Train and predict every fold; return what one training takes.

    The folds' weights are removed: only their predictions are compared.
    """
    plan, title = material.plan, material.display.title
    reads_cache = bool(plan.views or plan.head_epochs) or plan.head_start != "random"
    features = material.activations.spent if reads_cache else None
    cross_validate(material, terms.protocol, terms.runs, place, allow_leak=terms.allow_leak)
    material.display.title = title  # it named the fold
    runs = [RunFolder(place / terms.protocol / split.name) for split in terms.splits]
    outcomes = [run.read_outcome() for run in runs]
    for run in runs:
        run.weights_file.unlink(missing_ok=True)
    if reads_cache and features is None:
        return {}  # cached by a version that did not note the time
    once = features or (0.0, 0.0)
    return {
        "train_s": once[0] + mean(outcome["seconds"] for outcome in outcomes),
        "train_processor_s": once[1] + mean(outcome["processor_seconds"] for outcome in outcomes),
    }


def _read_answer(material: Material, predictions: Path) -> Calibrated:
    """Return the answers to the cancer's main task, each fold calibrated with the others."""
    cancer = material.cancer
    return cross_fitted(read_predictions(predictions), cancer)[cancer.tasks[0].id]


def _weigh(material: Material, model: Path) -> dict[str, float]:
    """Export the served graph to ``model`` and return what does not depend on training."""
    graph = material.classifier().served()
    material.display.say("exporting")
    content = to_litert(graph)
    with replacing(model) as file:
        file.write(content)
    return {
        "size_mb": len(content) / 1e6,
        "memory_mb": measure_peak_memory(model),
        "parameters": float(graph.count_params()),
        "multiply_adds": float(count_multiply_adds(graph)),
    }
