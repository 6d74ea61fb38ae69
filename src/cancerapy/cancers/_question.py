"""What the patient is asked."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Question:
    """A medical question asked of the patient.

    Args:
        id: Field name.
        text: The question.
        kind: ``"number"``, ``"choice"`` or ``"yes_no"``.
        choices: The possible answers of a choice.
        unit: Unit of a number.
        needed: The answer without which no result is plain; empty where any will do.
    """

    id: str
    text: str
    kind: str
    choices: tuple[str, ...] = ()
    unit: str = ""
    needed: str = ""
