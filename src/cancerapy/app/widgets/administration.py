"""The part of the settings that leads an administrator to accounts and audit log."""

import flet as ft

from cancerapy.app.records.state import ADMINISTRATOR, has_role
from cancerapy.app.scene import Scene
from cancerapy.app.state import Screen
from cancerapy.app.widgets.layout import part
from cancerapy.app.widgets.rows import open_row


def administration_part(scene: Scene) -> list[ft.Control]:
    """Return the ways to the administrator's screens; nothing for anybody else."""
    if not has_role(scene.state.account, ADMINISTRATOR):
        return []
    say = scene.say

    async def to_accounts() -> None:
        await scene.do.go(Screen.ACCOUNTS)

    async def to_audit() -> None:
        await scene.do.go(Screen.AUDIT)

    accounts = (say("accounts.title"), say("accounts.text"))
    audit = (say("audit.title"), say("audit.text"))
    return [
        part(
            scene,
            ft.Icons.ADMIN_PANEL_SETTINGS_OUTLINED,
            say("settings.administration"),
            open_row(scene, "to-accounts", ft.Icons.GROUP_OUTLINED, accounts, to_accounts),
            open_row(scene, "to-audit", ft.Icons.FACT_CHECK_OUTLINED, audit, to_audit),
        )
    ]
