"""A toy cancer, a model that answers from the bytes alone, and an application around them."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient

from cancerapy.api import create_app
from cancerapy.bundle.schema import BundleFields, FactorFields, TaskFields
from cancerapy.cancers import (
    Aspect,
    Cancer,
    ClassLabel,
    Factor,
    InputSpec,
    Network,
    Question,
    Task,
    load_task,
)
from cancerapy.contract import (
    Advice,
    ClassProbability,
    HeatMap,
    Prediction,
    Timings,
    Verdict,
)
from cancerapy.errors import BundleError, ImageError, UnknownNameError
from cancerapy.settings import Settings


@pytest.fixture(scope="session")
def coloured_cancer(toy_cancer: Cancer) -> Cancer:
    """The toy cancer with red and blue squares, asked for by two tasks."""
    red, blue = (
        ClassLabel(name[0], name, f"A {name.lower()} square.", {"colour": name.lower()}, malignant)
        for name, malignant in (("Red", True), ("Blue", False))
    )
    again = tuple(replace(label, malignant=None) for label in (red, blue))
    return replace(
        toy_cancer,
        description="Two coloured squares.",
        network=Network((Factor("colour", ("red", "blue")),)),
        tasks=(
            Task("toy", "Red or blue", (red, blue)),
            Task("toy-again", "The same again", again),
        ),
        input=InputSpec(32, 48, Aspect.CROP),
        sources=(),
        questions=(
            Question(
                "colour_seen",
                "Which colour do you see?",
                "choice",
                ("red", "blue"),
                needed="red",
            ),
        ),
        guidance=("One square at a time.",),
        measured_on=("A hundred squares.",),
        signs=("It reddens.",),
        signs_source="The book of squares.",
        act_within_days={"malignant": 7},
        urgency_source="The painters' guild.",
    )


@pytest.fixture(scope="session")
def coloured_fields(toy_fields: BundleFields) -> BundleFields:
    """What a bundle of that cancer says."""
    return replace(
        toy_fields,
        version="3",
        factors=(FactorFields("colour", ("red", "blue"), 1.0),),
        tasks=(TaskFields("toy", ("R", "B"), None, 0.9, {}, {}, 0.5),),
        results=({"task": "toy", "metric": "accuracy", "value": 0.875},),
        digests={"model.tflite": "00"},
        provenance={"backbone": "none"},
    )


class ToyPredictor:
    """Answers R with probability 0.75 for any bytes; some bytes are faults."""

    def predict(self, data: bytes, task_id: str, *, heatmap: bool = False) -> Prediction:
        """Return the answer; ``b"crash"`` and empty bytes fail as a real predictor would."""
        if not data:
            raise ImageError("An image must have bytes; this file has none.", code="image_empty")
        if data == b"crash":
            raise RuntimeError("/secret/place/model.tflite")
        if data == b"damaged":
            raise BundleError("digest of /secret/place/model.tflite differs")
        return Prediction(
            task=task_id,
            cancer="toy",
            model="toy-3",
            image_sha256=hashlib.sha256(data).hexdigest(),
            classes=_classes(task_id),
            predicted_class="R",
            predicted_label="Red (R)",
            confidence=75.0,
            malignancy=None,
            density=None,
            conformal_set=("R",),
            coverage=0.9,
            verdict=Verdict.ANSWER,
            reasons=(),
            advice=Advice("none", "None."),
            timings=Timings(1.0, 2.0, 3.0, 6.0),
            heatmap=HeatMap("R", ((0.0, 1.0), (0.5, 0.25))) if heatmap else None,
        )

    def overlay(self, data: bytes, heatmap: HeatMap) -> bytes:
        """Return the start of a PNG and which heat map was drawn."""
        return b"\x89PNG\r\n\x1a\n\x00" + heatmap.class_id.encode()


def _classes(task_id: str) -> tuple[ClassProbability, ...]:
    """Return red and blue, or for a shipped task its first two classes in their place."""
    first, second = ("R", "Red (R)"), ("B", "Blue")
    if not task_id.startswith("toy"):
        first, second, *_ = ((label.id, label.label) for label in load_task(task_id)[1].classes)
    others = [] if task_id.startswith("toy") else load_task(task_id)[1].classes[2:]
    return (
        ClassProbability(*first, 0.75),
        ClassProbability(*second, 0.25),
        *(ClassProbability(label.id, label.label, 0.0) for label in others),
    )


class ToyModels:
    """Serves the toy cancer and nothing else."""

    def __init__(self, fields: BundleFields, problems: Mapping[str, str] | None = None) -> None:
        self._fields = fields
        self._problems = problems or {}

    def predictor(self, task_id: str) -> ToyPredictor:
        """Return the one predictor."""
        return ToyPredictor()

    def fields(self) -> Mapping[str, BundleFields]:
        """Return the one bundle."""
        return {"toy": self._fields}

    def problems(self) -> Mapping[str, str]:
        """Return the problems given."""
        return self._problems

    def card(self, cancer_id: str) -> str:
        """Return a card."""
        return f"# Card of {cancer_id}\n"

    def read_file(self, cancer_id: str, name: str) -> bytes:
        """Return the one file that there is."""
        if name != "bundle.json":
            raise UnknownNameError.of("file", name, ["bundle.json"])
        return b'{"cancer": "toy", "digests": {"model.tflite": "0"}}'

    def warm(self) -> None:
        """Do nothing; there is nothing to load."""


@pytest.fixture(autouse=True)
def _toy_is_known(
    coloured_cancer: Cancer,
    write_cancer: Callable[[Cancer, Path], Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CANCERAPY_CANCERS", str(write_cancer(coloured_cancer, tmp_path)))


@pytest.fixture
def toy_models(coloured_fields: BundleFields) -> ToyModels:
    """Return the models behind ``client``."""
    return ToyModels(coloured_fields)


@pytest.fixture
def make_client(coloured_fields: BundleFields) -> Callable[..., FlaskClient]:
    """Return a function that makes a client from settings and, if need be, model problems."""

    def make(settings: Settings, problems: Mapping[str, str] | None = None) -> FlaskClient:
        return create_app(settings, served=ToyModels(coloured_fields, problems)).test_client()

    return make


@pytest.fixture
def app(toy_models: ToyModels, tmp_path: Path) -> APIFlask:
    """Return an application with default settings around the toy model, and empty records."""
    return create_app(Settings(home=tmp_path / "home"), served=toy_models)


@pytest.fixture
def client(app: APIFlask) -> FlaskClient:
    """Return a client of ``app``."""
    return app.test_client()
