"""Out-of-fold predictions on disk: what joins training to evaluation and export.

A cross-validation has a folder ``results/predictions/<cancer>-<protocol>/`` with one CSV per
fold. Its columns are ``image, group, fold``, one ``true:<factor>`` per factor (the value; empty
means unknown) and one ``logit:<factor>:<value>`` per logit, decision offset already added. The
header alone says what the network answers, so that the files stand by themselves. Answers to images
that are not of the data set (``Split.added``) lie in the same form in the folder ``added`` there.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cancerapy.arrays import Indices, Logits
from cancerapy.atomic import write_atomically
from cancerapy.cancers import Factor, Network
from cancerapy.errors import DataError

ADDED = "added"
"""Folder of the answers to added images, in the folder of a protocol's predictions."""
KEYS = ("image", "group", "fold")
UNKNOWN = -1


@dataclass(frozen=True, slots=True, eq=False)
class OutOfFold:
    """Predictions of images by networks that were not trained on their groups.

    Args:
        images: Paths relative to the data set's folder, (N,).
        groups: Patient, lesion or slide of each image, (N,).
        folds: Name of the fold whose network predicted the image, (N,).
        network: The factors, in the order of the logits.
        labels: By factor the index of the true value, (N,); -1 where unknown.
        logits: (N, L), decision offset already added.
    """

    images: NDArray[np.str_]
    groups: NDArray[np.str_]
    folds: NDArray[np.str_]
    network: Network
    labels: Mapping[str, Indices]
    logits: Logits

    def __len__(self) -> int:
        """Return the number of images."""
        return len(self.images)

    @property
    def fold_names(self) -> list[str]:
        """Names of the folds present, sorted."""
        return sorted(set(self.folds.tolist()))

    def part(self, keep: NDArray[np.bool_] | Indices) -> "OutOfFold":
        """Return the images that ``keep`` selects, as a mask (N,) or as row numbers."""
        return OutOfFold(
            self.images[keep],
            self.groups[keep],
            self.folds[keep],
            self.network,
            {name: values[keep] for name, values in self.labels.items()},
            self.logits[keep],
        )


def write_fold(
    path: Path,
    manifest_paths: Sequence[str],
    groups: Sequence[str] | NDArray[np.str_],
    fold_name: str,
    factors: Sequence[Factor],
    labels: Mapping[str, Sequence[int] | Indices],
    logits: NDArray[np.floating],
) -> None:
    """Write one fold's predictions, whole or not at all.

    Args:
        path: The CSV file; its folder is created.
        manifest_paths: Paths of the N images, relative to the data set's folder.
        groups: Group of each image, (N,).
        fold_name: Name of the fold.
        factors: The network's factors, in the order of the logits.
        labels: By factor name the index of the true value, (N,); -1 where unknown.
        logits: (N, L), decision offset already added; written with five decimals.

    Raises:
        DataError: Lengths or widths disagree, or a logit is not a finite number.
        StorageError: The file could not be written.
    """
    width = sum(len(factor.values) for factor in factors)
    logits = np.asarray(logits)
    lengths = {len(manifest_paths), len(groups), len(logits), *(len(v) for v in labels.values())}
    if len(lengths) != 1 or logits.ndim != 2 or logits.shape[1] != width:
        raise DataError(
            f"A fold needs one path, group, label and row of {width} logits per image; "
            f"'{fold_name}' has {len(manifest_paths)} paths, {len(groups)} groups and logits of "
            f"shape {logits.shape}."
        )
    if not np.isfinite(logits).all():
        raise DataError(
            f"Logits must be finite numbers; fold '{fold_name}' has some that are not. "
            "The training diverged: lower its learning rate and run the fold again."
        )
    columns = [f"true:{f.name}" for f in factors]
    columns += [f"logit:{f.name}:{value}" for f in factors for value in f.values]
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow([*KEYS, *columns])
    for row, image in enumerate(manifest_paths):
        indices = [(factor, int(labels[factor.name][row])) for factor in factors]
        true = [factor.values[index] if index >= 0 else "" for factor, index in indices]
        writer.writerow(
            [image, groups[row], fold_name, *true, *(f"{value:.5f}" for value in logits[row])]
        )
    write_atomically(path, buffer.getvalue())


def read_predictions(folder: Path) -> OutOfFold:
    """Read every fold in ``folder``.

    Args:
        folder: Folder of a protocol's predictions, one CSV per fold.

    Raises:
        DataError: No fold is there, two folds hold the same image, the folds disagree in their
            columns, or a cell cannot be read; the message names the file and the line.
    """
    files = sorted(folder.glob("*.csv"))
    if not files:
        raise DataError(
            f"Predictions are needed in {folder}; there is no fold's CSV file. "
            "Make them with 'cancerapy train <cancer> --cross-validate <protocol>'.",
            code="predictions_missing",
        )
    parts = [_read_fold(file) for file in files]
    network = parts[0].network
    for file, part in zip(files, parts, strict=True):
        if part.network != network:
            raise DataError(
                f"All folds of a protocol must have the same columns; {file.name} differs from "
                f"{files[0].name}. Remove the folds of the older network and train them again."
            )
    images = np.concatenate([part.images for part in parts])
    names, counts = np.unique(images, return_counts=True)
    if (counts > 1).any():
        raise DataError(
            f"An image must be predicted by one fold; '{names[counts > 1][0]}' is in several of "
            f"{folder} ({int((counts > 1).sum())} such images). Remove folds of another split."
        )
    return join_predictions(parts)


def join_predictions(parts: Sequence[OutOfFold]) -> OutOfFold:
    """Return predictions of the same factors one after another.

    Args:
        parts: At least one; of different images.
    """
    network = parts[0].network
    return OutOfFold(
        np.concatenate([part.images for part in parts]),
        np.concatenate([part.groups for part in parts]),
        np.concatenate([part.folds for part in parts]),
        network,
        {f.name: np.concatenate([p.labels[f.name] for p in parts]) for f in network.factors},
        np.concatenate([part.logits for part in parts]),
    )


def read_added(folder: Path) -> OutOfFold | None:
    """Read the answers to added images, out of fold as well; ``None`` where none were added.

    Args:
        folder: Folder of a protocol's predictions.

    Raises:
        DataError: As ``read_predictions``.
    """
    place = folder / ADDED
    return read_predictions(place) if any(place.glob("*.csv")) else None


def _read_fold(file: Path) -> OutOfFold:
    with file.open(encoding="utf-8", newline="") as handle:
        rows = list(csv.reader(handle))
    header = rows[0] if rows else []
    network = _network_of(header, file)
    n_true = len(network.factors)
    body = rows[1:]
    for line, row in enumerate(body, start=2):
        if len(row) != len(header):
            raise DataError(
                f"Every line needs {len(header)} values; line {line} of {file.name} has "
                f"{len(row)}. Remove the file and train the fold again."
            )
    labels = {
        factor.name: _read_labels([row[len(KEYS) + i] for row in body], factor, file)
        for i, factor in enumerate(network.factors)
    }
    try:
        logits = np.array([row[len(KEYS) + n_true :] for row in body], dtype=np.float32)
    except ValueError as error:
        raise DataError(f"Logits must be numbers; {file.name}: {error}.") from error
    return OutOfFold(
        np.array([row[0] for row in body], dtype=np.str_),
        np.array([row[1] for row in body], dtype=np.str_),
        np.array([row[2] for row in body], dtype=np.str_),
        network,
        labels,
        logits.reshape(len(body), network.n_logits),
    )


def _network_of(header: Sequence[str], file: Path) -> Network:
    """Rebuild the factors from the columns' names; pooling is not known here."""
    values: dict[str, list[str]] = {
        name.removeprefix("true:"): [] for name in header if name.startswith("true:")
    }
    for name in header:
        if name.startswith("logit:"):
            factor, _, value = name.removeprefix("logit:").partition(":")
            values.setdefault(factor, []).append(value)
    network = Network(tuple(Factor(name, tuple(own)) for name, own in values.items()))
    expected = [
        *KEYS,
        *(f"true:{f.name}" for f in network.factors),
        *(f"logit:{f.name}:{value}" for f in network.factors for value in f.values),
    ]
    if list(header) != expected or not network.n_logits:
        raise DataError(
            "The columns must be image, group, fold, true:<factor> ..., "
            f"logit:<factor>:<value> ...; {file.name} has: {', '.join(header) or 'nothing'}."
        )
    return network


def _read_labels(cells: Sequence[str], factor: Factor, file: Path) -> Indices:
    index = {value: number for number, value in enumerate(factor.values)} | {"": UNKNOWN}
    unknown = sorted(set(cells) - set(index))
    if unknown:
        raise DataError(
            f"true:{factor.name} must be one of {', '.join(factor.values)} or empty; "
            f"{file.name} has '{unknown[0]}'."
        )
    return np.array([index[cell] for cell in cells], dtype=np.int64)
