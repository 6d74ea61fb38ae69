"""One port for the API (and the app): ASGI in front, the Flask application behind."""

from cancerapy.server.serve import serve

__all__ = ["serve"]
