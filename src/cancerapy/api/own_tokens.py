"""One's own tokens over HTTP: list, make, end."""

from apiflask import APIBlueprint
from flask import Response

from cancerapy.api.callers import caller_address, current_caller
from cancerapy.api.json_body import read_json
from cancerapy.api.openapi import documented, json_body
from cancerapy.api.people import current_people
from cancerapy.api.rendering import json_response
from cancerapy.api.uploads import check_no_options
from cancerapy.contract.accounts import TokenList, TokenMade, TokenRequest
from cancerapy.contract.people import TokensEnded
from cancerapy.people import own_tokens

blueprint = APIBlueprint("own_tokens", __name__, tag="Access")


@blueprint.get("/api/v1/account/tokens")
@documented(blueprint, TokenList, errors=(503,))
def list_tokens() -> Response:
    """List one's own sign-ins and tokens that hold; the secrets nobody can tell."""
    check_no_options()
    caller = current_caller()
    account_id = own_tokens.account_of(caller)
    with current_people().records().reading() as session:
        found = own_tokens.list_tokens(session, account_id, caller)
    return json_response(found)


@blueprint.post("/api/v1/account/tokens")
@documented(blueprint, TokenMade, form=json_body(TokenRequest), errors=(415, 503, 507), status=201)
def make_token() -> Response:
    """Make a token of one's own account for a script; it is told this once.

    It needs the password. The token may do what the account may, and ends when it does.
    """
    check_no_options()
    caller, people = current_caller(), current_people()
    wanted = read_json(TokenRequest)
    own_tokens.account_of(caller)  # before records are opened that there may not be
    made = own_tokens.make_token(people.records(), people.sign_in, wanted, caller, caller_address())
    return json_response(made, 201)


@blueprint.delete("/api/v1/account/tokens/<token_id>")
@documented(blueprint, TokensEnded, errors=(404, 503, 507))
def end_token(token_id: str) -> Response:
    """End one of one's own sign-ins or tokens."""
    check_no_options()
    caller = current_caller()
    account_id = own_tokens.account_of(caller)
    own_tokens.end_token(current_people().records(), account_id, token_id, caller)
    return json_response(TokensEnded(1))
