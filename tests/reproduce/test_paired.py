"""Two trained parts compared on the same images."""

from collections.abc import Callable

import pytest

from cancerapy.errors import DataError
from cancerapy.reproduce import Context
from cancerapy.reproduce.paired import PairedPart
from cancerapy.reproduce.trained import TrainedPart

MakePart = Callable[..., TrainedPart]


def test_the_difference_is_that_of_the_figures(make_part: MakePart, context: Context) -> None:
    first = make_part("taught", epochs=0, head_epochs=20, head_learning_rate=0.1)
    second = make_part("hardly taught", epochs=0, head_epochs=1, head_learning_rate=1e-6)
    pair = PairedPart(first, second)
    with pytest.raises(DataError, match=r"needs the predictions of 'taught' .*--again"):
        pair.run(context)
    one, two = (
        {r.figure.metric: r.figure for r in part.run(context).rows} for part in (first, second)
    )
    found = pair.run(context).rows
    assert {row.origin.model for row in found} == {"taught minus hardly taught"}
    difference = {row.figure.metric: row.figure for row in found}
    for metric in ("accuracy", "macro_auc", "sensitivity:dark"):
        expected = one[metric].value - two[metric].value
        assert difference[metric].value == pytest.approx(expected)
    assert one["nll"].value < two["nll"].value
    assert difference["nll"].high < 0


def test_only_the_tasks_asked_for_are_compared(make_part: MakePart, context: Context) -> None:
    first, second = make_part("one"), make_part("other", head_epochs=1)
    for part in (first, second):
        part.run(context)
    assert PairedPart(first, second, tasks=("another",)).run(context).rows == []
