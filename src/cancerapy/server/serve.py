"""Starts the server: take the port, load the models, say what is served, answer until stopped."""

import logging
import secrets
import signal
import socket
from collections.abc import Callable
from dataclasses import replace

import uvicorn
from starlette.types import ASGIApp

from cancerapy.agent import read_base_rates
from cancerapy.api import create_app
from cancerapy.api.access import is_loopback
from cancerapy.api.callers import has_own_user
from cancerapy.api.people import People
from cancerapy.api.state import EXTENSION, ApiState, ServesTasks
from cancerapy.api.uploads import body_limit_bytes
from cancerapy.app import AppConfig, build_app
from cancerapy.cancers import list_cancers, load_cancer
from cancerapy.errors import CanceRapyError, ServerError
from cancerapy.records.database import records_folder
from cancerapy.records.on_demand import RecordsOnDemand
from cancerapy.runtime.interpreter import processor_count
from cancerapy.server.asgi import build_asgi
from cancerapy.server.certificate import fingerprint, with_certificate
from cancerapy.server.example import build_address, build_curl_line, write_example
from cancerapy.server.log import configure_log
from cancerapy.server.pairing import build_pairing_link, draw_qr_code, find_host
from cancerapy.server.retention import keeping_to_retention
from cancerapy.settings import Settings

GRACE_S = 10
"""How long running requests may take after the signal to stop."""


logger = logging.getLogger("cancerapy.server")


def serve(settings: Settings, *, announce: Callable[[str], None] = logger.info) -> None:
    """Serve the API until SIGINT or SIGTERM, then let running requests finish.

    Args:
        settings: Resolved settings. Port 0 takes any free one; without a token one is made where
            other machines can reach the server and there is no account to sign in with.
        announce: Gets each line for the person who starts the server; the log by default.

    Raises:
        ServerError: The address, the port or the certificate cannot be used.
        StorageError: A certificate of its own cannot be written.
        UsageError: A setting is out of range, or a prevalence cannot be read.
        UnknownNameError: A prevalence is of no cancer.
    """
    configure_log(settings.log_level)
    read_base_rates(settings.prevalence)  # a wrong one is said now, not with the first patient
    host = find_host(settings.host)
    settings = with_certificate(settings, [host])
    listener = _take_port(settings)
    settings = replace(
        settings, port=listener.getsockname()[1], token=settings.token or _needed_token(settings)
    )
    app = create_app(settings)
    state: ApiState = app.extensions[EXTENSION]
    state.models.warm()
    _say_what_is_served(settings, state.models, announce)
    _say_where_records_are(settings, state.records, announce)
    if not is_loopback(settings.host):
        _say_how_to_pair(settings, host, announce)
    picture_bytes = settings.max_upload_mb * 1_000_000
    asgi = build_asgi(
        app,
        app=build_app(
            AppConfig(
                server=build_address(settings),
                max_picture_bytes=picture_bytes,
                certificate=settings.certificate if settings.tls else None,
            )
        ),
        host=settings.host,
        # While interpreters are busy, other threads decode the next images and answer the rest.
        workers=max(settings.workers, processor_count()) + 2,
        max_body_bytes=body_limit_bytes(settings.max_upload_mb),
    )
    config = _configure(asgi, settings, picture_bytes)
    # Uvicorn raises the signal that stopped it once more when it is done; by then it is obeyed.
    for stop in (signal.SIGINT, signal.SIGTERM):
        signal.signal(stop, lambda *_: None)
    with keeping_to_retention(settings, state.records.get):
        uvicorn.Server(config).run(sockets=[listener])


def _configure(asgi: ASGIApp, settings: Settings, picture_bytes: int) -> uvicorn.Config:
    return uvicorn.Config(
        asgi,
        http="httptools",
        ws="websockets-sansio",
        # The app gets a chosen picture in one message; one above the limit is refused by its size
        # and in words, so it has to come through.
        ws_max_size=max(4 * picture_bytes, 64_000_000),
        access_log=False,
        log_config=None,
        log_level="warning",
        server_header=False,
        # The app asks on behalf of its visitors and names their addresses; nobody else is believed.
        forwarded_allow_ips=["127.0.0.1", "::1", settings.host],
        ssl_certfile=settings.certificate,
        ssl_keyfile=settings.private_key,
        timeout_graceful_shutdown=GRACE_S,
    )


def _needed_token(settings: Settings) -> str:
    if is_loopback(settings.host):
        return ""
    try:
        has_accounts = People(settings, RecordsOnDemand(settings).get).exist()
    except CanceRapyError:  # said below; devices can ask for predictions even without records
        has_accounts = False
    return "" if has_accounts else secrets.token_urlsafe(24)


def _take_port(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.host, settings.port))
        listener.listen(128)
    except (OSError, OverflowError) as error:
        listener.close()
        reason = getattr(error, "strerror", None) or str(error)
        raise ServerError(
            f"The server needs an address and a port of its own; {settings.host} port "
            f"{settings.port} cannot be used ({reason}). Stop what uses it, or choose another "
            f"port: cancerapy serve --port {(settings.port + 1) % 65536}",
            code="port_unavailable",
            field="port",
        ) from error
    return listener


def _say_how_to_pair(settings: Settings, host: str, announce: Callable[[str], None]) -> None:
    link = build_pairing_link(settings, host)
    announce(f"Open the app on a phone of this network with its camera, or at {link}")
    for line in draw_qr_code(link):
        announce(line)
    if settings.certificate is not None:
        announce("The phone may warn of the certificate; its SHA-256 has to be:")
        announce(f"  {fingerprint(settings.certificate)}")
    else:
        announce("Without --tls images and the token travel in the clear, and phones refuse their")
        announce("camera to the browser. Add --tls.")


def _say_where_records_are(
    settings: Settings, records: RecordsOnDemand, announce: Callable[[str], None]
) -> None:
    try:
        records.get()
    except CanceRapyError as error:  # it predicts without them, and each use says why not
        announce(f"There are no patients' records: {error.message}")
    else:
        where = "a database of their own" if settings.database_url else records_folder(settings)
        announce(f"Patients' records are in {where}.")
        if settings.retention_days:
            announce(f"Examinations older than {settings.retention_days} days are erased daily.")


def _say_what_is_served(
    settings: Settings, models: ServesTasks, announce: Callable[[str], None]
) -> None:
    address = build_address(settings)
    announce(f"CanceRapy answers at {address} (stop with Ctrl+C). API: {address}/docs")
    served, problems = models.fields(), models.problems()
    for name in list_cancers():
        tasks = ", ".join(task.id for task in load_cancer(name).tasks)
        state = served[name].name if name in served else f"no model: {problems.get(name, '')}"
        announce(f"  {name:<12} {state}; tasks: {tasks}")
    if settings.token:
        announce(f"Every request needs the header: Authorization: Bearer {settings.token}")
    elif not is_loopback(settings.host):
        announce("People sign in with their accounts; list them with: cancerapy people list")
    ready = [name for name in list_cancers() if name in served]
    if ready and (settings.token or has_own_user(settings)):
        example = write_example(load_cancer(ready[-1]), settings.cache)
        announce("Try it with an image that was just drawn (it shows no patient):")
        announce(f"  {build_curl_line(settings, ready[-1], example)}")
