"""What the server counts about itself, in the text format of Prometheus.

Each application has a registry of its own, so that several can live in one process. Labels are
route templates, methods, statuses, task ids and verdicts: nothing that a caller can invent.
"""

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)

from cancerapy.contract import Prediction

_SECONDS = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)


class Metrics:
    """Counters and histograms of one application."""

    def __init__(self) -> None:
        """Create all of them at zero."""
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)
        self._requests = Counter(
            "cancerapy_requests",
            "Requests answered.",
            ("route", "method", "status"),
            registry=self.registry,
        )
        self._seconds = Histogram(
            "cancerapy_request_seconds",
            "Time from the request's arrival at the application to its answer.",
            ("route",),
            buckets=_SECONDS,
            registry=self.registry,
        )
        self._predictions = Counter(
            "cancerapy_predictions",
            "Images judged.",
            ("task", "verdict"),
            registry=self.registry,
        )
        self._inference = Histogram(
            "cancerapy_inference_seconds",
            "Time that the network itself took.",
            ("task",),
            buckets=_SECONDS,
            registry=self.registry,
        )

    def count_request(self, route: str, method: str, status: int, seconds: float) -> None:
        """Count one answered request.

        Args:
            route: Template of the route, for instance ``"/api/v1/predict/<task_id>"``.
            method: HTTP method.
            status: HTTP status.
            seconds: Time taken.
        """
        self._requests.labels(route, method, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def count_prediction(self, prediction: Prediction) -> None:
        """Count one judged image."""
        self._predictions.labels(prediction.task, prediction.verdict.value).inc()
        self._inference.labels(prediction.task).observe(prediction.timings.inference_ms / 1000)

    def to_text(self) -> bytes:
        """Return all values in the text format of Prometheus."""
        return generate_latest(self.registry)
