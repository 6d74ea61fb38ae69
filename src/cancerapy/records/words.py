"""The words of a record on paper, one JSON file per language."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from cancerapy.cancers import load_translations

FOLDER = Path(__file__).parent / "texts"
LANGUAGES = ("en", "ar")
RIGHT_TO_LEFT = frozenset({"ar"})


class Words:
    """The words of one language. Calling it with a key gives the text.

    Args:
        language: One of ``LANGUAGES``.
        texts: The text of every key.
    """

    def __init__(self, language: str, texts: Mapping[str, str]) -> None:
        self.language = language
        self._texts = texts

    @property
    def is_right_to_left(self) -> bool:
        """Whether the language is written from the right."""
        return self.language in RIGHT_TO_LEFT

    def __call__(self, key: str) -> str:
        """Return the text of ``key``."""
        return self._texts[key]

    def of(self, cancer_id: str, text: str) -> str:
        """Return a text of a cancer in this language; as it is where it is not translated."""
        return load_translations(cancer_id).get(self.language, {}).get(text, text)


@cache
def load_words(language: str) -> Words:
    """Return the words of a language.

    Args:
        language: One of ``LANGUAGES``.
    """
    return Words(language, json.loads((FOLDER / f"{language}.json").read_text(encoding="utf-8")))
