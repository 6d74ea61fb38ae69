"""CanceRapy: a second opinion on images of possible cancers that can be checked.

The package takes a cancer classifier through its whole life: read a data set, split it without
leaks, train, prove, export to LiteRT, serve and explain. It is a research tool and a second
reader, not a medical device.
"""

__version__ = "0.1.0"

__all__ = ["__version__"]
