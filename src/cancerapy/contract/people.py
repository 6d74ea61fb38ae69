"""What the API takes and answers about who asks: frozen dataclasses of the standard library."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SignInWays:
    """How to sign in to this server.

    Args:
        needed: Whether a request needs a token at all.
        password: Whether a name and a password sign in.
        provider: Address that begins a sign-in with the provider; ``None`` without one.
    """

    needed: bool
    password: bool
    provider: str | None


@dataclass(frozen=True, slots=True)
class SignInRequest:
    """A name and its password.

    Args:
        name: Name of the account.
        password: Its password.
    """

    name: str
    password: str


@dataclass(frozen=True, slots=True)
class CodeRequest:
    """The end of a sign-in with the provider.

    Args:
        code: What the server put into the app's address; holds for a minute and once.
    """

    code: str


@dataclass(frozen=True, slots=True)
class PasswordRequest:
    """A change of one's own password.

    Args:
        current: The password until now.
        password: The new one.
    """

    current: str
    password: str


@dataclass(frozen=True, slots=True)
class AccountResponse:
    """Who asks.

    Args:
        name: Name of the account; ``"local"`` or ``"device"`` where there is none.
        roles: What they are to the server.
        patient_id: The record that is their own, for a patient.
        is_account: Whether it is an account, with a token and perhaps a password.
    """

    name: str
    roles: tuple[str, ...]
    patient_id: str | None
    is_account: bool


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A sign-in; the token is told once and never again.

    Args:
        token: Goes into the header ``Authorization: Bearer <token>`` of every request.
        expires_at: When it ends, ISO 8601 in UTC.
        account: Who is signed in.
    """

    token: str
    expires_at: str
    account: AccountResponse


@dataclass(frozen=True, slots=True)
class TokensEnded:
    """What was ended.

    Args:
        n_ended: How many tokens of the account do not hold any longer.
    """

    n_ended: int
