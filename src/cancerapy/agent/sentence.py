"""The reasoning behind a choice in one sentence, in every language that has the texts."""

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
    choice: Choice, cancer: Cancer, malignancy: float | None, question: str | None
) -> dict[str, str]:
    """Return the sentence by language.

    Args:
        choice: What was chosen and weighed.
        cancer: Whose unit and questions are named.
        malignancy: Probability of malignancy, 0..1; ``None`` without a judged image.
        question: Id of the question that matters to the choice, if one does.
    """
    return {
        language: _tell_in(texts, language, choice, cancer, malignancy, question)
        for language, texts in load_texts().items()
    }


def _tell_in(
    texts: Mapping[str, str],
    language: str,
    choice: Choice,
    cancer: Cancer,
    malignancy: float | None,
    question: str | None,
) -> str:
    own = load_translations(cancer.id).get(language, {})
    asked = next((q.text for q in cancer.questions if q.id == question), "")
    chosen = choice.option
    others = [option for option in choice.options if option != chosen]
    key = f"rule:{choice.rule}" if choice.rule else chosen.action.value
    sentence = texts[key].format(
        action=texts[f"name:{chosen.action}"],
        probability=show_share(malignancy),
        cost=show_cost(chosen.cost),
        unit=texts.get(f"unit:{cancer.costs.unit}", cancer.costs.unit),
        other=texts[f"name:{others[0].action}"] if others else "",
        other_cost=show_cost(others[0].cost) if others else "",
        question=own.get(asked, asked),
    )
    return sentence[:1].upper() + sentence[1:]


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
