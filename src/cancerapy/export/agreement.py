"""Do run, data and predictions belong together? Asked before anything is converted or written."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from cancerapy.cancers import Cancer, Source
from cancerapy.data.manifest import Manifest
from cancerapy.errors import DataError, UnknownNameError
from cancerapy.evaluation.record import ProtocolRecord, check_complete, read_record
from cancerapy.training.options import choose_source
from cancerapy.training.plan import Plan
from cancerapy.training.plan_checks import N_FLIPPED
from cancerapy.training.run_folder import RunFolder


def training_source(cancer: Cancer, facts: Mapping[str, Any]) -> Source:
    """Return the data set that a run was trained on.

    Args:
        cancer: Whose network is exported.
        facts: Of the run. Older runs name no data set: it was the cancer's own.

    Raises:
        UnknownNameError: The cancer has no data set of that name.
        DataError: The data set is for external tests, or holds copies of another.
    """
    source = choose_source(cancer, facts.get("source"))
    if source.external or source.copies_of:
        what = f"holds copies of '{source.copies_of}'" if source.copies_of else "is there to test"
        raise DataError(
            f"A bundle is made of a network trained on the original images of {cancer.id}; this "
            f"run was trained on '{source.folder}', which {what}. Train without --source and "
            "export that run."
        )
    return source


def check_run(run: RunFolder, plan: Plan, cancer: Cancer) -> None:
    """Check that a run is of the cancer that is exported.

    Raises:
        DataError: It is of another.
    """
    if plan.cancer != cancer.id:
        raise DataError(
            f"The run must be of {cancer.id}; '{run.path}' is of {plan.cancer}. Name another with "
            f"--run, or run: cancerapy export {plan.cancer}"
        )


def check_data(manifest: Manifest, facts: Mapping[str, Any]) -> None:
    """Check that the data at hand is what the run was trained on.

    Raises:
        DataError: Its digest is another.
    """
    if manifest.digest != facts["manifest"]:
        raise DataError(
            f"The statistics of a bundle come from the images that its network was trained on; "
            f"'{manifest.root}' has digest {manifest.digest}, the run's data had "
            f"{facts['manifest']}. Give the folder of the same images with --data, or train again."
        )


def find_predictions(run: RunFolder, facts: Mapping[str, Any], results: Path, cancer: str) -> Path:
    """Return the folder of a run's own predictions, else of the protocol it was fitted after."""
    if run.predictions.is_dir():
        return run.predictions
    protocol = str(facts["protocol"]).rpartition(" ")[2]
    return results / "predictions" / f"{cancer}-{protocol}"


def check_predictions(
    folder: Path, run: RunFolder, plan: Plan, facts: Mapping[str, Any], *, flips: str
) -> ProtocolRecord:
    """Check that predictions are whole, sound, and of the run's plan and data.

    Args:
        folder: The folder of the predictions.
        run: The run to be exported. What lies in its own folder is its own.
        plan: Its plan.
        facts: Its facts.
        flips: Test-time flips of the graph; the predictions must have been made with them.

    Returns:
        What is noted of the predictions.

    Raises:
        DataError: A fold is missing, groups stood on two sides, or plan, flips or data are others.
        UnknownNameError: There are no such flips.
    """
    measured = _measured_plan(plan, flips)
    if folder.resolve() == run.predictions.resolve():
        noted = read_record(folder, str(facts["protocol"]))
        manifest = str(facts["manifest"])
        record = replace(
            noted, model=plan.backbone, plan_digest=plan.digest, manifest_digest=manifest
        )
    else:
        record = _read_sound(folder, plan.cancer)
    _check_same(record, folder, plan, measured, facts)
    return record


def _measured_plan(plan: Plan, flips: str) -> Plan:
    """Return the plan by which a graph with ``flips`` was measured.

    It may differ from that of the run in its flips, as long as these had no part in the training;
    and a distilled network is measured by the same plan with labels alone, since folds with
    teachers would leak.
    """
    if flips not in N_FLIPPED:
        raise UnknownNameError.of("flips", flips, N_FLIPPED)
    if flips != plan.flips and plan.views:
        raise DataError(
            f"A network that was trained from cached views is served with the flips among them, "
            f"'{plan.flips}'; asked for is '{flips}'. Leave --flips out, or cross-validate and "
            f"fit anew with --set flips={flips}."
        )
    return replace(plan.without_teachers, flips=flips)


def _read_sound(folder: Path, cancer: str) -> ProtocolRecord:
    protocol = folder.resolve().name.removeprefix(f"{cancer}-")
    record = read_record(folder, protocol)
    if record.leaking:
        raise DataError(
            f"A bundle is calibrated with images of groups that the folds had not seen; "
            f"'{folder.name}' leaks. Give the predictions of another protocol with --predictions."
        )
    check_complete(record, folder, cancer)
    return record


def _check_same(
    record: ProtocolRecord, folder: Path, plan: Plan, measured: Plan, facts: Mapping[str, Any]
) -> None:
    """Check that the predictions are of the ``measured`` form of the run's plan and of its data."""
    own, but = "plan", ""
    if measured.flips != plan.flips:
        own, but = f"plan with flips '{measured.flips}'", f" and --set flips={measured.flips}"
    if plan.teacher_weight:
        own, but = f"{own} without teachers", f"{but} and --set teacher_weight=0"
    remedy = (
        f"Run 'cancerapy train {plan.cancer} --cross-validate {record.protocol}' with this plan"
        f"{but} and these images and --results elsewhere, or name other predictions with "
        "--predictions."
    )
    for what, noted, wanted in (
        (own, record.plan_digest, measured.digest),
        ("data", record.manifest_digest, str(facts["manifest"])),
    ):
        if noted != wanted:
            raise DataError(
                f"A bundle is calibrated with predictions of its network's own {what}, {wanted}; "
                f"those in '{folder.name}' are of {noted or 'another, not recorded'}. {remedy}",
                code="predictions_missing",
            )
