"""Saving a correction that somebody else may have come before; nothing that was typed is lost."""

from dataclasses import replace

from cancerapy.app.records.client import RecordsClient
from cancerapy.app.records.draft import draft_of, to_details
from cancerapy.app.records.host import Host, refuse
from cancerapy.contract.records import PatientRecord
from cancerapy.errors import RefusedError

CHANGED = "record_changed"
"""What a server says whose record is not as it was read."""


async def save_correction(host: Host, client: RecordsClient, patient: PatientRecord) -> bool:
    """Save what was typed over a patient; return whether that was done.

    Where somebody else has saved another text meanwhile, theirs is shown beside what was typed,
    and saving again replaces it. A consent that was given meanwhile keeps nobody from saving.

    Args:
        host: Whose draft it is.
        client: Asks for the records.
        patient: The patient as they were read.

    Raises:
        ClientError: The server cannot be asked, or refuses for another reason.
    """
    records = host.state.records
    details = to_details(records.draft)
    try:
        await client.update_patient(patient.id, details, records.draft.tag)
        return True
    except RefusedError as error:
        if error.code != CHANGED:
            raise
    records.patient, tag = await client.begin_update(patient.id)
    records.draft = replace(records.draft, tag=tag)
    if draft_of(records.patient) == draft_of(patient):
        await client.update_patient(patient.id, details, tag)
        return True
    records.saved_meanwhile = records.patient
    refuse(host, CHANGED)
    return False
