"""A patient's record on paper: one page about the patient, then one for each machine guess."""

from dataclasses import replace

from cancerapy.cancers import Cancer, load_cancer, load_task
from cancerapy.contract import RecordedDecision
from cancerapy.contract.records import (
    ExaminationRecord,
    ImageRecord,
    PatientExport,
    PatientRecord,
    PredictionRecord,
)
from cancerapy.errors import CanceRapyError
from cancerapy.records.audit import write_entry
from cancerapy.records.examinations import get_examination
from cancerapy.records.export import collect
from cancerapy.records.image_store import ImageStore
from cancerapy.records.kept_decisions import read_kept
from cancerapy.records.patients import get_patient
from cancerapy.records.report_pictures import draw_pictures
from cancerapy.records.session import Records
from cancerapy.records.words import LANGUAGES, Words, load_words
from cancerapy.reports import Report, Section

__all__ = ["LANGUAGES", "compose_reports", "export_examination_pdf", "export_pdf"]


def export_pdf(records: Records, patient_id: str, language: str, actor: str) -> bytes:
    """Return a patient's record as a PDF; that it was taken stands in the audit log.

    Args:
        records: The records.
        patient_id: The patient.
        language: One of ``LANGUAGES``.
        actor: Who takes it.

    Raises:
        RecordUnknownError: There is no such patient.
    """
    from cancerapy.reports.pdf import write_pdf

    found = collect(records, patient_id, actor, f"pdf-{language}")
    return write_pdf(*compose_reports(found, records.images, load_words(language)))


def export_examination_pdf(
    records: Records, examination_id: str, language: str, actor: str
) -> bytes:
    """Return one examination as a PDF, a page for each machine guess; it names the patient.

    Args:
        records: The records.
        examination_id: The examination.
        language: One of ``LANGUAGES``.
        actor: Who takes it; that it was taken stands in the audit log.

    Raises:
        RecordUnknownError: There is no such examination.
    """
    from cancerapy.reports.pdf import write_pdf

    with records.writing() as session:
        found = get_examination(session, examination_id)
        patient = get_patient(session, found.patient_id)
        form = f"pdf-{language}"
        kept = read_kept(session, [found.id])
        write_entry(session, actor, "examination.export", "examination", found.id, form=form)
    say = load_words(language)
    pages = _about_examination(found, kept[-1] if kept else None, records.images, say)
    person = Section(say("patient"), ((say("name"), patient.name), *_person(patient, say)))
    return write_pdf(*(replace(page, sections=(person, *page.sections)) for page in pages))


def compose_reports(found: PatientExport, store: ImageStore, say: Words) -> list[Report]:
    """Return what the pages say.

    Args:
        found: The patient.
        store: Where the images lie.
        say: The words.
    """
    reports = [_about_patient(found, say)]
    decisions = {decided.examination_id: decided for decided in found.decisions}
    for examination in found.examinations:
        decided = decisions.get(examination.id)
        reports += _about_examination(examination, decided, store, say)
    return reports


def _about_examination(
    examination: ExaminationRecord, decided: RecordedDecision | None, store: ImageStore, say: Words
) -> list[Report]:
    images, section = {image.id: image for image in examination.images}, _decided(decided, say)
    return [
        _about_guess(examination, guess, images.get(guess.image_id or ""), store, section, say)
        for guess in examination.predictions
    ]


def _person(patient: PatientRecord, say: Words) -> tuple[tuple[str, str], ...]:
    born = "" if patient.birth_year is None else str(patient.birth_year)
    rows = [
        (say("birth_year"), born),
        (say("sex"), say(f"sex.{patient.sex}")),
        (say("registered"), _minute(patient.created_at)),
        *((one.system, one.value) for one in patient.identifiers),
    ]
    return tuple(row for row in rows if row[1])


def _about_patient(found: PatientExport, say: Words) -> Report:
    patient = found.patient
    consents = [
        (say(f"purpose.{purpose}"), say("given" if given else "not_given"))
        for purpose, given in patient.consents.items()
    ]
    visits = [
        (_minute(one.created_at), say.of(one.cancer, load_task(one.task)[1].title))
        for one in found.examinations
    ]
    return Report(
        language=say.language,
        is_right_to_left=say.is_right_to_left,
        title=say("title.patient"),
        warning=say("statement"),
        headline=patient.name,
        lines=(),
        pictures=(),
        sections=(
            Section(say("patient"), _person(patient, say)),
            Section(say("consents"), tuple(consents)),
            Section(say("examinations"), tuple(visits)),
        ),
    )


def _about_guess(
    examination: ExaminationRecord,
    prediction: PredictionRecord,
    image: ImageRecord | None,
    store: ImageStore,
    decided: Section,
    say: Words,
) -> Report:
    cancer = load_cancer(examination.cancer)
    answer = prediction.prediction
    pictures: tuple[bytes, ...] = ()
    lines = [_decision(cancer, prediction, say)]
    if answer["verdict"] != "answer":
        lines.append(say(f"verdict.{answer['verdict']}"))
    try:
        if image is not None:
            pictures = draw_pictures(store, image, answer.get("heatmap"), cancer)
    except CanceRapyError:  # a record without its picture is still a record
        lines.append(say("image_missing"))
    percent = f"{100 * _probability(prediction):.0f} %"
    return Report(
        language=say.language,
        is_right_to_left=say.is_right_to_left,
        title=f"{say('title.examination')}: {say.of(cancer.id, cancer.title)}",
        warning=say("statement"),
        headline=f"{say('machine_guess')}: "
        f"{_term(cancer, prediction.task, prediction.predicted_class, say)} ({percent})",
        lines=tuple(lines),
        pictures=pictures,
        sections=(
            Section(say("advice"), (("", say.of(cancer.id, answer["advice"]["text"])),)),
            decided,
            Section(say("probabilities"), _classes(cancer, prediction, say)),
            Section(say("answers"), _answers(cancer, examination, say)),
            Section(say("reviews"), _reviews(cancer, prediction, say)),
            Section(say("facts"), _facts(examination, prediction, image, say)),
        ),
    )


def _decided(decided: RecordedDecision | None, say: Words) -> Section:
    """Return what was said of all images of an examination together, when it was made."""
    if decided is None:
        return Section(say("decided"), (("", say("decided.not_kept")),))
    sentences, version = decided.decision.sentences, f"CanceRapy {decided.package_version}"
    said = sentences.get(say.language, decided.decision.sentence)
    when = (say("time"), f"{_minute(decided.decided_at)}, {version}")
    return Section(say("decided"), (("", said), when))


def _decision(cancer: Cancer, prediction: PredictionRecord, say: Words) -> str:
    words = say(f"decision.{prediction.decision}")
    if prediction.final_class is None:
        return words
    return f"{words}: {_term(cancer, prediction.task, prediction.final_class, say)}"


def _term(cancer: Cancer, task_id: str, class_id: str, say: Words) -> str:
    titles = {label.id: label.title for label in cancer.task(task_id).classes}
    return say.of(cancer.id, titles.get(class_id, class_id))


def _probability(prediction: PredictionRecord) -> float:
    entries = {entry["id"]: entry["probability"] for entry in prediction.prediction["classes"]}
    return float(entries[prediction.predicted_class])


def _classes(
    cancer: Cancer, prediction: PredictionRecord, say: Words
) -> tuple[tuple[str, str], ...]:
    entries = sorted(prediction.prediction["classes"], key=lambda one: -one["probability"])
    return tuple(
        (_term(cancer, prediction.task, one["id"], say), f"{100 * one['probability']:.1f} %")
        for one in entries
    )


def _answers(
    cancer: Cancer, examination: ExaminationRecord, say: Words
) -> tuple[tuple[str, str], ...]:
    rows = []
    for question in cancer.questions:
        value = examination.answers.get(question.id)
        if value is None:
            continue
        words = say(value) if value in ("yes", "no") else say.of(cancer.id, str(value))
        rows.append((say.of(cancer.id, question.text), words))
    return tuple(rows)


def _reviews(
    cancer: Cancer, prediction: PredictionRecord, say: Words
) -> tuple[tuple[str, str], ...]:
    rows = []
    for review in prediction.reviews:
        words = say(f"review.{review.verdict}")
        if review.verdict == "correct" and review.class_id is not None:
            words += f" {_term(cancer, prediction.task, review.class_id, say)}"
        remark = f" - {review.comment}" if review.comment else ""
        rows.append((f"{review.reviewer}, {_minute(review.created_at)}", words + remark))
    return tuple(rows)


def _facts(
    examination: ExaminationRecord,
    prediction: PredictionRecord,
    image: ImageRecord | None,
    say: Words,
) -> tuple[tuple[str, str], ...]:
    rows = [
        (say("time"), _minute(prediction.created_at)),
        (say("model"), prediction.model),
        (say("place"), examination.lesion),
        (say("digest"), image.sha256[:16] if image else ""),
        (say("image"), " ".join(filter(None, (image.laterality, image.view))) if image else ""),
    ]
    return tuple(row for row in rows if row[1])


def _minute(moment: str) -> str:
    return moment[:16].replace("T", " ")
