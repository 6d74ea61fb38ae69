"""Every task of a cancer, with subgroups and rivals."""

from collections.abc import Callable

import pytest

from cancerapy.cancers import Cancer
from cancerapy.evaluation.assessment import assess
from cancerapy.evaluation.baselines import predict_majority
from cancerapy.evaluation.calibration import fit_calibration
from cancerapy.evaluation.outcome import with_factor_tasks
from cancerapy.evaluation.predictions import OutOfFold

Draw = Callable[..., OutOfFold]


def test_tasks_and_factors_are_measured(cancer: Cancer, draw: Draw) -> None:
    steps: list[tuple[str, int, int]] = []
    drawn = draw(60)
    facts = {"sex": {image: "fm"[i % 2] for i, image in enumerate(drawn.images.tolist())}}
    found = assess(drawn, cancer, facts=facts, n_resamples=50, progress=lambda *s: steps.append(s))
    assert [a.calibrated.outcome.task.id for a in found] == ["toy", "toy-density", "toy/density"]
    assert list(found[0].subgroups) == ["sex", "fold"]
    assert [s.n_images for s in found[0].subgroups["sex"]] == [60, 60]
    assert steps[-1] == ("toy/density", 3, 3)
    accuracy = found[2].figure("accuracy")
    assert accuracy is not None
    right = drawn.logits[:, 2:].argmax(1) == drawn.labels["density"]
    assert accuracy.value == pytest.approx(right.mean())
    assert found[0].figure("unheard of") is None


def test_slides_are_not_shown_again_as_folds(cancer: Cancer, draw: Draw) -> None:
    drawn = draw(30)
    slides = {i: f[-1] for i, f in zip(drawn.images.tolist(), drawn.folds.tolist(), strict=True)}
    found = assess(drawn, cancer, facts={"slide": slides}, n_resamples=20)
    assert list(found[0].subgroups) == ["slide"]
    assert [s.value for s in found[0].subgroups["slide"]] == ["1", "2", "3"]
    sides = {image: "left" if slide == "1" else "right" for image, slide in slides.items()}
    found = assess(drawn, cancer, facts={"side": sides}, n_resamples=20)
    assert list(found[0].subgroups) == ["side", "fold"]


def test_a_model_with_skill_beats_the_majority(cancer: Cancer, draw: Draw) -> None:
    drawn = draw(100)
    rivals = {"baseline: majority": predict_majority(drawn)}
    toy = assess(drawn, cancer, others=rivals, n_resamples=100)[0]
    (comparison,) = toy.comparisons
    gains = {figure.metric: figure for figure in comparison.differences}
    assert comparison.n_images == 200
    assert gains["accuracy"].low > 0.2
    own = {figure.metric: figure.value for figure in comparison.figures}
    assert 0.4 < own["macro_auc"] < 0.6
    assert gains["accuracy"].value == pytest.approx(toy.figures[0].value - own["accuracy"])


def test_an_external_data_set_is_judged_with_a_given_calibration(
    cancer: Cancer, draw: Draw, with_unknown: Callable[..., OutOfFold]
) -> None:
    calibration = fit_calibration(draw(100), with_factor_tasks(cancer), n_resamples=1)
    external = with_unknown(draw(40, n_folds=1, seed=3), "density", 80)
    found = assess(external, cancer, calibration=calibration, n_resamples=20)
    assert [a.calibrated.outcome.task.id for a in found] == ["toy"]
    sensitivity = found[0].figure("point_sensitivity")
    assert sensitivity is not None
    assert 0.75 < sensitivity.value <= 1
