"""Finds the cancers: every sibling module without a leading underscore holds one ``CANCER``.

Further folders can be searched too (``CANCERAPY_CANCERS``, separated like ``PATH``): a file
dropped there is a cancer like any other.
"""

import importlib
import importlib.util
import os
import pkgutil
import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from types import ModuleType

from cancerapy.cancers._spec import Cancer, Task
from cancerapy.errors import CanceRapyError, UnknownNameError

PATH_VARIABLE = "CANCERAPY_CANCERS"


def search_folders() -> list[Path]:
    """Return the folders that hold files of cancers: the package's own, then the extra ones."""
    return [Path(__file__).parent, *_extra_folders()]


def _extra_folders() -> list[Path]:
    return [Path(part) for part in os.environ.get(PATH_VARIABLE, "").split(os.pathsep) if part]


def _extra_files() -> dict[str, Path]:
    folders = _extra_folders()
    files: dict[str, Path] = {}
    for file in (file for folder in folders for file in sorted(folder.glob("[!_]*.py"))):
        if files.setdefault(file.stem, file) != file:
            raise _duplicate([file.stem])
    return files


def _duplicate(names: Iterable[str]) -> CanceRapyError:
    return CanceRapyError(
        f"Every cancer needs a name of its own; {PATH_VARIABLE} defines again: "
        f"{', '.join(sorted(names))}. Rename the file.",
        code="duplicate_cancer",
    )


def list_cancers() -> list[str]:
    """Return the ids of all cancers, sorted.

    Raises:
        CanceRapyError: Two files define a cancer of the same name.
    """
    package = importlib.import_module("cancerapy.cancers")
    own = {m.name for m in pkgutil.iter_modules(package.__path__) if not m.name.startswith("_")}
    extra = set(_extra_files())
    if own & extra:
        raise _duplicate(own & extra)
    return sorted(own | extra)


@cache
def _load_file(file: Path) -> Cancer:
    spec = importlib.util.spec_from_file_location(f"cancerapy_extra_{file.stem}", file)
    # A file that ends in .py always has a specification with a loader.
    assert spec is not None  # noqa: S101
    assert spec.loader is not None  # noqa: S101
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return _checked(module, file.stem)


def _checked(module: ModuleType, name: str) -> Cancer:
    cancer = getattr(module, "CANCER", None)
    if not isinstance(cancer, Cancer):
        raise CanceRapyError(
            f"Every file of a cancer must hold one constant CANCER; '{name}.py' has none. Add it, "
            "or give a file that is no cancer a name with a leading underscore.",
            code="cancer_invalid",
        )
    if cancer.id != name:
        raise CanceRapyError(
            f"The id of a cancer must be its file's name; '{name}.py' has id '{cancer.id}'. "
            "Change one of them.",
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
    return _checked(importlib.import_module(f"cancerapy.cancers.{name}"), name)


def list_tasks() -> dict[str, str]:
    """Return the id of the cancer that answers each task, by task id, sorted."""
    tasks: dict[str, str] = {}
    for name in list_cancers():
        for task in load_cancer(name).tasks:
            if task.id in tasks:
                raise CanceRapyError(
                    f"Every task needs a name of its own; '{task.id}' is defined by "
                    f"'{tasks[task.id]}' and by '{name}'. Rename one of them.",
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
