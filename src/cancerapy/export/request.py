"""What ``cancerapy export`` is asked for."""

from dataclasses import dataclass
from pathlib import Path

from cancerapy.cancers import Cancer
from cancerapy.settings import Settings


@dataclass(frozen=True)
class ExportRequest:
    """What is asked.

    Args:
        cancer: Whose bundle.
        settings: Data, runs, results, bundles.
        run: Folder of the trained network; ``None``: the newest final fit, else hold-out run.
        predictions: Folder of the out-of-fold predictions; ``None``: the run's own, else those of
            the protocol it was fitted after.
        flips: Test-time flips of the graph; ``None``: the plan's.
        quantise: Whether an int8 graph may replace the float16 one.
    """

    cancer: Cancer
    settings: Settings
    run: Path | None = None
    predictions: Path | None = None
    flips: str | None = None
    quantise: bool = False
