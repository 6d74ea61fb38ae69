"""The app's words: one JSON file per language, read once.

A key whose text depends on a count has one entry per plural form of the language, ``key.one``,
``key.other`` and so on, by the rules of Unicode CLDR.
"""

import json
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

from cancerapy.contract.responses import TaskResponse

FOLDER = Path(__file__).parent


def _english(n: int) -> str:
    return "one" if n == 1 else "other"


def _arabic(n: int) -> str:
    exact = {0: "zero", 1: "one", 2: "two"}
    if n in exact:
        return exact[n]
    if 3 <= n % 100 <= 10:
        return "few"
    return "many" if 11 <= n % 100 <= 99 else "other"


PLURAL_RULES: Mapping[str, Callable[[int], str]] = {"en": _english, "ar": _arabic}
"""The plural form of a whole number by language.

References:
    Unicode CLDR, Language Plural Rules.
"""

PLURAL_FORMS: Mapping[str, tuple[str, ...]] = {
    "en": ("one", "other"),
    "ar": ("zero", "one", "two", "few", "many", "other"),
}
"""Every form that a language has, in the order of the rules."""


class Strings:
    """The words of one language. Calling it with a key gives the text.

    Args:
        language: The language's code.
        texts: The text of every key.
    """

    def __init__(self, language: str, texts: Mapping[str, str]) -> None:
        self.language = language
        self._texts = texts

    @property
    def is_right_to_left(self) -> bool:
        """Whether the language is written from the right."""
        return self.language == "ar"

    def __call__(self, key: str, **values: object) -> str:
        """Return the text of ``key`` with ``values`` put in."""
        return self._texts[key].format(**values)

    def has(self, key: str) -> bool:
        """Tell whether there is a text for ``key``."""
        return key in self._texts

    def count(self, key: str, n: int, **values: object) -> str:
        """Return the text of ``key`` for ``n`` things, with ``values`` put in."""
        return self(f"{key}.{PLURAL_RULES[self.language](n)}", n=n, **values)

    def percent(self, share: float) -> str:
        """Return a share as a whole percentage; never 0 or 100 for what is not exactly that.

        Args:
            share: 0..1.
        """
        shown = round(100 * share)
        if shown == 0 and share > 0:
            return self("percent.less", n=1)
        if shown == 100 and share < 1:
            return self("percent.more", n=99)
        return self("percent", n=shown)

    def of(self, task: TaskResponse, text: str) -> str:
        """Return a text of a cancer in this language; as it is where it is not translated."""
        return task.translations.get(self.language, {}).get(text, text)


@cache
def load_strings(language: str) -> Strings:
    """Return the words of a language.

    Args:
        language: One of ``state.LANGUAGES``.
    """
    text = (FOLDER / f"{language}.json").read_text(encoding="utf-8")
    return Strings(language, json.loads(text))
