"""Plan values from texts, and the plan on the screen."""

from pathlib import Path

import pytest

from cancerapy.cancers import load_cancer
from cancerapy.errors import LeakError, PlanError
from cancerapy.training.options import check_teachers, parse_values, print_plan
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


def test_teachers_serve_the_final_fit_alone() -> None:
    skin = load_cancer("skin")
    plain, taught = resolve_plan(skin), resolve_plan(skin, {"teacher_weight": 0.5})
    check_teachers(plain, (), final=None)
    check_teachers(taught, (Path("a"),), final="grouped-5")
    with pytest.raises(LeakError, match=r"trained on the other folds, .* then add --final"):
        check_teachers(taught, (Path("a"),), final=None)
    with pytest.raises(PlanError, match=r"above 0 where teachers are named; it is 0\. Add for"):
        check_teachers(plain, (Path("a"),), final="grouped-5")
    for final in (None, "grouped-5"):
        with pytest.raises(PlanError, match=r"share of the teachers' answers, 0\.5; no teacher is"):
            check_teachers(taught, (), final=final)
