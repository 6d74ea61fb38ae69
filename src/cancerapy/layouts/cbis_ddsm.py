"""CBIS-DDSM, mass cases: full mammograms with density, pathology and lesion boxes.

Two forms are read. Converted images with ``labels.csv``, a row per image (file, patient, density,
label, pathology_all, boxes_xywh_800); or the official ``mass_case_description_*_set.csv`` with
the DICOM folders of the download, a row per abnormality.

References:
    Lee et al. 2017, doi:10.1038/sdata.2017.177; data doi:10.7937/K9/TCIA.2016.7O02S9CY
"""

import csv
import json
from collections import defaultdict
from pathlib import Path

from cancerapy.errors import DataError
from cancerapy.layouts.sample import Box, Sample

_BOX_FRAME = 800.0  # labels.csv gives boxes on a frame of 800 x 800


def read_samples(folder: Path) -> list[Sample]:
    """Read the samples of a CBIS-DDSM folder.

    Args:
        folder: Holds ``labels.csv`` with images, or the official tables with DICOM folders.

    Returns:
        A sample per mammogram with the factors ``malignancy`` (malignant if any of its masses is)
        and ``density`` (1-4); group: the patient.

    Raises:
        DataError: Neither form is there, or images are missing.
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
    with (folder / "labels.csv").open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    return [
        Sample(
            path=row["file"],
            labels={"malignancy": row["label"], "density": row["density"]},
            group=row["patient"],
            facts=_facts(*row["key"].split("_")[1:3]),
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
        Box(*(number / _BOX_FRAME for number in box), value=value)
        for box in json.loads(row["boxes_xywh_800"] or "[]")
    )


def _pathology(text: str) -> str:
    return "malignant" if text.strip().upper() == "MALIGNANT" else "benign"


def _facts(laterality: str, view: str) -> dict[str, str]:
    return {"laterality": laterality.lower(), "view": view.upper()}


def _read_official(folder: Path, tables: list[Path]) -> list[Sample]:
    abnormalities: dict[str, list[dict[str, str]]] = defaultdict(list)
    for table in tables:
        with table.open(newline="", encoding="utf-8") as stream:
            for row in csv.DictReader(stream):
                abnormalities[row["image file path"].strip()].append(row)
    samples, missing = [], []
    for listed, rows in abnormalities.items():
        file = _find_dicom(folder, listed)
        if file is None:
            missing.append(listed)
            continue
        values = {_pathology(row["pathology"]) for row in rows}
        first = rows[0]
        samples.append(
            Sample(
                path=file.relative_to(folder).as_posix(),
                labels={
                    "malignancy": "malignant" if "malignant" in values else "benign",
                    "density": first["breast_density"],
                },
                group=first["patient_id"],
                facts=_facts(first["left or right breast"], first["image view"]),
            )
        )
    if missing:
        raise DataError(
            f"Every mammogram of the tables must be there; {len(missing)} of "
            f"{len(abnormalities)} are missing, for instance {missing[0]}. Finish the download "
            "with the collection's own downloader.",
            code="data_missing",
        )
    return samples


def _find_dicom(folder: Path, listed: str) -> Path | None:
    """Find the listed file; the download may lack one folder level or number files from 1."""
    direct = folder / listed
    if direct.is_file():
        return direct
    found = sorted((folder / listed.split("/")[0]).rglob("*.dcm"))
    return found[0] if found else None
