"""The name that was probably meant."""

import difflib
from collections.abc import Iterable


def offer_nearest(name: str, known: Iterable[str]) -> str:
    """Return a question that offers the nearest of ``known``; empty if none is near.

    >>> offer_nearest("dropuot", ["dropout", "epochs"])
    " Did you mean 'dropout'?"
    """
    nearest = difflib.get_close_matches(name, sorted(known), n=1, cutoff=0.5)
    return f" Did you mean '{nearest[0]}'?" if nearest else ""
