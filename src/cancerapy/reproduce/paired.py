"""A part that compares two other parts on the same images, in pairs."""

from collections.abc import Sequence
from dataclasses import dataclass

from cancerapy.errors import DataError
from cancerapy.evaluation.predictions import OutOfFold, read_predictions
from cancerapy.evaluation.rows import Row, rows_of
from cancerapy.reproduce._spec import Context, Yield
from cancerapy.reproduce.trained import PredictingPart, assess_plainly, origin_of


def difference_name(first: str, second: str) -> str:
    """Return how the rows of a difference are called."""
    return f"{first} minus {second}"


@dataclass(frozen=True, slots=True)
class PairedPart:
    """What one part is better by than another, with intervals over groups.

    Args:
        first: The part that is judged.
        second: What it is judged against, tested on the same images.
        tasks: Tasks that are compared; empty: all.
    """

    first: PredictingPart
    second: PredictingPart
    tasks: Sequence[str] = ()

    @property
    def name(self) -> str:
        """The two parts."""
        return difference_name(self.first.name, self.second.name)

    def run(self, context: Context) -> Yield:
        """Compare the predictions that both have left in their run folders."""
        cancer = self.first.load_cancer()
        own, other = (_read(part, context) for part in (self.first, self.second))
        rows: list[Row] = []
        for assessment in assess_plainly(own, cancer, {self.second.name: other}):
            task = assessment.calibrated.outcome.task.id
            if self.tasks and task not in self.tasks:
                continue
            origin = origin_of(self.first, context, assessment, self.name)
            rows += rows_of(origin, assessment.comparisons[0].differences)
        return Yield(rows)


def _read(part: PredictingPart, context: Context) -> OutOfFold:
    folder = part.predictions(context)
    if not any(folder.glob("*.csv")):
        raise DataError(
            f"Comparing needs the predictions of '{part.name}' in {folder}; there are none. Run "
            f"'cancerapy reproduce {context.experiment} --again' to train it anew."
        )
    return read_predictions(folder)
