"""Finds the cancers: every sibling module without a leading underscore holds one ``CANCER``.

Further folders can be searched too (``CANCERAPY_CANCERS``, separated like ``PATH``): a file
dropped there is a cancer like any other.
"""

import importlib
import importlib.util
import os
import pkgutil
import sys
from functools import cache
from pathlib import Path

from cancerapy.cancers._spec import Cancer, Task
from cancerapy.errors import CanceRapyError, UnknownNameError

PATH_VARIABLE = "CANCERAPY_CANCERS"


def _extra_files() -> dict[str, Path]:
    folders = [Path(part) for part in os.environ.get(PATH_VARIABLE, "").split(os.pathsep) if part]
    return {
        file.stem: file
        for folder in folders
        for file in sorted(folder.glob("[!_]*.py"))
    }


def list_cancers() -> list[str]:
    """Return the ids of all cancers, sorted.

    Raises:
        CanceRapyError: Two files define a cancer of the same name.
    """
    package = importlib.import_module("cancerapy.cancers")
    own = {m.name for m in pkgutil.iter_modules(package.__path__) if not m.name.startswith("_")}
    extra = set(_extra_files())
    if own & extra:
        names = ", ".join(sorted(own & extra))
        raise CanceRapyError(
            f"Every cancer needs a name of its own; {PATH_VARIABLE} defines again: {names}. "
            "Rename the file.",
            code="duplicate_cancer",
        )
    return sorted(own | extra)


@cache
def _load_file(file: Path) -> Cancer:
    spec = importlib.util.spec_from_file_location(f"cancerapy_extra_{file.stem}", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return _checked(module.CANCER, file.stem)


def _checked(cancer: Cancer, name: str) -> Cancer:
    if cancer.id != name:
        raise CanceRapyError(
            f"The id of a cancer must be its file's name; '{name}.py' has id '{cancer.id}'.",
            code="cancer_invalid",
        )
    return cancer


def load_cancer(name: str) -> Cancer:
    """Return the cancer ``name``.

    Raises:
        UnknownNameError: There is none of that name; the nearest is offered.
    """
    known = list_cancers()
    if name not in known:
        raise UnknownNameError.of("cancer", name, known)
    extra = _extra_files().get(name)
    if extra is not None:
        return _load_file(extra)
    return _checked(importlib.import_module(f"cancerapy.cancers.{name}").CANCER, name)


def list_tasks() -> dict[str, str]:
    """Return the id of the cancer that answers each task, by task id, sorted."""
    tasks: dict[str, str] = {}
    for name in list_cancers():
        for task in load_cancer(name).tasks:
            if task.id in tasks:
                raise CanceRapyError(
                    f"Every task needs a name of its own; '{task.id}' is defined by "
                    f"'{tasks[task.id]}' and by '{name}'.",
                    code="duplicate_task",
                )
            tasks[task.id] = name
    return dict(sorted(tasks.items()))


def load_task(task_id: str) -> tuple[Cancer, Task]:
    """Return the task ``task_id`` and its cancer.

    Raises:
        UnknownNameError: There is no task of that name; the nearest is offered.
    """
    tasks = list_tasks()
    if task_id not in tasks:
        raise UnknownNameError.of("task", task_id, tasks)
    cancer = load_cancer(tasks[task_id])
    return cancer, cancer.task(task_id)
