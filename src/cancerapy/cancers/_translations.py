"""A cancer's texts in other languages: ``texts/<cancer>.<language>.json`` beside its file.

Each such file maps a text as the cancer's file has it to the same in the language. What is not in
it is shown as it is, so that a new cancer needs none.
"""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from cancerapy.cancers._registry import search_folders


@cache
def load_translations(cancer_id: str) -> dict[str, dict[str, str]]:
    """Return the translated texts of a cancer by language; empty where there are none.

    Args:
        cancer_id: Id of the cancer.
    """
    return {
        file.name.split(".")[-2]: json.loads(file.read_text(encoding="utf-8"))
        for file in _files(cancer_id)
    }


def _files(cancer_id: str) -> Iterator[Path]:
    for folder in search_folders():
        yield from sorted((folder / "texts").glob(f"{cancer_id}.*.json"))
