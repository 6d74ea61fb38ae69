"""The gate before every route: who asks, whether too often, and whether they may."""

from typing import Protocol

from flask import request

from cancerapy.api.callers import (
    caller_address,
    device_of,
    find_without_token,
    read_token,
    set_caller,
    token_required,
)
from cancerapy.api.permissions import (
    PERMISSIONS,
    Permission,
    Reach,
    name_route,
    permission_missing,
    role_refused,
)
from cancerapy.people.caller import OWN_USER, Caller
from cancerapy.people.proven_tokens import ProvenTokens
from cancerapy.people.roles import Role
from cancerapy.people.throttle import RequestLimit
from cancerapy.settings import Settings


class KnowsAccounts(Protocol):
    """What the gate asks of ``people.People``."""

    def find_caller(self, token: str) -> Caller | None:
        """Return whom an account's token stands for."""
        ...

    def note_refusal(self, caller: Caller, route: str) -> None:
        """Write down that a caller was refused a route."""
        ...

    def check_reading(self, caller: Caller, permission: Permission, *, only_own: bool) -> None:
        """Check that a record is one that the caller may read, and write down who reads it."""
        ...


class Gate:
    """Lets a request through to its view, or raises why not.

    Args:
        settings: Resolved settings.
        accounts: Knows whom a token stands for.
    """

    def __init__(self, settings: Settings, accounts: KnowsAccounts) -> None:
        self._settings = settings
        self._accounts = accounts
        self._limit = RequestLimit(settings.max_requests_per_minute)
        self._proven = ProvenTokens()

    def check(self) -> None:
        """Check the current request; afterwards ``current_caller`` knows who sends it.

        Raises:
            InvalidRequestError: Nobody is known to ask, they may not, or they ask too often.
        """
        route = name_route(request.url_rule, request.method)
        permission = PERMISSIONS.get(route) if route else None
        caller = self._identify(is_open=permission is not None and permission.is_open)
        set_caller(caller)
        if permission is not None and permission.is_open:
            return
        if caller is None:
            raise token_required()
        if route is None or request.method == "OPTIONS":
            return  # no view is called
        if permission is None:
            raise permission_missing(route)
        self._check_role(caller, permission, route)

    def _check_role(self, caller: Caller, permission: Permission, route: str) -> None:
        held = caller.roles & permission.roles
        if not held:
            self._accounts.note_refusal(caller, route)
            raise role_refused(permission)
        only_own = held == {Role.PATIENT} and permission.patient is Reach.OWN
        if only_own or permission.read:
            self._accounts.check_reading(caller, permission, only_own=only_own)

    def _identify(self, *, is_open: bool) -> Caller | None:
        token = read_token()
        if token is None:
            caller = find_without_token(self._settings)
        else:
            caller = device_of(self._settings, token)
            if caller is None and not is_open:  # an open route costs no look into the database
                return self._find_account(token)
        if caller is not OWN_USER:
            self._limit.take(_at_address())
        return caller

    def _find_account(self, token: str) -> Caller | None:
        """Return whom an account's token stands for, ``None`` if for nobody.

        What may be a guess is counted by its address before the records are asked, so that a flood
        of them costs no more looks than the limit allows. A token that has proven itself is
        counted by its account alone: nobody else at that address can use up its requests.
        """
        is_proven = self._proven.has(token)
        if not is_proven:
            self._limit.take(_at_address())
        caller = self._accounts.find_caller(token)
        self._proven.note(token, holds=caller is not None)
        if caller is None:
            if is_proven:  # it has just ended: from now on it is a guess
                self._limit.take(_at_address())
            return None
        if not is_proven:
            self._limit.give_back(_at_address())
        self._limit.take(f"account {caller.account_id}")
        return caller


def _at_address() -> str:
    return f"at {caller_address()}"
