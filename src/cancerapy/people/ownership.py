"""Whose record a request is about: the patient behind each kind of id."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from cancerapy.records import RecordUnknownError
from cancerapy.records.row_ids import check_id
from cancerapy.records.tables import Examination, ExaminationImage, Patient, PredictionRow

_OWNER: Mapping[str, Select[Any]] = {
    "patient": select(Patient.id),
    "examination": select(Examination.patient_id),
    "image": select(Examination.patient_id).join(ExaminationImage),
    "prediction": select(Examination.patient_id).join(PredictionRow),
}
_KEY = {
    "patient": Patient.id,
    "examination": Examination.id,
    "image": ExaminationImage.id,
    "prediction": PredictionRow.id,
}

KINDS = tuple(_OWNER)
"""What an id of a route can name: ``{patient_id}``, ``{examination_id}`` and so on."""


def find_owner(session: Session, kind: str, record_id: str) -> str | None:
    """Return the id of the patient whose record something belongs to; ``None`` for no such id.

    Args:
        session: Any session.
        kind: One of ``KINDS``.
        record_id: Its public id, as given.
    """
    try:
        key = check_id(kind, record_id)
    except RecordUnknownError:
        return None
    owner: str | None = session.scalars(_OWNER[kind].where(_KEY[kind] == key)).first()
    return owner
