"""A challenger is judged on made-up answers whose differences are known by hand."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from cancerapy.cancers import Cancer
from cancerapy.errors import DataError
from cancerapy.evaluation.calibrated import Calibrated
from cancerapy.evaluation.outcome import Outcome
from cancerapy.learning.judge import judge

N = 200
MakeAnswers = Callable[..., dict[str, Calibrated]]


@pytest.fixture
def answers(toy_cancer: Cancer) -> MakeAnswers:
    """Return a function that makes answers of which the first few of each class are wrong."""
    (task,) = toy_cancer.tasks

    def make(
        wrong_dark: int = 0, wrong_light: int = 0, share: float = 0.9, n_groups: int = 100,
        y_true: np.ndarray | None = None,
    ) -> dict[str, Calibrated]:  # fmt: skip
        truth = np.arange(N) % 2 if y_true is None else y_true
        called = truth.copy()
        for value, n_wrong in ((0, wrong_dark), (1, wrong_light)):
            called[np.flatnonzero(truth == value)[:n_wrong]] = 1 - value
        shares = np.where(np.eye(2)[called] > 0, share, 1 - share)
        groups = np.array([f"g{row // 2 % n_groups:03d}" for row in range(N)])
        images = np.array([f"{row:03d}.png" for row in range(N)])
        outcome = Outcome(task, images, groups, np.full(N, "fold-1"), truth, shares)
        return {task.id: Calibrated(outcome, None, None, None)}

    return make


def test_the_same_answers_hold(answers: MakeAnswers) -> None:
    judgement = judge(answers(10, 10), answers(10, 10))
    assert judgement.is_accepted
    assert judgement.reasons == []
    assert (judgement.n_images, judgement.n_groups) == (200, 100)
    deciding = {f.metric: f for f in judgement.findings if f.decides}
    assert set(deciding) == {"sensitivity:dark", "sensitivity:light", "ece"}
    assert deciding["sensitivity:dark"].champion == 0.9
    assert [f.difference for f in deciding.values()] == [0, 0, 0]


def test_a_class_that_gets_worse_keeps_it_out_though_the_whole_gets_better(
    answers: MakeAnswers,
) -> None:
    judgement = judge(answers(0, 40), answers(10, 0))
    told = {f.metric: f for f in judgement.findings}
    assert told["accuracy"].difference == pytest.approx(0.15)
    assert told["accuracy"].low > 0
    assert told["sensitivity:dark"].difference == pytest.approx(-0.1)
    assert told["sensitivity:light"].difference == pytest.approx(0.4)
    assert not judgement.is_accepted
    (reason,) = judgement.reasons
    assert reason.startswith("toy sensitivity:dark: 1.000 -> 0.900 (-0.100, ")
    assert reason.endswith("WORSE")


def test_what_lies_within_the_interval_does_not_keep_it_out(answers: MakeAnswers) -> None:
    judgement = judge(answers(10, 10), answers(11, 10))
    (dark,) = (f for f in judgement.findings if f.metric == "sensitivity:dark")
    assert dark.difference == pytest.approx(-0.01)
    assert dark.low < dark.difference < 0 <= dark.high
    assert judgement.is_accepted


def test_probabilities_that_get_worse_keep_it_out(answers: MakeAnswers) -> None:
    judgement = judge(answers(10, 10, share=0.9), answers(10, 10, share=0.6))
    told = {f.metric: f for f in judgement.findings}
    assert (told["ece"].champion, told["ece"].challenger) == pytest.approx((0.0, 0.3))
    assert [reason.partition(":")[0] for reason in judgement.reasons] == ["toy ece"]
    assert judge(answers(10, 10, share=0.6), answers(10, 10, share=0.9)).is_accepted


def test_a_class_without_images_or_too_few_groups_is_a_no(answers: MakeAnswers) -> None:
    alone = answers(y_true=np.zeros(N, np.int64))
    judgement = judge(alone, alone)
    assert not judgement.is_accepted
    assert [f.metric for f in judgement.findings if f.decides and not f.holds] == [
        "sensitivity:light"
    ]
    assert None in [f["difference"] for f in judgement.to_dict()["findings"]]
    assert judgement.worse == []
    assert [reason.partition("WORSE")[0] for reason in judgement.reasons] == judgement.reasons
    assert judgement.reasons[0].endswith("NOT JUDGED, patients: 0")
    few = answers(10, 10, n_groups=4)
    assert not judge(few, few).is_accepted


def test_a_class_of_few_patients_is_not_judged_unless_its_loss_shows(answers: MakeAnswers) -> None:
    def of_dark(n_patients: int, wrong: int) -> dict[str, Calibrated]:
        truth = np.ones(N, np.int64)
        truth[: 2 * n_patients] = 0
        return answers(wrong, 10, y_true=truth)

    before = of_dark(9, 0)
    told = {f.metric: f for f in judge(before, before, min_groups=10).findings}
    assert (told["sensitivity:dark"].n_groups, told["sensitivity:light"].n_groups) == (9, 91)
    assert told["sensitivity:dark"].is_unjudged
    assert told["sensitivity:light"].is_judged
    assert not judge(before, before, min_groups=10).is_accepted
    assert judge(before, before, min_groups=9).is_accepted
    lost = judge(before, of_dark(9, 18), min_groups=10)
    assert [f.metric for f in lost.worse] == ["sensitivity:dark"]
    # Four patients give no interval, so that even the loss of all of them is not a finding.
    four = judge(of_dark(4, 0), of_dark(4, 8), min_groups=10)
    assert four.worse == []
    assert [(f.metric, f.n_groups) for f in four.unjudged] == [("sensitivity:dark", 4)]


def test_a_task_without_an_image_is_not_judged(answers: MakeAnswers) -> None:
    none = {"toy": answers()["toy"].part(np.arange(0))}
    judgement = judge(none, none)
    assert (judgement.n_images, judgement.n_groups) == (0, 0)
    assert [f.metric for f in judgement.unjudged] == [
        "sensitivity:dark",
        "sensitivity:light",
        "ece",
    ]


def test_a_challenger_that_lacks_images_is_not_judged(answers: MakeAnswers) -> None:
    champion = answers()
    part = {"toy": champion["toy"].part(np.arange(150))}
    with pytest.raises(DataError, match="of 200 of task 'toy' it lacks 50") as caught:
        judge(champion, part)
    assert caught.value.code == "predictions_missing"
    with pytest.raises(DataError, match="it lacks 200"):
        judge(champion, {})


def test_whoever_calls_everything_is_kept_out(answers: MakeAnswers) -> None:
    dark = np.arange(N) % 2 == 0  # of the toy classes the malignant one
    own = answers(10, 10)["toy"]
    before = {"toy": replace(own, is_called=dark & (np.arange(N) >= 20))}
    after = {"toy": replace(own, is_called=np.ones(N, np.bool_))}
    told = judge(before, after)
    assert [f.metric for f in told.worse] == ["point_specificity"]
    (found,) = (f for f in told.findings if f.metric == "point_specificity")
    assert (found.champion, found.challenger, found.n_groups) == (1.0, 0.0, 100)
    assert judge(after, before).worse[0].metric == "point_sensitivity"
