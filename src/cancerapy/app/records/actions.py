"""What a person can do with the records; ``keeper.Records`` does it."""

from typing import Protocol

from cancerapy.app.records.administration import AccountDraft
from cancerapy.app.records.state import Part, PatientDraft
from cancerapy.contract.accounts import AccountRecord
from cancerapy.contract.responses import TaskResponse


class PatientActions(Protocol):
    """What a person can do with patients."""

    async def show_part(self, part: Part) -> None:
        """Show the patients or the review queue."""

    async def type_search(self, text: str) -> None:
        """Keep what is being typed to search for."""

    async def search(self) -> None:
        """List the patients that fit what was typed."""

    async def clear_search(self) -> None:
        """List all patients again."""

    async def more(self) -> None:
        """List more patients."""

    async def begin_registering(self) -> None:
        """Show an empty form."""

    async def draft(self, draft: PatientDraft) -> None:
        """Keep what is being typed."""

    async def add_identifier(self) -> None:
        """Add a row for another identifier."""

    async def register(self) -> None:
        """Write the patient down and show them."""

    async def begin_correcting(self) -> None:
        """Show what is written down about the patient, to be corrected."""

    async def correct(self) -> None:
        """Replace what is written down about the patient."""

    async def take_saved(self) -> None:
        """Put what somebody else saved in the place of what was typed."""

    async def open(self, patient_id: str) -> None:
        """Show a patient."""

    async def more_examinations(self) -> None:
        """List more of the patient's examinations."""

    async def consent(self, purpose: str, given: bool) -> None:
        """Write down a consent that is given or withdrawn."""

    async def list_consents(self, is_shown: bool) -> None:
        """List all decisions about consents, or only what counts."""

    async def export_json(self) -> None:
        """Save everything on the record as JSON."""

    async def export_pdf(self) -> None:
        """Save the record as a PDF."""

    async def erase(self) -> None:
        """Erase the patient for good."""


class VisitActions(Protocol):
    """What a person can do while an examination is made."""

    async def begin(self) -> None:
        """Show an empty examination."""

    async def choose(self, task: TaskResponse) -> None:
        """Say what is asked."""

    async def answer(self, question_id: str, value: str | float | None) -> None:
        """Keep or forget an answer of the patient."""

    async def name_lesion(self, lesion: str) -> None:
        """Keep the name of the place."""

    async def describe(self, place: int, view: str, side: str) -> None:
        """Say which view and side an image shows."""

    async def drop(self, place: int) -> None:
        """Take an image back."""

    async def send(self) -> None:
        """Have the images judged and put on the record."""


class AnsweringActions(Protocol):
    """What a person can do with the answers of an examination on the record."""

    async def begin(self) -> None:
        """Show the questions with the answers that stand, to be changed."""

    async def answer(self, question_id: str, value: str | float | None) -> None:
        """Keep or forget an answer that is being given."""

    async def leave(self) -> None:
        """Leave the answers as they are."""

    async def take_saved(self) -> None:
        """Put what somebody else answered in the place of what was chosen here."""

    async def save(self) -> None:
        """Save the answers and show what follows from them now."""


class ReviewActions(Protocol):
    """What a person can do with an examination on the record."""

    async def order_queue(self, order: str) -> None:
        """Read the review queue in an order."""

    async def limit_queue(self, task_id: str) -> None:
        """Read what waits of one task, or of all if empty."""

    async def more_of_queue(self) -> None:
        """List more of the queue."""

    async def show_costs(self, is_shown: bool) -> None:
        """Show how the costs were weighed, or hide it."""

    async def save_pdf(self) -> None:
        """Save the examination that is shown as a PDF."""

    async def open(self, examination_id: str, prediction_id: str = "") -> None:
        """Show an examination, at the image of a guess if one is named."""

    async def show(self, place: int) -> None:
        """Show an image of the examination."""

    async def sign(self, reviewer: str) -> None:
        """Keep who reviews."""

    async def name_class(self, class_id: str) -> None:
        """Keep the class that it is."""

    async def comment(self, text: str) -> None:
        """Keep remarks."""

    async def review(self, verdict: str) -> None:
        """Agree, correct or call unusable."""


class AccountActions(Protocol):
    """What an administrator can do with accounts."""

    async def more(self) -> None:
        """List more accounts."""

    async def begin(self) -> None:
        """Show an empty form."""

    async def draft(self, draft: AccountDraft) -> None:
        """Keep what is being typed or chosen."""

    async def add(self) -> None:
        """Make the account and show it with its password."""

    async def open(self, account: AccountRecord) -> None:
        """Show an account."""

    async def change_role(self) -> None:
        """Give the account the role that was chosen."""

    async def set_open(self, is_open: bool) -> None:
        """Close the account, or open it again."""

    async def give_password(self) -> None:
        """Have another password made and show it."""

    async def end_tokens(self) -> None:
        """End the sign-ins and tokens of the account."""


class AuditActions(Protocol):
    """What an administrator can do with the audit log."""

    async def search(self) -> None:
        """List the newest entries of what was chosen."""

    async def more(self) -> None:
        """List more entries."""

    async def choose_topic(self, topic: str) -> None:
        """List what was done of one kind; everything if empty."""

    async def type_subject(self, subject_id: str) -> None:
        """Keep the id of a record as it is being typed."""

    async def choose_subject(self, subject_id: str) -> None:
        """List everything that was done to one record; to all if empty."""

    async def check(self) -> None:
        """Have the server check that nobody altered the log or what it tells of."""


class RecordsActions(Protocol):
    """What a person can do with the records."""

    @property
    def patients(self) -> PatientActions:
        """With patients."""

    @property
    def visit(self) -> VisitActions:
        """While an examination is made."""

    @property
    def reviewing(self) -> ReviewActions:
        """With an examination on the record."""

    @property
    def answering(self) -> AnsweringActions:
        """With the answers of an examination on the record."""

    @property
    def accounts(self) -> AccountActions:
        """With accounts."""

    @property
    def audit(self) -> AuditActions:
        """With the audit log."""
