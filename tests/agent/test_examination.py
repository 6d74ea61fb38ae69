"""From predictions and answers to the decision."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cancerapy.agent import decide_examination
from cancerapy.agent.actions import ENDS
from cancerapy.cancers import Cancer, Evidence, load_cancer
from cancerapy.contract import (
    Advice,
    ClassProbability,
    Prediction,
    Timings,
    Verdict,
)
from cancerapy.errors import UsageError

BREAST, SKIN = load_cancer("breast"), load_cancer("skin")
JUDGED = Verdict.ANSWER


def predict(
    cancer: Cancer, shares: list[float], *, task: int = 0, density: str | None = None,
    verdict: Verdict = JUDGED,
) -> Prediction:  # fmt: skip
    own = cancer.tasks[task]
    best = own.classes[int(np.argmax(shares))]
    return Prediction(
        task=own.id, cancer=cancer.id, model=f"{cancer.id}-0", image_sha256="0",
        classes=tuple(
            ClassProbability(label.id, label.label, share)
            for label, share in zip(own.classes, shares, strict=True)
        ),
        predicted_class=best.id, predicted_label=best.label, confidence=100 * max(shares),
        malignancy=None, density=density, conformal_set=(), coverage=0.9, verdict=verdict,
        reasons=(), advice=Advice("none", "None."), timings=Timings(0, 0, 0, 0),
    )  # fmt: skip


def decide(cancer: Cancer, predictions: list[Prediction], task: int = 0, **options: object):
    return decide_examination(cancer, cancer.tasks[task], predictions, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("density", ["3", "4"])
def test_a_benign_answer_on_a_dense_breast_leads_to_a_further_test(density: str) -> None:
    images = [predict(BREAST, [0.999, 0.001], density=density)]
    decision = decide(BREAST, images, prevalence=0.005).decision
    assert (decision.action, decision.rule) == ("further_test", "dense")
    assert "tissue like this can hide a finding" in decision.sentence
    images = [predict(BREAST, [0.999, 0.001], density="1")]
    assert decide(BREAST, images, prevalence=0.005).decision.action == "reassure"


SHARE = st.floats(0, 1)


@given(
    views=st.lists(st.tuples(SHARE, st.sampled_from("1234")), min_size=1, max_size=4),
    dense=st.sampled_from("34"),
    prevalence=st.none() | st.floats(1e-6, 1 - 1e-6),
    lump=st.sampled_from([{}, {"lump": "yes"}, {"age": "80"}]),
)
def test_a_dense_breast_is_never_reassured_and_every_way_ends_in_more(
    views: list[tuple[float, str]], dense: str, prevalence: float | None, lump: dict[str, str]
) -> None:
    """Whatever the images, base rate and answers: a further test, or what is more than one.

    Another image may be asked for first; whoever has none takes the cheapest of the ends.
    """
    images = [predict(BREAST, [1 - p, p], density=density) for p, density in views]
    images[-1] = replace(images[-1], density=dense)
    decision = decide(BREAST, images, prevalence=prevalence, answers=lump).decision
    assert 0 <= decision.malignancy <= 1
    ends = [one for one in decision.weighed if one.action in ENDS]
    assert {one.action for one in ends} == {"further_test", "refer"}
    if decision.action not in ENDS:
        assert decision.action == "another_image"
    if decision.rule == "dense":
        assert decision.action == "further_test"
    loose = [replace(image, density="1") for image in images]
    if decide(BREAST, loose, prevalence=prevalence, answers=lump).decision.action == "reassure":
        assert (decision.action, decision.rule) == ("further_test", "dense")


def test_one_dense_view_is_enough() -> None:
    views = [predict(BREAST, [0.99, 0.01], density=density) for density in ("2", "3")]
    assert decide(BREAST, views, prevalence=0.005).decision.rule == "dense"


def test_a_photograph_without_a_dermatoscope_gets_no_plain_answer() -> None:
    images = [predict(SKIN, [1e-6, 1 - 2e-6, 1e-6])]
    asked = decide(SKIN, images).decision
    assert (asked.action, asked.question, asked.rule) == (
        "question", "dermatoscope", "needed_unanswered",
    )  # fmt: skip
    other = decide(SKIN, images, answers={"dermatoscope": "no"}).decision
    assert (other.action, other.rule) == ("further_test", "needed_other")
    plain = decide(SKIN, images, answers={"dermatoscope": "yes"}).decision
    assert (plain.action, plain.rule) == ("reassure", None)


def test_images_that_cannot_be_judged_lead_to_another() -> None:
    bad = predict(SKIN, [0.9, 0.05, 0.05], verdict=Verdict.REJECTED)
    examination = decide(SKIN, [bad, bad])
    assert (examination.n_used, examination.classes) == (0, ())
    decision = examination.decision
    assert (decision.action, decision.rule) == ("another_image", "rejected")
    assert (decision.malignancy, decision.expected_cost) == (None, None)


def test_a_rejected_image_among_others_is_left_out() -> None:
    bad = predict(SKIN, [0.9, 0.05, 0.05], verdict=Verdict.REJECTED)
    good = predict(SKIN, [0.01, 0.98, 0.01])
    assert decide(SKIN, [bad, good]).classes == decide(SKIN, [good]).classes
    assert decide(SKIN, [bad, good]).n_used == 1


def test_suspicious_skin_is_referred_whatever_the_rules() -> None:
    decision = decide(SKIN, [predict(SKIN, [0.9, 0.05, 0.05])]).decision
    assert (decision.action, decision.rule) == ("refer", None)
    assert decision.weighed[0].action == "refer"
    assert decision.expected_cost == decision.weighed[0].expected_cost


def test_both_tasks_of_the_breast_decide_alike() -> None:
    joint = [0.7 * share for share in (0.1, 0.2, 0.3, 0.4) for _ in range(2)]
    joint = [s * (1 if n % 2 == 0 else 3 / 7) for n, s in enumerate(joint)]  # 0.7 to 0.3
    alone = decide(BREAST, [predict(BREAST, [0.7, 0.3], density="4")])
    together = decide(BREAST, [predict(BREAST, joint, task=1, density="4")], 1)
    assert together.decision.malignancy == pytest.approx(alone.decision.malignancy)
    assert [c.id for c in together.classes] == ["benign", "malignant"]


def test_an_older_patient_with_the_same_image_is_likelier_to_be_ill() -> None:
    images = [predict(SKIN, [0.3, 0.4, 0.3])]
    young, old = (decide(SKIN, images, answers={"age": age}).decision for age in ("22", "75"))
    assert young.malignancy < old.malignancy
    assert young.answers_used == ("age",)
    unknown = decide(SKIN, images, answers={"change": "yes"}).decision
    assert unknown.answers_used == ()


def test_a_lower_base_rate_lowers_the_probability() -> None:
    images = [predict(BREAST, [0.5, 0.5])]
    own, rare = decide(BREAST, images), decide(BREAST, images, prevalence=0.01)
    assert rare.decision.malignancy < 0.05 < own.decision.malignancy
    assert rare.decision.prevalence == 0.01


def test_where_images_are_not_joined_the_most_suspicious_counts(toy_cancer: Cancer) -> None:
    images = [predict(toy_cancer, [0.2, 0.8]), predict(toy_cancer, [0.6, 0.4])]
    examination = decide(toy_cancer, images)
    assert examination.decision.malignancy == pytest.approx(0.6)
    assert examination.n_used == 1
    joined = Evidence("finding", ("dark", "light"), (0.5, 0.5), 1, (0, 0), {}, 1.0, 1.0)
    both = decide(toy_cancer, images, evidence=joined).decision.malignancy
    odds = np.sqrt((0.2 / 0.8) * (0.6 / 0.4))
    assert both == pytest.approx(odds / (1 + odds))


@pytest.mark.parametrize("prevalence", [0.0, 1e-320, 1.0, -0.1, float("nan")])
def test_an_impossible_prevalence_is_refused(prevalence: float) -> None:
    with pytest.raises(UsageError, match="above 0 and below 1"):
        decide(SKIN, [predict(SKIN, [0.2, 0.4, 0.4])], prevalence=prevalence)


def test_a_decision_needs_an_image() -> None:
    with pytest.raises(UsageError, match="at least one image"):
        decide(SKIN, [])
