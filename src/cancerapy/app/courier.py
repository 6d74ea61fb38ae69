"""Keeps each request until it is answered, and sends those that wait when the server is back."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import Protocol

from cancerapy.app.offer import UNREACHABLE
from cancerapy.app.outbox import Outbox
from cancerapy.app.past import Past
from cancerapy.app.picture import Way, read_picture
from cancerapy.app.records.state import is_signed_in
from cancerapy.app.service import Service
from cancerapy.app.session import ASKS
from cancerapy.app.state import Answers, AppState, Outcome, Problem, Waiting
from cancerapy.contract.responses import TaskResponse
from cancerapy.errors import CanceRapyError, ImageError, RefusedError, StorageError
from cancerapy.readers import ReadLimits

FIRST_PAUSE_S = 5.0
LONGEST_PAUSE_S = 300.0
PASSING = frozenset({ASKS, "sign_in_paused", "too_many_requests", "records_busy"})
"""Refusals that are about who asks or when, not about the request: every other would meet them."""


def pause_after(n_failed: int) -> float:
    """Return how long to wait before the next try, in seconds.

    >>> [pause_after(n) for n in (1, 2, 3, 9)]
    [5.0, 10.0, 20.0, 300.0]
    """
    return min(FIRST_PAUSE_S * 2.0 ** min(n_failed - 1, 20), LONGEST_PAUSE_S)


class Host(Protocol):
    """What this part needs of the controller."""

    state: AppState
    past: Past

    def redraw(self) -> None:
        """Draw the state."""

    def complain(self, error: CanceRapyError) -> None:
        """Say what went wrong."""

    def client(self) -> Service:
        """Return what answers."""


class Courier:
    """See ``scene.CourierActions`` for what each method means to the person.

    Args:
        host: Whose state it changes.
        outbox: Where requests wait; ``None`` in a browser, where nothing waits.
        pause: Seconds before the next try, by the number of tries that failed.
    """

    def __init__(
        self,
        host: Host,
        outbox: Outbox | None,
        pause: Callable[[int], float] = pause_after,
    ) -> None:
        self._host = host
        self._outbox = outbox
        self._pause = pause
        self._held = ""
        self._refused: dict[str, Problem] = {}
        self._trouble: Problem | None = None
        self._round: asyncio.Task[None] | None = None
        self._again = asyncio.Event()

    @asynccontextmanager
    async def holding(
        self, task: TaskResponse, answers: Answers, image: bytes
    ) -> AsyncIterator[str]:
        """Keep a request while it is asked; yield its id, which becomes the answer's.

        If the server cannot be reached, the request waits and the block ends without an error.
        A request that the person cancels is forgotten, see ``drop_held``; one that the end of the
        app cuts off waits.

        Args:
            task: What is asked.
            answers: What the patient said.
            image: The bytes that are sent.
        """
        moment, no_room = datetime.now(UTC).isoformat(timespec="milliseconds"), None
        try:
            if self._outbox is not None:
                await asyncio.to_thread(self._outbox.add, moment, task, answers, image)
        except StorageError as error:  # it may still be answered at once
            no_room = error
        self._held = moment
        try:
            yield moment
        except UNREACHABLE as error:
            if self._outbox is None:
                raise
            if no_room is not None:
                raise no_room from error
            self._host.state.is_offline = True
        except CanceRapyError:
            self._forget(moment)
            raise
        else:
            self._finish(moment)
        finally:
            self._held = ""
            self.send_now()

    def drop_held(self) -> None:
        """Forget the request that is being asked: the person cancels it."""
        self._forget(self._held)

    def send_now(self) -> None:
        """Send what waits, now and until it is sent; does nothing where nothing waits."""
        self._show()
        self._host.redraw()
        if not self._sendable():
            return
        self._again.set()
        if self._round is None or self._round.done():
            self._round = asyncio.get_running_loop().create_task(self._send_until_empty())

    async def retry(self) -> None:
        """Send what waits now, those that were refused as well."""
        self._refused.clear()
        self.send_now()

    async def delete(self, request_id: str) -> None:
        """Forget a request that waits."""
        self._forget(request_id)
        self._host.state.confirming = ""
        self._show()
        self._host.redraw()

    def clear(self) -> None:
        """Forget every request that waits."""
        if self._outbox is not None:
            self._outbox.clear()
        self._refused.clear()
        self._show()

    def _show(self) -> None:
        waiting = self._outbox.waiting() if self._outbox else ()
        self._host.state.waiting = tuple(
            replace(one, refusal=self._refused.get(one.id, self._trouble))
            for one in waiting
            if one.id != self._held
        )

    def _sendable(self) -> list[Waiting]:
        return [one for one in self._host.state.waiting if one.id not in self._refused]

    def _forget(self, request_id: str) -> None:
        if self._outbox is not None and request_id:
            self._outbox.remove(request_id)
            self._refused.pop(request_id, None)

    def _finish(self, request_id: str) -> None:
        """Forget a request whose answer is kept; without room for the answer it stays."""
        if request_id not in self._host.state.unsaved:
            self._forget(request_id)

    async def _send_until_empty(self) -> None:
        n_failed = 0
        while self._sendable():
            self._again.clear()
            n_failed = 0 if await self._send_each() else n_failed + 1
            self._show()
            self._host.redraw()
            if self._sendable():
                asked_s = self._trouble.wait_s if self._trouble else 0  # by the server
                pause_s = max(self._pause(max(n_failed, 1)), asked_s)
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._again.wait(), pause_s)

    async def _send_each(self) -> bool:
        """Send what waits, the oldest first; return whether the server could be asked."""
        for request in self._sendable():
            try:
                await self._send(request)
            except CanceRapyError as error:
                problem = Problem(error.code, error.message, error.retry_after_s or 0)
                if not _is_about_request(error):
                    self._trouble = problem
                    self._host.state.is_offline = isinstance(error, UNREACHABLE)
                    if error.code == ASKS and is_signed_in(self._host.state.account):
                        self._host.complain(error)
                    return False
                self._refused[request.id] = problem
            self._trouble, self._host.state.is_offline = None, False
        return True

    async def _send(self, request: Waiting) -> None:
        if self._outbox is None:
            return
        image = await asyncio.to_thread(self._outbox.image, request.id)
        prediction = await self._host.client().predict(
            request.task.route, image, answers=request.answers
        )
        preview = await asyncio.to_thread(_draw_preview, image)
        if request.id not in {one.id for one in self._outbox.waiting()}:
            return  # deleted while it was asked
        await self._host.past.add(
            Outcome(request.id, request.task, prediction, request.answers, preview)
        )
        self._finish(request.id)


def _is_about_request(error: CanceRapyError) -> bool:
    """Tell whether only this request meets an error, whoever answers: the server or the device."""
    is_refusal = isinstance(error, RefusedError | ImageError)
    return is_refusal and error.code not in PASSING


def _draw_preview(image: bytes) -> bytes:
    try:
        return read_picture(image, "", Way(ReadLimits())).preview
    except ImageError:  # the server reads a kind that this device does not
        return b""
