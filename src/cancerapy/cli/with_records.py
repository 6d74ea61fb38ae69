"""The records for one command, who uses them, and how answers are printed."""

import getpass
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cancerapy.errors import UsageError
from cancerapy.settings import option_help

if TYPE_CHECKING:
    from cancerapy.records import Records

Home = Annotated[
    Path | None,
    typer.Option(help=option_help("home", "Folder of the records.")),
]
Limit = Annotated[int, typer.Option(min=1, max=200, help="Most entries of a page.")]
After = Annotated[str | None, typer.Option(help="The 'next' of the page before.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]


@contextmanager
def opened(home: Path | None) -> Iterator["Records"]:
    """Open the records that the settings name, for the block.

    Args:
        home: Their folder; that of the settings if ``None``.
    """
    from cancerapy.records import open_records
    from cancerapy.settings import load_settings

    records = open_records(load_settings(home=home))
    try:
        yield records
    finally:
        records.close()


def current_user() -> str:
    """Return the name under which the audit log knows whoever runs the command."""
    try:
        return f"command line ({getpass.getuser()})"
    except (KeyError, OSError):  # a container's user without a name
        return "command line"


def print_json(answer: Any) -> None:
    """Print a dataclass of ``contract`` as JSON."""
    typer.echo(json.dumps(asdict(answer), indent=2, ensure_ascii=False))


def read_pairs(texts: list[str], option: str) -> dict[str, str]:
    """Return ``NAME=VALUE`` texts as a dictionary.

    Args:
        texts: As given.
        option: The option that they were given with, for the message.

    Raises:
        UsageError: One has no ``=``, or a name is given twice.
    """
    pairs: dict[str, str] = {}
    for text in texts:
        name, sign, value = text.partition("=")
        if not sign or not name or name in pairs:
            raise UsageError(
                f"Each {option} must be NAME=VALUE, one for a name; one is '{text[:60]}'. For "
                f"instance {option} a=b.",
                code="option_invalid",
                field=option.lstrip("-"),
            )
        pairs[name] = value
    return pairs
