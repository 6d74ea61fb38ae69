"""``cancerapy consents``: what a patient's images may be used for."""

from typing import Annotated

import typer

from cancerapy.cli.with_records import Home, current_user, opened, print_json

app = typer.Typer(add_completion=False, rich_markup_mode=None, no_args_is_help=True)

Patient = Annotated[str, typer.Argument(help="Id of the patient.")]
Purpose = Annotated[str, typer.Argument(help="care, research or training.")]


@app.callback()
def consents() -> None:
    """Write down what a patient's images may be used for. Answers are JSON.

    For example:

      cancerapy consents give PATIENT training

      cancerapy consents withdraw PATIENT training
    """


@app.command()
def give(patient: Patient, purpose: Purpose, home: Home = None) -> None:
    """Write down that a patient gives consent."""
    _record(patient, purpose, True, home)


@app.command()
def withdraw(patient: Patient, purpose: Purpose, home: Home = None) -> None:
    """Write down that a patient withdraws consent."""
    _record(patient, purpose, False, home)


@app.command("list")
def list_(patient: Patient, home: Home = None) -> None:
    """List every decision of a patient, oldest first."""
    from cancerapy.records.consents import list_consents

    with opened(home) as records, records.reading() as session:
        print_json(list_consents(session, patient))


def _record(patient: str, purpose: str, given: bool, home: Home) -> None:
    from cancerapy.contract.requests import NewConsent
    from cancerapy.errors import UnknownNameError
    from cancerapy.records.consents import record_consent
    from cancerapy.records.tables import PURPOSES

    if purpose not in PURPOSES:
        raise UnknownNameError.of("purpose", purpose, PURPOSES)
    decision = NewConsent(purpose, given)  # type: ignore[arg-type]  # just checked
    with opened(home) as records:
        with records.writing() as session:
            made = record_consent(session, patient, decision, current_user())
        print_json(made)
