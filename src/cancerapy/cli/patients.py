"""``cancerapy patients``: register, correct, find, export and erase."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cancerapy.cli.with_records import (
    After,
    Home,
    Limit,
    Yes,
    current_user,
    opened,
    print_json,
    read_pairs,
)

if TYPE_CHECKING:
    from cancerapy.contract.requests import PatientDetails

app = typer.Typer(add_completion=False, rich_markup_mode=None, no_args_is_help=True)

Patient = Annotated[str, typer.Argument(help="Id of the patient.")]
Name = Annotated[str, typer.Argument(help="Name or pseudonym.")]
BirthYear = Annotated[int | None, typer.Option(help="Year of birth.")]
Sex = Annotated[str, typer.Option(help="female, male, other or unknown.")]
Identifiers = Annotated[
    list[str] | None,
    typer.Option(
        "--identifier", help="SYSTEM=NUMBER by which another system knows the patient; repeat."
    ),
]


@app.callback()
def patients() -> None:
    """Register, correct, find, export and erase patients. Answers are JSON.

    For example:

      cancerapy patients add "Layla Haddad" --birth-year 1961 --sex female

      cancerapy patients list --search haddad
    """


@app.command()
def add(
    name: Name,
    birth_year: BirthYear = None,
    sex: Sex = "unknown",
    identifier: Identifiers = None,
    home: Home = None,
) -> None:
    """Register a patient.

    For example:

      cancerapy patients add P-0815 --birth-year 1974 --identifier hospital=4711
    """
    from cancerapy.records.patients import create_patient

    details = _details(name, birth_year, sex, identifier)
    with opened(home) as records:
        with records.writing() as session:
            made = create_patient(session, details, current_user())
        print_json(made)


@app.command()
def update(
    patient: Patient,
    name: Name,
    birth_year: BirthYear = None,
    sex: Sex = "unknown",
    identifier: Identifiers = None,
    home: Home = None,
) -> None:
    """Replace all that is written down about a patient; what is left out is removed.

    For example:

      cancerapy patients update 3f0c... "Layla Haddad" --birth-year 1962 --sex female
    """
    from cancerapy.records.patients import update_patient

    details = _details(name, birth_year, sex, identifier)
    with opened(home) as records:
        with records.writing() as session:
            changed = update_patient(session, patient, details, current_user())
        print_json(changed)


@app.command("list")
def list_(
    search: Annotated[str, typer.Option(help="Part of the name, or a whole identifier.")] = "",
    limit: Limit = 50,
    after: After = None,
    home: Home = None,
) -> None:
    """List patients, newest first."""
    from cancerapy.records.patients import list_patients

    with opened(home) as records, records.reading() as session:
        print_json(list_patients(session, search=search, limit=limit, after=after))


@app.command()
def export(
    patient: Patient,
    output: Annotated[Path, typer.Option("--output", "-o", help="File to write, .json or .pdf.")],
    language: Annotated[str, typer.Option(help="Of the PDF: en or ar.")] = "en",
    home: Home = None,
) -> None:
    """Write everything that the records hold of a patient into a file.

    For example:

      cancerapy patients export 3f0c... -o record.pdf --language ar
    """
    import json
    from dataclasses import asdict

    from cancerapy.atomic import replacing
    from cancerapy.errors import UnknownNameError
    from cancerapy.records.export import export_patient
    from cancerapy.records.export_pdf import LANGUAGES, export_pdf

    if language not in LANGUAGES:
        raise UnknownNameError.of("language", language, LANGUAGES)
    form = output.suffix.lower()
    if form not in (".json", ".pdf"):
        raise UnknownNameError.of("file format", form, (".json", ".pdf"))
    with opened(home) as records:
        if form == ".pdf":
            data = export_pdf(records, patient, language, current_user())
        else:
            found = export_patient(records, patient, current_user())
            data = json.dumps(asdict(found), indent=2, ensure_ascii=False).encode()
    with replacing(output) as file:
        file.write(data)


@app.command()
def erase(patient: Patient, yes: Yes = False, home: Home = None) -> None:
    """Erase a patient with everything on the record, for good; the audit log stays.

    Backups that were made before still hold the patient: delete them, too.
    """
    from cancerapy.records.erasure import erase_patient
    from cancerapy.records.patients import get_patient

    with opened(home) as records:
        with records.reading() as session:
            name = get_patient(session, patient).name
        if not yes:
            typer.confirm(f"Erase '{name}' with all examinations and images for good?", abort=True)
        print_json(erase_patient(records, patient, current_user()))


def _details(
    name: str, birth_year: int | None, sex: str, identifiers: list[str] | None
) -> "PatientDetails":
    from cancerapy.contract.requests import Identifier, PatientDetails

    pairs = read_pairs(identifiers or [], "--identifier")
    return PatientDetails(
        name,
        birth_year,
        sex,  # type: ignore[arg-type]  # the records check it
        tuple(Identifier(system, value) for system, value in pairs.items()),
    )
