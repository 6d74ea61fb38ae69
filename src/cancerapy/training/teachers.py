"""Teachers: networks whose out-of-fold answers a final fit learns beside the labels.

What a teacher says of an image comes from a network that was not trained on the image's group, so
it is an honest probability and not a memory. It is no secret from the other folds, though: the
network that answers an image of fold A was trained on fold B. A network that learns these answers
has therefore learnt something of every fold, and a cross-validation with teachers would report
figures on folds that its teachers had seen. Only teachers that are cross-validated anew inside
each training side would avoid that; so teachers serve the final fit alone, which reports nothing.

References:
    Hinton et al., "Distilling the knowledge in a neural network", 2015, arXiv:1503.02531
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from cancerapy.arrays import Floats, Logits
from cancerapy.cancers import Network
from cancerapy.data.cache import digest_of
from cancerapy.data.manifest import Manifest
from cancerapy.errors import DataError, LeakError
from cancerapy.evaluation.ensemble import mean_log_probabilities
from cancerapy.evaluation.predictions import OutOfFold, read_predictions
from cancerapy.evaluation.record import ProtocolRecord, check_complete, read_record


@dataclass(frozen=True, eq=False)
class Teachers:
    """What one or several networks said of every image of a data set.

    Args:
        names: Model and plan digest of each.
        logits: (N, L) mean of their log-probabilities, in the order of the manifest; the factor's
            probabilities are its softmax, see ``targets.soft_answers``.
        digest: Of these answers; it is part of the run's name.
    """

    names: tuple[str, ...]
    logits: Logits
    digest: str

    def before(self, offset: Floats) -> "Teachers":
        """Return what has to be learnt where (L,) ``offset`` is added to the logits afterwards."""
        return replace(self, logits=(self.logits - offset).astype(np.float32))


def read_teachers(folders: Sequence[Path], manifest: Manifest, network: Network) -> Teachers:
    """Read the predictions of one or several cross-validations.

    Their folds need not be the same: each answer is out of fold by itself.

    Args:
        folders: Folder of predictions of each.
        manifest: The data set that is trained on.
        network: The factors that are trained.

    Raises:
        DataError: Predictions are missing, or of other images, labels or factors.
        LeakError: Their folds let groups stand on two sides.
    """
    names, answers = [], []
    for folder in folders:
        record = _read_record(folder, manifest)
        predicted = read_predictions(folder)
        answers.append(_lined_up(folder, predicted, manifest, network))
        names.append(f"{record.model} {record.plan_digest}")
    logits = mean_log_probabilities(answers, network)
    paths = [sample.path for sample in manifest.samples]
    return Teachers(tuple(names), logits, digest_of(paths, logits.round(4).tolist())[:10])


def _read_record(folder: Path, manifest: Manifest) -> ProtocolRecord:
    protocol = folder.resolve().name.removeprefix(f"{manifest.cancer}-")
    record = read_record(folder, protocol)
    if record.leaking:
        raise LeakError(
            f"A teacher answers images whose groups it has not seen; the folds of '{folder.name}' "
            "let groups stand on two sides. Give the predictions of another protocol.",
            field="teacher",
        )
    check_complete(record, folder, manifest.cancer)
    if record.manifest_digest != manifest.digest:
        raise DataError(
            f"A teacher answers the images that are trained on, {manifest.digest}; the predictions "
            f"in '{folder.name}' are of {record.manifest_digest or 'others, not recorded'}. "
            f"Cross-validate the teacher on this data set: cancerapy train {manifest.cancer} "
            f"--cross-validate {protocol} --results elsewhere"
        )
    return record


def _lined_up(folder: Path, predicted: OutOfFold, manifest: Manifest, network: Network) -> Logits:
    """Return (N, L) logits in the order of the manifest."""
    answered = [(factor.name, factor.values) for factor in predicted.network.factors]
    if answered != [(factor.name, factor.values) for factor in network.factors]:
        raise DataError(
            f"A teacher must answer the factors that are trained; the predictions in "
            f"'{folder.name}' answer {', '.join(name for name, _ in answered)} with other values "
            "or in another order. Cross-validate the teacher anew."
        )
    place = {image: row for row, image in enumerate(predicted.images.tolist())}
    absent = [sample.path for sample in manifest.samples if sample.path not in place]
    if absent:
        raise DataError(
            f"A teacher must answer every image; '{folder.name}' lacks {len(absent)}, for "
            f"instance '{absent[0]}'. Give predictions of all folds of a cross-validation."
        )
    rows = np.array([place[sample.path] for sample in manifest.samples], dtype=np.int64)
    return predicted.logits[rows]
