"""The folder of a run: what was planned, on what, how it went, what came out.

::

    runs/<cancer>-<plan digest>/<part>/     part: holdout, final, or <protocol>/<fold>
        plan.json        every choice, resolved before the first step
        facts.json       digests of manifest and split, seed, versions, command, date
        stage-1.npz      state of the head's training, unfinished or finished
        stage-2.npz      state of the training of the last layers
        history.csv      a row per epoch and stage
        curves.png       the same as a picture
        model.weights.h5 the trained network, decision offset included
        outcome.json     what was chosen, and how to build the network again; written last, so
                         its presence says that the run is finished
        predictions/     of a hold-out run: its predictions; those of folds lie in the results
"""

import csv
import io
import json
import os
import platform
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import keras

from cancerapy import __version__
from cancerapy.atomic import write_atomically
from cancerapy.errors import DataError, StorageError
from cancerapy.surroundings import (
    describe_command,
    describe_commit,
    describe_machine,
    today,
)
from cancerapy.training.plan import Plan


@dataclass(frozen=True)
class RunFolder:
    """One part of a run on disk."""

    path: Path

    @property
    def weights_file(self) -> Path:
        """The trained network's weights."""
        return self.path / "model.weights.h5"

    @property
    def predictions(self) -> Path:
        """Folder of this part's out-of-fold predictions."""
        return self.path / "predictions"

    def write_plan(self, plan: Plan, facts: Mapping[str, Any]) -> None:
        """Write the plan and the facts before the first step.

        The outcome of an earlier run is removed: it does not belong to these facts.
        """
        (self.path / "outcome.json").unlink(missing_ok=True)
        self._write("plan.json", plan.to_json())
        self._write("facts.json", json.dumps({**facts, **_surroundings()}, indent=2) + "\n")

    def read_plan(self) -> dict[str, Any]:
        """Return the values of the run's plan.

        Raises:
            DataError: There is no run here.
        """
        return self._read("plan.json")

    def read_facts(self) -> dict[str, Any]:
        """Return what was written beside the plan, and the outcome if there is one."""
        outcome = self._read("outcome.json") if (self.path / "outcome.json").is_file() else {}
        return {**self._read("facts.json"), **outcome}

    def write_outcome(self, outcome: Mapping[str, Any]) -> None:
        """Write what the training chose: best epoch, offsets, seconds."""
        self._write("outcome.json", json.dumps(outcome, indent=2) + "\n")

    def read_outcome(self) -> dict[str, Any]:
        """Return what the training chose.

        Raises:
            DataError: The run did not come to its end.
        """
        return self._read("outcome.json")

    def write_weights(self, model: keras.Model) -> None:
        """Write the weights of ``model``, whole or not at all.

        Raises:
            StorageError: Disk full or no permission; what was there before is unchanged.
        """
        part = self.path / f".{os.getpid()}.part.weights.h5"  # Keras wants this ending
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            model.save_weights(part)
            part.replace(self.weights_file)
        except OSError as error:
            doing = f"writing the weights of the run '{self.path.name}'"
            raise StorageError.from_os_error(error, doing) from error
        finally:
            with suppress(OSError):  # its folder is none, or on a disk that is read only
                part.unlink()

    def write_history(self, rows: Sequence[Mapping[str, float | str]]) -> None:
        """Write a row of figures per epoch."""
        names = list(dict.fromkeys(name for row in rows for name in row))
        text = io.StringIO()
        writer = csv.DictWriter(text, names, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        self._write("history.csv", text.getvalue())

    def _write(self, name: str, text: str) -> None:
        write_atomically(self.path / name, text, f"writing {name} of the run '{self.path.name}'")

    def _read(self, name: str) -> dict[str, Any]:
        try:
            values: dict[str, Any] = json.loads((self.path / name).read_text())
        except (OSError, ValueError) as error:
            raise DataError(
                f"A run folder must hold a readable {name}; '{self.path}' does not: {error}. "
                "Train first with 'cancerapy train', or give the folder of a finished run.",
                code="run_missing",
            ) from error
        return values


def _surroundings() -> dict[str, str]:
    return {
        "command": describe_command(sys.argv[1:]),
        "date": today(),
        "cancerapy": __version__,
        "commit": describe_commit(),
        "keras": version("keras"),
        "machine": describe_machine(),
        "python": platform.python_version(),
    }
