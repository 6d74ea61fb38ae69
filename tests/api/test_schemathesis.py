"""Requests made up from the OpenAPI description, sensible and senseless ones."""

from typing import Any

import pytest
from apiflask import APIFlask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable

schemathesis = pytest.importorskip("schemathesis")

from schemathesis.specs.openapi.checks import positive_data_acceptance  # noqa: E402

ERROR_KEYS = {"code", "message", "field", "request_id"}
MODES = list(schemathesis.GenerationMode)


@pytest.mark.parametrize("mode", MODES, ids=[mode.name.lower() for mode in MODES])
def test_no_request_breaks_the_server(app: APIFlask, mode: Any) -> None:
    description = schemathesis.openapi.from_wsgi("/openapi.json", app)
    statuses: set[int] = set()
    paths: set[str] = set()
    for found in description.get_all_operations():
        operation = found.ok()

        @settings(
            max_examples=25,
            deadline=None,
            derandomize=True,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(generation_mode=mode))
        def check(case: Any) -> None:
            response = case.call()
            statuses.add(response.status_code)
            assert response.status_code < 500, response.text
            assert str(response.status_code) in case.operation.definition.raw["responses"]
            if response.status_code >= 400:
                assert set(response.json()) == ERROR_KEYS
            # A file of random bytes fits the description and is still no image.
            case.validate_response(response, excluded_checks=[positive_data_acceptance])

        try:
            check()
        except Unsatisfiable:  # nothing senseless can be sent where nothing is taken
            assert mode.name == "NEGATIVE"
            continue
        paths.add(operation.path)
    assert "/api/v1/predict/{task_id}" in paths
    assert mode.name == "NEGATIVE" or paths == set(description.raw_schema["paths"])
    expected = {200, 201, 404} if mode.name == "POSITIVE" else {400, 404}
    assert expected <= statuses
