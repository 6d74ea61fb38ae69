"""Whether what the records hold is what the audit log tells of.

The chain shows a change of the log; this shows a change of the records behind the triggers' back.
"""

import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Text, cast, func, select
from sqlalchemy.orm import Session

from cancerapy.contract.audit import AuditCheck, AuditDowngrade
from cancerapy.records.audit import read_details, verify
from cancerapy.records.downgrades import Downgrade, list_downgrades
from cancerapy.records.raw_rows import RawRow, as_raw, iter_rows, raw_texts, read_ids, to_id
from cancerapy.records.row_integrity import check_rows, read_texts
from cancerapy.records.tables import (
    MACHINE_GUESS,
    AuditEntry,
    Base,
    Consent,
    DecisionRow,
    Examination,
    ExaminationImage,
    Patient,
    PredictionRow,
    Review,
)

_LONGEST_WRITING = timedelta(hours=1)
"""Most that a row and its entry are apart, with room for a clock that is put right meanwhile."""

_REVIEW = ("prediction_id", "reviewer", "verdict", "class_id", "created_at")
_CONSENT = ("patient_id", "recorded_by", "purpose", "given", "created_at")
"""What is compared with an entry, in its order; the time comes last."""

EXAMINED = "examination.create"
CREATED = "prediction.create"
DECIDED = "decision.keep"
REVIEWED = "review.create"
CONSENTED = {"consent.give": True, "consent.withdraw": False}
ERASED = ("patient.erase", "examination.erase")


def check_records(session: Session, expected: str = "") -> AuditCheck:
    """Check the audit log, and the records against it.

    Args:
        session: Any session.
        expected: A hash noted earlier that has to be in the log.
    """
    with raw_texts(session):
        return _check(session, expected)


def _check(session: Session, expected: str) -> AuditCheck:
    state = verify(session, expected)
    downgrades = list_downgrades(session)
    rows = check_rows(session, downgrades)
    decisions = find_altered_decisions(session)
    lost = find_lost_decisions(session, decisions, downgrades)
    altered = {
        "altered_predictions": tuple(find_altered_predictions(session)),
        "altered_decisions": tuple(sorted({*decisions}.difference(*lost.values()))),
        "altered_judgements": tuple(find_altered_judgements(session)),
        **{f"altered_{kind}s": ids for kind, ids in rows.altered.items()},
    }
    return AuditCheck(
        is_whole=state.is_whole and not any(altered.values()),
        n_entries=state.n_entries,
        head=state.head,
        broken_at=state.broken_at,
        reason=state.reason,
        n_without_digest=rows.n_without_digest,
        downgrades=tuple(
            AuditDowngrade(
                one.number, one.at, one.revision,
                (*lost.get(one.number, ()), *rows.lost.get(one.number, ())),
            )
            for one in downgrades
        ),
        **altered,
    )  # fmt: skip


def find_altered_predictions(session: Session) -> list[str]:
    """Return the ids of predictions that are not what was written, sorted.

    Altered is one that cannot be read, whose content differs, whose columns say something else than
    its content, whose examination is another patient's or shows other images than when it was made,
    that the log does not know, or that is gone although no erasure took its examination.

    Args:
        session: Any session.
    """
    found = _find_altered(session, CREATED, PredictionRow, _is_as_written)
    return sorted({*found, *_find_moved(session)})


def find_altered_decisions(session: Session) -> list[str]:
    """Return the ids of decisions that are not what was written, sorted; see above.

    The newest of an examination counts as altered too where the examination's answers are not
    those that it was worked out from, and each that stands in another order than the log has.

    Args:
        session: Any session.
    """
    found = _find_altered(session, DECIDED, DecisionRow, _is_decision_as_written)
    query = select(as_raw(DecisionRow.id)).order_by(DecisionRow.number)
    kept = [to_id(raw) for raw in session.scalars(query)]
    told = [own for own, _ in _written(session, (DECIDED,))]
    moved = _find_reordered(kept, told)
    return sorted({*found, *_find_answered_otherwise(session), *moved})


def find_lost_decisions(
    session: Session, altered: Collection[str], downgrades: Iterable[Downgrade]
) -> dict[int, tuple[str, ...]]:
    """Return the ids of the decisions that went with their table, by the number of the downgrade.

    Args:
        session: Any session.
        altered: From ``find_altered_decisions``.
        downgrades: From ``list_downgrades``.
    """
    gone = {*altered}.difference(read_ids(session, DecisionRow))
    lost: dict[int, tuple[str, ...]] = {}
    for downgrade in downgrades:
        if gone and "decisions" in downgrade.parts:
            until = AuditEntry.number < downgrade.number
            decided = {own for own, _ in _written(session, (DECIDED,), until)}
            lost[downgrade.number] = tuple(sorted(gone & decided))
            gone.difference_update(lost[downgrade.number])
    return lost


def find_altered_judgements(session: Session) -> list[str]:
    """Return the ids of reviews and consents that are not what was written, sorted.

    Altered is one that says something else than its entry in the log (who, what, and when to the
    hour; not a comment), that the log does not know, that stands in another order (the newest
    counts), or that is gone although what it belongs to is there.

    Args:
        session: Any session.
    """
    unreadable: set[str] = set()
    reviews = _read_judgements(session, Review, _REVIEW, unreadable)
    consents = _read_judgements(session, Consent, _CONSENT, unreadable)
    rows = reviews | consents
    there = read_ids(session, PredictionRow) | read_ids(session, Patient)
    told: dict[str, tuple[Any, ...]] = {}
    moments: dict[str, str] = {}
    judged = AuditEntry.action.in_((REVIEWED, *CONSENTED))
    for entry in iter_rows(session, AuditEntry, judged, order="number"):
        details = read_details(entry.details)
        if entry.action == REVIEWED:
            own = str(details.get("review"))
            said = (details.get("verdict"), details.get("class_id"))
        else:
            own = str(details.get("consent"))
            said = (details.get("purpose"), CONSENTED[entry.action])
        told[own], moments[own] = (entry.subject_id, entry.actor, *said), entry.at
    gone = {own for own in told.keys() - rows.keys() if told[own][0] in there}
    others = {
        own
        for own, said in rows.items()
        if told.get(own) != said[:-1] or _is_apart(said[-1], moments[own])
    }
    order = list(told)
    moved = {*_find_reordered(list(reviews), order), *_find_reordered(list(consents), order)}
    return sorted(gone | others | moved | unreadable)


def _read_judgements(
    session: Session, table: type[Base], names: tuple[str, ...], unreadable: set[str]
) -> dict[str, tuple[Any, ...]]:
    """Return what each row says by its id, in their order; add the others to ``unreadable``."""
    rows: dict[str, tuple[Any, ...]] = {}
    for row in iter_rows(session, table, order="number"):
        if row.is_readable:
            rows[row.id] = tuple(getattr(row, name) for name in names)
        else:
            unreadable.add(to_id(row.id))
    return rows


def _is_apart(moment: datetime, told: str) -> bool:
    """Tell whether a row's moment is not that of its entry, which follows in the transaction."""
    try:
        return abs(moment - datetime.fromisoformat(told)) > _LONGEST_WRITING
    except (ValueError, TypeError):
        return True


def _find_reordered(kept: list[str], told: list[str]) -> list[str]:
    """Return the ids that do not stand where they do in the order in which the log tells them."""
    places = {own: place for place, own in enumerate(told)}
    known = [own for own in kept if own in places]
    as_told = sorted(known, key=places.__getitem__)
    return [own for own, wanted in zip(known, as_told, strict=True) if own != wanted]


def _find_altered(
    session: Session,
    action: str,
    table: type[Base],
    is_as_written: Callable[[RawRow, dict[str, Any]], bool],
) -> list[str]:
    """Return the ids of the rows that differ from the log, and of those that are missing.

    Of the rows a block is in memory at a time, since each holds a heat map; of the log what it
    says of each, which is two digests.
    """
    written = dict(_written(session, (action,)))
    erased = _erased_examinations(session)
    found = set()
    for row in iter_rows(session, table):
        own = to_id(row.id)
        details = written.pop(own, None)
        if details is None or not row.is_readable or not is_as_written(row, details):
            found.add(own)
    gone = {
        own for own, details in written.items() if str(details.get("examination")) not in erased
    }
    return sorted(found | gone)


def _find_answered_otherwise(session: Session) -> Iterator[str]:
    """Yield the ids of the newest decisions that rest on other answers than the record has."""
    newest = select(func.max(DecisionRow.number)).group_by(DecisionRow.examination_id)
    query = (
        select(as_raw(DecisionRow.id), DecisionRow.content, cast(Examination.answers, Text))
        .join(Examination, Examination.id == DecisionRow.examination_id)
        .where(DecisionRow.number.in_(newest))
    )
    for own, content, answers in session.execute(query.execution_options(yield_per=500)):
        used = read_details(content).get("answers")
        if used is not None and used != read_details(answers):
            yield to_id(own)


def _find_moved(session: Session) -> list[str]:
    """Return the ids of the predictions of examinations whose patient or images are others."""
    shown: dict[str, list[str]] = {}
    for row in iter_rows(session, ExaminationImage):
        shown.setdefault(row.examination_id, []).append(row.image_sha256)
    owners = {row.id: row.patient_id for row in iter_rows(session, Examination)}
    moved = {
        own
        for own, details in _written(session, (EXAMINED,))
        if own in owners
        and (owners[own], sorted(shown.get(own, ())))
        != (details.get("patient"), details.get("images"))
    }
    ids = (as_raw(PredictionRow.id), as_raw(PredictionRow.examination_id))
    return [to_id(guess) for guess, own in session.execute(select(*ids)) if to_id(own) in moved]


def _is_as_written(row: RawRow, details: dict[str, Any]) -> bool:
    content = read_details(row.content)
    return (
        hashlib.sha256(row.content.encode()).hexdigest() == details.get("content_sha256")
        and row.examination_id == details.get("examination")
        # The oldest entries do not name the image.
        and row.examination_image_id == details.get("image", row.examination_image_id)
        and all(getattr(row, name) == content.get(name) for name in ("task", "model"))
        and row.predicted_class == content.get("predicted_class")
        and row.state == MACHINE_GUESS
    )


def _is_decision_as_written(row: RawRow, details: dict[str, Any]) -> bool:
    content = read_details(row.content)
    return (
        hashlib.sha256(row.content.encode()).hexdigest() == details.get("content_sha256")
        and row.examination_id == details.get("examination")
        and all(getattr(row, name) == content.get(name) for name in ("id", "examination_id"))
    )


def _erased_examinations(session: Session) -> set[str]:
    return {
        examination
        for _, details in _written(session, ERASED)
        for examination in read_texts(details.get("examinations"))
    }


def _written(
    session: Session, actions: tuple[str, ...], *conditions: ColumnElement[bool]
) -> list[tuple[str, dict[str, Any]]]:
    """Return subject and details of the entries of some actions, in order."""
    known = AuditEntry.action.in_(actions)
    entries = iter_rows(session, AuditEntry, known, *conditions, order="number")
    return [(entry.subject_id, read_details(entry.details)) for entry in entries]
