"""What to do after an examination, and the result of several images together."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from cancerapy.contract.prediction import STATEMENT, ClassProbability, Prediction


@dataclass(frozen=True, slots=True)
class WeighedAction:
    """One action that was weighed.

    Args:
        action: ``"another_image"``, ``"question"``, ``"reassure"``, ``"further_test"`` or
            ``"refer"``.
        question: Id of the question to ask; ``None`` for other actions.
        expected_cost: Its expected cost with all that follows, in the decision's unit.
    """

    action: str
    question: str | None
    expected_cost: float


@dataclass(frozen=True, slots=True)
class Decision:
    """What to do next, and why.

    Args:
        action: The chosen action, as in ``WeighedAction``.
        question: Id of the question to ask; ``None`` for other actions.
        rule: Name of the rule that decided (``"rejected"``, ``"dense"``, ``"needed_unanswered"``,
            ``"needed_other"``); ``None`` where the lowest expected cost did.
        malignancy: Probability of a malignant finding after all images and answers, 0..1;
            ``None`` if no image could be judged.
        prevalence: Share of malignant findings that was assumed, 0..1; ``None`` likewise.
        expected_cost: Of the chosen action; ``None`` likewise.
        unit: Unit of the costs, in words.
        weighed: All actions that were allowed, the cheapest first.
        answers_used: Ids of the questions whose answers changed the probabilities.
        sentence: What to do and why in one plain sentence without costs, in English.
        sentences: The same by language.
        weighing: How the costs were weighed, in one sentence by language, for clinicians.
    """

    action: str
    question: str | None
    rule: str | None
    malignancy: float | None
    prevalence: float | None
    expected_cost: float | None
    unit: str
    weighed: tuple[WeighedAction, ...]
    answers_used: tuple[str, ...]
    sentence: str
    sentences: Mapping[str, str]
    weighing: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Examination:
    """Several images of one finding, the answers, and what follows from them together.

    Args:
        task: Task id.
        cancer: Cancer id.
        model: Name and version of the bundle.
        predictions: The answer to each image, in the order given.
        n_used: How many of them could be judged and were joined.
        classes: Every value of the finding with its probability after images and answers; empty
            if no image could be judged.
        decision: What to do next.
        statement: The standing line.
    """

    task: str
    cancer: str
    model: str
    predictions: tuple[Prediction, ...]
    n_used: int
    classes: tuple[ClassProbability, ...]
    decision: Decision
    statement: str = STATEMENT


class Origin(StrEnum):
    """Where a decision that is read comes from, see ``RecordedDecision``."""

    KEPT = "kept"
    NOT_KEPT = "not_kept"
    NOW = "now"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedDecision(Examination):
    """The decision of an examination on the record, and what it was worked out from.

    Args:
        id: Public id; ``None`` where it is not kept.
        examination_id: The examination.
        origin: ``"kept"``: what was said when the examination was made, or its answers were last
            changed. ``"not_kept"``: worked out later, since nothing was kept then. ``"now"``:
            worked out now, because that was asked for.
        models: Name and version of every bundle whose answers were joined, sorted.
        basis_sha256: Digest of the costs, rules and evidence that it was worked out from.
        package_version: Of the package that worked it out.
        decided_at: When, ISO 8601 in UTC.
        answers: The answers that it was worked out from, by question id; ``None`` where an older
            version kept it without them.
    """

    id: str | None
    examination_id: str
    origin: Origin
    models: tuple[str, ...]
    basis_sha256: str
    package_version: str
    decided_at: str
    answers: Mapping[str, str] | None = None
