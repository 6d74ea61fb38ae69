"""Records of a test's own, and passwords that cost little."""

from collections.abc import Iterator

import pytest
from argon2 import PasswordHasher

from cancerapy.people import passwords
from cancerapy.records import Records, open_records
from cancerapy.settings import Settings


@pytest.fixture
def cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Hash with the least work; ``test_passwords`` measures the real one."""
    hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "_hasher", lambda: hasher)
    passwords._nobodys_hash.cache_clear()
    yield
    passwords._nobodys_hash.cache_clear()


@pytest.fixture
def records(records_settings: Settings, cheap_passwords: None) -> Iterator[Records]:
    """Return fresh records, in SQLite and in PostgreSQL."""
    opened = open_records(records_settings)
    yield opened
    opened.close()
