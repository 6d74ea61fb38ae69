"""What a protocol's folder says of itself: ``protocol.json`` beside the folds' CSV files."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cancerapy.errors import DataError
from cancerapy.evaluation.predictions import OutOfFold

FILE_NAME = "protocol.json"
LEAKING = "LEAKING"


@dataclass(frozen=True, slots=True)
class ProtocolRecord:
    """Whose predictions lie in a folder.

    Args:
        protocol: Name of the protocol, for instance ``"grouped-5"``.
        leaking: Whether groups stand on two sides.
        folds: Names of all folds that belong to it; empty if not recorded.
        model: Backbone, or another name for what predicted.
        plan_digest: Digest of the training plan; empty if not recorded.
        manifest_digest: Digest of the data set; empty if not recorded.
        split_digest: Digest of who is on which side.
        seed: Seed of folds and training; empty if not recorded.
        plan: The training plan's values.
        bundle: Name of the bundle that predicted an external data set; else empty.
        bundle_graph: SHA-256 of its graph.
    """

    protocol: str
    leaking: bool
    folds: tuple[str, ...]
    model: str
    plan_digest: str
    manifest_digest: str
    split_digest: str
    seed: str
    plan: dict[str, Any]
    bundle: str = ""
    bundle_graph: str = ""


def read_record(folder: Path, protocol: str) -> ProtocolRecord:
    """Read what the training noted about a folder of predictions.

    Args:
        folder: The folder with one CSV per fold.
        protocol: Its protocol, as asked for.

    Returns:
        The record; with empty fields where nothing was noted.

    Raises:
        DataError: ``protocol.json`` cannot be read.
    """
    file = folder / FILE_NAME
    values: dict[str, Any] = {}
    if file.is_file():
        try:
            values = json.loads(file.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise DataError(
                f"{FILE_NAME} must be readable JSON; that of '{folder.name}' is not: {error}. "
                "Train one of its folds again to write it anew."
            ) from error
    plan = dict(values.get("plan") or {})
    return ProtocolRecord(
        protocol,
        bool(values.get("leaking", LEAKING in protocol)),
        tuple(values.get("folds") or ()),
        str(values.get("model") or plan.get("backbone") or "unnamed"),
        str(values.get("plan_digest", "")),
        str(values.get("manifest_digest", "")),
        str(values.get("split_digest", "")),
        str(values.get("seed", "")),
        plan,
        str(values.get("bundle", "")),
        str(values.get("bundle_graph", "")),
    )


def missing_folds(record: ProtocolRecord, folder: Path) -> list[str]:
    """Return the folds that are recorded and have no predictions yet, in their order."""
    return [name for name in record.folds if not (folder / f"{name}.csv").is_file()]


def check_complete(record: ProtocolRecord, folder: Path, cancer_id: str) -> None:
    """Check that every fold has its predictions.

    Raises:
        DataError: Some have not; the message names them and the command that makes them.
    """
    remedy = f"cancerapy train {cancer_id} --cross-validate {record.protocol}"
    if record.leaking:
        remedy += " --allow-leak"
    if not any(folder.glob("*.csv")):
        raise DataError(
            f"Predictions of '{cancer_id}' by protocol {record.protocol} are needed in {folder}; "
            f"no fold is there. Make them with: {remedy}",
            code="predictions_missing",
        )
    missing = missing_folds(record, folder)
    if missing:
        raise DataError(
            f"All {len(record.folds)} folds of {record.protocol} are needed in {folder}; missing: "
            f"{', '.join(missing)}. The same command makes only what is missing: {remedy}",
            code="predictions_missing",
        )


def fold_digest(out_of_fold: OutOfFold) -> str:
    """Return a digest of which image is in which fold, from the predictions themselves."""
    pairs = sorted(zip(out_of_fold.images.tolist(), out_of_fold.folds.tolist(), strict=True))
    return hashlib.sha256(json.dumps(pairs).encode()).hexdigest()[:16]
