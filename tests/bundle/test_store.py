"""Bundles: written whole, found by version, read back unchanged."""

import io
import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cancerapy.bundle.schema import (
    SCHEMA_VERSION,
    BundleFields,
    FactorFields,
    InputFields,
    OperatingPoint,
    QualityLimits,
    TaskFields,
)
from cancerapy.bundle.store import (
    CARD_FILE,
    MODEL_FILE,
    STATS_FILE,
    Stats,
    find_bundles,
    load_bundle,
    next_version,
    write_bundle,
)
from cancerapy.errors import BundleError, StorageError

POINT = OperatingPoint("sensitivity_90", 0.4, 0.9, (0.8, 0.95), 0.7, (0.6, 0.8))
FIELDS = BundleFields(
    cancer="skin",
    version="1",
    input=InputFields(32, 48, "crop", ("stretch_contrast",), 16),
    factors=(FactorFields("kind", ("a", "b"), 1.5),),
    tasks=(
        TaskFields("skin", ("a", "b"), POINT, 0.9, {"a": 0.5}, {"a": "class"}, 0.6),
        TaskFields("skin-7", ("b", "a"), None, 0.9, {}, {}, 0.5),
    ),
    quality=QualityLimits(1.0, (2.0, 250.0), 3.0, 4.0, (5.0, 200.0)),
    results=({"task": "skin", "metric": "accuracy", "value": 0.8},),
    digests={},
    provenance={"backbone": "Toy"},
    licences={"code": "Apache-2.0"},
    created="2026-01-02",
)


STATS = Stats(
    np.array([1.0, 0.0, 0.0]), np.array([1.0, 1.0, 3.0]), np.eye(3)[:, :2], np.eye(2), 0.5
)


@pytest.fixture
def files() -> dict[str, bytes]:
    """Return the files of a bundle."""
    stats = io.BytesIO()
    np.savez(stats, **asdict(STATS))
    return {MODEL_FILE: b"graph", STATS_FILE: stats.getvalue(), CARD_FILE: b"# Card\n"}


def test_what_was_written_is_read(tmp_path: Path, files: dict[str, bytes]) -> None:
    folder = write_bundle(tmp_path, FIELDS, files)
    assert folder == tmp_path / "skin-1"
    bundle = load_bundle(folder)
    assert replace(bundle.fields, digests={}) == FIELDS
    assert set(bundle.fields.digests) == set(files)
    assert bundle.card == "# Card\n"
    assert bundle.model_path.read_bytes() == b"graph"
    # 2 away in both of two dimensions is 4 a dimension; 9 / 3 away beside them is 9 / 0.5.
    assert bundle.stats.distance(np.array([1.0, 0.0, 0.0])) == 0
    assert bundle.stats.distance(np.array([3.0, 2.0, 0.0])) == pytest.approx(4 / 2)
    assert bundle.stats.distance(np.array([3.0, 2.0, 9.0])) == pytest.approx((4 + 18) / 2)


def _npz(**arrays: Any) -> bytes:
    stats = io.BytesIO()
    np.savez(stats, **arrays)
    return stats.getvalue()


_WHOLE = asdict(STATS)


@pytest.mark.parametrize(
    "content",
    [
        _npz(**{name: array for name, array in _WHOLE.items() if name != "scale"}),
        _npz(**{**_WHOLE, "residual": np.ones(2)}),
        b"",
        b"PK\x03\x04 no archive",
        b"text",
    ],
    ids=["an array missing", "not a number", "empty", "cut", "no arrays at all"],
)
def test_statistics_of_other_content_are_damage(
    tmp_path: Path, files: dict[str, bytes], content: bytes
) -> None:
    folder = write_bundle(tmp_path, FIELDS, {**files, STATS_FILE: content})
    message = r"'skin-1' cannot be used: 'stats\.npz' lacks or mistypes an array"
    with pytest.raises(BundleError, match=message) as caught:
        load_bundle(folder)
    assert caught.value.code == "bundle_damaged"


def test_the_newest_by_number_is_found(tmp_path: Path, files: dict[str, bytes]) -> None:
    assert next_version(tmp_path, "skin") == "1"
    for version in ("2", "10", "9"):
        write_bundle(tmp_path, replace(FIELDS, version=version), files)
    (tmp_path / "skin-draft").mkdir()
    (tmp_path / "skin-draft" / "bundle.json").write_text("{}")
    assert find_bundles(tmp_path) == {"skin": tmp_path / "skin-10"}
    assert next_version(tmp_path, "skin") == "11"
    assert find_bundles(tmp_path / "none") == {}


def test_a_bundle_never_changes(tmp_path: Path, files: dict[str, bytes]) -> None:
    write_bundle(tmp_path, FIELDS, files)
    with pytest.raises(BundleError, match="'skin-1' exists already") as caught:
        write_bundle(tmp_path, FIELDS, files)
    assert caught.value.code == "bundle_exists"


def test_nothing_is_left_of_a_failed_write(tmp_path: Path, files: dict[str, bytes]) -> None:
    with pytest.raises(StorageError, match="writing the bundle skin-1"):
        write_bundle(tmp_path, FIELDS, {**files, "no/such/folder": b""})
    assert list(tmp_path.iterdir()) == []


def test_a_newer_schema_is_explained(tmp_path: Path, files: dict[str, bytes]) -> None:
    folder = write_bundle(tmp_path, FIELDS, files)
    file = folder / "bundle.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), "schema": SCHEMA_VERSION + 1}))
    message = f"must have schema {SCHEMA_VERSION}; it has {SCHEMA_VERSION + 1}"
    with pytest.raises(BundleError, match=message) as caught:
        load_bundle(folder)
    assert caught.value.code == "bundle_schema"
