"""A bundle that was changed, cut or is of another time: said, never used, never a trace."""

import io
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from cancerapy.api import create_app
from cancerapy.bundle.schema import SCHEMA_VERSION
from cancerapy.bundle.store import find_bundles, load_bundle
from cancerapy.cli.main import run
from cancerapy.errors import BundleError
from cancerapy.settings import load_settings


def _flip_a_byte(folder: Path) -> None:
    file = folder / "model.tflite"
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


def _cut(folder: Path) -> None:
    file = folder / "stats.npz"
    file.write_bytes(file.read_bytes()[:-1])


def _remove(folder: Path) -> None:
    (folder / "card.md").unlink()


def _cut_the_fields(folder: Path) -> None:
    file = folder / "bundle.json"
    file.write_text(file.read_text()[:400])


def _nest_the_fields(folder: Path) -> None:
    (folder / "bundle.json").write_text("[" * 100_000)


def _change(**fields: object) -> Callable[[Path], None]:
    def damage(folder: Path) -> None:
        file = folder / "bundle.json"
        file.write_text(json.dumps({**json.loads(file.read_text()), **fields}))

    return damage


DAMAGES = {
    "model-changed": (_flip_a_byte, "the content of 'model.tflite' is not what it was made with"),
    "stats-cut": (_cut, "the content of 'stats.npz' is not what it was made with"),
    "card-missing": (_remove, "its file 'card.md' is missing"),
    "fields-cut": (_cut_the_fields, "'bundle.json' is not the JSON of a bundle"),
    "fields-nested": (_nest_the_fields, "'bundle.json' is not the JSON of a bundle"),
    "no-digests": (_change(digests={}), "it names no card.md, model.tflite, stats.npz"),
    "digests-a-list": (_change(digests=["a"]), "'bundle.json' lacks or mistypes a field"),
    "no-input": (_change(input=None), "'bundle.json' lacks or mistypes a field"),
    "tasks-a-text": (_change(tasks="toy"), "'bundle.json' lacks or mistypes a field"),
    "a-field-too-many": (_change(colour="red"), "unknown field colour"),
}


@pytest.fixture(params=DAMAGES.values(), ids=DAMAGES.keys())
def damaged(request: pytest.FixtureRequest, toy_bundles: Path, tmp_path: Path) -> tuple[Path, str]:
    """Return a folder with a damaged copy of the toy bundle, and what is said about it."""
    damage, reason = request.param
    root = tmp_path / "bundles"
    shutil.copytree(toy_bundles, root)
    damage(root / "toy-1")
    return root, reason


def test_damage_is_found_before_use(damaged: tuple[Path, str]) -> None:
    root, reason = damaged
    with pytest.raises(BundleError) as caught:
        load_bundle(root / "toy-1")
    assert caught.value.code == "bundle_damaged"
    assert caught.value.message.startswith("The bundle 'toy-1' cannot be used: ")
    assert reason in caught.value.message


def test_another_schema_is_explained(toy_bundles: Path, tmp_path: Path) -> None:
    shutil.copytree(toy_bundles, tmp_path / "bundles")
    _change(schema=99)(tmp_path / "bundles" / "toy-1")
    with pytest.raises(
        BundleError, match=f"must have schema {SCHEMA_VERSION}; it has 99"
    ) as caught:
        load_bundle(tmp_path / "bundles" / "toy-1")
    assert caught.value.code == "bundle_schema"


def test_a_folder_numbered_in_another_way_is_no_version(toy_bundles: Path, tmp_path: Path) -> None:
    shutil.copytree(toy_bundles, tmp_path / "bundles")
    shutil.copytree(tmp_path / "bundles" / "toy-1", tmp_path / "bundles" / "toy-\u00b2")
    assert find_bundles(tmp_path / "bundles") == {"toy": tmp_path / "bundles" / "toy-1"}


def test_the_command_says_it(
    toy_bundles: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = tmp_path / "bundles"
    shutil.copytree(toy_bundles, root)
    _flip_a_byte(root / "toy-1")
    assert run(["predict", "toy", "any.png", "--bundles", str(root)]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("cancerapy: The bundle 'toy-1' cannot be used: ")
    assert err.endswith(" [bundle_damaged]\n")


def test_the_server_starts_and_says_it_without_a_path(toy_bundles: Path, tmp_path: Path) -> None:
    root = tmp_path / "bundles"
    shutil.copytree(toy_bundles, root)
    _flip_a_byte(root / "toy-1")
    client = create_app(load_settings(bundles=root)).test_client()
    ready = client.get("/readyz")
    assert ready.status_code == 503
    assert "model.tflite" in ready.json["missing"]["toy"]
    response = client.post(
        "/toy", data={"image": (io.BytesIO(b"x"), "a")}, content_type="multipart/form-data"
    )
    assert (response.status_code, response.json["code"]) == (503, "bundle_damaged")
    assert str(tmp_path) not in ready.text + response.text
    assert "Traceback" not in response.text
