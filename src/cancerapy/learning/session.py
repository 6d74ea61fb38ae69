"""What ``cancerapy learn collect`` and ``retrain`` do once their options are resolved."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from cancerapy.bundle.store import find_bundles, load_bundle
from cancerapy.cancers import Cancer
from cancerapy.data.progress import Progress, silent
from cancerapy.errors import DataError
from cancerapy.evaluation.outcome import Outcome
from cancerapy.learning.candidates import Candidate, ask_records
from cancerapy.learning.collect import collect
from cancerapy.learning.evaluation_side import read_evaluation_side
from cancerapy.learning.promote import answers_of
from cancerapy.learning.recipe import Recipe
from cancerapy.learning.versions import Version, read_version
from cancerapy.settings import Settings

if TYPE_CHECKING:
    from cancerapy.learning.retrain import Challenger


NOT_SEARCHED = (
    "the labels of the shipped data were not searched for doubtful ones: the served model's "
    "answers to it are not in the results folder"
)


def collect_from_records(
    cancer: Cancer,
    settings: Settings,
    *,
    progress: Progress = silent,
    say: Callable[[str], None] = lambda _: None,
) -> Version:
    """Make the next version of a cancer's collected data set.

    Args:
        cancer: Whose data set.
        settings: Folders of records, data, cache, bundles and results.
        progress: Told of each picture that is compared.
        say: Told ``NOT_SEARCHED`` where that is so.

    Raises:
        DataError: The data sets that must be kept apart are not there.
        RecordsError: The database does not answer.
    """
    data = settings.data_root("Collecting needs", cancer.id)
    candidates, images = ask_records(cancer, settings)
    old = old_answers(cancer, settings)
    if not old:
        say(NOT_SEARCHED)
    return collect(
        cancer,
        candidates,
        images,
        read_evaluation_side(cancer, data, cache=settings.cache, progress=progress),
        settings.home.expanduser(),
        old=old,
        progress=progress,
    )


def retrain_from_records(
    cancer: Cancer,
    recipe: Recipe,
    settings: Settings,
    number: int | None,
    *,
    say: Callable[[str], None],
) -> "Challenger":
    """Train a challenger from a collected version, see ``retrain``.

    Args:
        cancer: What is trained.
        recipe: How, see ``read_recipe``.
        settings: Folders of records, data, weights, cache, runs and bundles.
        number: Of the version; ``None``: the newest.
        say: Told what is left out.
    """
    from cancerapy.learning.retrain import retrain

    version = read_version(settings.home.expanduser(), cancer.id, number)
    _, images = ask_records(cancer, settings)

    def ask() -> list[Candidate]:
        return ask_records(cancer, settings)[0]

    return retrain(cancer, recipe, version, ask, images, settings, say=say)


def old_answers(cancer: Cancer, settings: Settings) -> Mapping[str, Outcome]:
    """Return the served model's answers to the shipped data, out of fold; none if not at hand."""
    folder = find_bundles(settings.bundles).get(cancer.id)
    if folder is None:
        return {}
    try:
        answers = answers_of(load_bundle(folder).fields, cancer, settings)
    except DataError:
        return {}  # a clinic may have the model without the predictions it was measured by
    return {task: own.outcome for task, own in answers.items()}
