"""Changing one's own password: what is typed, what is missing, and what the server says."""

from cancerapy.app.client import Client
from cancerapy.app.records.host import Host, asking_server, refuse
from cancerapy.errors import RefusedError

CHANGED = "password.changed"
"""Key of the text that says that it is done."""

OWN_CODES = {"sign_in_refused": "password_wrong", "record_conflict": "password_replaced"}
"""What the server's refusals mean here, where they are said in other words than elsewhere."""


class OwnPassword:
    """See ``scene.PasswordActions`` for what each method means to the person.

    Args:
        host: The controller.
    """

    def __init__(self, host: Host) -> None:
        self._host = host
        self._current = self._password = self._repeated = ""  # not in the state, as in ``session``

    def forget(self) -> None:
        """Forget what was typed, and that it is done: another screen is shown."""
        self._current = self._password = self._repeated = ""
        if self._host.state.records.note == CHANGED:
            self._host.state.records.note = ""

    def draft(
        self,
        *,
        current: str | None = None,
        password: str | None = None,
        repeated: str | None = None,
    ) -> None:
        """Keep what is being typed."""
        self._current = self._current if current is None else current
        self._password = self._password if password is None else password
        self._repeated = self._repeated if repeated is None else repeated

    async def change(self) -> None:
        """Give the account that is signed in the new password instead of the present one."""
        if self._host.state.records.is_busy:
            return
        if not (self._current and self._password and self._repeated):
            refuse(self._host, "password_empty")
            return
        if self._password != self._repeated:
            refuse(self._host, "password_differs")
            return
        async with asking_server(self._host) as server:
            await self._send(server)
            self.forget()
            self._host.state.records.note = CHANGED

    async def _send(self, server: Client) -> None:
        try:
            await server.change_password(self._current, self._password)
        except RefusedError as error:
            code = OWN_CODES.get(error.code, error.code)
            raise RefusedError(error.message, code=code, field=error.field) from error
