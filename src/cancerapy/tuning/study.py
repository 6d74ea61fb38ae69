"""The study on disk: an Optuna study in SQLite beside the record of what is searched.

::

    runs/tune/<study>/
        study.json       what is searched, on what, from where; all calls must agree on it
        study.db         every state with its scores, written as they come
        states/          unfinished stages of states that were interrupted
        workers/         an empty file a process, so that each draws other states
        trials.csv       a row a state; best-plan.json and the pictures are made from it
"""

import json
import os
import sys
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import optuna
from optuna.exceptions import ExperimentalWarning, StorageInternalError
from optuna.trial import FrozenTrial, TrialState
from sqlalchemy import URL
from sqlalchemy.exc import SQLAlchemyError

from cancerapy import __version__
from cancerapy.atomic import write_atomically
from cancerapy.errors import DataError, StorageError, UsageError
from cancerapy.surroundings import (
    describe_command,
    describe_commit,
    describe_machine,
    today,
)

if TYPE_CHECKING:
    from cancerapy.tuning.problem import Problem

MAX_ATTEMPTS = 3
"""How often a state is begun whose process ended without a word, for instance out of memory."""

HEARTBEAT_S = 10
"""Seconds between the signs of life of a running state."""

_GRACE = 6  # signs of life that may be missed
_N_RANDOM = 8
_N_BEFORE_PRUNING = 4
_FIRST_PRUNED = 2  # after one epoch a low rate has not yet had its chance
_BUSY_S = 60
_STUDY = "study"


@contextmanager
def open_study(problem: "Problem", *, heartbeat_s: int = HEARTBEAT_S) -> Iterator[optuna.Study]:
    """Open the study of a problem, or begin it.

    The first states are random. From its second epoch on, a state is pruned whose best score so
    far is below the median of what the others had at that epoch.

    Args:
        problem: What is searched.
        heartbeat_s: Seconds between the signs of life of a running state. One that misses six
            has died with its process: it is failed and queued again.

    Raises:
        UsageError: The folder holds the study of another problem.
        DataError: The study's file is damaged.
        StorageError: The folder cannot be written.
    """
    folder = problem.folder
    write_record(folder, problem.record)
    verbosity = optuna.logging.get_verbosity()
    optuna.logging.set_verbosity(optuna.logging.ERROR)  # the search says what comes of a state
    try:
        with warnings.catch_warnings():
            # Optuna calls signs of life experimental since its version 2.9.
            warnings.simplefilter("ignore", ExperimentalWarning)
            storage = optuna.storages.RDBStorage(
                URL.create("sqlite", database=str(folder / "study.db")).render_as_string(),
                engine_kwargs={"connect_args": {"timeout": _BUSY_S}},
                heartbeat_interval=heartbeat_s,
                grace_period=_GRACE * heartbeat_s,
                heartbeat_stale_trial_callback=queue_killed,
            )
    except (StorageInternalError, SQLAlchemyError) as error:
        optuna.logging.set_verbosity(verbosity)
        raise _damaged(folder, error) from error
    try:
        yield optuna.create_study(
            storage=storage,
            study_name=_STUDY,
            direction="maximize",
            load_if_exists=True,
            sampler=optuna.samplers.TPESampler(
                seed=_draw_seed(folder, problem.seed), n_startup_trials=_N_RANDOM
            ),
            pruner=optuna.pruners.MedianPruner(_N_BEFORE_PRUNING, n_warmup_steps=_FIRST_PRUNED),
        )
    except (StorageInternalError, SQLAlchemyError) as error:
        raise _damaged(folder, error) from error
    finally:
        optuna.logging.set_verbosity(verbosity)
        storage.remove_session()
        storage.engine.dispose()


def write_record(folder: Path, record: Mapping[str, Any]) -> None:
    """Write what is searched into a new study; check that an old one is the same.

    Raises:
        UsageError: It differs.
        DataError: The old record cannot be read.
    """
    file = folder / "study.json"
    own = json.loads(json.dumps(record))
    if file.is_file():
        try:
            there = json.loads(file.read_text())
            differing = [name for name in own if there.get(name) != own[name]]
        except (ValueError, AttributeError) as error:
            raise DataError(
                f"The record of a study must be readable; '{file}' is not: {error}. Remove its "
                "folder or give --study another name."
            ) from error
        if differing:
            raise UsageError(
                f"All calls on one study must search the same; '{folder.name}' was begun with "
                f"another {', '.join(differing)}. Repeat the options of its study.json to go on "
                "with it, or give --study another name.",
                field="study",
            )
        return
    facts = {
        "command": describe_command(sys.argv[1:]),
        "date": today(),
        "cancerapy": __version__,
        "commit": describe_commit(),
        "machine": describe_machine(),
    }
    text = json.dumps({**own, "began": facts}, indent=2) + "\n"
    write_atomically(file, text, f"beginning the study '{folder.name}'")


def queue_killed(study: optuna.Study, trial: FrozenTrial) -> None:
    """Queue a state again whose process died; after three attempts it stays failed."""
    attempt = trial.user_attrs.get("attempt", 1)
    if attempt < MAX_ATTEMPTS:
        queue_again(study, trial, attempt=attempt + 1)


def queue_again(study: optuna.Study, trial: FrozenTrial, *, attempt: int) -> None:
    """Queue a state that was interrupted; it goes on from its last finished epoch."""
    study.add_trial(
        optuna.create_trial(
            state=TrialState.WAITING,
            params=trial.params,
            distributions=trial.distributions,
            user_attrs={"begun_as": begun_as(trial), "attempt": attempt},
            intermediate_values=trial.intermediate_values,
        )
    )


def begun_as(trial: FrozenTrial | optuna.Trial) -> int:
    """Return the number under which a state was begun, which names its folder."""
    return int(trial.user_attrs.get("begun_as", trial.number))


def _draw_seed(folder: Path, seed: int) -> int:
    """Return a seed that no process of the study had before.

    Raises:
        StorageError: The folder cannot be written.
    """
    place = folder / "workers"
    try:
        place.mkdir(parents=True, exist_ok=True)
        number = 1 + len(list(place.iterdir()))
        while True:
            try:
                os.close(os.open(place / str(number), os.O_CREAT | os.O_EXCL | os.O_WRONLY))
                break
            except FileExistsError:
                number += 1
    except OSError as error:
        raise StorageError.from_os_error(error, f"joining the study '{folder.name}'") from error
    return int(np.random.SeedSequence([seed, number]).generate_state(1)[0])


def _damaged(folder: Path, error: Exception) -> DataError:
    return DataError(
        f"A study's file must be readable; '{folder / 'study.db'}' is not: {error}. Check that "
        "the disk has room; a damaged file cannot be gone on from: remove the folder or give "
        "--study another name."
    )
