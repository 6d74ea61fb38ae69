"""The app for people: a Flutter application written in Python with Flet.

It knows the server only through ``app.client``; nothing here imports ``api``.
"""

from cancerapy.app.config import AppConfig
from cancerapy.app.web import build_app

__all__ = ["AppConfig", "build_app"]
