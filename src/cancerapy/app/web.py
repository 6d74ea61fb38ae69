"""The app for the browser as an ASGI application that any server can mount."""

from pathlib import Path
from typing import TYPE_CHECKING, cast

from cancerapy.app.config import AppConfig

if TYPE_CHECKING:  # the packaged app, which imports this package too, has no Starlette
    from starlette.applications import Starlette

ASSETS = Path(__file__).parent / "assets"


def build_app(config: AppConfig) -> "Starlette":
    """Return the app as an ASGI application; its lifespan has to be entered.

    Nothing in the page is loaded from another host: the engine and the fonts are served from here.

    Args:
        config: Where the API is.
    """
    from flet_web.fastapi import app

    from cancerapy.app.main import build_main

    return cast(
        "Starlette",
        app(
            build_main(config),
            assets_dir=str(ASSETS),
            app_name="CanceRapy",
            app_short_name="CanceRapy",
            app_description="A second opinion on medical images of possible cancer.",
            no_cdn=True,
        ),
    )
