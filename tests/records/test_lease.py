"""One process at a time does a piece of work, on both databases."""

from datetime import UTC, datetime, timedelta

from cancerapy.records import Records
from cancerapy.records.backup import write_backup
from cancerapy.records.lease import end_lease, take_lease

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def take(records: Records, holder: str, moment: datetime, work: str = "sweep") -> bool:
    with records.writing() as session:
        return take_lease(session, work, holder, moment=moment, until=moment + HOUR)


def test_a_lease_is_one_holders_until_it_ends(records: Records) -> None:
    assert take(records, "a", NOON)
    assert not take(records, "b", NOON + HOUR / 2)
    assert take(records, "b", NOON, work="other")
    assert take(records, "a", NOON + HOUR / 2), "its holder prolongs it"
    assert not take(records, "b", NOON + HOUR)
    assert take(records, "b", NOON + 1.5 * HOUR), "a killed holder has lost it"
    assert not take(records, "a", NOON + 1.5 * HOUR)


def test_only_its_holder_gives_a_lease_back(records: Records) -> None:
    assert take(records, "a", NOON)
    for holder, is_free in (("b", False), ("a", True), ("a", True)):
        with records.writing() as session:
            end_lease(session, "sweep", holder)
        assert take(records, "c", NOON) is is_free


def test_a_lease_is_in_no_backup(records: Records, tmp_path) -> None:
    assert take(records, "a", NOON)
    assert "leases" not in write_backup(records, tmp_path / "backup.zip").n_rows
