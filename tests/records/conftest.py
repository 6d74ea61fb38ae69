"""Records in SQLite and in a PostgreSQL of their own, and what stands on them in the tests."""

import io
import os
import shutil
import subprocess
import tempfile
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
from cancerapy.records.session import connect_records, upgrade_records
from cancerapy.settings import Settings

TASK = "skin"
MakeSettings = Callable[[], Settings]


def _postgres_folder() -> Path | None:
    """Return the folder of PostgreSQL's programs, where it is installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    initdb = str(found[-1]) if found else shutil.which("initdb")
    return Path(initdb).resolve().parent if initdb else None


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """Start a PostgreSQL on a socket of its own; yield the end of its databases' addresses."""
    programs = _postgres_folder()
    if programs is None:
        pytest.skip("PostgreSQL is not installed (apt-get install postgresql)")
    pytest.importorskip("psycopg", reason="the extra 'postgres' is not installed")
    # PostgreSQL refuses to run as root; pytest's own folders are closed to other users.
    user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    folder = Path(tempfile.mkdtemp(prefix="cancerapy-pg-"))
    if user:
        shutil.chown(folder, "postgres")
    data = str(folder / "data")
    options = f"-k {folder} -c listen_addresses= -c fsync=off"
    try:
        subprocess.run(
            [*user, programs / "initdb", "-D", data, "-U", "cancerapy", "--auth=trust", "-EUTF8"],
            check=True, capture_output=True, cwd=folder,
        )  # fmt: skip
        subprocess.run(
            [*user, programs / "pg_ctl", "-D", data, "-o", options, "-l", folder / "log", "-w",
             "start"],
            check=True, capture_output=True, cwd=folder,
        )  # fmt: skip
        yield f"?host={folder}"
    finally:
        subprocess.run(
            [*user, programs / "pg_ctl", "-D", data, "-m", "immediate", "stop"],
            check=False, capture_output=True, cwd=folder,
        )  # fmt: skip
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def kind(request: pytest.FixtureRequest) -> str:
    """Return the kind of database; a test that uses it runs once for each."""
    return str(request.param)


@pytest.fixture
def make_settings(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> MakeSettings:
    """Return a function that makes settings for fresh, empty records."""

    def make() -> Settings:
        name = f"r{uuid.uuid4().hex}"
        home = Settings(home=tmp_path / name)
        if kind == "sqlite":
            return home
        where = request.getfixturevalue("postgres")
        _run_sql(where, f"CREATE DATABASE {name}")
        return replace(home, database_url=f"postgresql://cancerapy@/{name}{where}")

    return make


def _run_sql(where: str, statement: str) -> None:
    import psycopg

    with psycopg.connect(f"postgresql://cancerapy@/postgres{where}", autocommit=True) as own:
        own.execute(statement)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a SQLite file with empty tables; a copy is faster than making them each time."""
    home = tmp_path_factory.mktemp("template")
    upgrade_records(Settings(home=home)).close()
    return home / "records" / "records.sqlite"


@pytest.fixture(scope="session")
def postgres_template(postgres: str) -> str:
    """Return the name of a PostgreSQL database with empty tables."""
    _run_sql(postgres, "CREATE DATABASE template_of_records")
    url = f"postgresql://cancerapy@/template_of_records{postgres}"
    upgrade_records(Settings(home=Path("unused"), database_url=url)).close()
    return "template_of_records"


@pytest.fixture
def records(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Records]:
    """Return empty records."""
    home = tmp_path / "own"
    if kind == "sqlite":
        (home / "records").mkdir(parents=True)
        shutil.copy(request.getfixturevalue("sqlite_template"), home / "records")
        own = connect_records(Settings(home=home))
    else:
        name, where = f"r{uuid.uuid4().hex}", request.getfixturevalue("postgres")
        template = request.getfixturevalue("postgres_template")
        _run_sql(where, f"CREATE DATABASE {name} TEMPLATE {template}")
        url = f"postgresql://cancerapy@/{name}{where}"
        own = connect_records(Settings(home=home, database_url=url))
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
