"""Patients in the app: find, register, consent, take with them, erase."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import cast

from cancerapy.app.records.client import RecordsClient
from cancerapy.app.records.correcting import save_correction
from cancerapy.app.records.draft import draft_of, find_fault, to_details
from cancerapy.app.records.host import Host, SaveFile, asking, refuse
from cancerapy.app.records.reviewing import Reviewing
from cancerapy.app.records.state import CLINICIAN, Part, PatientDraft, has_role
from cancerapy.app.state import Screen
from cancerapy.contract.records import ExaminationPage, PatientPage
from cancerapy.contract.requests import Identifier, NewConsent, Purpose


class Patients:
    """See ``actions.PatientActions`` for what each method means to the person.

    Args:
        host: The controller.
        reviewing: Reads the review queue.
        save_file: Lets the person save bytes under a name.
    """

    def __init__(self, host: Host, reviewing: Reviewing, save_file: SaveFile) -> None:
        self._host = host
        self._reviewing = reviewing
        self._save_file = save_file

    async def enter(self) -> None:
        """Read what the first screen shows: the patients, or the queue of who sees none."""
        records = self._host.state.records
        if not has_role(self._host.state.account, CLINICIAN):
            records.part = Part.QUEUE
        if records.part is Part.QUEUE:
            await self._reviewing.read_queue()
        else:
            await self.search()

    async def show_part(self, part: Part) -> None:
        """Show the patients or the review queue."""
        self._host.state.records.part = part
        await self._host.go(Screen.RECORDS)

    async def type_search(self, text: str) -> None:
        """Keep what is being typed to search for."""
        self._host.state.records.search = text

    async def search(self) -> None:
        """List the patients that fit what was typed."""
        async with asking(self._host) as client:
            records = self._host.state.records
            records.patients = await client.list_patients(records.search.strip())

    async def clear_search(self) -> None:
        """List all patients again."""
        self._host.state.records.search = ""
        await self.search()

    async def more(self) -> None:
        """List more patients."""
        async with asking(self._host) as client:
            records = self._host.state.records
            if records.patients is not None and records.patients.next is not None:
                page = await client.list_patients(records.search.strip(), records.patients.next)
                items = (*records.patients.items, *page.items)
                records.patients = PatientPage(items, page.next)

    async def begin_registering(self) -> None:
        """Show an empty form."""
        self._host.state.records.draft, self._host.state.records.note = PatientDraft(), ""
        await self._host.go(Screen.REGISTER)

    async def begin_correcting(self) -> None:
        """Show what is written down about the patient, to be corrected."""
        records = self._host.state.records
        if records.patient is None:
            return
        async with asking(self._host) as client:
            records.patient, tag = await client.begin_update(records.patient.id)
            records.draft, records.saved_meanwhile = draft_of(records.patient, tag), None
            await self._host.go(Screen.CORRECT)

    async def draft(self, draft: PatientDraft) -> None:
        """Keep what is being typed."""
        self._host.state.records.draft = draft

    async def add_identifier(self) -> None:
        """Add a row for another identifier."""
        draft = self._host.state.records.draft
        rows = (*draft.identifiers, Identifier("", ""))
        self._host.state.records.draft = replace(draft, identifiers=rows)
        self._host.redraw()

    async def register(self) -> None:
        """Write the patient down and show them."""
        draft = self._host.state.records.draft
        fault = find_fault(draft)
        if fault:
            refuse(self._host, fault)
            return
        async with asking(self._host) as client:
            made = await client.create_patient(to_details(draft))
            await self._show(client, made.id)
            self._host.state.records.note = "register.done"

    async def correct(self) -> None:
        """Replace what is written down about the patient."""
        records = self._host.state.records
        fault = find_fault(records.draft)
        if records.patient is None or fault:
            refuse(self._host, fault or "patient_name_empty")
            return
        async with asking(self._host) as client:
            if await save_correction(self._host, client, records.patient):
                records.saved_meanwhile = None
                await self._show(client, records.patient.id)
                records.note = "correct.done"

    async def take_saved(self) -> None:
        """Put what somebody else saved in the place of what was typed."""
        records = self._host.state.records
        if records.saved_meanwhile is not None:
            records.draft = draft_of(records.saved_meanwhile, records.draft.tag)
            records.saved_meanwhile, self._host.state.problem = None, None
            self._host.redraw()

    async def open(self, patient_id: str) -> None:
        """Show a patient."""
        async with asking(self._host) as client:
            await self._show(client, patient_id)

    async def read_record(self) -> None:
        """Read the patient's newest examinations and all decisions about consents."""
        records = self._host.state.records
        if records.patient is not None:
            async with asking(self._host) as client:
                records.examinations = await client.list_examinations(records.patient.id)
                records.consents = await client.list_consents(records.patient.id)

    async def more_examinations(self) -> None:
        """List more of the patient's examinations."""
        async with asking(self._host) as client:
            records = self._host.state.records
            known = records.examinations
            if records.patient is not None and known is not None and known.next is not None:
                page = await client.list_examinations(records.patient.id, known.next)
                records.examinations = ExaminationPage((*known.items, *page.items), page.next)

    async def consent(self, purpose: str, given: bool) -> None:
        """Write down a consent that is given or withdrawn."""
        records = self._host.state.records
        if records.patient is None:
            return
        async with asking(self._host) as client:
            decision = NewConsent(cast(Purpose, purpose), given)
            await client.record_consent(records.patient.id, decision)
            records.patient = await client.get_patient(records.patient.id)
            records.consents = await client.list_consents(records.patient.id)

    async def list_consents(self, is_shown: bool) -> None:
        """List all decisions about consents, or only what counts."""
        self._host.state.records.shows_consents = is_shown
        self._host.redraw()

    async def export_json(self) -> None:
        """Save everything on the record as JSON."""
        await self._export("json", lambda client, who: client.export_json(who))

    async def export_pdf(self) -> None:
        """Save the record as a PDF."""
        language = self._host.state.preferences.language
        await self._export("pdf", lambda client, who: client.export_pdf(who, language))

    async def erase(self) -> None:
        """Erase the patient for good."""
        records = self._host.state.records
        if records.patient is None:
            return
        async with asking(self._host) as client:
            await client.erase_patient(records.patient.id)
            records.patient, records.examinations, records.patients = None, None, None
            records.consents, records.saved_meanwhile = None, None
            records.examination, records.joined, records.pictures = None, None, {}
            await self._host.go(Screen.RECORDS)
            records.note = "records.erased"

    async def _export(
        self, kind: str, read: Callable[[RecordsClient, str], Awaitable[bytes]]
    ) -> None:
        patient = self._host.state.records.patient
        if patient is None:
            return
        async with asking(self._host) as client:
            data = await read(client, patient.id)
            # By id, not by name: a folder of downloads is seen by others.
            await self._save_file(data, f"cancerapy-{patient.id[:8]}.{kind}")
            self._host.state.records.note = "record.saved"

    async def _show(self, client: RecordsClient, patient_id: str) -> None:
        records = self._host.state.records
        records.patient = await client.get_patient(patient_id)
        records.examinations, records.consents, records.shows_consents = None, None, False
        await self._host.go(Screen.RECORD)
