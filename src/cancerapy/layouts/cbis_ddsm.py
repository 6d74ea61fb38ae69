"""CBIS-DDSM, mass cases: full mammograms with density, pathology and lesion boxes.

Two forms are read. Converted images with ``labels.csv``, a row per image (file, patient, density,
label, pathology_all, boxes_xywh_800); or the official ``mass_case_description_*_set.csv`` with
the DICOM folders of the download or with converted images, a row per abnormality. Boxes then come
from the ROI masks where those are there.

References:
    Lee et al. 2017, doi:10.1038/sdata.2017.177; data doi:10.7937/K9/TCIA.2016.7O02S9CY
"""

import json
from collections import defaultdict
from pathlib import Path

from cancerapy.errors import DataError
from cancerapy.layouts.roi_masks import Place, read_mask_boxes
from cancerapy.layouts.sample import Box, Sample
from cancerapy.layouts.table import check_columns, read_rows

_CONVERTED = (".png", ".jpg", ".jpeg", ".tif", ".tiff")
_CONVERTED_COLUMNS = (
    "file", "patient", "key", "density", "label", "pathology_all", "boxes_xywh_800",
)  # fmt: skip
_OFFICIAL_COLUMNS = (
    "patient_id", "breast_density", "left or right breast", "image view", "pathology",
    "image file path",
)  # fmt: skip
_BOX_FRAME = 800.0  # labels.csv gives boxes on a frame of 800 x 800


def read_samples(folder: Path) -> list[Sample]:
    """Read the samples of a CBIS-DDSM folder.

    Args:
        folder: Holds ``labels.csv`` with images, or the official tables with DICOM folders or
            converted images.

    Returns:
        A sample per mammogram with the factors ``malignancy`` (malignant if any of its masses is)
        and ``density`` (1-4); group: the patient. A missing one has the path in the table.

    Raises:
        DataError: Neither form is there, or a column is missing.
    """
    if (folder / "labels.csv").is_file():
        return _read_converted(folder)
    tables = sorted(folder.glob("mass_case_description_*_set.csv"))
    if not tables:
        raise DataError(
            f"A CBIS-DDSM folder must hold 'labels.csv' or 'mass_case_description_train_set.csv'; "
            f"'{folder}' does not. 'cancerapy data download breast' says how to get it.",
            code="data_missing",
        )
    return _read_official(folder, tables)


def _read_converted(folder: Path) -> list[Sample]:
    rows = read_rows(folder / "labels.csv")
    check_columns(folder / "labels.csv", rows, _CONVERTED_COLUMNS)
    return [
        Sample(
            path=row["file"],
            labels={"malignancy": row["label"], "density": row["density"]},
            group=row["patient"],
            facts=_facts(*row["key"].split("_")[1:3]) if row["key"].count("_") > 1 else {},
            boxes=_boxes(row),
        )
        for row in rows
    ]


def _boxes(row: dict[str, str]) -> tuple[Box, ...]:
    """Read the boxes; where masses differ in pathology, which is which is not in the table."""
    values = {_pathology(value) for value in row["pathology_all"].split("|")}
    if len(values) != 1:
        return ()
    (value,) = values
    return tuple(
        Box(left / _BOX_FRAME, top / _BOX_FRAME, width / _BOX_FRAME, height / _BOX_FRAME, value)
        for left, top, width, height in json.loads(row["boxes_xywh_800"] or "[]")
    )


def _pathology(text: str) -> str:
    return "malignant" if text.strip().upper() == "MALIGNANT" else "benign"


def _facts(laterality: str, view: str) -> dict[str, str]:
    return {"laterality": laterality.lower(), "view": view.upper()}


def _read_official(folder: Path, tables: list[Path]) -> list[Sample]:
    abnormalities: dict[str, list[dict[str, str]]] = defaultdict(list)
    for table in tables:
        rows = read_rows(table)
        check_columns(table, rows, _OFFICIAL_COLUMNS)
        for row in rows:
            abnormalities[row["image file path"]].append(row)
    images = _Images(folder)
    boxes = read_mask_boxes(folder, sorted(_mask_folders(folder, abnormalities)))
    return [
        _official_sample(images.find(listed) or listed, rows, boxes)
        for listed, rows in abnormalities.items()
    ]


def _mask_folders(folder: Path, abnormalities: dict[str, list[dict[str, str]]]) -> set[str]:
    rows = (row for rows in abnormalities.values() for row in rows)
    folders = {_mask_folder(row) for row in rows}
    return {name for name in folders if name and (folder / name).is_dir()}


def _mask_folder(row: dict[str, str]) -> str:
    """Return the top folder of an abnormality's mask.

    Mask and cropped picture lie in it side by side, and the table mixes them up in some rows.
    """
    return row.get("ROI mask file path", "").split("/")[0]


def _official_sample(path: str, rows: list[dict[str, str]], boxes: dict[str, Place]) -> Sample:
    values = {_pathology(row["pathology"]) for row in rows}
    first = rows[0]
    marked = [(boxes.get(_mask_folder(row)), _pathology(row["pathology"])) for row in rows]
    return Sample(
        path=path,
        labels={
            "malignancy": "malignant" if "malignant" in values else "benign",
            "density": first["breast_density"],
        },
        group=first["patient_id"],
        facts=_facts(first["left or right breast"], first["image view"]),
        boxes=tuple(Box(*place, value) for place, value in marked if place is not None),
    )


class _Images:
    """Finds the picture of a listed file, as DICOM or converted.

    The download may lack one folder level or number its files from 1; converted pictures are
    named like the top folder (``Mass-Training_P_00001_LEFT_CC.png``), with or without what stands
    before the patient's number.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._by_stem = {
            path.stem: path
            for path in sorted(folder.rglob("*"))
            if path.suffix.lower() in _CONVERTED and path.is_file()
        }

    def find(self, listed: str) -> str | None:
        """Return the file's path below the folder, or ``None`` if there is none."""
        file = self._find(listed)
        return file.relative_to(self._folder).as_posix() if file else None

    def _find(self, listed: str) -> Path | None:
        direct = self._folder / listed
        if direct.is_file():
            return direct
        top = listed.split("/")[0]
        for suffix in (".dcm", *_CONVERTED):
            found = sorted((self._folder / top).rglob(f"*{suffix}"))
            if found:
                return found[0]
        short = top.partition("_")[2]
        names = (top, short, short.removeprefix("P_"))
        return next((self._by_stem[name] for name in names if name in self._by_stem), None)
