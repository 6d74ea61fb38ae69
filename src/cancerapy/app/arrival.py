"""From a browser's address to the place that it names, once it is known who asks.

A record can be shown only after the server has said who is signed in; until then the place is
wanted, and the address keeps its name.
"""

from typing import Protocol

from cancerapy.app.records.state import offers_records
from cancerapy.app.routes import BEFORE, BELOW_SETTINGS, Place, place_shown
from cancerapy.app.state import AppState, Screen


class Host(Protocol):
    """What arriving needs of the controller."""

    state: AppState

    async def go(self, screen: Screen) -> None:
        """Show a screen."""


class Records(Protocol):
    """What arriving needs of the records; ``records.keeper.Records`` does it."""

    async def arrive(self, place: Place) -> None:
        """Read what a place of the records shows, and show it."""


class Arrival:
    """Brings a person to the place that an address names, or where their sign-in ended.

    Args:
        host: The controller.
        records: Shows what lies in the records.

    ``wanted`` is that place, until it is known who asks.
    """

    def __init__(self, host: Host, records: Records) -> None:
        self._host = host
        self._records = records
        self.wanted: Place | None = None
        self._is_return = False
        self._is_asking = False

    def begin_asking(self) -> None:
        """Keep the places that are turned to from now on: who asks is being found out."""
        self._is_asking = True

    def want(self, place: Place | None) -> None:
        """Keep a place of the records until it is known who asks; others need no waiting."""
        self.wanted = place if place is not None and _is_record(place) else None

    def hold(self, place: Place) -> None:
        """Keep the place where a sign-in ended, to be shown with all that was typed there."""
        self.wanted, self._is_return = place, True

    def drop(self) -> None:
        """Forget what is wanted."""
        self.wanted, self._is_return = None, False

    async def pursue(self) -> None:
        """Show what is wanted, if whoever is signed in may see it; else leave it.

        Who asks has been found out, as far as it can be.
        """
        self._is_asking = False
        state = self._host.state
        place, is_known = self.wanted, state.tasks is not None and state.ways is None
        if place is None or not is_known or not state.preferences.consented:
            return
        is_return = self._is_return
        self.drop()
        if is_return:
            await self._host.go(place.screen)
        elif _may_see(state, place):
            await self._records.arrive(place)
        else:
            await self._host.go(state.screen)

    async def turn_to(self, place: Place) -> None:
        """Show a place that the browser's own buttons lead to; nothing if it is shown."""
        state = self._host.state
        if place == place_shown(state) or self.wanted is not None:
            return
        if _is_record(place) and self._is_asking:
            self.want(place)
        elif _is_record(place) and _may_see(state, place):
            await self._records.arrive(place)
        else:
            await self._host.go(place.screen)


def _may_see(state: AppState, place: Place) -> bool:
    """Return whether to try; who may not see a screen below the settings is led home."""
    return place.screen in BELOW_SETTINGS or offers_records(state.account)


def _is_record(place: Place) -> bool:
    return place.screen is Screen.RECORDS or place.screen in BEFORE
