"""``cancerapy audit``: show and check the log of who did what."""

from typing import TYPE_CHECKING, Annotated

import typer

from cancerapy.cli.with_records import Home, Limit, opened, print_json

if TYPE_CHECKING:
    from cancerapy.contract.audit import AuditCheck

_ALTERED = {
    "altered_predictions": "prediction",
    "altered_decisions": "decision",
    "altered_judgements": "review or consent",
    "altered_patients": "patient",
    "altered_examinations": "examination",
    "altered_accounts": "account",
}
"""What the fields of ``contract.AuditCheck`` name."""

app = typer.Typer(add_completion=False, rich_markup_mode=None, no_args_is_help=True)


@app.callback()
def audit() -> None:
    """Show and check the log of who did what.

    For example:

      cancerapy audit list --subject PATIENT

      cancerapy audit verify
    """


@app.command("list")
def list_(
    subject: Annotated[str, typer.Option(help="Id of the record that is asked about.")] = "",
    action: Annotated[
        str, typer.Option(help="Of this action only: sign_in.refused, or account for all of it.")
    ] = "",
    limit: Limit = 50,
    before: Annotated[int | None, typer.Option(help="The 'next' of the page before.")] = None,
    home: Home = None,
) -> None:
    """List entries as JSON, newest first."""
    from cancerapy.records.audit import list_entries

    with opened(home) as records, records.reading() as session:
        page = list_entries(session, subject_id=subject, action=action, limit=limit, before=before)
    print_json(page)


@app.command()
def verify(
    expected: Annotated[
        str, typer.Option(help="A hash noted earlier that has to be in the log.")
    ] = "",
    home: Home = None,
) -> None:
    """Check every entry of the log; exit status 1 if one was changed, inserted or removed.

    Also checks that every prediction, decision, review and consent is what the log says was
    written, and that patients, examinations and accounts are what its newest entry of each says.
    What was lost because the tables were taken back to an older revision is told, and no fault.

    Prints how many entries hold and the last hash. Note it somewhere else: with --expected it shows
    later whether entries were cut off at the end, which the log alone cannot.

    For example:

      cancerapy audit verify --expected 5f1c...
    """
    from cancerapy.records.integrity import check_records

    with opened(home) as records, records.reading() as session:
        check = check_records(session, expected)
    typer.echo(f"{check.n_entries} entries hold; the last hash is {check.head}")
    if check.broken_at is not None:
        typer.echo(f"cancerapy: entry {check.broken_at} is broken: {check.reason}", err=True)
    elif check.reason:
        typer.echo(f"cancerapy: {check.reason}", err=True)
    _tell_limits(check)
    for name, kind in _ALTERED.items():
        for own in getattr(check, name):
            what = f"the {kind} {own} was altered, or came or went without an entry"
            typer.echo(f"cancerapy: {what}", err=True)
    if not check.is_whole:
        raise typer.Exit(1)


def _tell_limits(check: "AuditCheck") -> None:
    """Say what could not be checked, and what went without anybody's tampering."""
    if check.n_without_digest:
        typer.echo(
            f"{check.n_without_digest} patients, examinations or accounts were last written before "
            "the log held digests of them; only that they are there was checked"
        )
    for one in check.downgrades:
        typer.echo(f"entry {one.number}: the tables were taken back to {one.revision} at {one.at}")
        for own in one.lost:
            typer.echo(f"entry {one.number}: the decision or account {own} was lost with that")
