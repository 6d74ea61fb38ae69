"""What is counted, and under which labels."""

from typing import Any

from prometheus_client.parser import text_string_to_metric_families

from cancerapy.api.metrics import Metrics


def _values(metrics: Metrics) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(metrics.to_text().decode())
        for sample in family.samples
    }


def test_requests_are_counted_and_timed() -> None:
    metrics = Metrics()
    metrics.count_request("/livez", "GET", 200, 0.004)
    metrics.count_request("/livez", "GET", 200, 0.3)
    metrics.count_request("/livez", "POST", 405, 0.004)
    values = _values(metrics)
    name = "cancerapy_requests_total"
    get = (("method", "GET"), ("route", "/livez"), ("status", "200"))
    post = (("method", "POST"), ("route", "/livez"), ("status", "405"))
    assert (values[name, get], values[name, post]) == (2, 1)
    route = ("route", "/livez")
    assert values["cancerapy_request_seconds_bucket", (("le", "0.005"), route)] == 2
    assert values["cancerapy_request_seconds_bucket", (("le", "0.5"), route)] == 3
    assert abs(values["cancerapy_request_seconds_sum", (route,)] - 0.308) < 1e-9


def test_predictions_are_counted_by_verdict_and_timed_in_seconds(toy_models: Any) -> None:
    metrics = Metrics()
    prediction = toy_models.predictor("toy").predict(b"abc", "toy")
    metrics.count_prediction(prediction)
    values = _values(metrics)
    labels = (("task", "toy"), ("verdict", "answer"))
    assert values["cancerapy_predictions_total", labels] == 1
    seconds = values["cancerapy_inference_seconds_sum", (("task", "toy"),)]
    assert abs(seconds - prediction.timings.inference_ms / 1000) < 1e-12


def test_each_has_counters_of_its_own() -> None:
    first, second = Metrics(), Metrics()
    first.count_request("/livez", "GET", 200, 0.1)
    assert b"cancerapy_requests_total{" in first.to_text()
    assert b"cancerapy_requests_total{" not in second.to_text()
