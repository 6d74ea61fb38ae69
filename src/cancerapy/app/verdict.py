"""What a result is worth on the screen: the model's verdict and the patient's answers together.

A question may name the answer without which no result is plain (a picture that was not taken
through a dermatoscope). The model's verdict is of the image alone, so that is applied here; the
agent's decision, whose sentence is told as it came, has weighed the answers already.
"""

from dataclasses import dataclass
from enum import StrEnum

from cancerapy.app.state import Outcome
from cancerapy.contract import ClassProbability, Verdict
from cancerapy.contract.responses import ClassResponse, QuestionResponse


class Likelihood(StrEnum):
    """The one word for a result, from reassuring to not judged."""

    LOW = "low"
    HIGH = "high"
    NAMED = "named"  # an answer where malignancy has no meaning
    UNSURE = "unsure"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Shown:
    """What the result screen says.

    Args:
        likelihood: The one word.
        advice: What to do next, in the words of the cancer.
        advice_code: The kind of that advice.
        leading: The most probable class with its texts.
        probability: Its calibrated probability, 0..1.
        missing: The questions without whose needed answer the result is not plain.
    """

    likelihood: Likelihood
    advice: str
    advice_code: str
    leading: ClassResponse
    probability: float
    missing: tuple[QuestionResponse, ...]


def judge(outcome: Outcome) -> Shown:
    """Return what the screen says about ``outcome``."""
    prediction, task = outcome.prediction, outcome.task
    leading = next(label for label in task.classes if label.id == prediction.predicted_class)
    missing = tuple(
        question
        for question in task.questions
        if question.needed and outcome.answers.get(question.id) != question.needed
    )
    likelihood = _likelihood(outcome, missing)
    is_held_back = likelihood is Likelihood.UNSURE and prediction.verdict is Verdict.ANSWER
    code, advice = prediction.advice.code, prediction.advice.text
    if is_held_back:
        code, advice = "unsure", task.advice.get("unsure", "")
    return Shown(likelihood, advice, code, leading, prediction.confidence / 100, missing)


def _likelihood(outcome: Outcome, missing: tuple[QuestionResponse, ...]) -> Likelihood:
    prediction = outcome.prediction
    if prediction.verdict is Verdict.REJECTED:
        return Likelihood.REJECTED
    if prediction.verdict is Verdict.UNSURE or missing:
        return Likelihood.UNSURE
    if prediction.malignancy is None:
        return Likelihood.NAMED
    return Likelihood.HIGH if prediction.malignancy.is_positive else Likelihood.LOW


def weighed_sentence(outcome: Outcome, language: str) -> str:
    """Return the sentence of the agent's decision; empty where none came with the answer.

    Args:
        outcome: The result.
        language: One of ``state.LANGUAGES``; another language than the agent's gives its English.
    """
    decision = outcome.prediction.decision
    return decision.sentences.get(language, decision.sentence) if decision else ""


def by_probability(outcome: Outcome) -> tuple[ClassProbability, ...]:
    """Return the classes of a result, the most probable first."""
    return tuple(sorted(outcome.prediction.classes, key=lambda entry: -entry.probability))
