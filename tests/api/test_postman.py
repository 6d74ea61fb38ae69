"""The Postman collection, run by newman against a server, with an image that the test draws."""

import json
import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import uvicorn
from flask.testing import FlaskClient
from PIL import Image

from cancerapy.api import create_app
from cancerapy.cancers import list_cancers
from cancerapy.server.asgi import build_asgi
from cancerapy.settings import Settings

COLLECTION = Path(__file__).parents[2] / "docs" / "postman" / "cancerapy.postman_collection.json"
NEWMAN = shutil.which("newman")


@pytest.fixture
def address(toy_models: Any) -> Iterator[str]:
    """Serve the toy model on a free port, without the other cancers'; yield the address."""
    others = {name: "there is no bundle" for name in list_cancers() if name != "toy"}
    app = create_app(Settings(), served=type(toy_models)(toy_models.fields()["toy"], others))
    listener = socket.create_server(("127.0.0.1", 0))
    asgi = build_asgi(app, workers=2, max_body_bytes=1_000_000)
    server = uvicorn.Server(uvicorn.Config(asgi, log_level="warning", log_config=None))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True
    thread.join(timeout=20)
    listener.close()


@pytest.mark.skipif(NEWMAN is None, reason="newman is not installed (npm install -g newman)")
def test_collection_passes(address: str, tmp_path: Path) -> None:
    pixels = np.random.default_rng(0).integers(0, 255, (45, 60, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(tmp_path / "example.png")
    assert NEWMAN is not None
    run = subprocess.run(
        [NEWMAN, "run", str(COLLECTION), "--working-dir", str(tmp_path), "--env-var",
         f"base={address}", "--color", "off"],
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
    names = {"task_id": "{{task}}", "name": "{{model}}"}
    for path, methods in client.get("/openapi.json").json["paths"].items():
        asked_as = path.format(**names)
        if asked_as.strip("/") in list_cancers():
            asked_as = "/{{cancer}}"
        for method in methods:
            assert (method.upper(), asked_as) in asked
