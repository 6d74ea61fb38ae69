"""Plan values from texts, and the plan on the screen."""

import pytest

from cancerapy.cancers import load_cancer
from cancerapy.errors import PlanError
from cancerapy.training.options import parse_values, print_plan
from cancerapy.training.plan import plan_help, resolve_plan


def test_values_are_json_or_plain_text() -> None:
    texts = ["a=1", "b = 0.5", "c=true", 'd=["x", "y"]', "e=flip=h", "f="]
    assert parse_values(texts) == {
        "a": 1,
        "b": 0.5,
        "c": True,
        "d": ["x", "y"],
        "e": "flip=h",
        "f": "",
    }


def test_a_text_without_a_value_is_refused() -> None:
    message = r"^--set takes name=value, for instance dropout=0\.4; given 'dropout'\.$"
    with pytest.raises(PlanError, match=message):
        parse_values(["dropout"])


def test_a_value_nested_too_deep_for_json_is_text() -> None:
    assert parse_values(["a=" + "[" * 100_000]) == {"a": "[" * 100_000}


def test_the_plan_is_shown_with_every_field(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    plan = resolve_plan(load_cancer("skin"))
    print_plan(plan)
    shown = capsys.readouterr().out
    assert f"Plan {plan.name}" in shown
    for name, meaning in plan_help().items():
        assert name in shown
        assert meaning in shown
