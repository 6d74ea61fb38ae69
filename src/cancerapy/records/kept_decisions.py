"""Decisions on the record: what the agent said when an examination was made, never changed.

An examination whose answers are changed later gets one more, and the newest counts.
Costs, evidence and code change with every version of the package, and with them what the same
images and answers lead to; a record has to show what a doctor was told.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace

from pydantic import TypeAdapter
from sqlalchemy import select
from sqlalchemy.orm import Session

from cancerapy import __version__
from cancerapy.agent import digest_basis
from cancerapy.cancers import load_cancer
from cancerapy.contract import Examination, Origin, RecordedDecision, to_dict
from cancerapy.contract.records import DecisionHistory
from cancerapy.records.audit import write_entry
from cancerapy.records.columns import new_id, now
from cancerapy.records.integrity import DECIDED
from cancerapy.records.row_ids import find
from cancerapy.records.tables import DecisionRow
from cancerapy.records.tables import Examination as ExaminationRow

_DECISION = TypeAdapter(RecordedDecision)


def to_recorded(
    decided: Examination,
    examination_id: str,
    origin: Origin,
    answers: Mapping[str, str],
) -> RecordedDecision:
    """Return a decision that was worked out just now, with what it was worked out from.

    Args:
        decided: The decision.
        examination_id: The examination on the record; empty while it is not there yet.
        origin: Why it is worked out.
        answers: What it was worked out from, beside the guesses.

    Raises:
        DataError: The evidence of the cancer cannot be read.
    """
    values = {name: getattr(decided, name) for name in Examination.__dataclass_fields__}
    return RecordedDecision(
        **values,
        id=None,
        examination_id=examination_id,
        origin=origin,
        models=tuple(sorted({guess.model for guess in decided.predictions})),
        basis_sha256=digest_basis(load_cancer(decided.cancer)),
        package_version=__version__,
        decided_at=now().isoformat(),
        answers=dict(answers),
    )


def keep_decision(
    session: Session, examination_id: str, decided: RecordedDecision, actor: str
) -> None:
    """Put what was decided on the record.

    Args:
        session: A session of ``Records.writing``.
        examination_id: The examination.
        decided: From ``to_recorded``.
        actor: Who made the examination, or changed its answers.
    """
    kept = replace(decided, id=new_id(), examination_id=examination_id)
    content = json.dumps(to_dict(kept), ensure_ascii=False, sort_keys=True)
    session.add(DecisionRow(id=kept.id, examination_id=examination_id, content=content))
    session.flush()
    write_entry(
        session, actor, DECIDED, "decision", str(kept.id),
        examination=examination_id, content_sha256=hashlib.sha256(content.encode()).hexdigest(),
    )  # fmt: skip


def read_kept(session: Session, examination_ids: Sequence[str]) -> list[RecordedDecision]:
    """Return all decisions that were kept of examinations, in the order of their making.

    Args:
        session: Any session.
        examination_ids: The examinations, not checked.
    """
    query = (
        select(DecisionRow.content)
        .where(DecisionRow.examination_id.in_(examination_ids))
        .order_by(DecisionRow.number)
    )
    return [_DECISION.validate_json(content) for content in session.scalars(query)]


def list_kept(session: Session, examination_id: str) -> DecisionHistory:
    """Return all decisions that were kept of one examination, oldest first.

    Raises:
        RecordUnknownError: There is no such examination.
    """
    row = find(session, ExaminationRow, "examination", examination_id)
    return DecisionHistory(tuple(read_kept(session, [row.id])))
