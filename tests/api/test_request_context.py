"""Request ids."""

import re

import pytest
from flask.testing import FlaskClient


def test_sane_id_is_kept(client: FlaskClient) -> None:
    headers = {"X-Request-ID": "Ward-3_2026.01"}
    assert client.get("/livez", headers=headers).headers["X-Request-ID"] == "Ward-3_2026.01"


@pytest.mark.parametrize("given", ["", "two words", "x" * 65, "<script>", "a;b"])
def test_other_ids_are_replaced(client: FlaskClient, given: str) -> None:
    made = client.get("/livez", headers={"X-Request-ID": given}).headers["X-Request-ID"]
    assert re.fullmatch(r"[0-9a-f]{32}", made)


def test_made_ids_differ(client: FlaskClient) -> None:
    made = {client.get("/livez").headers["X-Request-ID"] for _ in range(3)}
    assert len(made) == 3
