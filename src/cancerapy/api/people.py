"""What the routes of access share: accounts, and sign-ins under way, of one application."""

import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from flask import current_app, request

from cancerapy.api.permissions import Permission, own_record_only
from cancerapy.people.accounts import has_accounts
from cancerapy.people.caller import Caller
from cancerapy.people.oidc import Challenge, OidcProvider
from cancerapy.people.ownership import KINDS, find_owner
from cancerapy.people.sign_in import SignIn
from cancerapy.people.sign_in_guard import SignInGuard
from cancerapy.people.tokens import MARK, find_caller
from cancerapy.people.under_way import OnceOnly
from cancerapy.records import Records, RecordUnknownError
from cancerapy.records.audit import write_entry
from cancerapy.records.database import database_url
from cancerapy.records.row_ids import check_id
from cancerapy.settings import Settings

EXTENSION = "cancerapy.people"

AT_PROVIDER_S, CODE_S = 600.0, 60.0
"""How long a person may take at the provider, and the app to fetch the token afterwards."""


class People:
    """The accounts of one application.

    Args:
        settings: Resolved settings.
        records: Opens the records, or returns the open ones.
    """

    def __init__(self, settings: Settings, records: Callable[[], Records]) -> None:
        self.settings = settings
        self.records = records
        self.at_provider: OnceOnly[Challenge] = OnceOnly(AT_PROVIDER_S)
        self.codes: OnceOnly[str] = OnceOnly(CODE_S)
        self._provider: OidcProvider | None = None
        self._lock = threading.Lock()

    @property
    def sign_in(self) -> SignIn:
        """What signs people in."""
        lasts = timedelta(hours=max(self.settings.session_hours, 1))
        records = self.records()
        return SignIn(records, SignInGuard(records), lasts)

    def provider(self) -> OidcProvider | None:
        """Return the provider, ``None`` where none is set.

        Raises:
            MissingDependencyError: The extra ``hospital`` is not installed.
            ServerError: Its settings cannot be used.
        """
        with self._lock:
            if self._provider is None and self.settings.oidc_issuer:
                self._provider = OidcProvider(self.settings)
            return self._provider

    def exist(self) -> bool:
        """Tell whether anybody can sign in; makes no records where there are none yet."""
        url = database_url(self.settings)
        is_file = url.get_backend_name() == "sqlite"
        if is_file and not (url.database and Path(url.database).is_file()):
            return False
        with self.records().reading() as session:
            return has_accounts(session)

    def find_caller(self, token: str) -> Caller | None:
        """Return whom an account's token stands for; asks the database only about real ones."""
        if not token.startswith(MARK):
            return None
        with self.records().reading() as session:
            return find_caller(session, token)

    def note_refusal(self, caller: Caller, route: str) -> None:
        """Write to the audit log that an account was refused a route; a device is nobody's."""
        if caller.account_id is None:
            return
        with self.records().writing() as session:
            write_entry(
                session, caller.actor, "access.refused", "account", caller.account_id, route=route
            )

    def check_reading(self, caller: Caller, permission: Permission, *, only_own: bool) -> None:
        """Check that the record that the current request names is one that the caller may read.

        Who reads is written down before anything is shown. The one user of a server without
        accounts is not: there is nobody to tell them apart from.

        Args:
            caller: Who asks.
            permission: That of the route.
            only_own: Whether only the caller's own record may be read.

        Raises:
            RecordUnknownError: It is another's; the same as for an id that there is not.
            InvalidRequestError: A patient names no record.
        """
        kind, record_id = _named_record()
        if only_own and not kind:
            raise own_record_only()
        if caller.account_id is None:
            return
        owner = None
        if kind:
            with self.records().reading() as session:
                owner = find_owner(session, kind, record_id)
            if only_own and owner != caller.patient_id:
                raise RecordUnknownError.of(kind, record_id)
        if permission.read and (owner is not None or not kind):
            self._note_reading(caller, permission.read, kind, record_id, owner)

    def _note_reading(
        self, caller: Caller, action: str, kind: str, record_id: str, owner: str | None
    ) -> None:
        subject = kind or action.partition(".")[0]
        if kind:  # however the id was spelt, the log of a record names each who read it
            record_id = check_id(kind, record_id)
        with self.records().writing() as session:
            write_entry(session, caller.actor, action, subject, record_id, patient=owner)


def _named_record() -> tuple[str, str]:
    """Return kind and id of the record that the current request names; empty if it names none."""
    for kind in KINDS:
        if f"{kind}_id" in (request.view_args or {}):
            return kind, str((request.view_args or {})[f"{kind}_id"])
    asked = request.args.getlist("patient")
    return ("patient", asked[0]) if len(asked) == 1 else ("", "")


def current_people() -> People:
    """Return the accounts of the application that answers the current request."""
    people: People = current_app.extensions[EXTENSION]
    return people
