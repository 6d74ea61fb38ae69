"""Whether the predictions on the record are those that the audit log tells of.

The chain shows a change of the log; this shows a change of the records behind the triggers' back.
"""

import hashlib
import json

from sqlalchemy import select
from sqlalchemy.orm import Session

from cancerapy.records.tables import AuditEntry, PredictionRow

CREATED = "prediction.create"


def find_altered_predictions(session: Session) -> list[str]:
    """Return the ids of predictions whose content is not what was written when they were made.

    A prediction that the log does not know counts as altered. One that was erased does not count:
    its erasure is an entry of its own.

    Args:
        session: Any session.
    """
    written = {
        subject_id: json.loads(details)["content_sha256"]
        for subject_id, details in session.execute(
            select(AuditEntry.subject_id, AuditEntry.details).where(AuditEntry.action == CREATED)
        )
    }
    rows = session.execute(
        select(PredictionRow.id, PredictionRow.content).order_by(PredictionRow.created_at)
    )
    return [
        prediction_id
        for prediction_id, content in rows
        if written.get(prediction_id) != hashlib.sha256(content.encode()).hexdigest()
    ]
