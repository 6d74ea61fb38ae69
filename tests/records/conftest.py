"""Records in SQLite and in PostgreSQL, and what stands on them in the tests."""

import io
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as PillowImage

from cancerapy.cancers import list_tasks, load_task
from cancerapy.contract import (
    Advice,
    ClassProbability,
    HeatMap,
    Prediction,
    Timings,
    Verdict,
)
from cancerapy.contract.records import ExaminationRecord
from cancerapy.contract.requests import ExaminationDetails, Identifier, PatientDetails
from cancerapy.records import Records
from cancerapy.records.examinations import JudgedImage, add_examination
from cancerapy.records.patients import create_patient
from cancerapy.records.session import connect_records
from cancerapy.settings import Settings

TASK = "skin"
MakeSettings = Callable[[], Settings]


@pytest.fixture
def make_settings(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> MakeSettings:
    """Return a function that makes settings for records without tables."""

    def make() -> Settings:
        home = Settings(home=tmp_path / uuid.uuid4().hex)
        if kind == "sqlite":
            return home
        return replace(home, database_url=request.getfixturevalue("make_database")())

    return make


@pytest.fixture
def records(records_settings: Settings) -> Iterator[Records]:
    """Return empty records."""
    own = connect_records(records_settings)
    yield own
    own.close()


def png(seed: int = 0, side: int = 24) -> bytes:
    """Return a small coloured picture."""
    pixels = np.random.default_rng(seed).integers(0, 255, (side, side, 3), dtype=np.uint8)
    output = io.BytesIO()
    PillowImage.fromarray(pixels).save(output, format="PNG")
    return output.getvalue()


def guess(best: int = 0, model: str = "skin-3") -> Prediction:
    """Return an answer of the task; the class at ``best`` has half of the probability."""
    labels = load_task(TASK)[1].classes
    rest = 0.5 / (len(labels) - 1)
    classes = tuple(
        ClassProbability(label.id, label.label, 0.5 if place == best else rest)
        for place, label in enumerate(labels)
    )
    return Prediction(
        task=TASK,
        cancer=load_task(TASK)[0].id,
        model=model,
        image_sha256="0" * 64,
        classes=classes,
        predicted_class=labels[best].id,
        predicted_label=labels[best].label,
        confidence=50.0,
        malignancy=None,
        density=None,
        conformal_set=(labels[best].id,),
        coverage=0.9,
        verdict=Verdict.ANSWER,
        reasons=(),
        advice=Advice("benign", "Watch it."),
        timings=Timings(1.0, 2.0, 3.0, 6.0),
        heatmap=HeatMap(labels[best].id, ((0.0, 1.0), (0.12345, 0.25))),
    )


@pytest.fixture
def patient_id(records: Records) -> str:
    """Return the id of a registered patient."""
    details = PatientDetails(
        "Layla Haddad", birth_year=1961, sex="female", identifiers=(Identifier("hospital", "H-7"),)
    )
    with records.writing() as session:
        return create_patient(session, details, "dr-amal").id


@pytest.fixture
def add(records: Records, patient_id: str) -> Callable[..., ExaminationRecord]:
    """Return a function that adds an examination of the patient with images of these seeds."""
    assert TASK in list_tasks()

    def make(*seeds: int, patient: str = patient_id, side: int = 24) -> ExaminationRecord:
        images = [
            JudgedImage(png(seed, side), "image/png", (guess(),), view="close", laterality="L")
            for seed in seeds
        ]
        details = ExaminationDetails(TASK, lesion="left arm")
        return add_examination(records, patient, details, images, "dr-amal")

    return make
