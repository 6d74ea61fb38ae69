"""What is said of the remedies follows from differences on the same images."""

from collections.abc import Callable

from cancerapy.evaluation.rows import Row
from cancerapy.reproduce import load_experiment
from cancerapy.reproduce.findings import Findings
from cancerapy.reproduce.paired import difference_name

MakeRow = Callable[..., Row]
WEIGHTS, TUNED, NONE = "class weights", "class weights, const tuned", "no remedy"
OVER, AUGMENTED = "over-sampling by augmentation", "no remedy, augmented"


def _conclude(rows: list[Row]) -> str:
    return load_experiment("skin-imbalance").conclude(Findings(rows, {}))


def test_every_remedy_stands_beside_what_it_changes(make_row: MakeRow) -> None:
    def difference(first: str, second: str, value: float) -> Row:
        return make_row(difference_name(first, second), "balanced_accuracy", value)

    told = _conclude(
        [
            difference(WEIGHTS, NONE, 0.2),
            difference(TUNED, NONE, 0.3),
            difference(TUNED, WEIGHTS, 0.05),
            difference(OVER, AUGMENTED, -0.2),
            make_row(TUNED, "chosen_const", 0.31),
        ]
    )
    assert "- class weights: better by 20.0 points (10.0 to 30.0); accuracy not meas" in told
    assert "- class weights, const tuned: better by 30.0 points (20.0 to 40.0)" in told
    assert "without a constant it is in balanced accuracy no difference shown (5.0 po" in told
    assert "augmentation is in balanced accuracy worse by 20.0 points (10.0 to 30.0)." in told
    assert "0.31 on average over the folds" in told


def test_what_is_missing_is_said() -> None:
    told = _conclude([])
    assert "come as close as possible: not tuned yet." in told
    assert "a melanoma is recognised in not measured yet" in told
