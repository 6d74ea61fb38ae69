"""Every setting of CanceRapy: name, default and help in one table.

A setting is read from the environment variable ``CANCERAPY_<NAME>``; a command-line option of
the same name wins over it. ``docs/reference/settings.md`` is generated from ``SETTINGS``.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from cancerapy.errors import DataError, UnknownNameError, UsageError

PREFIX = "CANCERAPY_"


def _help(text: str) -> dict[str, str]:
    return {"help": text}


@dataclass(frozen=True, slots=True)
class Settings:
    """Resolved settings; build with ``load_settings``."""

    data: Path | None = field(
        default=None,
        metadata=_help("Root folder of the data sets (ham10000, kather2016 ...)."),
    )
    weights: Path | None = field(
        default=None,
        metadata=_help("Folder with ImageNet starting weights."),
    )
    cache: Path = field(
        default=Path(".cancerapy-cache"),
        metadata=_help("Decoded images and frozen activations."),
    )
    runs: Path = field(
        default=Path("runs"),
        metadata=_help("Where training runs write their folders."),
    )
    results: Path = field(
        default=Path("results"),
        metadata=_help("Result tables that the documentation reads."),
    )
    bundles: Path | None = field(
        default=None,
        metadata=_help("Folder of model bundles; the package's own if unset."),
    )
    home: Path = field(
        default=Path("~/.cancerapy"),
        metadata=_help("Folder of the patient records: database and images."),
    )
    database_url: str = field(
        default="",
        metadata=_help(
            "Database of the records, postgresql+psycopg://...; a SQLite file in the home if unset."
        ),
    )
    retention_days: int = field(
        default=0,
        metadata=_help(
            "Days after which a running server erases examinations; 0 keeps them for ever."
        ),
    )
    prevalence: str = field(
        default="",
        metadata=_help(
            "Share of malignant findings among the clinic's own patients, for decisions, for "
            "instance breast=0.007,skin=0.05; that of the data set if unset."
        ),
    )
    host: str = field(
        default="127.0.0.1",
        metadata=_help("Address that the server listens on."),
    )
    port: int = field(
        default=8000,
        metadata=_help("Port that the server listens on."),
    )
    max_upload_mb: int = field(
        default=20,
        metadata=_help("Largest upload in megabytes (10^6 bytes)."),
    )
    max_megapixels: int = field(
        default=50,
        metadata=_help("Largest image in megapixels, checked before decoding."),
    )
    max_batch: int = field(
        default=32,
        metadata=_help("Most images in one batch request."),
    )
    workers: int = field(
        default=0,
        metadata=_help("Interpreters per model; 0 means one per two processor cores."),
    )
    token: str = field(
        default="",
        metadata=_help(
            "Secret that every request must carry; needed on any address but the machine's own."
        ),
    )
    tls: bool = field(
        default=False,
        metadata=_help("Whether the server speaks TLS; self-signed unless a certificate is given."),
    )
    certificate: Path | None = field(
        default=None,
        metadata=_help("The server's certificate (PEM); needs the private key, implies TLS."),
    )
    private_key: Path | None = field(
        default=None,
        metadata=_help("Private key of the server's certificate (PEM)."),
    )
    log_level: str = field(
        default="info",
        metadata=_help("debug, info, warning or error."),
    )
    sign_in: bool = field(
        default=False,
        metadata=_help("Whether an account is needed on the machine's own address too."),
    )
    session_hours: int = field(
        default=12,
        metadata=_help("How long a sign-in holds, in hours."),
    )
    max_requests_per_minute: int = field(
        default=1200,
        metadata=_help(
            "Most requests of one account, or of one address without one; 0 for any number."
        ),
    )
    public_url: str = field(
        default="",
        metadata=_help("Address under which people reach the server, for the sign-in provider."),
    )
    oidc_issuer: str = field(
        default="",
        metadata=_help("OpenID Connect provider that people may sign in with, its https address."),
    )
    oidc_client_id: str = field(
        default="",
        metadata=_help("This server's client id at the provider."),
    )
    oidc_client_secret: str = field(
        default="",
        metadata=_help("This server's client secret at the provider; empty for a public client."),
    )

    def data_root(self, need: str, cancer: str = "") -> Path:
        """Return the root folder of the data sets.

        Args:
            need: Beginning of the message, what needs it: ``"Training needs"``.
            cancer: Id of the cancer whose data sets are needed; empty: of any.

        Raises:
            DataError: None is set.
        """
        if self.data is None:
            command = " ".join(filter(None, ("cancerapy data download", cancer)))
            raise DataError(
                f"{need} the folder of the data sets; none is set. Give --data FOLDER or set "
                f"CANCERAPY_DATA; '{command}' says how to get them.",
                code="data_missing",
            )
        return self.data


def option_help(name: str, text: str) -> str:
    """Return the help of a command's option that stands for a setting.

    Args:
        name: The setting.
        text: What the option means in this command, as a sentence.

    >>> option_help("runs", "Where run folders go.")
    'Where run folders go. (CANCERAPY_RUNS; default: runs)'
    """
    (default,) = (spec.default for spec in fields(Settings) if spec.name == name)
    shown = default.as_posix() if isinstance(default, Path) else default
    is_plain = shown is None or shown == "" or shown is False
    notes = [PREFIX + name.upper(), *([] if is_plain else [f"default: {shown}"])]
    return f"{text} ({'; '.join(notes)})"


_SWITCH = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}


def _parse(name: str, kind: object, text: str) -> Path | int | str:
    if kind is str:
        return text
    if kind is bool:
        if text.lower() not in _SWITCH:
            raise UsageError(
                f"{PREFIX}{name.upper()} must be one of {', '.join(_SWITCH)}; it is '{text}'.",
                code="setting_invalid",
                field=name,
            )
        return _SWITCH[text.lower()]
    if kind is int:
        try:
            number = int(text)
        except ValueError:
            number = -1
        if number < 0:
            raise UsageError(
                f"{PREFIX}{name.upper()} must be a whole number of at least 0; it is '{text}'.",
                code="setting_invalid",
                field=name,
            )
        return number
    return Path(text).expanduser()


def load_settings(environ: Mapping[str, str] | None = None, **overrides: object) -> Settings:
    """Resolve the settings from overrides, the environment and the defaults, in this order.

    Args:
        environ: Variables to read; the process's own by default.
        **overrides: Values by setting name; ``None`` means not given.

    Raises:
        UsageError: A variable's value is not of the setting's type.
        UnknownNameError: An override names no setting.

    >>> load_settings({"CANCERAPY_PORT": "9000"}).port
    9000
    """
    environ = os.environ if environ is None else environ
    known = [spec.name for spec in fields(Settings)]
    for name in overrides:
        if name not in known:
            raise UnknownNameError.of("setting", name, known)
    values: dict[str, Any] = {}
    for spec in fields(Settings):
        text = environ.get(PREFIX + spec.name.upper())
        if overrides.get(spec.name) is not None:
            values[spec.name] = overrides[spec.name]
        elif text:
            values[spec.name] = _parse(spec.name, spec.type, text)
    return Settings(**values)
