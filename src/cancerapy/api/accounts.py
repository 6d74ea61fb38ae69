"""Accounts over HTTP, for administrators: add, list, change, another password, end sign-ins."""

from apiflask import APIBlueprint
from flask import Response, request

from cancerapy.api.callers import current_caller
from cancerapy.api.json_body import read_json
from cancerapy.api.openapi import PAGE_PARAMETERS, documented, json_body
from cancerapy.api.options import read_limit, read_option
from cancerapy.api.patients import READ_ERRORS, WRITE_ERRORS
from cancerapy.api.rendering import json_response
from cancerapy.api.state import current_records
from cancerapy.api.uploads import check_known, check_no_options
from cancerapy.contract.accounts import (
    AccountAdded,
    AccountChange,
    AccountPage,
    AccountRecord,
    AccountRequest,
    NewPassword,
    PasswordGiven,
    TokenList,
)
from cancerapy.contract.people import TokensEnded
from cancerapy.people import administration

blueprint = APIBlueprint("accounts", __name__, tag="Accounts")


@blueprint.post("/api/v1/accounts")
@documented(
    blueprint, AccountAdded, errors=WRITE_ERRORS, form=json_body(AccountRequest), status=201
)
def add_account() -> Response:
    """Make an account; a password that the server makes is told this once."""
    check_no_options()
    wanted = read_json(AccountRequest)
    return json_response(administration.add(current_records(), wanted, current_caller()), 201)


@blueprint.get("/api/v1/accounts")
@documented(blueprint, AccountPage, errors=READ_ERRORS, query=PAGE_PARAMETERS)
def list_accounts() -> Response:
    """List accounts, newest first."""
    check_known(request.args, ["limit", "after"], "option")
    with current_records().reading() as session:
        page = administration.list_page(session, limit=read_limit(), after=read_option("after"))
    return json_response(page)


@blueprint.put("/api/v1/accounts/<account_id>")
@documented(blueprint, AccountRecord, errors=WRITE_ERRORS, form=json_body(AccountChange))
def change_account(account_id: str) -> Response:
    """Give an account another role, close it or open it; one's own another administrator changes.

    Its tokens end when the role changes or the account is closed. The last administrator who can
    sign in stays one.
    """
    check_no_options()
    wanted = read_json(AccountChange)
    changed = administration.change(current_records(), account_id, wanted, current_caller())
    return json_response(changed)


@blueprint.post("/api/v1/accounts/<account_id>/password")
@documented(blueprint, PasswordGiven, errors=WRITE_ERRORS, form=json_body(NewPassword))
def give_password(account_id: str) -> Response:
    """Give somebody else another password and end their tokens; a made one is told this once."""
    check_no_options()
    wanted = read_json(NewPassword).password
    given = administration.give_password(current_records(), account_id, wanted, current_caller())
    return json_response(given)


@blueprint.get("/api/v1/accounts/<account_id>/tokens")
@documented(blueprint, TokenList, errors=READ_ERRORS)
def list_tokens(account_id: str) -> Response:
    """List the sign-ins and tokens of an account that hold; the secrets nobody can tell."""
    check_no_options()
    with current_records().reading() as session:
        found = administration.list_tokens(session, account_id, current_caller())
    return json_response(found)


@blueprint.delete("/api/v1/accounts/<account_id>/tokens")
@documented(blueprint, TokensEnded, errors=(404, 503, 507))
def end_tokens(account_id: str) -> Response:
    """End the sign-ins and tokens of an account, but for the one of this request."""
    check_no_options()
    n_ended = administration.end_tokens(current_records(), account_id, current_caller())
    return json_response(TokensEnded(n_ended))


@blueprint.delete("/api/v1/accounts/<account_id>/tokens/<token_id>")
@documented(blueprint, TokensEnded, errors=(404, 503, 507))
def end_token(account_id: str, token_id: str) -> Response:
    """End one sign-in or token of an account."""
    check_no_options()
    administration.end_token(current_records(), account_id, token_id, current_caller())
    return json_response(TokensEnded(1))
