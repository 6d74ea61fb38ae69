"""The audit log: whoever gets round the triggers still breaks the chain."""

import threading

import pytest
from sqlalchemy import text

from cancerapy.records import Records
from cancerapy.records.audit import BEGINNING, list_entries, verify, write_entry


@pytest.fixture
def unguarded(records: Records, kind: str) -> Records:
    """Return records with five entries whose guard an intruder has removed."""
    with records.writing() as session:
        for number in range(5):
            write_entry(session, "me", "test", "thing", str(number), count=number)
    with records.writing() as session:
        if kind == "sqlite":
            session.execute(text("DROP TRIGGER audit_log_no_update"))
            session.execute(text("DROP TRIGGER audit_log_no_delete"))
        else:
            session.execute(text("ALTER TABLE audit_log DISABLE TRIGGER ALL"))
    return records


def test_a_log_that_nobody_touched_is_whole(unguarded: Records) -> None:
    with unguarded.reading() as session:
        state = verify(session)
        entries = list_entries(session).items
    assert (state.is_whole, state.n_entries, state.broken_at) == (True, 5, None)
    assert state.head == entries[0].hash != BEGINNING
    assert [entry.details for entry in entries] == [{"count": n} for n in (4, 3, 2, 1, 0)]


@pytest.mark.parametrize(
    ("statement", "number", "reason"),
    [
        ("UPDATE audit_log SET actor = 'nobody' WHERE number = 3", 3, "its content was changed"),
        ("UPDATE audit_log SET details = '{}' WHERE number = 1", 1, "its content was changed"),
        ("DELETE FROM audit_log WHERE number = 3", 4, "entry 3 is missing"),
        ("DELETE FROM audit_log WHERE number = 1", 2, "entry 1 is missing"),
    ],
)
def test_what_was_changed_is_found(
    unguarded: Records, statement: str, number: int, reason: str
) -> None:
    with unguarded.writing() as session:
        session.execute(text(statement))
    with unguarded.reading() as session:
        state = verify(session)
    assert (state.is_whole, state.broken_at, state.reason) == (False, number, reason)


def test_a_closed_gap_is_found(unguarded: Records) -> None:
    with unguarded.writing() as session:
        session.execute(text("DELETE FROM audit_log WHERE number = 2"))
        for number in (3, 4, 5):
            session.execute(
                text(f"UPDATE audit_log SET number = number - 1 WHERE number = {number}")
            )
    with unguarded.reading() as session:
        state = verify(session)
    assert (state.broken_at, state.reason) == (2, "it does not follow the entry before it")


def test_a_cut_end_is_found_by_a_hash_noted_elsewhere(unguarded: Records) -> None:
    with unguarded.reading() as session:
        noted = verify(session).head
        assert verify(session, noted).is_whole
    with unguarded.writing() as session:
        session.execute(text("DELETE FROM audit_log WHERE number = 5"))
    with unguarded.reading() as session:
        assert verify(session).is_whole
        assert verify(session, noted).has_expected is False
        assert not verify(session, noted).is_whole


def test_writers_at_once_make_one_chain(records: Records) -> None:
    failures: list[Exception] = []

    def write(name: str) -> None:
        try:
            for number in range(10):
                with records.writing() as session:
                    write_entry(session, name, "test", "thing", str(number))
        except Exception as error:  # noqa: BLE001 - shown below
            failures.append(error)

    threads = [threading.Thread(target=write, args=(f"writer-{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with records.reading() as session:
        state = verify(session)
    assert (state.is_whole, state.n_entries) == (True, 40)


def test_pages_go_back_to_the_first_entry(unguarded: Records) -> None:
    seen: list[int] = []
    before = None
    with unguarded.reading() as session:
        while True:
            page = list_entries(session, limit=2, before=before)
            seen += [entry.number for entry in page.items]
            before = page.next
            if before is None:
                break
    assert seen == [5, 4, 3, 2, 1]


def test_entries_are_chosen_by_action_and_by_its_beginning(records: Records) -> None:
    with records.writing() as session:
        for number, action in enumerate(("sign_in", "sign_in.refused", "sign_out", "sign_inx")):
            write_entry(session, "me", action, "thing", str(number))
    with records.reading() as session:
        found = {
            action: [entry.action for entry in list_entries(session, action=action).items]
            for action in ("sign_in", "sign_in.refused", "sign", "sign%")
        }
    assert found == {
        "sign_in": ["sign_in.refused", "sign_in"],
        "sign_in.refused": ["sign_in.refused"],
        "sign": [],
        "sign%": [],
    }
