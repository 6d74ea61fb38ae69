"""``cancerapy phantom``: draw synthetic example images."""

import re
from pathlib import Path
from typing import Annotated

import typer

_MAX_PIXELS = 50_000_000


def phantom(
    cancer: Annotated[str, typer.Argument(help="Cancer, for instance skin.")],
    output: Annotated[
        Path, typer.Option("--output", "-o", help="Folder for the pictures; made if needed.")
    ],
    value: Annotated[
        str | None,
        typer.Option(help="Class to draw, for instance mel; all of the main task by default."),
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Chooses the individuals.")] = 0,
    count: Annotated[int, typer.Option("--count", "-n", min=1, help="Pictures of each class.")] = 1,
    size: Annotated[str, typer.Option(help="Width x height in pixels.")] = "600x450",
) -> None:
    """Draw pictures that look like patients' images and are of nobody, as PNG.

    The same options always give the same pictures. Prints the path of each.

    For example:

      cancerapy phantom skin -o examples

      cancerapy phantom breast --value malignant -n 3 --size 512x512 -o examples
    """
    from cancerapy.cancers import load_cancer

    loaded = load_cancer(cancer)
    width, height = parse_size(size)
    values = [value] if value is not None else list(loaded.tasks[0].class_ids)
    _check_value(value, {name for task in loaded.tasks for name in task.class_ids})
    for class_id in values:
        for number in range(seed, seed + count):
            path = output / f"{loaded.id}-{class_id}-{number}.png"
            _write(path, loaded.phantom, class_id, number, height, width)
            typer.echo(path)


def parse_size(text: str) -> tuple[int, int]:
    """Return width and height of a text such as ``600x450``.

    Raises:
        UsageError: The text has another form, or asks for no or too many pixels.
    """
    from cancerapy.errors import UsageError

    found = re.fullmatch(r"(\d{1,5})\s*[xX]\s*(\d{1,5})", text.strip())
    width, height = (int(found[1]), int(found[2])) if found else (0, 0)
    if not 1 <= width * height <= _MAX_PIXELS:
        raise UsageError(
            f"The size must be width x height with at most 50 megapixels; '{text}' was given to "
            "--size. Write for instance --size 600x450.",
            field="size",
        )
    return width, height


def _check_value(value: str | None, known: set[str]) -> None:
    from cancerapy.errors import UnknownNameError

    if value is not None and value not in known:
        raise UnknownNameError.of("class", value, known)


def _write(path: Path, kind: str, value: str, seed: int, height: int, width: int) -> None:
    from PIL import Image

    from cancerapy.errors import StorageError
    from cancerapy.phantoms import draw_phantom

    picture = draw_phantom(kind, seed=seed, height=height, width=width, value=value)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(picture).save(path)
    except OSError as error:
        raise StorageError.from_os_error(error, f"writing '{path}'") from error
