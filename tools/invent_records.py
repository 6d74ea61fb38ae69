"""Fills a server's records with invented people, so that pictures and tests show somebody.

Names are pseudonyms, images are phantoms; nobody behind them exists.
"""

import io
import json
from dataclasses import dataclass
from typing import Any

import httpx
from PIL import Image as PillowImage

from cancerapy.cancers import load_cancer
from cancerapy.phantoms import draw_phantom

TIMEOUT_S = 300.0
TASK = "skin"
ANSWERS = {"age": 65, "dermatoscope": "yes", "change": "yes"}
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
        _examine(server, people[2], ("nv",), seed=2)
        _examine(server, known, ("bkl",), seed=3, lesion="Right shoulder")
        two = _examine(server, known, ("mel", "mel"), seed=3, lesion="Left forearm")
        first = two["predictions"][0]
        path = f"predictions/{first['id']}/reviews"
        said = {"verdict": "agree", "comment": "Irregular margin.", "reviewer": "Dr. Amal"}
        _post(server, path, json=said)
        other = {"verdict": "agree", "comment": "", "reviewer": "Dr. Rami"}
        _post(server, path, json=other)
        return Invented(known, two["id"])


def draw_phantoms(classes: tuple[str, ...], seed: int) -> list[bytes]:
    """Return a phantom of each class as PNG."""
    cancer, drawn = load_cancer(TASK), []
    for place, value in enumerate(classes):
        pixels = draw_phantom(cancer.phantom, seed=seed + place, height=450, width=600, value=value)
        output = io.BytesIO()
        PillowImage.fromarray(pixels).save(output, format="PNG")
        drawn.append(output.getvalue())
    return drawn


def _examine(
    server: httpx.Client,
    patient: str,
    classes: tuple[str, ...],
    *,
    seed: int,
    lesion: str = "",
) -> dict[str, Any]:
    fields = {"task": TASK, "lesion": lesion, "answers": json.dumps(ANSWERS)}
    images = draw_phantoms(classes, seed)
    files = [("images", ("image", data, "image/png")) for data in images]
    return _post(server, f"patients/{patient}/examinations", data=fields, files=files)


def _details(one: dict[str, Any]) -> dict[str, Any]:
    rows = one.get("identifiers", ())
    return {**one, "identifiers": [{"system": name, "value": value} for name, value in rows]}


def _post(server: httpx.Client, path: str, **options: Any) -> dict[str, Any]:
    answer = server.post(path, **options)
    answer.raise_for_status()
    return dict(answer.json())
