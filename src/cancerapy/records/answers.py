"""Answers to the questions of an examination, given or corrected after it was made.

Whoever answers changes what follows, so the decision is worked out anew in the same transaction
and kept. The one before stays as it was said, with the answers that it was worked out from.
"""

from collections.abc import Container, Mapping
from dataclasses import replace

from sqlalchemy.orm import Session

from cancerapy.agent import check_prevalence, read_answers
from cancerapy.cancers import load_task
from cancerapy.contract import Origin, RecordedDecision
from cancerapy.contract.records import AnswersRecord
from cancerapy.contract.requests import NewAnswers
from cancerapy.records.audit import write_entry
from cancerapy.records.decision import NO_RATES, decide_on_record
from cancerapy.records.entity_tags import check_unchanged
from cancerapy.records.kept_decisions import keep_decision, read_kept, to_recorded
from cancerapy.records.row_ids import find
from cancerapy.records.tables import Examination


def get_answers(session: Session, examination_id: str) -> AnswersRecord:
    """Return the answers of an examination as they stand.

    Raises:
        RecordUnknownError: There is no such examination.
    """
    return _to_record(find(session, Examination, "examination", examination_id))


def change_answers(
    session: Session,
    examination_id: str,
    wanted: NewAnswers,
    actor: str,
    *,
    expected: Container[str] | None = None,
    rates: Mapping[str, float] = NO_RATES,
) -> AnswersRecord:
    """Replace the answers of an examination and keep what follows from them now.

    The same answers again change nothing, unless another share of malignant findings is given with
    them: what follows is then worked out and kept for that one. Otherwise the share stays that of
    the decision before, so that the two differ by the answers alone.

    Args:
        session: A session of ``Records.writing``.
        examination_id: The examination.
        wanted: All answers from now on.
        actor: Who changes them.
        expected: Tags of which ``get_answers`` must have one, see ``entity_tags``; ``None`` for
            any.
        rates: The clinic's own shares of malignant findings by cancer, for an examination of
            which no decision was kept.

    Raises:
        RecordUnknownError: There is no such examination.
        RecordChangedError: The answers are not as the caller read them.
        UsageError: An answer is to no question or not of its kind, the prevalence is out of range,
            or the examination has no guess.
    """
    row = find(session, Examination, "examination", examination_id)
    check_unchanged(_to_record(row), expected)
    check_prevalence(wanted.prevalence)
    given = {name: str(answer) for name, answer in wanted.answers.items()}
    answers = read_answers(load_task(row.task)[0], given)
    before = dict(row.answers)
    if answers == before and wanted.prevalence in (None, _kept_prevalence(session, row)):
        return _to_record(row)
    said = _keep_what_was_said(session, row, actor, rates)
    prevalence = said.decision.prevalence if wanted.prevalence is None else wanted.prevalence
    row.answers = answers
    session.flush()
    changed = [name for name in {*before, *answers} if before.get(name) != answers.get(name)]
    if changed:
        write_entry(
            session, actor, "examination.answer", "examination", row.id, questions=sorted(changed)
        )
    decided = decide_on_record(session, row.id, prevalence=prevalence)
    keep_decision(session, row.id, to_recorded(decided, row.id, Origin.KEPT, answers), actor)
    return _to_record(row)


def _kept_prevalence(session: Session, row: Examination) -> float | None:
    kept = read_kept(session, [row.id])
    return kept[-1].decision.prevalence if kept else None


def _keep_what_was_said(
    session: Session, row: Examination, actor: str, rates: Mapping[str, float]
) -> RecordedDecision:
    """Return the newest decision; afterwards it is on record with the answers until now.

    Older versions kept a decision without its answers, or none. The first is kept once more with
    them; of the second what they lead to now is kept, which says of itself that it was not then.
    """
    kept = read_kept(session, [row.id])
    if kept and kept[-1].answers is not None:
        return kept[-1]
    answers = {name: str(answer) for name, answer in row.answers.items()}
    if kept:
        said = replace(kept[-1], answers=answers)
    else:
        decided = decide_on_record(session, row.id, prevalence=rates.get(row.cancer))
        said = to_recorded(decided, row.id, Origin.NOT_KEPT, answers)
    keep_decision(session, row.id, said, actor)
    return said


def _to_record(row: Examination) -> AnswersRecord:
    return AnswersRecord(row.id, dict(row.answers))
