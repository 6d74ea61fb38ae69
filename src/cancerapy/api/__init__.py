"""The HTTP API: a Flask application over the runtime; one module per resource."""

from cancerapy.api.app import create_app

__all__ = ["create_app"]
