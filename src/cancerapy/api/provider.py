"""The two pages that a browser passes on its way to the sign-in provider and back.

The one cookie of this server binds the way back to the browser that set out, so that nobody can be
signed in to another's account by a prepared link. It opens nothing by itself.
"""

import secrets

from apiflask import APIBlueprint
from flask import Response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from cancerapy.api.people import AT_PROVIDER_S, current_people
from cancerapy.api.sign_in import PROVIDER_PATH
from cancerapy.api.state import current_state
from cancerapy.api.uploads import check_no_options
from cancerapy.errors import InvalidRequestError
from cancerapy.people.oidc import CALLBACK_PATH, Challenge, OidcProvider

COOKIE = "cancerapy_sign_in"

blueprint = APIBlueprint("provider", __name__, enable_openapi=False)


@blueprint.get(PROVIDER_PATH)
def begin() -> AnyResponse:
    """Send the browser to the provider."""
    check_no_options()
    provider = _needed_provider()
    challenge, browser = Challenge.make(), secrets.token_urlsafe(32)
    current_people().at_provider.keep(challenge, key=challenge.state, bound_to=browser)
    response = redirect(provider.address_for(challenge), code=303)
    response.set_cookie(
        COOKIE,
        browser,
        max_age=int(AT_PROVIDER_S),
        path=PROVIDER_PATH,
        secure=current_state().settings.public_url.startswith("https:"),
        httponly=True,
        samesite="Lax",  # the provider's page sends the browser back here
    )
    return response


@blueprint.get(CALLBACK_PATH)
def end() -> AnyResponse:
    """Take the provider's word and send the browser to the app with a code."""
    provider = _needed_provider()
    state, code = request.args.get("state", ""), request.args.get("code", "")
    people = current_people()
    challenge = people.at_provider.take(state, bound_to=request.cookies.get(COOKIE, ""))
    if challenge is None or not code:
        raise InvalidRequestError(
            "A sign-in must end in the browser in which it began, once and within ten minutes, and "
            "the provider must agree; this one does not. Begin anew in the app.",
            code="sign_in_refused",
            field="state",
        )
    subject = provider.redeem(code, challenge)
    # A path of this server alone: nothing in the request chooses where the browser goes.
    response: Response = redirect(f"/pair?code={people.codes.keep(subject)}", code=303)  # type: ignore[assignment]
    response.delete_cookie(COOKIE, path=PROVIDER_PATH)
    return response


def _needed_provider() -> OidcProvider:
    provider = current_people().provider()
    if provider is None:
        raise InvalidRequestError(
            "This server must know a provider to sign in with; none is set. Use name and password.",
            code="provider_missing",
        )
    return provider
