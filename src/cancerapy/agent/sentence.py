"""What to do and why in one sentence, and how costs were weighed in another, by language.

The first is for everybody and names no costs; the second is for who weighs them.
"""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from cancerapy.agent.choice import Choice
from cancerapy.cancers import Cancer, load_translations

_FOLDER = Path(__file__).parent / "texts"


@cache
def load_texts() -> dict[str, dict[str, str]]:
    """Return the agent's texts by language and key."""
    return {
        file.stem: json.loads(file.read_text(encoding="utf-8"))
        for file in sorted(_FOLDER.glob("*.json"))
    }


def tell(
    choice: Choice,
    cancer: Cancer,
    malignancy: float | None,
    question: str | None,
    *,
    is_answered: bool,
) -> dict[str, str]:
    """Return what to do and why in plain words, without costs, by language.

    Args:
        choice: What was chosen and weighed.
        cancer: Whose questions are named.
        malignancy: Probability of malignancy, 0..1; ``None`` without a judged image.
        question: Id of the question that matters to the choice, if one does.
        is_answered: Whether answers changed that probability.
    """
    return {
        language: _fill(
            texts[f"plain:{_key(choice)}"],
            action=texts[f"plain:name:{choice.option.action}"],
            basis=texts["basis:answers" if is_answered else "basis:image"],
            share=_plain_share(texts, malignancy),
            question=_question(language, cancer, question),
        )
        for language, texts in load_texts().items()
    }


def tell_weighing(
    choice: Choice, cancer: Cancer, malignancy: float | None, question: str | None
) -> dict[str, str]:
    """Return how the costs were weighed, by language: for who knows what they mean.

    Args:
        choice: What was chosen and weighed.
        cancer: Whose unit and questions are named.
        malignancy: Probability of malignancy, 0..1; ``None`` without a judged image.
        question: Id of the question that matters to the choice, if one does.
    """
    chosen = choice.option
    others = [option for option in choice.options if option != chosen]
    return {
        language: _fill(
            texts[_key(choice)],
            action=texts[f"name:{chosen.action}"],
            probability=show_share(malignancy),
            cost=show_cost(chosen.cost),
            unit=texts.get(f"unit:{cancer.costs.unit}", cancer.costs.unit),
            other=texts[f"name:{others[0].action}"] if others else "",
            other_cost=show_cost(others[0].cost) if others else "",
            question=_question(language, cancer, question),
        )
        for language, texts in load_texts().items()
    }


def _key(choice: Choice) -> str:
    return f"rule:{choice.rule}" if choice.rule else choice.option.action.value


def _question(language: str, cancer: Cancer, question: str | None) -> str:
    asked = next((one.text for one in cancer.questions if one.id == question), "")
    return load_translations(cancer.id).get(language, {}).get(asked, asked)


def _fill(text: str, **values: str) -> str:
    sentence = text.format(**values)
    return sentence[:1].upper() + sentence[1:]


def _plain_share(texts: Mapping[str, str], share: float | None) -> str:
    """Return a share of one as the app shows it: whole, never 0 or 100 for what is not exactly."""
    if share is None:
        return ""
    shown = round(100 * share)
    if shown == 0 and share > 0:
        return texts["share:less"]
    if shown == 100 and share < 1:
        return texts["share:more"]
    return texts["share"].format(n=shown)


def show_share(share: float | None) -> str:
    """Return a share of one in per cent with two digits that count.

    >>> show_share(0.1234), show_share(0.00312), show_share(0.00001)
    ('12 %', '0.31 %', 'under 0.01 %')
    """
    if share is None:
        return ""
    if share < 1e-4:
        return "under 0.01 %"
    return f"{100 * share:.2g} %" if share < 0.995 else f"{100 * share:.1f} %"


def show_cost(cost: float) -> str:
    """Return a cost without digits that say nothing.

    >>> show_cost(1234.5), show_cost(3.14159), show_cost(0.0123)
    ('1,234', '3.1', '0.012')
    """
    return f"{cost:,.0f}" if cost >= 100 else f"{cost:.2g}"
