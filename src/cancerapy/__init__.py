"""CanceRapy: a second opinion on images of possible cancers that can be checked.

The package takes a cancer classifier through its whole life: read a data set, split it without
leaks, train, prove, export to LiteRT, serve and explain. It is a research tool and a second
reader, not a medical device.
"""

import os

# TensorFlow reads this once, when it is imported, and leaves oneDNN off on some processors (AMD's
# among them), where training then takes up to 1.8 times as long. The package itself is the one
# place that is always imported before TensorFlow. A value that the user has set stays.
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")

__version__ = "0.1.0"

__all__ = ["__version__"]
