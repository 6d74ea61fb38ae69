"""A simulated clinic: patients of another site registered, examined and reviewed in the records.

The reviewer says what the data set's table says, so the reviews are as good as the table is.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from cancerapy.cancers import Cancer, Task
from cancerapy.contract.records import ExaminationRecord
from cancerapy.contract.requests import (
    ExaminationDetails,
    Identifier,
    NewConsent,
    NewReview,
    PatientDetails,
)
from cancerapy.data.manifest import Manifest
from cancerapy.data.progress import Progress, silent
from cancerapy.data.summary import class_of
from cancerapy.layouts.sample import Sample
from cancerapy.readers import DATA_SET_LIMITS, read_bytes
from cancerapy.records.consents import record_consent
from cancerapy.records.examinations import JudgedImage, add_examination, list_examinations
from cancerapy.records.patients import create_patient, list_patients
from cancerapy.records.picture import media_type_of
from cancerapy.records.reviews import add_review
from cancerapy.records.session import Records
from cancerapy.runtime.models import Models

CLERK = "simulated-clerk"
REVIEWER = "simulated-reviewer"
_SIDES = {"left": "L", "right": "R"}


@dataclass(frozen=True, slots=True)
class Visit:
    """What a patient of the site comes with.

    Args:
        number: By which the site knows the patient.
        consents: Whether the images may be learnt from.
        images: Each image with its labels, by the SHA-256 of its file; at least one.
    """

    number: str
    consents: bool
    images: Mapping[str, Sample]


def read_visits(
    manifest: Manifest, patients: Collection[str], refusing: Collection[str]
) -> list[Visit]:
    """Return the visit of each of some patients of a data set, in the order of their numbers.

    Args:
        manifest: The data set.
        patients: Groups of it that come to the clinic.
        refusing: Those among them that do not consent to training.
    """
    images: dict[str, dict[str, Sample]] = {number: {} for number in sorted(patients)}
    rows = zip(manifest.groups.tolist(), manifest.sha256, manifest.samples, strict=True)
    for group, sha256, sample in rows:
        if group in images:
            images[group].setdefault(sha256, sample)
    return [Visit(number, number not in refusing, own) for number, own in images.items()]


def fill_records(
    cancer: Cancer,
    manifest: Manifest,
    visits: Sequence[Visit],
    records: Records,
    models: Models,
    *,
    progress: Progress = silent,
) -> None:
    """Register every patient, examine all of the images, and review every guess.

    Broken off, it goes on where it was: a patient is registered once, and examined once.

    Args:
        cancer: What is looked for.
        manifest: The data set of the site.
        visits: Who comes.
        records: Of the clinic.
        models: Holds the model that is served.
        progress: Told of each visit.
    """
    for done, visit in enumerate(visits, 1):
        patient = _register(records, manifest.source, visit)
        with records.reading() as session:
            found = list_examinations(session, patient_id=patient).items
        task = fitting_task(cancer, visit)
        made = found[0] if found else _examine(records, models, patient, manifest.root, visit, task)
        _review(records, made, cancer.task(made.task), visit)
        progress(done, len(visits))


def fitting_task(cancer: Cancer, visit: Visit) -> Task:
    """Return the task whose classes say most of a patient's images: a review confirms most factors.

    One that lacks a class for an image, as where the table lacks a value, is not asked; the first
    is, where all do.

    Args:
        cancer: Whose tasks.
        visit: The patient's images.
    """
    samples = visit.images.values()
    covering = [t for t in cancer.tasks if all(class_of(t, s.labels) for s in samples)]
    return max(covering or cancer.tasks[:1], key=lambda task: len(task.classes[0].selects))


def _register(records: Records, site: str, visit: Visit) -> str:
    """Return the id of the patient, registered with the decision on training in one step."""
    with records.writing() as session:
        if found := list_patients(session, search=visit.number).items:
            return found[0].id
        details = PatientDetails(visit.number, identifiers=(Identifier(site, visit.number),))
        patient = create_patient(session, details, CLERK)
        record_consent(session, patient.id, NewConsent("training", visit.consents), CLERK)
        return patient.id


def _examine(
    records: Records, models: Models, patient: str, root: Path, visit: Visit, task: Task
) -> ExaminationRecord:
    predictor = models.predictor(task.id)
    judged = []
    for sample in visit.images.values():
        data = read_bytes(sample.at(root), limits=DATA_SET_LIMITS)
        guess = predictor.predict(data, task.id)
        view, side = sample.facts.get("view"), _SIDES.get(sample.facts.get("laterality", ""))
        judged.append(JudgedImage(data, media_type_of(data), (guess,), view, side))
    return add_examination(records, patient, ExaminationDetails(task.id), judged, CLERK)


def _review(records: Records, made: ExaminationRecord, task: Task, visit: Visit) -> None:
    """Say of every open guess what the table says; nothing where it does not say a class."""
    files = {image.id: image.sha256 for image in made.images}
    with records.writing() as session:
        for guess in made.predictions:
            sample = visit.images.get(files.get(guess.image_id or "", ""))
            true = class_of(task, sample.labels) if sample else ""
            if guess.reviews or not true:
                continue
            agrees = true == guess.predicted_class
            said = NewReview("agree") if agrees else NewReview("correct", true)
            add_review(session, guess.id, said, REVIEWER)
