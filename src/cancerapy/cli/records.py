"""``cancerapy records``: keep the records' tables, periods and files in order."""

import re
from datetime import timedelta
from typing import Annotated

import typer

from cancerapy.cli.with_records import Home, Yes, current_user, opened
from cancerapy.errors import UsageError

app = typer.Typer(add_completion=False, rich_markup_mode=None, no_args_is_help=True)


@app.callback()
def records() -> None:
    """Keep the records' tables, periods and files in order.

    For example:

      cancerapy records upgrade

      cancerapy records retention --older-than 3650d
    """


@app.command()
def upgrade(home: Home = None) -> None:
    """Make the tables, or bring them to this version; make a backup first.

    A server does it by itself for SQLite. For PostgreSQL whoever runs it chooses the moment.
    """
    from cancerapy.records.session import upgrade_records
    from cancerapy.records.upgrade import newest_revision
    from cancerapy.settings import load_settings

    upgrade_records(load_settings(home=home)).close()
    typer.echo(f"The tables are of revision {newest_revision()}.")


@app.command()
def retention(
    older_than: Annotated[str, typer.Option(help="Period in days, for instance 3650d.")],
    yes: Yes = False,
    home: Home = None,
) -> None:
    """Erase the examinations that are older than a period, for good; patients stay.

    A server does it by itself once a day where CANCERAPY_RETENTION_DAYS is set.

    Interrupted, it goes on when it is run again.

    For example:

      cancerapy records retention --older-than 3650d --yes
    """
    from cancerapy.records.retention import apply_retention, list_expired

    period = parse_period(older_than)
    with opened(home) as found:
        n_expired = len(list_expired(found, period))
        if n_expired and not yes:
            typer.confirm(f"Erase {n_expired} examinations for good?", abort=True)
        n_erased = apply_retention(found, period, current_user()) if n_expired else 0
    typer.echo(f"{n_erased} examinations erased.")


@app.command()
def sweep(home: Home = None) -> None:
    """Remove image files that no examination needs: what a killed server left.

    A server does it by itself when it opens the records.
    """
    from cancerapy.records.sweep import sweep as remove_abandoned

    with opened(home) as found:
        typer.echo(f"{remove_abandoned(found)} files removed.")


def parse_period(text: str) -> timedelta:
    """Return a period such as ``3650d``.

    Args:
        text: A whole number of days and ``d``.

    Raises:
        UsageError: It is written otherwise.

    >>> parse_period("30d").days
    30
    """
    found = re.fullmatch(r"([1-9][0-9]{0,5})d", text)
    if found is None:
        raise UsageError(
            f"--older-than must be a whole number of days such as 3650d; it is '{text}'. "
            "Give the days, for instance 3650d for ten years.",
            code="option_invalid",
            field="older-than",
        )
    return timedelta(days=int(found[1]))
