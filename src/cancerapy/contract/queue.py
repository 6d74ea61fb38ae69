"""What waits for a reviewer: machine guesses in the order in which looking at them helps most."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class QueuedGuess:
    """A machine guess that waits for a reviewer.

    Args:
        prediction_id: The guess.
        examination_id: Its examination.
        image_id: The image in the examination; ``None`` where several were judged together.
        task: What was asked.
        model: The bundle that guessed.
        predicted_class: What it guessed.
        uncertainty: 1 less the lead of the most probable class over the next, 0..1.
        disagreements: Who contradicts whom: ``"readers"``, ``"reader_machine"``, ``"views"``.
        n_readers: People who have said something of it.
    """

    prediction_id: str
    examination_id: str
    image_id: str | None
    task: str
    model: str
    predicted_class: str
    uncertainty: float
    disagreements: tuple[str, ...]
    n_readers: int


@dataclass(frozen=True, slots=True)
class ReviewQueue:
    """The head of the queue.

    Args:
        guesses: In order, first what should be looked at first.
        n_waiting: How many wait in all.
    """

    guesses: tuple[QueuedGuess, ...]
    n_waiting: int
