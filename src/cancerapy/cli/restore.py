"""``cancerapy restore``: bring the records of a backup back."""

from pathlib import Path
from typing import Annotated

import typer

from cancerapy.cli.with_records import Home


def restore(
    file: Annotated[Path, typer.Argument(help="A file written by 'cancerapy backup'.")],
    home: Home = None,
) -> None:
    """Bring the records of a backup back, into empty records only: all of them or nothing.

    The file is checked first, the audit log afterwards. An older backup is brought up to date.

    For example:

      cancerapy restore records-2026-11-27.zip --home new-records
    """
    from cancerapy.records.restore import restore_backup
    from cancerapy.records.session import connect_records
    from cancerapy.settings import load_settings

    records = connect_records(load_settings(home=home))
    try:
        summary = restore_backup(records, file)
    finally:
        records.close()
    typer.echo(
        f"{sum(summary.n_rows.values())} rows and {summary.n_images} images are back; the last "
        f"hash of the audit log is {summary.audit_head}"
    )
