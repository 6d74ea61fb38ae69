"""``cancerapy backup``: all records in one file."""

from pathlib import Path
from typing import Annotated

import typer

from cancerapy.cli.with_records import Home, opened


def backup(
    file: Annotated[Path, typer.Argument(help="File to write, for instance records.zip.")],
    home: Home = None,
) -> None:
    """Write all records, tables and images, into one file; the server may go on meanwhile.

    The file holds one state of the records and is as sensitive as they are. It can be restored
    into SQLite or PostgreSQL, whichever it came from. An earlier file of the name is replaced once
    the new one is whole.

    For example:

      cancerapy backup records-2026-11-27.zip
    """
    from cancerapy.records.backup import write_backup

    with opened(home) as records:
        summary = write_backup(records, file)
    typer.echo(
        f"{sum(summary.n_rows.values())} rows and {summary.n_images} images in {file}; the last "
        f"hash of the audit log is {summary.audit_head}"
    )
