"""``cancerapy serve``: answer over HTTP."""

from pathlib import Path
from typing import Annotated

import typer

from cancerapy.settings import option_help


def serve(
    host: Annotated[
        str | None,
        typer.Option(
            help=option_help(
                "host", "Address to listen on. Any but this machine's own needs a token."
            )
        ),
    ] = None,
    port: Annotated[
        int | None,
        typer.Option(min=0, max=65535, help=option_help("port", "Port; 0 takes any free one.")),
    ] = None,
    bundles: Annotated[
        Path | None,
        typer.Option(
            help=option_help("bundles", "Folder of model bundles instead of the package's own.")
        ),
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(
            min=0, help=option_help("workers", "Interpreters per model; 0: one per two cores.")
        ),
    ] = None,
    max_upload_mb: Annotated[
        int | None,
        typer.Option(min=1, help=option_help("max_upload_mb", "Largest request in megabytes.")),
    ] = None,
    token: Annotated[
        str | None,
        typer.Option(
            help=option_help(
                "token", "Secret that every request must carry; made up where one is needed."
            )
        ),
    ] = None,
    tls: Annotated[
        bool | None,
        typer.Option(
            "--tls",
            help=option_help("tls", "Speak TLS; phones need it for their camera. Self-signed."),
        ),
    ] = None,
    certificate: Annotated[
        Path | None,
        typer.Option(help=option_help("certificate", "Certificate (PEM) instead; implies TLS.")),
    ] = None,
    private_key: Annotated[
        Path | None,
        typer.Option(help=option_help("private_key", "Private key of the certificate (PEM).")),
    ] = None,
    log_level: Annotated[
        str | None,
        typer.Option(help=option_help("log_level", "debug, info, warning or error.")),
    ] = None,
) -> None:
    """Answer over HTTP until stopped with Ctrl+C.

    Starts on http://127.0.0.1:8000, says which models answer, and prints a curl line that works
    as it stands. Open /docs in a browser to read about every route and to try it.

    For instance:

      cancerapy serve

      cancerapy serve --port 9000 --bundles runs/bundles

      cancerapy serve --host 0.0.0.0   (other machines may ask; prints the token they need)

      cancerapy serve --host 0.0.0.0 --tls   (prints a QR code that a phone opens)
    """
    from cancerapy.server import serve as run_server
    from cancerapy.settings import load_settings

    settings = load_settings(
        host=host,
        port=port,
        bundles=bundles,
        workers=workers,
        max_upload_mb=max_upload_mb,
        token=token,
        tls=tls,
        certificate=certificate,
        private_key=private_key,
        log_level=log_level,
    )
    run_server(settings, announce=lambda line: typer.echo(line, err=True))
