"""``cancerapy audit``: show and check the log of who did what."""

from typing import Annotated

import typer

from cancerapy.cli.with_records import Home, Limit, opened, print_json

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
    limit: Limit = 50,
    before: Annotated[int | None, typer.Option(help="The 'next' of the page before.")] = None,
    home: Home = None,
) -> None:
    """List entries as JSON, newest first."""
    from cancerapy.records.audit import list_entries

    with opened(home) as records, records.reading() as session:
        print_json(list_entries(session, subject_id=subject, limit=limit, before=before))


@app.command()
def verify(
    expected: Annotated[
        str, typer.Option(help="A hash noted earlier that has to be in the log.")
    ] = "",
    home: Home = None,
) -> None:
    """Check every entry of the log; exit status 1 if one was changed, inserted or removed.

    Also checks that every prediction is what the log says was written.

    Prints how many entries hold and the last hash. Note it somewhere else: with --expected it shows
    later whether entries were cut off at the end, which the log alone cannot.

    For example:

      cancerapy audit verify --expected 5f1c...
    """
    from cancerapy.records.audit import verify as check
    from cancerapy.records.integrity import find_altered_predictions

    with opened(home) as records, records.reading() as session:
        state = check(session, expected)
        altered = find_altered_predictions(session)
    typer.echo(f"{state.n_entries} entries hold; the last hash is {state.head}")
    if state.broken_at is not None:
        typer.echo(f"cancerapy: entry {state.broken_at} is broken: {state.reason}", err=True)
    if state.has_expected is False:
        typer.echo("cancerapy: the hash expected is not in the log: its end was cut off", err=True)
    for prediction in altered:
        typer.echo(f"cancerapy: the prediction {prediction} was altered", err=True)
    if altered or not state.is_whole:
        raise typer.Exit(1)
