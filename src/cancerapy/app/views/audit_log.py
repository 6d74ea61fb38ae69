"""The audit log: who did what and when, and whether anybody altered it."""

from collections.abc import Iterator
from dataclasses import fields

import flet as ft

from cancerapy.app.records.administration import TOPICS
from cancerapy.app.records.outcome import isolated, minute_of
from cancerapy.app.scene import Scene
from cancerapy.app.widgets.code import code_rows
from cancerapy.app.widgets.fields import list_field, record_notices, text_field
from cancerapy.app.widgets.layout import main_button, other_button, panel, stack
from cancerapy.app.widgets.rows import more_row, open_row
from cancerapy.app.widgets.text import body, small
from cancerapy.contract.audit import AuditCheck, AuditRecord

ALL = "all"
HASH_SIZE = 14
ICONS = {
    "account": ft.Icons.MANAGE_ACCOUNTS_OUTLINED,
    "token": ft.Icons.KEY_OUTLINED,
    "sign_in": ft.Icons.LOGIN,
    "sign_out": ft.Icons.LOGOUT,
    "access": ft.Icons.BLOCK,
    "patient": ft.Icons.PERSON_OUTLINE,
    "consent": ft.Icons.HANDSHAKE_OUTLINED,
    "examination": ft.Icons.FOLDER_OUTLINED,
    "image": ft.Icons.IMAGE_OUTLINED,
    "prediction": ft.Icons.INSIGHTS_OUTLINED,
    "decision": ft.Icons.BALANCE_OUTLINED,
    "review": ft.Icons.RATE_REVIEW_OUTLINED,
    "model": ft.Icons.MODEL_TRAINING_OUTLINED,
    "records": ft.Icons.RESTORE,
}


def build_audit(scene: Scene) -> list[ft.Control]:
    """Return the controls of the screen."""
    say, do = scene.say, scene.do.records.audit
    shown = scene.state.records.administration
    check = main_button(
        scene, say("audit.check"), "audit-check", icon=ft.Icons.VERIFIED_OUTLINED, on_click=do.check
    )
    return [
        body(scene, say("audit.text"), scene.palette.quiet_ink),
        ft.Row([check]),
        *(_found(scene, shown.check) if shown.check is not None else []),
        _topic(scene),
        _subject(scene),
        *record_notices(scene),
        _entries(scene),
    ]


def _topic(scene: Scene) -> ft.Control:
    say, do = scene.say, scene.do.records.audit

    async def choose(topic: str) -> None:
        await do.choose_topic("" if topic == ALL else topic)

    chosen = scene.state.records.administration.topic or ALL
    options = [(one, say(f"audit.topic.{one}")) for one in (ALL, *TOPICS)]
    field = list_field(scene, "audit-topic", say("audit.topic"), options, chosen, choose)
    field.expand = True
    return ft.Row([field])


def _subject(scene: Scene) -> ft.Control:
    say, do = scene.say, scene.do.records.audit
    subject_id = scene.state.records.administration.subject_id
    field = text_field(
        scene,
        "audit-subject",
        say("audit.subject"),
        subject_id,
        do.type_subject,
        on_submit=do.search,
    )
    field.expand = True
    search = other_button(scene, say("records.search"), "audit-search", on_click=do.search)
    return ft.Row([field, search], spacing=12)


def _entries(scene: Scene) -> ft.Control:
    say, page = scene.say, scene.state.records.administration.log
    rows: list[ft.Control] = [_entry(scene, one) for one in page.items] if page else []
    if page is not None and not rows:
        rows = [body(scene, say("audit.none"), scene.palette.quiet_ink)]
    if page is not None and page.next is not None:
        rows.append(more_row(scene, "more-audit", scene.do.records.audit.more))
    return stack(*rows, spacing=10)


def _entry(scene: Scene, entry: AuditRecord) -> ft.Control:
    say = scene.say

    async def show() -> None:
        await scene.do.records.audit.choose_subject(entry.subject_id)

    key, who = f"audit.action.{entry.action}", f"audit.actor.{entry.actor}"
    heading = say(key) if say.has(key) else entry.action
    actor = say(who) if say.has(who) else entry.actor
    when = say("audit.when", number=entry.number, when=minute_of(entry.at), who=actor)
    about = f"{_kind(scene, entry)} {isolated(entry.subject_id)}" if entry.subject_id else ""
    icon = ICONS.get(entry.action.partition(".")[0], ft.Icons.HISTORY)
    return open_row(scene, f"audit-{entry.number}", icon, (heading, when, about), show)


def _kind(scene: Scene, entry: AuditRecord) -> str:
    """Return what kind of record an entry is about, in words where there are any."""
    key = f"audit.kind.{entry.subject}"
    return scene.say(key) if scene.say.has(key) else entry.subject


def _found(scene: Scene, check: AuditCheck) -> list[ft.Control]:
    """Return in words what a check of the log found."""
    say = scene.say
    tone = scene.palette.low if check.is_whole else scene.palette.high
    lines = [say("audit.whole") if check.is_whole else say("audit.broken")]
    if check.broken_at is not None:
        lines.append(say("audit.broken_at", number=check.broken_at))
    n_altered = sum(
        len(getattr(check, spec.name)) for spec in fields(check) if spec.name.startswith("altered_")
    )
    if n_altered:
        lines.append(say.count("audit.altered", n_altered))
    lines.append(say.count("audit.hold", check.n_entries))
    lines.extend(_limits(scene, check))
    shown = panel(
        scene,
        body(scene, lines[0], tone.ink, strong=True),
        *(body(scene, line, tone.ink) for line in lines[1:]),
        small(scene, say("audit.head"), tone.ink),
        *code_rows(scene, "audit-head", check.head, tone, HASH_SIZE),
        key="audit-found",
        tone=tone,
    )
    return [ft.Semantics(content=shown, live_region=True)]


def _limits(scene: Scene, check: AuditCheck) -> Iterator[str]:
    """Yield what could not be checked, and what went without anybody's tampering."""
    say = scene.say
    if check.n_without_digest:
        yield say.count("audit.without_digest", check.n_without_digest)
    for one in check.downgrades:
        when = minute_of(one.at)
        yield say.count("audit.downgrade", len(one.lost), when=when, number=one.number)
