"""The records in the app: patients, examinations being made, and what is said of them."""

from collections.abc import Callable

from cancerapy.app.picture import Way
from cancerapy.app.records.accounts import Accounts
from cancerapy.app.records.administration import Administration
from cancerapy.app.records.answering import Answering
from cancerapy.app.records.audit_log import AuditLog
from cancerapy.app.records.host import Host, SaveFile
from cancerapy.app.records.patients import Patients
from cancerapy.app.records.reviewing import Reviewing
from cancerapy.app.records.state import (
    ADMINISTRATOR,
    Part,
    RecordsState,
    has_role,
    offers_records,
)
from cancerapy.app.records.visit import Visits
from cancerapy.app.routes import BELOW_SETTINGS, Place
from cancerapy.app.state import Screen
from cancerapy.contract.responses import TaskResponse


class Records:
    """See ``actions.RecordsActions`` for what each part means to the person.

    Args:
        host: The controller.
        way: Returns the way that a picture for a task goes.
        save_file: Lets the person save bytes under a name.
    """

    def __init__(
        self, host: Host, way: Callable[[TaskResponse | None], Way], save_file: SaveFile
    ) -> None:
        self._host = host
        self.reviewing = Reviewing(host, save_file)
        self.patients = Patients(host, self.reviewing, save_file)
        self.visit = Visits(host, way)
        self.answering = Answering(host)
        self.accounts = Accounts(host)
        self.audit = AuditLog(host)

    async def enter(self) -> None:
        """Read what the screen that was just opened shows."""
        if self._host.state.screen is Screen.RECORDS:
            await self.patients.enter()
        if self._host.state.screen is Screen.RECORD:
            await self.patients.read_record()
        await self._enter_administration(self._host.state.screen)

    async def _enter_administration(self, screen: Screen) -> None:
        self._host.state.records.administration.given = ""  # it is shown on one screen, once
        if screen is Screen.ACCOUNTS:
            await self.accounts.enter()
        if screen is Screen.ACCOUNT:
            await self.accounts.list_tokens()
        if screen is Screen.AUDIT:
            await self.audit.search()

    async def arrive(self, place: Place) -> None:
        """Read what a place shows, and show it; the first screen where that cannot be done."""
        state, records = self._host.state, self._host.state.records
        if place.screen is Screen.RECORDS:
            records.part = Part.QUEUE if place.id == Part.QUEUE else Part.PATIENTS
            await self._host.go(Screen.RECORDS)
            return
        if place.screen is Screen.NEW_ACCOUNT:
            await self.accounts.begin()
            return
        if place.screen in BELOW_SETTINGS:
            await self._host.go(place.screen)
            return
        if place.screen is Screen.REGISTER:
            await self.patients.begin_registering()
        elif place.screen is not Screen.EXAMINATION:
            await self._arrive_at_patient(place)
        elif records.examination is None or records.examination.id != place.id:
            await self.reviewing.open(place.id)
        else:
            await self._host.go(Screen.EXAMINATION)
        if state.problem is not None:
            problem = state.problem
            await self._host.go(Screen.RECORDS)
            state.problem = state.problem or problem
            self._host.redraw()

    async def _arrive_at_patient(self, place: Place) -> None:
        patient, visit = self._host.state.records.patient, self._host.state.records.visit
        is_known = patient is not None and patient.id == place.id
        if not is_known:
            await self.patients.open(place.id)
        if self._host.state.problem is not None:
            return
        if place.screen is Screen.CORRECT:
            await self.patients.begin_correcting()
        elif place.screen is Screen.EXAMINE and not (is_known and visit):
            await self.visit.begin()
        elif is_known:
            await self._host.go(place.screen)

    def forget(self) -> None:
        """Forget what is shown, unless whoever is signed in may see it or may sign in again."""
        state = self._host.state
        if not offers_records(state.account) and not state.ended:
            is_administrator = has_role(state.account, ADMINISTRATOR)
            kept = state.records.administration if is_administrator else Administration()
            state.records = RecordsState(administration=kept)
