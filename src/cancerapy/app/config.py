"""What whoever starts the app decides: where its server is and how large a picture may be."""

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class AppConfig:
    """Settings of the app that are not a person's preferences.

    Args:
        server: Address of the API, for instance ``"http://127.0.0.1:8000"``. In the browser it is
            fixed: there the app's Python runs on the server, which must not ask any address that
            a visitor types. The packaged app starts with it and lets the person change it.
        max_picture_bytes: Largest picture that is sent.
        certificate: The certificate (PEM) that ``server`` shows; no other is accepted then, and
            its names do not matter. Without it, one that the device trusts is.
        storage: The packaged app's own folder on the device, for requests that wait and models
            that were fetched; ``None`` in the browser, where neither exists.
    """

    server: str
    max_picture_bytes: int = 20_000_000
    certificate: Path | None = None
    storage: Path | None = None


def find_storage() -> Path | None:
    """Return the folder that Flet gives a packaged app to keep its data; ``None`` elsewhere."""
    folder = os.environ.get("FLET_APP_STORAGE_DATA", "")
    return Path(folder) if folder else None
