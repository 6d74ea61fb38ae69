"""Signing in and out, and what an account can do about itself."""

from apiflask import APIBlueprint
from flask import Response

from cancerapy.api.callers import caller_address, current_caller, has_own_user
from cancerapy.api.json_body import read_json
from cancerapy.api.openapi import documented, json_body
from cancerapy.api.people import current_people
from cancerapy.api.rendering import json_response
from cancerapy.api.state import current_state
from cancerapy.api.uploads import check_no_options
from cancerapy.contract.people import (
    AccountResponse,
    CodeRequest,
    PasswordRequest,
    SignedIn,
    SignInRequest,
    SignInWays,
    TokensEnded,
)
from cancerapy.errors import InvalidRequestError
from cancerapy.people.accounts import set_password
from cancerapy.people.caller import Caller
from cancerapy.people.own_tokens import account_of
from cancerapy.people.tokens import Issued

PROVIDER_PATH = "/api/v1/sign-in/oidc"

blueprint = APIBlueprint("sign_in", __name__, tag="Access")


@blueprint.get("/api/v1/sign-in")
@documented(blueprint, SignInWays)
def get_ways() -> Response:
    """Say how to sign in; this may be asked without being signed in."""
    check_no_options()
    settings = current_state().settings
    needed = not has_own_user(settings)
    return json_response(
        SignInWays(
            needed=needed,
            password=needed,
            provider=PROVIDER_PATH if settings.oidc_issuer else None,
        )
    )


@blueprint.post("/api/v1/sign-in")
@documented(blueprint, SignedIn, form=json_body(SignInRequest), errors=(415, 503, 507))
def sign_in() -> Response:
    """Sign in with name and password.

    Every no has the same answer. After several wrong passwords the next has to wait, longer each
    time.
    """
    check_no_options()
    body = read_json(SignInRequest)
    return _signed_in(
        *current_people().sign_in.with_password(body.name, body.password, caller_address())
    )


@blueprint.post("/api/v1/sign-in/code")
@documented(blueprint, SignedIn, form=json_body(CodeRequest), errors=(415, 503, 507))
def exchange_code() -> Response:
    """Finish a sign-in with the provider: a code that holds once against a token."""
    check_no_options()
    people = current_people()
    subject = people.codes.take(read_json(CodeRequest).code)
    if subject is None:
        raise InvalidRequestError(
            "A sign-in with the provider must be finished once and within a minute; this code is "
            "unknown, used or too old. Sign in again.",
            code="sign_in_refused",
            field="code",
        )
    return _signed_in(*people.sign_in.with_subject(subject))


@blueprint.post("/api/v1/sign-out")
@documented(blueprint, TokensEnded, errors=(503, 507))
def sign_out() -> Response:
    """End the token of this request, now and everywhere."""
    check_no_options()
    caller = current_caller()
    n_ended = current_people().sign_in.sign_out(caller) if caller.account_id else 0
    return json_response(TokensEnded(n_ended))


@blueprint.get("/api/v1/account")
@documented(blueprint, AccountResponse)
def get_account() -> Response:
    """Say who asks."""
    check_no_options()
    return json_response(_to_response(current_caller()))


@blueprint.post("/api/v1/account/password")
@documented(blueprint, TokensEnded, form=json_body(PasswordRequest), errors=(409, 415, 503, 507))
def change_password() -> Response:
    """Change one's own password; every other token of the account ends."""
    check_no_options()
    caller, people = current_caller(), current_people()
    body = read_json(PasswordRequest)
    account_id = account_of(caller)
    current = people.sign_in.confirm_password(caller, body.current, caller_address())
    n_ended = set_password(
        people.records(),
        account_id,
        body.password,
        actor=caller.actor,
        keep_token=caller.token_digest or "",
        instead_of=current,
    )
    return json_response(TokensEnded(n_ended))


def _signed_in(issued: Issued, caller: Caller) -> Response:
    expires_at = issued.expires_at.isoformat(timespec="seconds")
    return json_response(SignedIn(issued.token, expires_at, _to_response(caller)))


def _to_response(caller: Caller) -> AccountResponse:
    return AccountResponse(
        name=caller.name,
        roles=tuple(sorted(role.value for role in caller.roles)),
        patient_id=caller.patient_id,
        is_account=caller.account_id is not None,
    )
