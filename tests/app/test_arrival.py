"""An address leads to its place, once it is known who asks."""

import asyncio
from typing import Any

import pytest

from cancerapy.app.arrival import Arrival
from cancerapy.app.routes import Place
from cancerapy.app.state import AppState, Preferences, Screen
from cancerapy.contract.people import AccountResponse, SignInWays

WANTED = Place(Screen.RECORD, "p1")
CLINICIAN = AccountResponse("mona", ("clinician",), None, True)


class Desk:
    """A controller and its records as far as arriving needs them; keeps where it went."""

    def __init__(self) -> None:
        self.state = AppState(preferences=Preferences(consented=True), screen=Screen.HOME)
        self.went: list[Any] = []

    async def go(self, screen: Screen) -> None:
        """Keep the screen."""
        self.went.append(screen)

    async def arrive(self, place: Place) -> None:
        """Keep the place."""
        self.went.append(place)


@pytest.fixture
def desk() -> Desk:
    """A desk at which nobody has signed in and no server has answered."""
    return Desk()


@pytest.fixture
def arrival(desk: Desk) -> Arrival:
    """What brings people to that desk."""
    return Arrival(desk, desk)


def test_a_record_waits_until_it_is_known_who_asks(arrival: Arrival, desk: Desk) -> None:
    arrival.want(WANTED)
    asyncio.run(arrival.pursue())
    desk.state.tasks, desk.state.ways = (), SignInWays(True, True, None)
    asyncio.run(arrival.pursue())
    desk.state.ways, desk.state.preferences = None, Preferences()
    asyncio.run(arrival.pursue())
    assert (desk.went, arrival.wanted) == ([], WANTED)
    desk.state.preferences, desk.state.account = Preferences(consented=True), CLINICIAN
    asyncio.run(arrival.pursue())
    assert (desk.went, arrival.wanted) == ([WANTED], None)


def test_who_may_not_see_it_stays_where_they_are(arrival: Arrival, desk: Desk) -> None:
    arrival.want(WANTED)
    desk.state.tasks = ()
    asyncio.run(arrival.pursue())
    assert (desk.went, arrival.wanted) == ([Screen.HOME], None)


def test_other_places_need_no_waiting(arrival: Arrival, desk: Desk) -> None:
    arrival.want(Place(Screen.SETTINGS))
    assert arrival.wanted is None


def test_the_browser_s_buttons_lead_to_records_and_screens(arrival: Arrival, desk: Desk) -> None:
    desk.state.account = CLINICIAN
    for place in (Place(Screen.HOME), WANTED, Place(Screen.LEARN)):
        asyncio.run(arrival.turn_to(place))
    assert desk.went == [WANTED, Screen.LEARN], "what is shown is not shown again"


def test_where_a_sign_in_ended_is_shown_as_it_was_left(arrival: Arrival, desk: Desk) -> None:
    desk.state.tasks, desk.state.account = (), CLINICIAN
    arrival.hold(Place(Screen.REGISTER))
    asyncio.run(arrival.pursue())
    arrival.hold(Place(Screen.LEARN))
    asyncio.run(arrival.pursue())
    assert desk.went == [Screen.REGISTER, Screen.LEARN], "nothing is read anew over what was typed"
    arrival.want(WANTED)
    asyncio.run(arrival.pursue())
    assert desk.went[2:] == [WANTED], "an address is a first visit again"


def test_what_was_held_can_be_dropped(arrival: Arrival, desk: Desk) -> None:
    desk.state.tasks, desk.state.account = (), CLINICIAN
    arrival.hold(Place(Screen.LEARN))
    arrival.drop()
    asyncio.run(arrival.pursue())
    assert desk.went == []


def test_a_place_turned_to_while_it_is_found_out_who_asks_is_shown_then(
    arrival: Arrival, desk: Desk
) -> None:
    arrival.begin_asking()
    asyncio.run(arrival.turn_to(Place(Screen.LEARN)))
    asyncio.run(arrival.turn_to(WANTED))
    assert desk.went == [Screen.LEARN], "what needs nobody is shown at once"
    desk.state.tasks, desk.state.account = (), CLINICIAN
    asyncio.run(arrival.pursue())
    assert desk.went[1:] == [WANTED]
    asyncio.run(arrival.turn_to(Place(Screen.AUDIT)))
    assert desk.went[2:] == [Place(Screen.AUDIT)], "it is known now"
