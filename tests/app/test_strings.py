"""No text is missing, unused, or written with other fields in one language than in another."""

import ast
import json
import re
import string
from pathlib import Path

import pytest

import cancerapy.app
from cancerapy.app.state import LANGUAGES
from cancerapy.app.strings import FOLDER, PLURAL_FORMS, PLURAL_RULES, load_strings
from cancerapy.contract.responses import TaskResponse

APP = Path(cancerapy.app.__file__).parent


def _texts(language: str) -> dict[str, str]:
    texts: dict[str, str] = json.loads((FOLDER / f"{language}.json").read_text(encoding="utf-8"))
    return texts


def _base(key: str) -> str:
    stem, _, form = key.rpartition(".")
    return stem if form in PLURAL_FORMS["ar"] and stem else key


def _fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def _uses() -> tuple[set[str], set[str]]:
    """Return the whole keys and the beginnings of keys that the code names."""
    whole, beginnings = set(), set()
    for file in APP.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                whole.add(node.value)
            if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
                beginnings.add(str(node.values[0].value))
    return whole, {start for start in beginnings if re.fullmatch(r"[a-z_.]+\.", start)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_key_is_there(language: str) -> None:
    assert {_base(key) for key in _texts(language)} == {_base(key) for key in _texts("en")}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_plural_form_is_there(language: str) -> None:
    counted = {_base(key) for key in _texts("en") if _base(key) != key}
    for base in counted:
        for form in PLURAL_FORMS[language]:
            assert f"{base}.{form}" in _texts(language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_fields_are_the_same(language: str) -> None:
    english = {_base(key): _fields(text) for key, text in _texts("en").items()}
    for key, text in _texts(language).items():
        assert _fields(text) <= english[_base(key)], key
        assert text.strip()


def test_no_key_is_unused() -> None:
    whole, beginnings = _uses()
    unused = [
        key
        for key in map(_base, _texts("en"))
        if key not in whole and not key.startswith(tuple(beginnings))
    ]
    assert unused == []


def test_no_key_that_the_code_names_is_missing() -> None:
    known = {_base(key) for key in _texts("en")}
    families = {key.split(".")[0] for key in known if "." in key} - {"app", "percent"}
    pattern = re.compile(rf"({'|'.join(sorted(families))})(\.[a-z_]+)+")
    whole, _ = _uses()
    assert [word for word in whole if pattern.fullmatch(word) and word not in known] == []


@pytest.mark.parametrize(
    ("n", "form"),
    [(0, "zero"), (1, "one"), (2, "two"), (3, "few"), (10, "few"), (11, "many"), (99, "many"),
     (100, "other"), (102, "other"), (103, "few"), (111, "many")],
)  # fmt: skip
def test_arabic_counts(n: int, form: str) -> None:
    assert PLURAL_RULES["ar"](n) == form


def test_english_counts() -> None:
    say = load_strings("en")
    assert say.count("history.kept", 1) == "1 result on this device"
    assert say.count("history.kept", 3) == "3 results on this device"


def test_percentages_never_claim_certainty() -> None:
    say = load_strings("en")
    assert [say.percent(p) for p in (0.0, 0.001, 0.256, 0.998, 1.0)] == [
        "0 %", "below 1 %", "26 %", "over 99 %", "100 %",
    ]  # fmt: skip


def test_a_cancer_s_texts_are_translated_where_they_can_be(task: TaskResponse) -> None:
    assert load_strings("ar").of(task, "Red") == "أحمر"
    assert load_strings("ar").of(task, "Blue") == "Blue"
    assert load_strings("en").of(task, "Red") == "Red"
