"""The application as a whole: what it is made of, and what importing it costs."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient

from cancerapy import __version__
from cancerapy.api import create_app
from cancerapy.api.uploads import UploadRequest
from cancerapy.cancers import list_cancers
from cancerapy.errors import UsageError
from cancerapy.runtime.models import Models
from cancerapy.settings import Settings


def test_every_cancer_has_its_short_route(app: APIFlask) -> None:
    routes = {rule.rule: rule.methods for rule in app.url_map.iter_rules()}
    assert "toy" in list_cancers()
    for name in list_cancers():
        assert "POST" in routes[f"/{name}"]
        assert "GET" not in routes[f"/{name}"]


def test_the_description_names_the_version_and_no_server(client: FlaskClient) -> None:
    described = client.get("/openapi.json").json
    assert described["info"]["version"] == __version__
    assert described["servers"] == [{"url": "/"}]


def test_limits_come_from_the_settings(toy_models: Any) -> None:
    app = create_app(Settings(max_upload_mb=3, max_batch=5), served=toy_models)
    assert app.config["MAX_CONTENT_LENGTH"] == 3_000_000 + 65_536
    assert app.config["MAX_FORM_PARTS"] == 105
    assert app.request_class is UploadRequest


def test_the_models_are_those_of_the_bundle_folder(tmp_path: Path) -> None:
    state = create_app(Settings(bundles=tmp_path)).extensions["cancerapy"]
    assert isinstance(state.models, Models)
    assert state.models.fields() == {}
    assert set(state.models.problems()) == set(list_cancers())


def test_a_public_address_needs_a_token(toy_models: Any, tmp_path: Path) -> None:
    with pytest.raises(
        UsageError, match=r"^A server that other machines can reach needs a token or"
    ):
        create_app(Settings(host="0.0.0.0", home=tmp_path), served=toy_models)
    assert create_app(Settings(host="0.0.0.0", token="secret"), served=toy_models) is not None


def test_every_answer_has_its_id_and_the_security_headers(client: FlaskClient) -> None:
    for path in ("/livez", "/nothing", "/docs"):
        headers = client.get(path, headers={"X-Request-ID": "abc-1"}).headers
        assert headers["X-Request-ID"] == "abc-1"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"


def test_two_applications_share_nothing(make_client: Callable[..., FlaskClient]) -> None:
    first, second = make_client(Settings()), make_client(Settings())
    first.get("/livez")
    line = 'cancerapy_requests_total{method="GET",route="/livez",status="200"}'
    assert f"{line} 1.0" in first.get("/metrics").text
    assert line not in second.get("/metrics").text
