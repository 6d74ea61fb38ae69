"""The audit log in the app, against a server that keeps what it was asked."""

import asyncio
from typing import Any

import pytest

from cancerapy.app.records.audit_log import AuditLog
from cancerapy.app.records.keeper import Records
from cancerapy.app.state import Screen
from cancerapy.contract.audit import AuditCheck, AuditPage, AuditRecord
from cancerapy.errors import ServerDownError

ENTRY = AuditRecord(7, "2026-11-27T18:05:59+00:00", "jane", "account.add", "account", "a1", {}, "h")
CHECK = AuditCheck(True, 7, "h", None, "", (), (), ())


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


def test_an_earlier_check_is_not_taken_for_one_that_failed(
    log: AuditLog, desk: Any, clinic: Any
) -> None:
    asyncio.run(log.check())
    assert desk.state.records.administration.check == CHECK
    clinic.fault = ServerDownError("away")
    asyncio.run(log.check())
    assert desk.state.records.administration.check is None
    assert desk.state.problem.code == "server_down"
