"""A guess on the record as the app shows results."""

from cancerapy.app.decode import from_json
from cancerapy.app.state import AppState, Outcome
from cancerapy.app.strings import Strings
from cancerapy.contract.records import ExaminationRecord, PredictionRecord
from cancerapy.contract.responses import PredictionResponse, TaskResponse


def find_task(state: AppState, task_id: str) -> TaskResponse | None:
    """Return a task that the server offers; ``None`` if it does not."""
    return next((task for task in state.tasks or () if task.id == task_id), None)


def to_outcome(
    state: AppState, examination: ExaminationRecord, guess: PredictionRecord
) -> Outcome | None:
    """Return a guess as a result with its picture, as far as that is there.

    Args:
        state: Knows the tasks and the pictures.
        examination: The examination of the guess.
        guess: The guess.

    Returns:
        ``None`` where the server does not offer the task any more, or wrote the guess in another
        form.
    """
    task = find_task(state, guess.task)
    if task is None:
        return None
    try:
        prediction = from_json(PredictionResponse, dict(guess.prediction))
    except ValueError:
        return None
    if guess.predicted_class not in {label.id for label in task.classes}:
        return None
    picture = state.records.pictures.get(guess.image_id or "", b"")
    return Outcome(guess.created_at, task, prediction, dict(examination.answers), picture)


def class_name(task: TaskResponse | None, class_id: str) -> str:
    """Return the clinical term of a class, in English; its id where it is not known."""
    classes = task.classes if task else ()
    return next((label.title for label in classes if label.id == class_id), class_id)


def minute_of(moment: str) -> str:
    """Return an ISO 8601 moment to the minute, in UTC.

    >>> minute_of("2026-11-27T18:05:59.123+00:00").strip("\u2068\u2069")
    '2026-11-27 18:05 UTC'
    """
    return isolated(f"{moment[:16].replace('T', ' ')} UTC")


def isolated(text: str) -> str:
    """Return a text that keeps its own direction: beside Arabic words its parts would move.

    References:
        Unicode Standard Annex 9, first strong isolate.
    """
    return f"\u2068{text}\u2069"


def image_name(say: Strings, examination: ExaminationRecord, place: int) -> str:
    """Return the number of an image among those of an examination, with side and view.

    Args:
        say: The words.
        examination: The examination.
        place: Place of the image's guess, from 0.
    """
    facts = {image.id: (image.laterality, image.view) for image in examination.images}
    guess = examination.predictions[place]
    seen = " ".join(one for one in facts.get(guess.image_id or "", ()) if one)
    name = say("visit.image", number=place + 1)
    return f"{name} {isolated(seen)}" if seen else name
