"""Accounts: who may use this server, for an administrator."""

import flet as ft

from cancerapy.app.records.outcome import isolated
from cancerapy.app.scene import Scene
from cancerapy.app.widgets.fields import record_notices
from cancerapy.app.widgets.layout import main_button, stack
from cancerapy.app.widgets.rows import more_row, open_row
from cancerapy.app.widgets.text import body
from cancerapy.contract.accounts import AccountRecord

ICONS = {
    "patient": ft.Icons.PERSON_OUTLINE,
    "clinician": ft.Icons.MEDICAL_SERVICES_OUTLINED,
    "reviewer": ft.Icons.RATE_REVIEW_OUTLINED,
    "administrator": ft.Icons.ADMIN_PANEL_SETTINGS_OUTLINED,
}


def build_accounts(scene: Scene) -> list[ft.Control]:
    """Return the controls of the screen."""
    say, do = scene.say, scene.do.records.accounts
    add = main_button(
        scene,
        say("accounts.add"),
        "account-new",
        icon=ft.Icons.PERSON_ADD_ALT,
        on_click=do.begin,
    )
    found = scene.state.records.administration.accounts
    rows: list[ft.Control] = []
    if found is not None and not found.items:
        rows = [body(scene, say("accounts.none"), scene.palette.quiet_ink)]
    elif found is not None:
        rows = [_account(scene, account) for account in found.items]
    if found is not None and found.next is not None:
        rows.append(more_row(scene, "more-accounts", do.more))
    return [
        body(scene, say("accounts.text"), scene.palette.quiet_ink),
        ft.Row([add]),
        *record_notices(scene),
        stack(*rows, spacing=10),
    ]


def _account(scene: Scene, account: AccountRecord) -> ft.Control:
    async def show() -> None:
        await scene.do.records.accounts.open(account)

    facts = account_facts(scene, account)
    icon = ICONS[account.role] if account.is_active else ft.Icons.LOCK_OUTLINED
    return open_row(scene, f"account-{account.id}", icon, (account.name, *facts), show)


def account_facts(scene: Scene, account: AccountRecord) -> tuple[str, str]:
    """Return two lines about an account: what it is, and what signs it in."""
    say = scene.say
    state = say("accounts.open") if account.is_active else say("accounts.closed")
    ways = [
        *([say("accounts.way.password")] if account.has_password else []),
        *([say("accounts.way.provider")] if account.subject else []),
    ]
    way = say("list.and").join(ways) or say("accounts.way.token")
    since = say("accounts.since", day=isolated(account.created_at[:10]))
    return say("list.and").join((say(f"role.{account.role}"), state)), f"{since}. {way}"
