"""What administrators ask about accounts and are answered: frozen dataclasses, standard library."""

from dataclasses import dataclass
from typing import Literal

AccountRole = Literal["patient", "clinician", "reviewer", "administrator"]


@dataclass(frozen=True, slots=True)
class AccountRequest:
    """What an account is made from.

    Args:
        name: How the person signs in: 2 to 60 letters, digits or any of . _ - + @.
        role: patient, clinician, reviewer or administrator.
        patient_id: Id of the patient's record, for the role patient and no other.
        password: Their first password; the server makes one if it and ``subject`` are left out.
        subject: The sign-in provider's subject of the person.
    """

    name: str
    role: AccountRole
    patient_id: str | None = None
    password: str | None = None
    subject: str | None = None


@dataclass(frozen=True, slots=True)
class AccountChange:
    """What an account is from now on.

    Args:
        role: patient, clinician, reviewer or administrator.
        is_active: Whether it is open; closing it ends its tokens at once.
        patient_id: Id of the patient's record, for the role patient and no other.
    """

    role: AccountRole
    is_active: bool
    patient_id: str | None = None


@dataclass(frozen=True, slots=True)
class NewPassword:
    """Another password for somebody.

    Args:
        password: The password; the server makes one if it is left out.
    """

    password: str | None = None


@dataclass(frozen=True, slots=True)
class AccountRecord:
    """An account as administrators see it.

    Args:
        id: Its id.
        name: How the person signs in.
        role: What they are.
        is_active: Whether it is open.
        patient_id: The record that is their own, for a patient.
        has_password: Whether a password signs them in.
        subject: The sign-in provider's subject of the person; ``None`` without one.
        n_tokens: Sign-ins and tokens that hold.
        created_at: When it was made, ISO 8601 in UTC.
    """

    id: str
    name: str
    role: str
    is_active: bool
    patient_id: str | None
    has_password: bool
    subject: str | None
    n_tokens: int
    created_at: str


@dataclass(frozen=True, slots=True)
class AccountPage:
    """Some accounts, newest first.

    Args:
        items: The accounts.
        next: Value of the option ``after`` for the next page; ``None`` on the last one.
    """

    items: tuple[AccountRecord, ...]
    next: str | None


@dataclass(frozen=True, slots=True)
class AccountAdded:
    """An account that was just made.

    Args:
        account: The account.
        password: The password that the server made, told once and never again; ``None`` if it
            made none.
    """

    account: AccountRecord
    password: str | None


@dataclass(frozen=True, slots=True)
class PasswordGiven:
    """A password that somebody was given.

    Args:
        password: The password that the server made, told once and never again; ``None`` if it
            made none.
        n_ended: How many sign-ins and tokens of the account do not hold any longer.
    """

    password: str | None
    n_ended: int


@dataclass(frozen=True, slots=True)
class TokenRecord:
    """A sign-in or token that holds; the secret itself nobody can tell.

    Args:
        label: What it is for.
        created_at: When it was made, ISO 8601 in UTC.
        expires_at: When it ends, ISO 8601 in UTC.
        id: Names it among those of the account; says nothing of the secret.
        is_current: Whether the request that asks came with it.
    """

    label: str
    created_at: str
    expires_at: str
    id: str = ""
    is_current: bool = False


@dataclass(frozen=True, slots=True)
class TokenRequest:
    """A token that somebody makes for their own account.

    Args:
        label: What it is for, for instance ``"nightly import"``.
        password: The account's password: a token alone makes no other.
        days: How long it holds, above 0 and at most 366.
    """

    label: str
    password: str
    days: float = 90.0


@dataclass(frozen=True, slots=True)
class TokenMade:
    """A token that was just made.

    Args:
        token: The secret, told once and never again; goes into the header ``Authorization: Bearer
            <token>``.
        record: What is kept of it.
    """

    token: str
    record: TokenRecord


@dataclass(frozen=True, slots=True)
class TokenList:
    """The sign-ins and tokens of an account that hold, newest first.

    Args:
        tokens: Each of them.
    """

    tokens: tuple[TokenRecord, ...]
