"""One account: its role, whether it is open, its password and its sign-ins."""

import flet as ft

from cancerapy.app.records.outcome import minute_of
from cancerapy.app.records.state import is_signed_in
from cancerapy.app.scene import Scene
from cancerapy.app.views.accounts import account_facts
from cancerapy.app.widgets.account import password_button
from cancerapy.app.widgets.code import code_rows
from cancerapy.app.widgets.fields import record_notices
from cancerapy.app.widgets.layout import main_button, other_button, panel, panes, part, stack
from cancerapy.app.widgets.role import role_fields
from cancerapy.app.widgets.text import body, small, title
from cancerapy.contract.accounts import AccountRecord

PASSWORD_SIZE = 22


def build_account(scene: Scene) -> list[ft.Control]:
    """Return the controls of the screen."""
    account = scene.state.records.administration.account
    if account is None:
        return []
    facts = (small(scene, fact) for fact in account_facts(scene, account))
    head = [
        stack(title(scene, account.name), *facts, spacing=4),
        *_given(scene),
        *record_notices(scene),
    ]
    if _is_own(scene, account):
        said = body(scene, scene.say("account.own"))
        own = panel(scene, said, ft.Row([password_button(scene)]))
        return [*head, own, _tokens(scene)]
    first = [_role(scene), _access(scene, account)]
    return [*head, panes(scene, first, [_password(scene), _tokens(scene)])]


def _is_own(scene: Scene, account: AccountRecord) -> bool:
    own = scene.state.account
    return is_signed_in(own) and own.name == account.name


def _given(scene: Scene) -> list[ft.Control]:
    """Return the password that was just made; nothing where none was."""
    say, given = scene.say, scene.state.records.administration.given
    if not given:
        return []
    tone = scene.palette.low
    told = body(scene, say("account.given"), tone.ink, strong=True)
    shown = panel(
        scene,
        told,
        *code_rows(scene, "account-given", given, tone, PASSWORD_SIZE),
        body(scene, say("account.given_text"), tone.ink),
        tone=tone,
    )
    return [ft.Semantics(content=shown, live_region=True)]


def _role(scene: Scene) -> ft.Control:
    say, do = scene.say, scene.do.records.accounts
    change = other_button(scene, say("account.change_role"), "change-role", on_click=do.change_role)
    icon = ft.Icons.BADGE_OUTLINED
    return part(scene, icon, say("account.role"), *role_fields(scene), ft.Row([change]))


def _access(scene: Scene, account: AccountRecord) -> ft.Control:
    say, is_open = scene.say, account.is_active

    async def change() -> None:
        await scene.do.records.accounts.set_open(not is_open)

    text = say("account.close") if is_open else say("account.open")
    meaning = say("account.close_text") if is_open else say("account.open_text")
    icon = ft.Icons.LOCK_OUTLINED if is_open else ft.Icons.LOCK_OPEN_OUTLINED
    button = other_button(scene, text, "account-access", icon=icon, on_click=change)
    return part(scene, icon, say("account.access"), body(scene, meaning), ft.Row([button]))


def _password(scene: Scene) -> ft.Control:
    say, do = scene.say, scene.do.records.accounts
    make = main_button(
        scene, say("account.make_password"), "make-password", on_click=do.give_password
    )
    text = body(scene, say("account.password_text"))
    return part(scene, ft.Icons.KEY_OUTLINED, say("sign_in.password"), text, ft.Row([make]))


def _tokens(scene: Scene) -> ft.Control:
    say, tokens = scene.say, scene.state.records.administration.tokens
    head = say("account.tokens")
    if not tokens:
        text = "" if tokens is None else say("account.no_tokens")
        return part(scene, ft.Icons.DEVICES_OUTLINED, head, small(scene, text))
    rows = [
        small(
            scene,
            say("account.token", label=one.label, day=minute_of(one.expires_at)),
        )
        for one in tokens
    ]
    end = other_button(
        scene,
        say("account.end_tokens"),
        "end-tokens",
        on_click=scene.do.records.accounts.end_tokens,
    )
    return part(scene, ft.Icons.DEVICES_OUTLINED, head, *rows, ft.Row([end]))
