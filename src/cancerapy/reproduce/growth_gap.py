"""A part that compares two learning curves point by point, in pairs."""

from dataclasses import dataclass

from cancerapy.evaluation.contrasts import Terms
from cancerapy.reproduce._spec import Context, Yield
from cancerapy.reproduce.data_growth import (
    LearningCurvePart,
    rows_of_terms,
    size_name,
)
from cancerapy.reproduce.paired import difference_name


@dataclass(frozen=True, slots=True)
class GapPart:
    """What one way to learn is better by than another at every size.

    The growth is compared as well: whether the gap widens.

    Args:
        first: The way that is judged.
        second: What it is judged against, on the same images.
    """

    first: LearningCurvePart
    second: LearningCurvePart

    @property
    def name(self) -> str:
        """The two parts."""
        return difference_name(self.first.name, self.second.learner.name)

    def run(self, context: Context) -> Yield:
        """Compare the predictions that both have left in their folders."""
        own, other = self.first.measure(context), self.second.measure(context)
        terms: dict[str, Terms] = {
            size_name(self.name, size): [(1, own[size]), (-1, other[size])] for size in own
        }
        others = self.second.growth(context, self.name, other)
        for name, growth in self.first.growth(context, self.name, own).items():
            terms[name] = [*growth, *((-sign, measured) for sign, measured in others[name])]
        return Yield(rows_of_terms(self.first, context, terms))
