"""Out-of-fold predictions, put together by examination, with the answers that are known."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cancerapy.arrays import Floats, Indices
from cancerapy.cancers import Cancer, deciding_factor
from cancerapy.cancers._evidence import FOLDER
from cancerapy.cancers._registry import search_folders
from cancerapy.errors import DataError
from cancerapy.evaluation.calibration import fit_calibration
from cancerapy.evaluation.ensemble import average_predictions, ensemble_record, member_names
from cancerapy.evaluation.facts import read_facts
from cancerapy.evaluation.predictions import UNKNOWN, OutOfFold, read_predictions
from cancerapy.evaluation.record import ProtocolRecord, read_record
from cancerapy.runtime.probabilities import factor_log_probabilities


@dataclass(frozen=True, slots=True, eq=False)
class Material:
    """Images of examinations, N, in the order in which they would be taken.

    Args:
        record: Whose predictions these are.
        factor: The deciding factor.
        values: Its values, V.
        log_p: The bundle's log-probabilities of the values, (N, V).
        y_true: Index of the true value, (N,).
        groups: Patient, lesion or slide, (N,).
        folds: Fold of each image, (N,).
        examinations: Number of the examination of each image, (N,), 0, 1 ... in order.
        answers: By question the answer at each image, (N,); empty where unknown.
        density: The predicted value of the factor in which a finding can hide, (N,); else empty.
    """

    record: ProtocolRecord
    factor: str
    values: tuple[str, ...]
    log_p: Floats
    y_true: Indices
    groups: NDArray[np.str_]
    folds: NDArray[np.str_]
    examinations: Indices
    answers: Mapping[str, NDArray[np.str_]]
    density: NDArray[np.str_]

    @property
    def first(self) -> Indices:
        """Row of the first image of each examination, (E,)."""
        return np.flatnonzero(np.diff(self.examinations, prepend=-1))

    @property
    def weights(self) -> Floats:
        """One over the number of images of the examination, (N,)."""
        return np.asarray(1 / np.bincount(self.examinations)[self.examinations])

    def rows_of(self, examination: int) -> Indices:
        """Return the rows of an examination's images."""
        return np.flatnonzero(self.examinations == examination)


def find_predictions(cancer_id: str, results: Path) -> list[Path]:
    """Return the folders whose mean the shipped model is: of one protocol, every network's.

    Args:
        cancer_id: Id of the cancer.
        results: The results folder.

    Raises:
        DataError: There are none.
    """
    root = results / "predictions"
    own = [
        folder
        for folder in sorted(root.glob(f"{cancer_id}-*"))
        if folder.is_dir() and "LEAKING" not in folder.name and "external" not in folder.name
    ]
    if not own:
        raise DataError(
            f"Fitting the agent needs out-of-fold predictions of '{cancer_id}'; the results folder "
            f"has none. Make them with: cancerapy train {cancer_id} --cross-validate grouped-5",
            code="predictions_missing",
        )
    return [own[0], *sorted(root.glob(f"*/{own[0].name}"))]


def own_place(cancer_id: str) -> Path:
    """Return where a cancer's evidence is read from, whether or not it is there yet.

    Args:
        cancer_id: Id of the cancer.
    """
    holder = next(
        (folder for folder in search_folders() if (folder / f"{cancer_id}.py").is_file()),
        search_folders()[0],
    )
    return holder / FOLDER / f"{cancer_id}.json"


def load_material(cancer: Cancer, folders: Sequence[Path], data_root: Path | None) -> Material:
    """Read predictions and answers.

    Args:
        cancer: The cancer.
        folders: Predictions of each network, on the same folds.
        data_root: Root folder of the data sets, whose tables hold the answers; ``None``: without.

    Raises:
        DataError: The predictions do not belong together.
    """
    protocol = folders[0].name.removeprefix(f"{cancer.id}-")
    records = [read_record(folder, protocol) for folder in folders]
    members = dict(
        zip(
            member_names([record.model for record in records]),
            [read_predictions(folder) for folder in folders],
            strict=True,
        )
    )
    joined = average_predictions(members)
    record = ensemble_record(records) if len(records) > 1 else records[0]
    facts = read_facts(cancer, data_root, joined) if data_root is not None else {}
    return build_material(cancer, joined, facts, record)


def build_material(
    cancer: Cancer,
    predictions: OutOfFold,
    facts: Mapping[str, Mapping[str, str]],
    record: ProtocolRecord,
) -> Material:
    """Put predictions together by examination.

    An examination is a lesion, one breast of a patient (where the side is known), or the group
    itself; tiles of a slide show different places, so that each is one of its own. Images whose
    true value is unknown, or not that of the examination's first, are left out.

    Args:
        cancer: The cancer.
        predictions: Of all images.
        facts: By name of the fact its value by image path.
        record: Whose predictions these are.
    """
    factor = deciding_factor(cancer)
    values = next(f.values for f in cancer.network.factors if f.name == factor)
    names = _examination_names(cancer, predictions, facts)
    views = [facts.get("view", {}).get(image, "") for image in predictions.images.tolist()]
    order = sorted(range(len(names)), key=lambda row: (names[row], views[row]))
    y_true = predictions.labels[factor]
    kept: list[int] = []
    first: dict[str, int] = {}
    for row in order:
        if y_true[row] == UNKNOWN or first.setdefault(names[row], int(y_true[row])) != y_true[row]:
            continue
        kept.append(row)
    part = predictions.part(np.array(kept, dtype=np.int64))
    numbers = {name: n for n, name in enumerate(dict.fromkeys(names[row] for row in kept))}
    log_p = factor_log_probabilities(part.logits, fit_calibration(part, cancer).factors)
    hiding = [f for f in cancer.network.factors if f.name in cancer.hides_in]
    density = (
        np.array(hiding[0].values)[log_p[hiding[0].name].argmax(1)]
        if hiding
        else np.full(len(part), "")
    )
    asked = [question.id for question in cancer.questions if question.id in facts]
    return Material(
        record,
        factor,
        values,
        log_p[factor],
        part.labels[factor],
        part.groups,
        part.folds,
        np.array([numbers[names[row]] for row in kept], dtype=np.int64),
        {q: np.array([facts[q].get(i, "") for i in part.images.tolist()]) for q in asked},
        density,
    )


def _examination_names(
    cancer: Cancer, predictions: OutOfFold, facts: Mapping[str, Mapping[str, str]]
) -> list[str]:
    images, groups = predictions.images.tolist(), predictions.groups.tolist()
    if cancer.sources[0].group == "slide":
        return list(images)
    side = facts.get("laterality", {})
    return [f"{group} {side.get(image, '')}" for image, group in zip(images, groups, strict=True)]
