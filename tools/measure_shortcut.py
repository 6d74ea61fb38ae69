#!/usr/bin/env python3
"""How much a breast network tells from the breast, and how much from the film around it.

The same network is cross-validated on the same patients, seed and folds with several inputs: the
whole film as shipped, the breast alone, all but the breast, the breast's outline alone, and the
film cropped to the breast, with and without what else lies in that box. What is told without the
breast is no finding: labels, edges and background differ between the benign and the malignant films
of the collection. With ``--external`` each is also fitted on the whole collection and answers
another one's images. ``--network second`` measures the second of the two networks that are shipped.

Finished folds and decoded films are kept, so the same command goes on where it was. Rows go to
``results/shortcut/``; ``docs/explanation/shortcut.md`` says what they mean.

CANCERAPY_DATA=~/data CANCERAPY_WEIGHTS=~/weights python tools/measure_shortcut.py --external
"""

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from cancerapy.arrays import Logits
from cancerapy.atomic import write_atomically
from cancerapy.cancers import Cancer, load_cancer
from cancerapy.data.manifest import Manifest
from cancerapy.evaluation.calibrated import Calibrated, apply_calibration
from cancerapy.evaluation.calibration import cross_fitted, fit_calibration
from cancerapy.evaluation.measure import Figure, compare, measure
from cancerapy.evaluation.outcome import with_factor_tasks
from cancerapy.evaluation.predictions import OutOfFold, read_predictions, write_fold
from cancerapy.evaluation.record import FILE_NAME, ProtocolRecord, fold_digest, read_record
from cancerapy.evaluation.rows import Origin, Row, rows_of, write_rows
from cancerapy.settings import Settings, load_settings
from cancerapy.training.cross_validation import cross_validate
from cancerapy.training.final import load_final, train_final
from cancerapy.training.plan import Plan, resolve_plan
from cancerapy.training.session import open_material
from cancerapy.training.train_split import predict_rows

WHOLE = "whole film"
INPUTS = {
    WHOLE: (),
    "breast only": ("keep_breast",),
    "outside only": ("blank_breast",),
    "outline only": ("draw_outline",),
    "box of the breast": ("crop_to_breast",),
    "breast only, cropped": ("keep_breast", "crop_to_breast"),
}
"""The steps that make each input."""
PAIRS = (
    ("breast only", WHOLE),
    ("outside only", WHOLE),
    ("outline only", WHOLE),
    ("box of the breast", WHOLE),
    ("breast only, cropped", WHOLE),
    ("outside only", "breast only"),
    ("outside only", "outline only"),
)
"""What is compared in pairs: the first minus the second."""
METRICS = {
    "breast": ("malignancy_auc", "accuracy", "balanced_accuracy"),
    "breast/density": ("macro_auc", "accuracy", "balanced_accuracy"),
}
PROTOCOL = "grouped-5"
EXTERNAL = "inbreast"
ROOT = Path(__file__).parents[1]
COMMAND = "python tools/measure_shortcut.py"


@dataclass(frozen=True, slots=True)
class Network:
    """One of the two networks that are shipped.

    Args:
        plan_file: Its plan; none for the cancer's own.
        results: Where its rows go.
        runs: Name of the folder of its runs and predictions.
    """

    plan_file: Path | None
    results: Path
    runs: str

    def plan(self, cancer: Cancer) -> Plan:
        """Return its plan for a cancer, whose input may have been changed."""
        changes = () if self.plan_file is None else (json.loads(self.plan_file.read_text()),)
        return resolve_plan(cancer, *changes)


NETWORKS = {
    "first": Network(None, ROOT / "results" / "shortcut" / "breast.csv", "shortcut"),
    "second": Network(
        ROOT / "plans" / "second-network" / "breast-resnet101v2.json",
        ROOT / "results" / "shortcut" / "breast-second.csv",
        "shortcut-second",
    ),
}


def predict_folds(
    network: Network, name: str, cancer: Cancer, settings: Settings, *, external: bool
) -> None:
    """Cross-validate on one input, and let a fit on all answer the external films if asked.

    Args:
        network: What is trained.
        name: Of the input; its runs and predictions go to a folder of this name.
        cancer: The cancer as shipped.
        settings: Folders of data, weights, cache and runs.
        external: Whether the external films are answered too.
    """
    own = replace(cancer, input=replace(cancer.input, steps=INPUTS[name]))
    plan = network.plan(own)
    place = place_of(network, name, settings)
    with open_material(own, plan, settings) as material:
        cross_validate(material, PROTOCOL, place, place)
        if not external or (answers_folder(place, cancer) / f"{EXTERNAL}.csv").is_file():
            return
        run = train_final(material, place, place, PROTOCOL)
    classifier, _ = load_final(run.path)
    with open_material(own, plan, settings, EXTERNAL) as others:
        logits = predict_rows(others, classifier, np.arange(len(others.manifest.samples)))
        _write_external(others.manifest, cancer, plan, logits, answers_folder(place, cancer))


def _write_external(
    manifest: Manifest, cancer: Cancer, plan: Plan, logits: Logits, folder: Path
) -> None:
    record = {
        "folds": [EXTERNAL],
        "manifest_digest": manifest.digest,
        "plan_digest": plan.digest,
        "seed": plan.seed,
        "plan": plan.without_place,
    }
    write_atomically(folder / FILE_NAME, json.dumps(record, indent=2) + "\n")
    factors = cancer.network.factors
    write_fold(
        folder / f"{EXTERNAL}.csv",
        [sample.path for sample in manifest.samples],
        manifest.groups,
        EXTERNAL,
        factors,
        {factor.name: manifest.labels(factor.name) for factor in factors},
        logits,
    )


def answers_folder(place: Path, cancer: Cancer, protocol: str = f"external-{EXTERNAL}") -> Path:
    """Return the folder of an input's predictions by a protocol."""
    return place / "predictions" / f"{cancer.id}-{protocol}"


def place_of(network: Network, name: str, settings: Settings) -> Path:
    """Return the folder of an input's runs and predictions."""
    return settings.runs / network.runs / name.replace(" ", "-")


def rows_of_inputs(
    answers: Mapping[str, Mapping[str, Calibrated]], record: ProtocolRecord, command: str
) -> list[Row]:
    """Measure every input and the differences between inputs.

    Args:
        answers: By input, by task id.
        record: Whose protocol, plan and folds the rows name.
        command: What made them.
    """
    rows: list[Row] = []
    for task, metrics in METRICS.items():
        by_input = {name: own[task] for name, own in answers.items()}
        figures = {name: measure(own) for name, own in by_input.items()}
        figures |= {
            f"{first} minus {second}": compare(by_input[first], by_input[second])
            for first, second in PAIRS
            if first in by_input and second in by_input
        }
        outcome = next(iter(by_input.values())).outcome
        for name, measured in figures.items():
            origin = Origin(
                task=task,
                protocol=record.protocol,
                leaking="",
                model=name,
                plan=record.plan_digest,
                manifest=record.manifest_digest,
                split=record.split_digest,
                seed=record.seed,
                groups=outcome.n_groups,
                n=len(outcome),
                size="",
                command=command,
            )
            rows += rows_of(origin, _in_order(measured, metrics))
    return rows


def _in_order(figures: Sequence[Figure], metrics: Sequence[str]) -> list[Figure]:
    by_name = {figure.metric: figure for figure in figures}
    return [by_name[metric] for metric in metrics]


def external_answers(
    cancer: Cancer, out_of_fold: OutOfFold, others: OutOfFold
) -> dict[str, Calibrated]:
    """Return the answers to external films, calibrated as a bundle is: on all folds."""
    return apply_calibration(others, cancer, fit_calibration(out_of_fold, cancer))


def main() -> None:
    """Predict what is missing, measure and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--external", action="store_true", help="answer INbreast's films too")
    parser.add_argument("--network", choices=NETWORKS, default="first")
    options = parser.parse_args()
    network, command = NETWORKS[options.network], COMMAND
    if options.network != "first":
        command += f" --network {options.network}"
    cancer, settings = load_cancer("breast"), load_settings()
    asked = with_factor_tasks(cancer)
    inside, outside = {}, {}
    for name in INPUTS:
        predict_folds(network, name, cancer, settings, external=options.external)
        place = place_of(network, name, settings)
        folder = answers_folder(place, cancer, PROTOCOL)
        out_of_fold = read_predictions(folder)
        inside[name] = cross_fitted(out_of_fold, asked)
        write_rows(network.results, rows_of_inputs(inside, read_record(folder, PROTOCOL), command))
        if options.external:
            folder = answers_folder(place, cancer)
            others = read_predictions(folder)
            outside[name] = external_answers(asked, out_of_fold, others)
            record = read_record(folder, f"external-{EXTERNAL}")
            record = replace(record, split_digest=fold_digest(others))
            rows = rows_of_inputs(outside, record, f"{command} --external")
            write_rows(network.results, rows)


if __name__ == "__main__":
    main()
