"""The Postman collection, run by newman against a server, as the reference page says to."""

import json
import re
import shlex
import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from flask.testing import FlaskClient

from cancerapy.api import create_app
from cancerapy.cancers import list_cancers
from cancerapy.cli.main import run as run_cancerapy
from cancerapy.server.asgi import build_asgi
from cancerapy.settings import Settings

ROOT = Path(__file__).parents[2]
COLLECTION = ROOT / "docs" / "postman" / "cancerapy.postman_collection.json"
REFERENCE = ROOT / "docs" / "reference" / "api.md"
NEWMAN = shutil.which("newman")


@pytest.fixture
def address(toy_models: Any, tmp_path: Path) -> Iterator[str]:
    """Serve the toy model on a free port, without the other cancers'; yield the address."""
    others = {name: "there is no bundle" for name in list_cancers() if name != "toy"}
    settings = Settings(home=tmp_path / "home")
    app = create_app(settings, served=type(toy_models)(toy_models.fields()["toy"], others))
    listener = socket.create_server(("127.0.0.1", 0))
    asgi = build_asgi(app, workers=2, max_body_bytes=1_000_000)
    server = uvicorn.Server(uvicorn.Config(asgi, log_level="warning", log_config=None))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True
    thread.join(timeout=20)
    listener.close()


@pytest.fixture
def newman_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Follow the reference page up to its last line; return that one, the words of newman."""
    text = REFERENCE.read_text(encoding="utf-8")
    (block,) = [b for b in re.findall(r"```sh\n(.*?)```", text, flags=re.DOTALL) if "newman" in b]
    draw, move, newman = [shlex.split(line) for line in block.splitlines()]
    (tmp_path / "docs").symlink_to(ROOT / "docs")
    monkeypatch.chdir(tmp_path)
    assert draw[0] == "cancerapy"
    assert run_cancerapy(draw[1:]) == 0
    assert move[0] == "mv"
    Path(move[1]).rename(move[2])
    assert newman[0] == "newman"
    return newman[1:]


def test_the_page_says_how_every_file_comes_to_where_it_is_read(newman_words: list[str]) -> None:
    command, collection, option, folder = newman_words
    assert (command, option) == ("run", "--working-dir")
    sent = re.findall(r'"src": "(.*)"', Path(collection).read_text(encoding="utf-8"))
    assert len(sent) > 5
    assert [name for name in sent if not (Path(folder) / name).is_file()] == []


@pytest.mark.skipif(NEWMAN is None, reason="newman is not installed (npm install -g newman)")
def test_collection_passes(address: str, newman_words: list[str]) -> None:
    assert NEWMAN is not None
    run = subprocess.run(
        [NEWMAN, *newman_words, "--env-var", f"base={address}", "--color", "off"],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout + run.stderr


def test_collection_asks_every_route(client: FlaskClient) -> None:
    asked = set()

    def collect(items: list[dict]) -> None:
        for item in items:
            collect(item.get("item", []))
            if "request" in item:
                request = item["request"]
                asked.add((request["method"], "/" + "/".join(request["url"]["path"])))

    collect(json.loads(COLLECTION.read_text())["item"])
    records = ("patient", "examination", "image", "prediction", "account")
    names = {f"{kind}_id": f"{{{{{kind}}}}}" for kind in ("task", *records)}
    names |= {"name": "{{model}}", "file": "bundle.json", "token_id": "0000000000000000"}
    for path, methods in client.get("/openapi.json").json["paths"].items():
        asked_as = path.format(**names)
        if asked_as.strip("/") in list_cancers():
            asked_as = "/{{cancer}}"
        for method in methods:
            assert (method.upper(), asked_as) in asked
