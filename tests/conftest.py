"""The toy cancer that the tests share: dark or light squares, as object, file, data set, bundle.

Beside it databases for records, and DICOM files, made in memory: nobody's, and small.

A folder of tests changes what it needs of it with ``dataclasses.replace``. What needs TensorFlow
is imported where it is used, so that the tests of the light half run without it.
"""

import importlib.util
import io
import json
import os
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.uid import ExplicitVRLittleEndian, SecondaryCaptureImageStorage

from cancerapy.bundle.schema import (
    BundleFields,
    FactorFields,
    InputFields,
    QualityLimits,
    TaskFields,
)
from cancerapy.cancers import (
    Aspect,
    Cancer,
    ClassLabel,
    ErrorCosts,
    Factor,
    InputSpec,
    Modality,
    Network,
    Source,
    Task,
)
from cancerapy.layouts import folder_per_class
from cancerapy.phantoms import draw_phantom
from cancerapy.records.session import upgrade_records
from cancerapy.settings import Settings

WriteCancer = Callable[[Cancer, Path], Path]
DicomMaker = Callable[..., bytes]

_VALUES = ("dark", "light")
_HEADER = """import cancerapy.layouts.folder_per_class
from functools import partial
from cancerapy.cancers import *
"""


@pytest.fixture(scope="session", autouse=True)
def _records_of_its_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep the tests, and the servers that they start, away from the records of this machine."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CANCERAPY_HOME", str(tmp_path_factory.mktemp("home")))
        patch.delenv("CANCERAPY_DATABASE_URL", raising=False)
        yield


@pytest.fixture(scope="session")
def simulated_provider() -> Iterator[Any]:
    """A provider to sign in with, see ``people/simulated_provider.py``."""
    pytest.importorskip("authlib")
    file = Path(__file__).parent / "people" / "simulated_provider.py"
    spec = importlib.util.spec_from_file_location("simulated_provider", file)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    provider = module.SimulatedProvider()
    yield provider
    provider.close()


@pytest.fixture(scope="session")
def toy_cancer() -> Cancer:
    """A cancer with one factor of two values, on 16 x 16 px, and one data set."""
    classes = tuple(
        ClassLabel(value, value.title(), ".", {"finding": value}, malignant=value == "dark")
        for value in _VALUES
    )
    return Cancer(
        id="toy",
        title="Toy cancer",
        modality=Modality.OTHER,
        description="For tests.",
        network=Network((Factor("finding", _VALUES),)),
        tasks=(Task("toy", "Toy", classes),),
        input=InputSpec(16, 16, Aspect.CROP, min_side_px=8),
        sources=(
            Source(
                folder="toyset",
                title="Toy set",
                reference="none",
                licence="CC0-1.0",
                group="patient",
                read_samples=partial(folder_per_class.read_samples, factor="finding"),
            ),
        ),
        plan={},
        augmentation=(),
        questions=(),
        costs=ErrorCosts(10, 1, "made up"),
        references=(),
        phantom="generic",
        limits=("Squares only.",),
        model_licence="MIT",
        advice={
            "malignant": "See a painter.",
            "benign": "None.",
            "unsure": "Look again.",
            "rejected": "Send a square.",
        },
    )


@pytest.fixture(scope="session")
def toy_fields() -> BundleFields:
    """What a bundle of the toy cancer says, on 32 x 48 px; its limits refuse no picture."""
    task = TaskFields(
        id="toy",
        class_ids=_VALUES,
        operating_point=None,
        coverage=0.9,
        conformal_thresholds=dict.fromkeys(_VALUES, 0.9),
        conformal_kind=dict.fromkeys(_VALUES, "marginal"),
        min_confidence=0.5,
    )
    return BundleFields(
        cancer="toy",
        version="1",
        input=InputFields(32, 48, "crop", (), 16),
        factors=(FactorFields("finding", _VALUES, 0.2),),
        tasks=(task,),
        quality=QualityLimits(0.0, (0.0, 255.0), 0.0, 1e9, (0.0, 255.0)),
        results=(),
        digests={},
        provenance={},
        licences={"code": "Apache-2.0"},
        created="2026-01-02",
    )


@pytest.fixture(scope="session")
def write_cancer() -> WriteCancer:
    """Return a function that writes a cancer's file into a folder and returns the folder."""

    def write(cancer: Cancer, folder: Path) -> Path:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{cancer.id}.py").write_text(f"{_HEADER}\nCANCER = {_source(cancer)}\n")
        return folder

    return write


def _source(value: Any) -> str:
    """Return the Python text of what a cancer is made of."""
    if isinstance(value, Enum):
        return f"{type(value).__name__}.{value.name}"
    if is_dataclass(value):
        parts = [f"{spec.name}={_source(getattr(value, spec.name))}" for spec in fields(value)]
        return f"{type(value).__name__}({', '.join(parts)})"
    if isinstance(value, partial):
        return f"partial({_source(value.func)}, **{_source(value.keywords)})"
    if isinstance(value, tuple):
        return f"({''.join(f'{_source(part)}, ' for part in value)})"
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{name!r}: {_source(part)}' for name, part in value.items())}}}"
    return f"{value.__module__}.{value.__qualname__}" if callable(value) else repr(value)


@pytest.fixture
def toy_data(tmp_path: Path) -> Path:
    """The data root of the toy cancer: 8 patients with two noisy squares each."""
    return _write_squares(tmp_path / "data")


def _write_squares(root: Path) -> Path:
    """Write dark and light squares; the class is the brightness."""
    rng = np.random.default_rng(3)
    for patient in range(8):
        value = _VALUES[patient % 2]
        folder = root / "toyset" / value
        folder.mkdir(parents=True, exist_ok=True)
        for side in ("left", "right"):
            low = 20 if value == "dark" else 140
            pixels = rng.integers(low, low + 90, (16, 16, 3)).astype(np.uint8)
            Image.fromarray(pixels).save(folder / f"patient{patient}__{side}.png")
    return root


@pytest.fixture(scope="session")
def toy_run(
    toy_cancer: Cancer, write_cancer: WriteCancer, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A folder with the file of the toy cancer, its data, a final fit and its predictions.

    Nothing was trained: the network, 32 x 48 px, has random weights, and the out-of-fold
    predictions are made up. The tests only read it.
    """
    root = tmp_path_factory.mktemp("toy")
    write_cancer(toy_cancer, root / "cancers")
    manifest = _manifest_digest(toy_cancer, _write_squares(root / "data"))
    plan = _write_final(toy_cancer, root / "runs", manifest)
    noted = {
        "cancer": "toy",
        "folds": ["fold-1", "fold-2"],
        "leaking": False,
        "manifest_digest": manifest,
        "split_digest": "s1",
        "plan_digest": plan,
    }
    folder = root / "results" / "predictions" / "toy-grouped-2"
    _write_predictions(toy_cancer, folder)
    (folder / "protocol.json").write_text(json.dumps(noted))
    return root


def _manifest_digest(cancer: Cancer, data: Path) -> str:
    from cancerapy.data.manifest import build_manifest

    return build_manifest(cancer, cancer.sources[0], data).digest


def _write_final(cancer: Cancer, runs: Path, manifest: str) -> str:
    """Write the run and return the digest of its plan."""
    import keras

    from cancerapy.models.classifier import build_classifier
    from cancerapy.training.plan import resolve_plan
    from cancerapy.training.run_folder import RunFolder

    keras.config.set_dtype_policy("float32")
    values = {"weights": "none", "flips": "horizontal", "height": 32, "width": 48}
    plan = resolve_plan(cancer, {"backbone": "SmallCNN", **values})
    classifier = build_classifier(plan.backbone, cancer.network, (32, 48), seed=3)
    head = classifier.head.get_layer("cam")
    kernel, bias = head.get_weights()
    head.set_weights([np.random.default_rng(5).normal(size=kernel.shape), bias])
    run = RunFolder(runs / plan.name / "final")
    facts = {"protocol": "final after grouped-2", "manifest": manifest, "n_train": 16, "seed": 0}
    run.write_plan(plan, {"cancer": cancer.id, **facts})
    run.write_outcome({"scaling": classifier.scaling})
    classifier.full().save_weights(run.weights_file)
    return plan.digest


def _write_predictions(cancer: Cancer, folder: Path) -> None:
    from cancerapy.evaluation.predictions import write_fold

    rng = np.random.default_rng(4)
    for fold in (1, 2):
        labels = np.arange(40) // 2 % 2
        write_fold(
            folder / f"fold-{fold}.csv",
            [f"{fold}-{image:02d}.png" for image in range(40)],
            np.array([f"patient-{fold}-{image // 2:02d}" for image in range(40)]),
            f"fold-{fold}",
            cancer.network.factors,
            {"finding": labels},
            rng.normal(0, 1, (40, 2)) + 2 * np.eye(2)[labels],
        )


def make_dataset(
    pixels: NDArray[Any], *, syntax: str = ExplicitVRLittleEndian, **elements: object
) -> Dataset:
    """Return a data set with ``pixels`` (H, W) or (H, W, 3); 16-bit ones have 12 bits stored."""
    meta = FileMetaDataset()
    meta.TransferSyntaxUID = syntax
    meta.MediaStorageSOPClassUID = SecondaryCaptureImageStorage
    meta.MediaStorageSOPInstanceUID = "1.2.3"
    dataset = Dataset()
    dataset.file_meta = meta
    dataset.SOPClassUID, dataset.SOPInstanceUID = SecondaryCaptureImageStorage, "1.2.3"
    bits = pixels.dtype.itemsize * 8
    dataset.Rows, dataset.Columns = pixels.shape[:2]
    dataset.SamplesPerPixel = 1 if pixels.ndim == 2 else 3
    dataset.PhotometricInterpretation = "MONOCHROME2" if pixels.ndim == 2 else "RGB"
    if pixels.ndim == 3:
        dataset.PlanarConfiguration = 0
    dataset.BitsAllocated, dataset.BitsStored = bits, 8 if bits == 8 else 12
    dataset.HighBit = dataset.BitsStored - 1
    dataset.PixelRepresentation = int(pixels.dtype.kind == "i")
    dataset.PixelData = pixels.tobytes()
    dataset["PixelData"].VR = "OB" if bits == 8 else "OW"
    for name, value in elements.items():
        setattr(dataset, name, value)
    return dataset


def to_bytes(dataset: Dataset) -> bytes:
    """Return the data set as a file."""
    buffer = io.BytesIO()
    dataset.save_as(buffer, enforce_file_format=True)
    return buffer.getvalue()


def with_stream(dataset: Dataset, stream: bytes, syntax: str) -> bytes:
    """Return a file whose pixels are a compressed stream."""
    dataset.file_meta.TransferSyntaxUID = syntax
    dataset.PixelData = encapsulate([stream])
    dataset["PixelData"].VR = "OB"
    dataset["PixelData"].is_undefined_length = True
    return to_bytes(dataset)


@pytest.fixture(scope="session")
def make_dicom() -> DicomMaker:
    """Return a function from pixels and elements to the bytes of a DICOM file."""

    def make(pixels: NDArray[Any], **elements: Any) -> bytes:
        return to_bytes(make_dataset(pixels, **elements))

    return make


@pytest.fixture(scope="session")
def make_compressed() -> DicomMaker:
    """Return a function from pixels, a stream and its transfer syntax to a DICOM file."""

    def make(pixels: NDArray[Any], stream: bytes, syntax: str, **elements: Any) -> bytes:
        return with_stream(make_dataset(pixels, **elements), stream, syntax)

    return make


def _postgres_folder() -> Path | None:
    """Return the folder of PostgreSQL's programs, where it is installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    initdb = str(found[-1]) if found else shutil.which("initdb")
    return Path(initdb).resolve().parent if initdb else None


def _memory_folder() -> str | None:
    """Return a folder in memory with 2 GiB to spare; databases are made of thousands of files."""
    memory = Path("/dev/shm")
    roomy = memory.is_dir() and shutil.disk_usage(memory).free > 2 * 2**30
    return str(memory) if roomy else None


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """Start a PostgreSQL on a socket of its own; yield the end of its databases' addresses."""
    programs = _postgres_folder()
    if programs is None:
        pytest.skip("PostgreSQL is not installed (apt-get install postgresql)")
    pytest.importorskip("psycopg", reason="the extra 'postgres' is not installed")
    # PostgreSQL refuses to run as root; pytest's own folders are closed to other users.
    user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    folder = Path(tempfile.mkdtemp(prefix="cancerapy-pg-", dir=_memory_folder()))
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


@pytest.fixture(scope="session")
def make_database(postgres: str) -> Callable[..., str]:
    """Return a function that makes a PostgreSQL database and returns its address."""
    import psycopg

    def make(template: str = "template1") -> str:
        name = f"r{uuid.uuid4().hex}"
        with psycopg.connect(f"postgresql://cancerapy@/postgres{postgres}", autocommit=True) as own:
            own.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return f"postgresql://cancerapy@/{name}{postgres}"

    return make


@pytest.fixture(params=["sqlite", "postgresql"])
def kind(request: pytest.FixtureRequest) -> str:
    """Return the kind of database; a test that uses it runs once for each."""
    return str(request.param)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a SQLite file with empty tables; a copy is faster than making them each time."""
    home = tmp_path_factory.mktemp("template")
    upgrade_records(Settings(home=home)).close()
    return home / "records" / "records.sqlite"


@pytest.fixture(scope="session")
def postgres_template(make_database: Callable[..., str]) -> str:
    """Return the name of a PostgreSQL database with empty tables."""
    url = make_database()
    upgrade_records(Settings(home=Path("unused"), database_url=url)).close()
    return url.partition("@/")[2].partition("?")[0]


@pytest.fixture
def records_settings(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> Settings:
    """Return the settings of empty records."""
    home = tmp_path / "home"
    if kind == "sqlite":
        (home / "records").mkdir(parents=True)
        shutil.copy(request.getfixturevalue("sqlite_template"), home / "records")
        return Settings(home=home)
    make_database = request.getfixturevalue("make_database")
    url = make_database(request.getfixturevalue("postgres_template"))
    return Settings(home=home, database_url=url)


@pytest.fixture
def drawn_mammograms(tmp_path: Path) -> Path:
    """Return a root of data sets with one: two drawn mammograms in the layout of CBIS-DDSM."""
    folder = tmp_path / "data" / "cbis_ddsm"
    (folder / "images").mkdir(parents=True)
    rows = ["file,patient,key,density,label,pathology_all,boxes_xywh_800"]
    for seed, label in ((100, "benign"), (101, "malignant")):
        pixels = draw_phantom("mammogram", seed=seed, height=512, width=512, value=label)
        Image.fromarray(pixels).save(folder / "images" / f"{seed}.png")
        rows.append(f"images/{seed}.png,P_{seed},{seed}_LEFT_CC,2,{label},{label.upper()},")
    (folder / "labels.csv").write_text("\n".join(rows) + "\n")
    return folder.parent
