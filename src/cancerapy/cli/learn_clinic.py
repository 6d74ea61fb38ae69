"""``cancerapy learn clinic``: what a clinic's own confirmed cases add, simulated and measured."""

from pathlib import Path
from typing import Annotated

import typer

from cancerapy.cli.options import DataRoot
from cancerapy.settings import option_help


def clinic(
    cancer: Annotated[str, typer.Argument(help="Cancer, for instance breast.")],
    site: Annotated[
        str, typer.Option(help="External data set that stands for the clinic, inbreast ...")
    ],
    seed: Annotated[int, typer.Option(min=0, help="Of the halves and of who refuses.")] = 0,
    docs: Annotated[Path, typer.Option(help="Folder of the documentation.")] = Path("docs"),
    data: DataRoot = None,
    runs: Annotated[
        Path | None,
        typer.Option(help=option_help("runs", "Where records, models and features are kept.")),
    ] = None,
    results: Annotated[
        Path | None, typer.Option(help=option_help("results", "Where rows go."))
    ] = None,
    bundles: Annotated[
        Path | None,
        typer.Option(help=option_help("bundles", "Folder whose served model is taken.")),
    ] = None,
) -> None:
    """Measure what a clinic's own confirmed cases add, on a data set that no training saw.

    Half of the data set's patients are registered, examined by the served model and reviewed with
    the class of the data set's table; some refuse training. Then collect, retrain and promote do
    what they do anywhere, in folders of their own. Both models answer the other half. Killed at
    any moment it goes on where it was.

    For instance:

      cancerapy learn clinic breast --site inbreast --data ~/data
    """
    import sys

    from cancerapy.cancers import load_cancer
    from cancerapy.evaluation.external import external_source
    from cancerapy.models.quiet_start import start_keras
    from cancerapy.settings import load_settings
    from cancerapy.surroundings import describe_command

    loaded = load_cancer(cancer)
    external_source(loaded, site)
    settings = load_settings(data=data, runs=runs, results=results, bundles=bundles)
    start_keras()
    from cancerapy.data.progress import counting
    from cancerapy.evaluation.rows import write_rows
    from cancerapy.learning.clinic import ClinicRequest, run_clinic
    from cancerapy.learning.clinic_names import rows_file
    from cancerapy.learning.clinic_rows import clinic_rows
    from cancerapy.learning.page import write_page

    request = ClinicRequest(loaded, site, settings, describe_command(sys.argv[1:]), seed)
    run = run_clinic(request, say=lambda text: typer.echo(text, err=True))
    with counting("patients that neither model saw") as progress:
        rows = clinic_rows(request, run, progress=lambda _, done, total: progress(done, total))
    write_rows(rows_file(settings.results, loaded.id, site), rows)
    for file in write_page(settings.results, docs):
        typer.echo(file)
