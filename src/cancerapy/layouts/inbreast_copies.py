"""The 8-folder derivative of INbreast: rotated and flipped copies of its mass images.

``Density1Benign/20586934 (17).png``: the folder is density and malignancy, the number is that of
INbreast's image, the number in brackets counts the copies. 7,632 files are 72 copies of each of
106 images of 50 patients, so a random split puts copies of every image on both sides: figures from
one measure memory. What belongs together is the original's **patient**. It is looked up, in this
order, in ``originals.csv`` (image, patient; ``cancerapy data make-copies`` writes it) and in the
names of INbreast's own images in the folder ``inbreast`` beside this one. Where neither knows an
image, its number is the group, which still lets the views of one patient fall apart; the fact
``grouped_by`` says ``patient`` or ``image``.

References:
    Huang and Lin 2020, doi:10.17632/x7bvzv6cvr
"""

import re
from pathlib import Path

from cancerapy.errors import DataError
from cancerapy.layouts import inbreast
from cancerapy.layouts.sample import Sample
from cancerapy.layouts.table import read_rows

ORIGINALS = "originals.csv"
"""Table of a set made here: image (its number) and patient."""

INBREAST_FOLDER = "inbreast"

_CLASS_FOLDER = re.compile(r"Density([1-4])(Benign|Malignant)")
_COPY = re.compile(r"(\d+) ?\((\d+)\)\.(png|jpe?g)", re.IGNORECASE)


def class_folder(malignancy: str, density: str) -> str:
    """Return the folder of a class.

    >>> class_folder("benign", "3")
    'Density3Benign'
    """
    return f"Density{density}{malignancy.capitalize()}"


def read_samples(folder: Path) -> list[Sample]:
    """Read the samples of a folder of copies.

    Args:
        folder: Holds the eight class folders, at any depth.

    Returns:
        A sample per copy with the factors ``malignancy`` and ``density``; group: the original's
        patient where known, else ``image-<number>``, and none where the file's name does not hold
        the number. The fact ``original`` is the number.

    Raises:
        DataError: No class folder is there.
    """
    paths = [
        path
        for place in sorted(folder.rglob("Density*"))
        if place.is_dir() and _CLASS_FOLDER.fullmatch(place.name)
        for path in sorted(place.iterdir())
        if path.suffix.lower() in (".png", ".jpg", ".jpeg")
    ]
    if not paths:
        raise DataError(
            "A folder of INbreast copies must hold images in folders Density1Benign to "
            f"Density4Malignant; '{folder}' does not. Make them from INbreast with "
            "'cancerapy data make-copies'.",
            code="data_missing",
        )
    patients = _patients(folder)
    return [_sample(folder, path, patients) for path in paths]


def _patients(folder: Path) -> dict[str, str]:
    """Return the patient by image number, from whatever knows it."""
    found = {
        number: inbreast.patient_of(file)
        for number, file in inbreast.find_images(folder.parent / INBREAST_FOLDER).items()
    }
    if (folder / ORIGINALS).is_file():
        found |= {row["image"]: row["patient"] for row in read_rows(folder / ORIGINALS)}
    return found


def _sample(folder: Path, path: Path, patients: dict[str, str]) -> Sample:
    label, name = _CLASS_FOLDER.fullmatch(path.parent.name), _COPY.fullmatch(path.name)
    assert label is not None  # noqa: S101 - it was checked when the files were listed
    place = path.relative_to(folder).as_posix()
    labels = {"malignancy": label[2].lower(), "density": label[1]}
    if name is None:
        return Sample(place, labels, group="")
    patient = patients.get(name[1])
    return Sample(
        path=place,
        labels=labels,
        group=patient or f"image-{name[1]}",
        facts={"original": name[1], "grouped_by": "patient" if patient else "image"},
    )
