"""The wait that a refusal tells: whole seconds, never too few."""

import pytest

from cancerapy.people.pause import come_back_in


@pytest.mark.parametrize(("wait_s", "told"), [(0.001, 1), (1.0, 1), (1.001, 2), (899.5, 900)])
def test_the_wait_is_told_in_whole_seconds_upwards(wait_s: float, told: int) -> None:
    error = come_back_in(wait_s, "Wait.", code="too_many_requests", field="Authorization")
    assert error.retry_after_s == told
    assert (error.status, error.message, error.field) == (429, "Wait.", "Authorization")
