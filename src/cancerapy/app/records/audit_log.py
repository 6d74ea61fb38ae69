"""The audit log in the app, for an administrator: who did what, and whether the log is whole."""

from cancerapy.app.records.administration import Administration
from cancerapy.app.records.administration_client import AdministrationClient
from cancerapy.app.records.host import Host, asking_server
from cancerapy.contract.audit import AuditPage


class AuditLog:
    """See ``actions.AuditActions`` for what each method means to the person.

    Args:
        host: The controller.
    """

    def __init__(self, host: Host) -> None:
        self._host = host

    async def search(self) -> None:
        """List the newest entries of what was chosen."""
        shown = self._shown
        async with asking_server(self._host) as server:
            client = AdministrationClient(server)
            shown.log = await client.list_log(shown.topic, shown.subject_id.strip())

    async def more(self) -> None:
        """List more entries."""
        shown = self._shown
        if shown.log is None or shown.log.next is None:
            return
        async with asking_server(self._host) as server:
            page = await AdministrationClient(server).list_log(
                shown.topic, shown.subject_id.strip(), shown.log.next
            )
            shown.log = AuditPage((*shown.log.items, *page.items), page.next)

    async def choose_topic(self, topic: str) -> None:
        """List what was done of one kind; everything if empty."""
        self._shown.topic = topic
        await self.search()

    async def type_subject(self, subject_id: str) -> None:
        """Keep the id of a record as it is being typed."""
        self._shown.subject_id = subject_id

    async def choose_subject(self, subject_id: str) -> None:
        """List everything that was done to one record; to all if empty."""
        self._shown.subject_id, self._shown.topic = subject_id, ""
        await self.search()

    async def check(self) -> None:
        """Have the server check that nobody altered the log or what it tells of."""
        self._shown.check = None
        async with asking_server(self._host) as server:
            self._shown.check = await AdministrationClient(server).check_log()

    @property
    def _shown(self) -> Administration:
        return self._host.state.records.administration
