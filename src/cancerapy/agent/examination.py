"""From the predictions of an examination's images and the answers to the decision."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from cancerapy.agent.actions import Action, end_costs
from cancerapy.agent.answers import missing_answers
from cancerapy.agent.belief import Belief, form_belief
from cancerapy.agent.choice import REJECTED, Choice, Option, choose
from cancerapy.agent.sentence import tell, tell_weighing
from cancerapy.arrays import Floats
from cancerapy.cancers import Cancer, Evidence, Task, load_evidence
from cancerapy.contract import ClassProbability, Prediction, Verdict
from cancerapy.contract.decision import Decision, Examination, WeighedAction
from cancerapy.errors import UsageError


def decide_examination(
    cancer: Cancer,
    task: Task,
    predictions: Sequence[Prediction],
    *,
    answers: Mapping[str, str] | None = None,
    prevalence: float | None = None,
    evidence: Evidence | None = None,
) -> Examination:
    """Decide what to do after the images and answers so far.

    Images that cannot be judged are left out. Where it is not known how far images of one
    examination repeat one another, the most suspicious one counts alone.

    Args:
        cancer: The cancer.
        task: The task that was answered.
        predictions: Of each image of the one finding, at least one.
        answers: By id of the question, as ``read_answers`` returns them.
        prevalence: Share of malignant findings at the clinic, above 0 and below 1; by default
            that of the data set.
        evidence: What images and answers say; by default the cancer's own.

    Raises:
        UsageError: There is no image, or the prevalence is not between 0 and 1.
    """
    _check(predictions, prevalence)
    evidence = evidence or load_evidence(cancer)
    given = dict(answers or {})
    malignant = malignant_values(cancer, evidence)
    usable = [p for p in predictions if p.verdict is not Verdict.REJECTED]
    if not usable:
        choice = Choice(Option(Action.ANOTHER_IMAGE, cancer.costs.image), (), REJECTED)
        return _result(cancer, task, predictions, 0, None, choice, given, evidence)
    images = np.array([_by_value(p, task, evidence) for p in usable])
    if evidence.correlation is None:
        images = images[[int(images[:, malignant].sum(axis=1).argmax())]]
    belief = form_belief(images, evidence, malignant, answers=given, prevalence=prevalence)
    dense = {value for values in cancer.hides_in.values() for value in values}
    choice = choose(
        belief,
        end_costs(cancer.costs, evidence.values, malignant),
        cancer.costs,
        evidence,
        answers=given,
        needed=missing_answers(cancer.questions, given),
        hides=any(p.density in dense for p in usable if p.density is not None),
    )
    return _result(cancer, task, predictions, len(images), belief, choice, given, evidence)


def malignant_values(cancer: Cancer, evidence: Evidence) -> list[bool]:
    """Return whether each value of the deciding factor is malignant in any task."""
    found = {
        label.selects.get(evidence.factor)
        for task in cancer.tasks
        for label in task.classes
        if label.malignant
    }
    return [value in found for value in evidence.values]


def _check(predictions: Sequence[Prediction], prevalence: float | None) -> None:
    if not predictions:
        raise UsageError(
            "A decision needs at least one image; none is given. Send one.", field="images"
        )
    check_prevalence(prevalence)


SMALLEST_PREVALENCE = 1e-6
"""One finding in a million: no clinic's share is smaller, and below it any evidence is drowned."""


def check_prevalence(prevalence: float | None) -> None:
    """Raise ``UsageError`` unless a prevalence is a share that a clinic can have, or ``None``."""
    least = SMALLEST_PREVALENCE
    if prevalence is not None and not least <= prevalence <= 1 - least:
        raise UsageError(
            "The prevalence must be a share above 0 and below 1, by one in a million at least; "
            f"it is {prevalence:g}. Write for instance 0.05 for one malignant finding in twenty, "
            "or leave it out.",
            code="prevalence_invalid",
            field="prevalence",
        )


def _by_value(prediction: Prediction, task: Task, evidence: Evidence) -> Floats:
    """Return the probabilities of the deciding factor's values, (V,)."""
    given = {entry.id: entry.probability for entry in prediction.classes}
    result = np.zeros(len(evidence.values))
    for label in task.classes:
        result[evidence.values.index(label.selects[evidence.factor])] += given[label.id]
    return result


def _result(
    cancer: Cancer,
    task: Task,
    predictions: Sequence[Prediction],
    n_used: int,
    belief: Belief | None,
    choice: Choice,
    answers: Mapping[str, str],
    evidence: Evidence,
) -> Examination:
    malignancy = belief.malignancy if belief else None
    needed = missing_answers(cancer.questions, answers)
    question = choice.option.question or (needed[0].id if needed else None)
    used = _answers_used(answers, evidence) if belief else ()
    sentences = tell(choice, cancer, malignancy, question, is_answered=bool(used))
    decision = Decision(
        action=choice.option.action.value,
        question=choice.option.question,
        rule=choice.rule,
        malignancy=malignancy,
        prevalence=belief.prevalence if belief else None,
        expected_cost=choice.option.cost if belief else None,
        unit=cancer.costs.unit,
        weighed=tuple(WeighedAction(o.action.value, o.question, o.cost) for o in choice.options),
        answers_used=used,
        sentence=sentences["en"],
        sentences=sentences,
        weighing=tell_weighing(choice, cancer, malignancy, question),
    )
    return Examination(
        task.id,
        cancer.id,
        predictions[0].model,
        tuple(replace(p, heatmap=None) for p in predictions),
        n_used,
        _classes(cancer, evidence, belief) if belief else (),
        decision,
    )


def _answers_used(answers: Mapping[str, str], evidence: Evidence) -> tuple[str, ...]:
    tables = evidence.answers
    return tuple(q for q, a in answers.items() if q in tables and tables[q].level_of(a) is not None)


def _classes(cancer: Cancer, evidence: Evidence, belief: Belief) -> tuple[ClassProbability, ...]:
    """Return the values that the task knows, in the words of a class that stands for one alone."""
    words = {
        label.selects[evidence.factor]: label.label
        for task in cancer.tasks
        for label in task.classes
        if set(label.selects) == {evidence.factor}
    }
    return tuple(
        ClassProbability(value, words.get(value, value), float(share))
        for value, share in zip(evidence.values, belief.probabilities, strict=True)
        if share > 0
    )
