"""Tokens that have proven themselves: remembered as digests, and not for ever."""

import pytest

from cancerapy.people import proven_tokens
from cancerapy.people.proven_tokens import ProvenTokens
from cancerapy.people.under_way import digest_of


def test_a_token_is_proven_until_it_holds_no_longer() -> None:
    proven = ProvenTokens()
    assert not proven.has("crapy_a")
    proven.note("crapy_a", holds=True)
    proven.note("crapy_b", holds=False)
    assert (proven.has("crapy_a"), proven.has("crapy_b")) == (True, False)
    proven.note("crapy_a", holds=False)
    assert not proven.has("crapy_a")


def test_secrets_are_not_kept() -> None:
    proven = ProvenTokens()
    proven.note("crapy_a", holds=True)
    assert list(proven._digests) == [digest_of("crapy_a")]


def test_the_ones_longest_unused_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proven_tokens, "MAX_TOKENS", 3)
    proven = ProvenTokens()
    for token in ("a", "b", "c", "a", "d"):
        proven.note(token, holds=True)
    assert [token for token in "abcd" if proven.has(token)] == ["a", "c", "d"]
