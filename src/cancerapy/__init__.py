"""CanceRapy: a second opinion on images of possible cancers that can be checked.

The package takes a cancer classifier through its whole life: read a data set, split it without
leaks, train, prove, export to LiteRT, serve and explain. It is a research tool and a second
reader, not a medical device.
"""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("cancerapy")
except PackageNotFoundError:  # a source tree that was never installed
    __version__ = "0.0.0+source"

__all__ = ["__version__"]
