"""Options that mean the same in several commands, each with its help in one place."""

from pathlib import Path
from typing import Annotated

import typer

from cancerapy.settings import option_help

DataRoot = Annotated[Path | None, typer.Option(help=option_help("data", "Root of the data sets."))]
OtherSource = Annotated[str | None, typer.Option(help="Folder of another data set of this cancer.")]
AllowLeak = Annotated[
    bool, typer.Option("--allow-leak", help="Permit protocols that split groups (LEAKING).")
]
Backbone = Annotated[str | None, typer.Option(help="Network below the head.")]
StartingWeights = Annotated[
    str | None, typer.Option(help="Starting weights: imagenet, none, or a file.")
]
