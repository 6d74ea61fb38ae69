"""What the API takes besides images: frozen dataclasses of the standard library."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Sex = Literal["female", "male", "other", "unknown"]
Purpose = Literal["care", "research", "training"]
ReviewVerdict = Literal["agree", "correct", "unusable"]


@dataclass(frozen=True, slots=True)
class Identifier:
    """A number by which another system knows a patient.

    Args:
        system: The other system, for instance ``"hospital"``.
        value: The number there; no two patients have the same one.
    """

    system: str
    value: str


@dataclass(frozen=True, slots=True)
class PatientDetails:
    """What is written down about a patient.

    Args:
        name: Name or pseudonym.
        birth_year: Year of birth, 1880 to 2200; ``None`` where it is not known.
        sex: female, male, other or unknown.
        identifiers: Numbers by which other systems know the patient.
    """

    name: str
    birth_year: int | None = None
    sex: Sex = "unknown"
    identifiers: tuple[Identifier, ...] = ()


@dataclass(frozen=True, slots=True)
class ExaminationDetails:
    """What belongs to an examination besides its images.

    Args:
        task: Task id.
        lesion: The person's own name for the place, if there is one.
        answers: Answers by question id.
        prevalence: Share of malignant findings among the clinic's patients, above 0 and below 1,
            for the decision that is kept; ``None`` for that of the data set.
    """

    task: str
    lesion: str = ""
    answers: Mapping[str, str] | None = None
    prevalence: float | None = None


@dataclass(frozen=True, slots=True)
class NewAnswers:
    """All answers to the questions of an examination from now on.

    Args:
        answers: Texts or numbers by question id; what is left out is not answered any longer.
        prevalence: Share of malignant findings among the clinic's patients, above 0 and below 1,
            for the decision that is kept; that of the decision before if left out.
    """

    answers: Mapping[str, str | float]
    prevalence: float | None = None


@dataclass(frozen=True, slots=True)
class NewReview:
    """What a person says of a prediction.

    Args:
        verdict: agree, correct (to another class) or unusable (the image cannot be judged).
        class_id: The class that it is, with ``correct`` only.
        comment: Remarks.
        reviewer: Who says it; the account that is signed in if left out.
    """

    verdict: ReviewVerdict
    class_id: str | None = None
    comment: str = ""
    reviewer: str = ""


@dataclass(frozen=True, slots=True)
class NewConsent:
    """A patient's decision about one purpose.

    Args:
        purpose: care, research or training.
        given: Whether consent is given; false withdraws it.
    """

    purpose: Purpose
    given: bool
