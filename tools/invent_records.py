"""Fills a server's records with invented people, so that pictures and tests show somebody.

Names are pseudonyms, images are phantoms; nobody behind them exists.
"""

import io
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from PIL import Image as PillowImage

from cancerapy.cancers import load_cancer
from cancerapy.phantoms import draw_phantom

TIMEOUT_S = 300.0
PATIENTS: tuple[dict[str, Any], ...] = (
    {"name": "P-0731", "birth_year": 1948, "sex": "male"},
    {"name": "P-0744", "birth_year": 1990, "sex": "other", "identifiers": [("clinic", "A-19")]},
    {"name": "P-0802", "birth_year": 1975, "sex": "male", "identifiers": [("hospital", "22310")]},
    {"name": "P-0815", "birth_year": 1961, "sex": "female", "identifiers": [("hospital", "4711")]},
)


@dataclass(frozen=True, slots=True)
class Invented:
    """Where to look in the records.

    Args:
        patient: Id of a patient with examinations and decisions about consents.
        examination: Id of an examination with two images, which two people have reviewed.
    """

    patient: str
    examination: str


def invent_records(address: str) -> Invented:
    """Register patients, have phantoms judged, and say something of the guesses.

    Args:
        address: The server's address; it must not ask who is there.
    """
    with httpx.Client(base_url=f"{address}/api/v1/", timeout=TIMEOUT_S) as server:
        people = [_post(server, "patients", json=_details(one))["id"] for one in PATIENTS]
        known = people[-1]
        for purpose, given in (
            ("care", True), ("training", True), ("research", True), ("research", False),
        ):  # fmt: skip
            _post(server, f"patients/{known}/consents", json={"purpose": purpose, "given": given})
        _examine(server, people[2], "skin", ("nv",), seed=3)
        _examine(server, known, "skin", ("bkl",), seed=5, lesion="Left forearm")
        two = _examine(server, known, "breast", ("malignant", "benign"), seed=2)
        first = two["predictions"][0]
        path = f"predictions/{first['id']}/reviews"
        said = {"verdict": "agree", "comment": "Irregular margin.", "reviewer": "Dr. Amal"}
        _post(server, path, json=said)
        other = {"verdict": "agree", "comment": "", "reviewer": "Dr. Rami"}
        _post(server, path, json=other)
        return Invented(known, two["id"])


def draw_phantoms(cancer_id: str, classes: tuple[str, ...], seed: int) -> list[bytes]:
    """Return a phantom of each class as PNG."""
    cancer, drawn = load_cancer(cancer_id), []
    for place, value in enumerate(classes):
        pixels = draw_phantom(cancer.phantom, seed=seed + place, height=450, width=600, value=value)
        output = io.BytesIO()
        PillowImage.fromarray(pixels).save(output, format="PNG")
        drawn.append(output.getvalue())
    return drawn


def write_phantoms(cancer_id: str, classes: tuple[str, ...], folder: Path) -> list[Path]:
    """Write a phantom of each class into a folder; return the files."""
    files = [folder / f"{cancer_id}-{place}.png" for place in range(len(classes))]
    for file, data in zip(files, draw_phantoms(cancer_id, classes, seed=2), strict=True):
        file.write_bytes(data)
    return files


def _examine(
    server: httpx.Client,
    patient: str,
    task: str,
    classes: tuple[str, ...],
    *,
    seed: int,
    lesion: str = "",
) -> dict[str, Any]:
    images = draw_phantoms(task, classes, seed)
    fields: dict[str, Any] = {"task": task, "lesion": lesion, "answers": json.dumps({"age": 65})}
    if len(images) > 1:
        fields |= {"view": ["CC", "MLO"], "laterality": ["L", "L"]}
    files = [("images", ("image", data, "image/png")) for data in images]
    return _post(server, f"patients/{patient}/examinations", data=fields, files=files)


def _details(one: dict[str, Any]) -> dict[str, Any]:
    rows = one.get("identifiers", ())
    return {**one, "identifiers": [{"system": name, "value": value} for name, value in rows]}


def _post(server: httpx.Client, path: str, **options: Any) -> dict[str, Any]:
    answer = server.post(path, **options)
    answer.raise_for_status()
    return dict(answer.json())
