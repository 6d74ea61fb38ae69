"""Records of the toy cancer in SQLite, filled case by case."""

import io
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from cancerapy.cancers import Cancer
from cancerapy.contract import Advice, ClassProbability, Prediction, Timings, Verdict
from cancerapy.contract.requests import (
    ExaminationDetails,
    Identifier,
    NewConsent,
    NewReview,
    PatientDetails,
)
from cancerapy.records.consents import record_consent
from cancerapy.records.examinations import JudgedImage, add_examination
from cancerapy.records.patients import create_patient
from cancerapy.records.reviews import add_review
from cancerapy.records.session import Records, upgrade_records
from cancerapy.settings import Settings

if TYPE_CHECKING:
    from cancerapy.learning.clinic import ClinicRequest, ClinicRun


def png(pixels: np.ndarray) -> bytes:
    """Return pixels as PNG."""
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG")
    return buffer.getvalue()


def square(seed: int, low: int = 20, side: int = 16) -> np.ndarray:
    """Return a noisy square like those of the toy set."""
    rng = np.random.default_rng(1000 + seed)
    return rng.integers(low, low + 90, (side, side, 3)).astype(np.uint8)


def guess(best: str = "dark", share: float = 0.8, model: str = "toy-1") -> Prediction:
    """Return an answer of the toy task."""
    shares = {c: share if c == best else 1 - share for c in ("dark", "light")}
    return Prediction(
        task="toy",
        cancer="toy",
        model=model,
        image_sha256="0" * 64,
        classes=tuple(ClassProbability(c, c.title(), p) for c, p in shares.items()),
        predicted_class=best,
        predicted_label=best.title(),
        confidence=100 * share,
        malignancy=None,
        density=None,
        conformal_set=(best,),
        coverage=0.9,
        verdict=Verdict.ANSWER,
        reasons=(),
        advice=Advice("none", "None."),
        timings=Timings(1.0, 2.0, 3.0, 6.0),
        heatmap=None,
    )


@dataclass(frozen=True)
class Clinic:
    """The records, and short ways to fill them."""

    records: Records

    @staticmethod
    def png(pixels: np.ndarray) -> bytes:
        """Return pixels as PNG."""
        return png(pixels)

    @staticmethod
    def picture(seed: int) -> bytes:
        """Return a noisy square like those of the toy set, as PNG."""
        return png(square(seed))

    @staticmethod
    def guess(best: str = "dark", share: float = 0.8, model: str = "toy-1") -> Prediction:
        """Return an answer of the toy task."""
        return guess(best, share, model)

    def patient(self, number: str = "", *, consent: bool | None = True) -> str:
        """Register a patient; ``consent`` to training is given, withheld, or never asked for."""
        identifiers = (Identifier("hospital", number),) if number else ()
        with self.records.writing() as session:
            patient = create_patient(session, PatientDetails("N", identifiers=identifiers), "dr-a")
        if consent is not None:
            self.consent(patient.id, consent)
        return patient.id

    def consent(self, patient: str, given: bool) -> None:
        """Write down a decision on training."""
        with self.records.writing() as session:
            record_consent(session, patient, NewConsent("training", given), "dr-a")

    def case(self, patient: str, *images: bytes, guesses: tuple[Prediction, ...] = ()) -> list[str]:
        """Add an examination with an image per guess; return the ids of the predictions."""
        told = guesses or tuple(guess() for _ in images)
        judged = [
            JudgedImage(image, "image/png", (own,)) for image, own in zip(images, told, strict=True)
        ]
        record = add_examination(self.records, patient, ExaminationDetails("toy"), judged, "dr-a")
        return [own.id for own in record.predictions]

    def review(self, prediction: str, verdict: str = "agree", who: str = "dr-b") -> None:
        """Agree, call it unusable, or correct to the class that ``verdict`` names."""
        is_class = verdict in ("dark", "light")
        said = NewReview("correct" if is_class else verdict, verdict if is_class else None)
        with self.records.writing() as session:
            add_review(session, prediction, said, who)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings whose every folder is the test's own."""
    return Settings(
        data=tmp_path / "data",
        cache=tmp_path / "cache",
        runs=tmp_path / "runs",
        results=tmp_path / "results",
        bundles=tmp_path / "bundles",
        home=tmp_path / "home",
    )


@pytest.fixture
def known_toy(
    toy_cancer: Cancer,
    write_cancer: Callable[[Cancer, Path], Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Cancer:
    """Make the toy cancer known by its file."""
    cancer = replace(toy_cancer, plan={"backbone": "SmallCNN", "weights": "none"})
    monkeypatch.setenv("CANCERAPY_CANCERS", str(write_cancer(cancer, tmp_path / "cancers")))
    return cancer


@pytest.fixture
def clinic(settings: Settings, known_toy: Cancer) -> Iterator[Clinic]:
    """Empty records of a clinic that knows the toy cancer."""
    records = upgrade_records(settings)
    yield Clinic(records)
    records.close()


@dataclass(frozen=True)
class ToyClinic:
    """A simulated clinic that has run, and what was told of it."""

    request: "ClinicRequest"
    run: "ClinicRun"
    said: list[str]


def write_site(root: Path, n_patients: int = 12) -> None:
    """Write two squares each of the patients of another site, half of them dark."""
    for patient in range(n_patients):
        value = ("dark", "light")[patient % 2]
        folder = root / "site" / value
        folder.mkdir(parents=True, exist_ok=True)
        for side in range(2):
            pixels = square(100 + 2 * patient + side, low=30 if value == "dark" else 130)
            Image.fromarray(pixels).save(folder / f"s{patient}__{side}.png")


@pytest.fixture
def site_data(tmp_path: Path) -> Path:
    """The data root of the other site, four patients with two noisy squares each."""
    write_site(tmp_path / "data", 4)
    return tmp_path / "data"


@pytest.fixture(scope="session")
def site_toy(toy_cancer: Cancer) -> Cancer:
    """The toy cancer with a frozen network, and with an external data set."""
    own = toy_cancer.sources[0]
    told = {"title": "Another site", "labels_are": "Dark means dark to the eye there."}
    site = replace(own, folder="site", licence="looking only, cite", external=True, **told)
    plan = {
        "backbone": "SmallCNN", "weights": "none", "height": 32, "width": 48, "head_epochs": 0,
        "epochs": 0, "head_start": "logistic", "inner_fraction": 0.0, "flips": "none",
    }  # fmt: skip
    return replace(toy_cancer, plan=plan, sources=(own, site))


@pytest.fixture(scope="session")
def made_clinic(
    site_toy: Cancer,
    toy_run: Path,
    write_cancer: Callable[[Cancer, Path], Path],
    tmp_path_factory: pytest.TempPathFactory,
) -> ToyClinic:
    """A simulated clinic of the site, of which six patients come."""
    import keras

    from cancerapy.export.request import ExportRequest
    from cancerapy.export.session import export_bundle
    from cancerapy.learning.clinic import ClinicRequest, run_clinic
    from cancerapy.training.cross_validation import cross_validate
    from cancerapy.training.final import train_final
    from cancerapy.training.plan import resolve_plan
    from cancerapy.training.session import open_material

    root = tmp_path_factory.mktemp("clinic")
    shutil.copytree(toy_run / "data", root / "data")
    write_site(root / "data")
    names = ("data", "cache", "runs", "results", "bundles", "home")
    settings = Settings(**{name: root / name for name in names})
    keras.config.set_dtype_policy("float32")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CANCERAPY_CANCERS", str(write_cancer(site_toy, root / "cancers")))
        with open_material(site_toy, resolve_plan(site_toy), settings) as material:
            cross_validate(material, "grouped-2", settings.runs, settings.results)
            final = train_final(material, settings.runs, settings.results, "grouped-2")
        export_bundle(ExportRequest(site_toy, settings, final.path))
        said: list[str] = []
        command = "cancerapy learn clinic toy --site site"
        request = ClinicRequest(site_toy, "site", settings, command)
        return ToyClinic(request, run_clinic(request, say=said.append), said)


@pytest.fixture
def ran_clinic(made_clinic: ToyClinic, monkeypatch: pytest.MonkeyPatch) -> ToyClinic:
    """The simulated clinic, its cancer known; a test only reads it."""
    cancers = made_clinic.request.place.parents[3] / "cancers"
    monkeypatch.setenv("CANCERAPY_CANCERS", str(cancers))
    return made_clinic
