"""The page for readers."""

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

import cancerapy.api


def test_page_shows_every_route(client: FlaskClient) -> None:
    page = client.get("/docs").text
    for path in client.get("/openapi.json").json["paths"]:
        assert f"<code>{path}</code>" in page


def test_page_explains_the_fields_of_a_prediction(client: FlaskClient) -> None:
    page = client.get("/docs").text
    assert "Id of the most probable class, whatever the verdict." in page


def test_page_loads_nothing_from_elsewhere(client: FlaskClient) -> None:
    page = client.get("/docs").text
    loaded = re.findall(r'(?:src|href|action)="([^"]*)"', page)
    assert loaded
    assert all(re.match(r"/(?!/)|#", target) for target in loaded)
    policy = client.get("/docs").headers["Content-Security-Policy"]
    assert "http" not in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize("name", ["docs.css", "docs.js"])
def test_parts_of_the_page_are_served_and_load_nothing(client: FlaskClient, name: str) -> None:
    with client.get(f"/docs/{name}") as response:
        text = response.text
    source = Path(cancerapy.api.__file__).parent / "static" / name
    assert text == source.read_text()
    assert "//" not in re.sub(r"^// .*|^ +// .*", "", text, flags=re.MULTILINE)


def test_pages_form_has_the_field_of_the_route(client: FlaskClient) -> None:
    page = client.get("/docs").text
    assert '<input type="file" name="image" data-in="form">' in page
    assert '<input type="file" name="images" data-in="form" multiple>' in page
    assert '<input name="answers" data-in="text">' in page
