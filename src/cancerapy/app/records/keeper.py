"""The records in the app: patients, examinations being made, and what is said of them."""

from collections.abc import Callable

from cancerapy.app.picture import Way
from cancerapy.app.records.accounts import Accounts
from cancerapy.app.records.audit_log import AuditLog
from cancerapy.app.records.host import Host
from cancerapy.app.records.patients import Patients, SaveFile
from cancerapy.app.records.reviewing import Reviewing
from cancerapy.app.records.state import RecordsState, offers_records
from cancerapy.app.records.visit import Visits
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
        self.reviewing = Reviewing(host)
        self.patients = Patients(host, self.reviewing, save_file)
        self.visit = Visits(host, way)
        self.accounts = Accounts(host)
        self.audit = AuditLog(host)

    async def enter(self) -> None:
        """Read what the screen that was just opened shows."""
        if self._host.state.screen is Screen.RECORDS:
            await self.patients.enter()
        if self._host.state.screen is Screen.RECORD:
            await self.patients.list_examinations()
        await self._enter_administration(self._host.state.screen)

    async def _enter_administration(self, screen: Screen) -> None:
        self._host.state.records.administration.given = ""  # it is shown on one screen, once
        if screen is Screen.ACCOUNTS:
            await self.accounts.enter()
        if screen is Screen.ACCOUNT:
            await self.accounts.list_tokens()
        if screen is Screen.AUDIT:
            await self.audit.search()

    def forget(self) -> None:
        """Forget the records that are shown, unless whoever is signed in may see them."""
        if not offers_records(self._host.state.account):
            self._host.state.records = RecordsState()
