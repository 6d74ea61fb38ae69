"""What the log says about a request, and what it does not."""

import io
import json
import logging

import pytest
from flask.testing import FlaskClient


def test_one_line_per_request_without_personal_data(
    client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "cancerapy.requests"):
        client.post(
            "/toy?heatmap=values",
            data={"image": (io.BytesIO(b"abc"), "Jane Doe.png")},
            headers={"X-Request-ID": "id-1"},
        )
    (record,) = [r for r in caplog.records if r.name == "cancerapy.requests"]
    line = json.loads(record.getMessage())
    assert line["event"] == "request"
    assert line["request_id"] == "id-1"
    assert (line["route"], line["method"], line["status"]) == ("/toy", "POST", 200)
    assert line["duration_ms"] > 0
    assert line["bytes_in"] > 3
    assert "Jane" not in record.getMessage()
    assert "127.0.0.1" not in record.getMessage()


def test_unknown_addresses_are_not_repeated(
    client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "cancerapy.requests"):
        client.get("/patients/jane-doe")
    assert "jane" not in caplog.text
    assert '"status": 404' in caplog.text
