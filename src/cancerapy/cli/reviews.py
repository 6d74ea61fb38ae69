"""``cancerapy reviews``: agree with machine guesses on the record, or correct them."""

from typing import Annotated

import typer

from cancerapy.cli.with_records import After, Home, Limit, opened, print_json

app = typer.Typer(add_completion=False, rich_markup_mode=None, no_args_is_help=True)


@app.callback()
def reviews() -> None:
    """Agree with machine guesses on the record, or correct them. Answers are JSON.

    For example:

      cancerapy reviews open --task skin

      cancerapy reviews add PREDICTION agree --reviewer "Dr. Amal"

      cancerapy reviews add PREDICTION correct --class mel --reviewer "Dr. Amal"
    """


@app.command("open")
def open_(
    task: Annotated[str | None, typer.Option(help="Of this task only.")] = None,
    limit: Limit = 50,
    after: After = None,
    home: Home = None,
) -> None:
    """List the guesses that nobody has reviewed, newest first."""
    from cancerapy.records.predictions import list_predictions

    with opened(home) as records, records.reading() as session:
        print_json(list_predictions(session, task=task, reviewed="no", limit=limit, after=after))


@app.command()
def add(
    prediction: Annotated[str, typer.Argument(help="Id of the guess.")],
    verdict: Annotated[str, typer.Argument(help="agree, correct or unusable.")],
    reviewer: Annotated[str, typer.Option(help="Who says it, by name.")],
    class_: Annotated[
        str | None, typer.Option("--class", help="The class that it is, with 'correct'.")
    ] = None,
    comment: Annotated[str, typer.Option(help="Remarks.")] = "",
    home: Home = None,
) -> None:
    """Say what a guess is worth; the guess itself stays as it is.

    For example:

      cancerapy reviews add PREDICTION unusable --reviewer "Dr. Amal" --comment "out of focus"
    """
    from cancerapy.contract.requests import NewReview
    from cancerapy.errors import UnknownNameError
    from cancerapy.records.reviews import add_review
    from cancerapy.records.tables import REVIEW_VERDICTS

    if verdict not in REVIEW_VERDICTS:
        raise UnknownNameError.of("verdict", verdict, REVIEW_VERDICTS)
    review = NewReview(verdict, class_, comment)  # type: ignore[arg-type]  # just checked
    with opened(home) as records:
        with records.writing() as session:
            made = add_review(session, prediction, review, reviewer)
        print_json(made)


@app.command()
def agreement(
    task: Annotated[str, typer.Argument(help="Task: breast, skin, colorectal ...")],
    home: Home = None,
) -> None:
    """Tell how far first and second readers agree on a task: share and Cohen's kappa."""
    from cancerapy.records.reviews import measure_agreement

    with opened(home) as records, records.reading() as session:
        print_json(measure_agreement(session, task))
