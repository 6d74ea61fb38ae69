"""For balancers and monitoring."""

import io
from collections.abc import Callable

from flask.testing import FlaskClient

from cancerapy.settings import Settings


def test_process_is_alive(client: FlaskClient) -> None:
    assert client.get("/livez").json == {"status": "alive"}


def test_ready_with_all_models(client: FlaskClient) -> None:
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json["status"] == "ready"
    assert "toy" in response.json["ready"]
    assert response.json["missing"] == {}


def test_not_ready_without_a_model(make_client: Callable[..., FlaskClient]) -> None:
    response = make_client(Settings(), {"toy": "there is no bundle"}).get("/readyz")
    assert response.status_code == 503
    assert response.json["status"] == "not_ready"
    assert response.json["missing"] == {"toy": "there is no bundle"}
    assert "toy" not in response.json["ready"]


def test_metrics_count_requests_and_predictions(client: FlaskClient) -> None:
    for _ in range(2):
        client.post("/toy", data={"image": (io.BytesIO(b"abc"), "a.png")})
    client.get("/nothing/to/see")
    text = client.get("/metrics").text
    assert 'cancerapy_requests_total{method="POST",route="/toy",status="200"} 2.0' in text
    assert 'cancerapy_requests_total{method="(any)",route="(none)",status="404"} 1.0' in text
    assert 'cancerapy_predictions_total{task="toy",verdict="answer"} 2.0' in text
    assert 'cancerapy_inference_seconds_sum{task="toy"} 0.006' in text
    assert "nothing/to/see" not in text
    assert "process_resident_memory_bytes" in text


def test_server_says_who_it_is_and_what_it_takes(make_client: Callable[..., FlaskClient]) -> None:
    about = make_client(Settings(max_upload_mb=3, max_megapixels=7)).get("/api/v1/about").json
    assert about["name"] == "CanceRapy"
    assert about["api"] == "v1"
    assert (about["max_upload_bytes"], about["max_megapixels"]) == (3_000_000, 7)
    assert "HEIC" in about["formats"]
