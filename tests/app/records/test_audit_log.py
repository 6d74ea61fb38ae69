"""The audit log in the app, against a server that keeps what it was asked."""

import ast
import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import cancerapy
from cancerapy.api.permissions import PERMISSIONS
from cancerapy.app.records.administration import TOPICS
from cancerapy.app.records.audit_log import AuditLog
from cancerapy.app.records.keeper import Records
from cancerapy.app.state import LANGUAGES, Screen
from cancerapy.app.strings import load_strings
from cancerapy.contract.audit import AuditCheck, AuditPage, AuditRecord
from cancerapy.errors import ServerDownError

ENTRY = AuditRecord(7, "2026-11-27T18:05:59+00:00", "jane", "account.add", "account", "a1", {}, "h")
CHECK = AuditCheck(True, 7, "h", None, "", (), (), (), (), (), (), 0, ())


@pytest.fixture
def log(desk: Any, clinic: Any) -> AuditLog:
    """The log of a server with two pages."""
    clinic.answers |= {"GET audit": AuditPage((ENTRY,), 7), "GET audit/verify": CHECK}
    return AuditLog(desk)


def _params(clinic: Any) -> list[dict[str, Any]]:
    return [options["params"] for asked, options in clinic.asked if asked == "GET audit"]


def test_entries_are_listed_page_by_page_of_what_was_chosen(
    log: AuditLog, desk: Any, clinic: Any
) -> None:
    asyncio.run(log.choose_topic("account"))
    asyncio.run(log.type_subject(" a1 "))
    asyncio.run(log.search())
    asyncio.run(log.more())
    asyncio.run(log.choose_subject("p1"))
    assert _params(clinic) == [
        {"limit": 20, "action": "account"},
        {"limit": 20, "action": "account", "subject_id": "a1"},
        {"limit": 20, "action": "account", "subject_id": "a1", "before": 7},
        {"limit": 20, "subject_id": "p1"},
    ]
    assert desk.state.records.administration.log.items == (ENTRY,)


def test_pages_follow_one_another(log: AuditLog, desk: Any) -> None:
    desk.state.screen = Screen.AUDIT
    asyncio.run(Records(desk, None, desk.save_file).enter())  # type: ignore[arg-type]
    asyncio.run(log.more())
    assert [one.number for one in desk.state.records.administration.log.items] == [7, 7]


def _actions() -> Iterator[str]:
    """Yield the actions that the code writes into the log by name."""
    yield from (one.read for one in PERMISSIONS.values() if one.read)
    yield from _written(2)


def _written(place: int) -> Iterator[str]:
    """Yield what the code gives by name as one of the arguments of ``write_entry``."""
    for file in Path(cancerapy.__file__).parent.rglob("*.py"):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            called = getattr(node, "func", None)
            if getattr(called, "id", "") == "write_entry" and len(node.args) > place:  # type: ignore[attr-defined]
                given = node.args[place]  # type: ignore[attr-defined]
                if isinstance(given, ast.Constant):
                    yield str(given.value)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_of_record_in_the_log_has_words(language: str) -> None:
    say, kinds = load_strings(language), set(_written(3))
    assert {"account", "decision", "model", "patient", "records"} <= kinds
    assert [one for one in kinds if not say.has(f"audit.kind.{one}")] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_action_of_the_log_has_words_and_a_topic(language: str) -> None:
    say, actions = load_strings(language), set(_actions())
    assert {"account.add", "sign_in", "patient.read", "access.refused"} <= actions
    assert [one for one in actions if not say.has(f"audit.action.{one}")] == []
    assert {one.partition(".")[0] for one in actions} <= set(TOPICS)


def test_an_earlier_check_is_not_taken_for_one_that_failed(
    log: AuditLog, desk: Any, clinic: Any
) -> None:
    asyncio.run(log.check())
    assert desk.state.records.administration.check == CHECK
    clinic.fault = ServerDownError("away")
    asyncio.run(log.check())
    assert desk.state.records.administration.check is None
    assert desk.state.problem.code == "server_down"
