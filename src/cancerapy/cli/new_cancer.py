"""``cancerapy new-cancer``: write the file of a new cancer."""

import keyword
import re
from pathlib import Path
from typing import Annotated

import typer


def new_cancer(
    name: Annotated[
        str, typer.Argument(help="Its id: lower-case letters, digits and '_', for instance lung.")
    ],
    class_: Annotated[
        list[str] | None,
        typer.Option("--class", help="Id of a class and name of its folder of images; repeat it."),
    ] = None,
    malignant: Annotated[
        list[str] | None,
        typer.Option(help="A class that counts as malignant; may be repeated."),
    ] = None,
    title: Annotated[str | None, typer.Option(help="Its name in words.")] = None,
    size: Annotated[
        str, typer.Option(help="Width x height of the network's input in pixels.")
    ] = "224x224",
    output: Annotated[
        Path, typer.Option("--output", "-o", help="Folder for the file; made if needed.")
    ] = Path("cancers"),
) -> None:
    """Write a complete file for a new cancer, to be filled in further.

    Images are expected in a folder per class below the folder of the cancer's name in the data
    root. Nothing else has to be changed: with CANCERAPY_CANCERS naming the output folder, every
    command, route and page knows the cancer.

    For instance:

      cancerapy new-cancer lung --class normal --class tumour --malignant tumour
    """
    from cancerapy.cancers._skeleton import build_skeleton
    from cancerapy.cli.phantom import parse_size
    from cancerapy.errors import StorageError

    classes = class_ or ["benign", "malignant"]
    harmful = malignant if malignant is not None else [c for c in classes if c == "malignant"]
    _check_name(name)
    _check_classes(classes, harmful)
    width, height = parse_size(size)
    text = build_skeleton(name, title or name.replace("_", " ").capitalize(), classes, harmful,
                       height=height, width=width)  # fmt: skip
    path = output / f"{name}.py"
    _check_free(path, name)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise StorageError.from_os_error(error, f"writing '{path}'") from error
    typer.echo(path)
    typer.echo(
        _NEXT.format(name=name, folder=output.resolve(), classes=", ".join(classes)), err=True
    )


def _check_name(name: str) -> None:
    from cancerapy.errors import UsageError

    if not re.fullmatch(r"[a-z][a-z0-9_]{0,40}", name) or keyword.iskeyword(name):
        raise UsageError(
            "The id of a cancer must be lower-case letters, digits and '_', start with a letter, "
            f"and be no word of Python's; '{name}' was given. Choose for instance 'lung'.",
            code="cancer_invalid",
            field="name",
        )


def _check_classes(classes: list[str], malignant: list[str]) -> None:
    from cancerapy.errors import UnknownNameError, UsageError

    fit = all(re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{0,40}", value) for value in classes)
    if len(classes) < 2 or len(set(classes)) < len(classes) or not fit:
        raise UsageError(
            "A cancer needs at least two classes, each once, of letters, digits, '_' and '-'; "
            f"given: {', '.join(classes)}. Name each with --class.",
            code="cancer_invalid",
            field="class",
        )
    for value in malignant:
        if value not in classes:
            raise UnknownNameError.of("class", value, classes)


def _check_free(path: Path, name: str) -> None:
    from cancerapy.cancers import list_cancers, list_tasks
    from cancerapy.errors import UsageError

    if path.exists() or name in {*list_cancers(), *list_tasks()}:
        raise UsageError(
            f"Every cancer needs a name of its own; '{name}' exists already. Choose another, or "
            "edit its file.",
            code="duplicate_cancer",
            field="name",
        )


_NEXT = """
Next:
  export CANCERAPY_CANCERS="{folder}"
  put the images into {name}/<class>/ below your data root ({classes})
  cancerapy data check {name} --data DATA_ROOT
  cancerapy train {name} --data DATA_ROOT --cross-validate grouped-5"""
