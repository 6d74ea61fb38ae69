"""The baselines learn from the other folds only."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from cancerapy.errors import DataError
from cancerapy.evaluation.baselines import (
    baseline_predictions,
    colour_histogram,
    colour_histograms,
    predict_logistic,
    predict_majority,
)
from cancerapy.evaluation.predictions import OutOfFold

Draw = Callable[..., OutOfFold]


def test_the_histogram_of_a_plain_picture() -> None:
    picture = np.zeros((2, 2, 3), dtype=np.uint8)
    picture[0, :, 0] = 255  # two pixels red, two black
    histogram = colour_histogram(picture).reshape(6, 16)
    np.testing.assert_allclose(histogram.sum(1), 1)
    assert histogram[0, [0, 15]].tolist() == [0.5, 0.5]  # red channel
    assert histogram[1, 0] == 1  # green
    assert histogram[3, 0] == 1  # hue 0 of red, and of black by convention
    assert histogram[4, [0, 15]].tolist() == [0.5, 0.5]  # saturation
    assert histogram[5, [0, 15]].tolist() == [0.5, 0.5]  # value


def test_histograms_of_many_pictures_report_progress() -> None:
    seen = []
    pictures = np.random.default_rng(0).integers(0, 256, (3, 4, 4, 3), dtype=np.uint8)
    rows = colour_histograms(pictures, lambda _, done, total: seen.append((done, total)))
    assert rows.shape == (3, 96)
    np.testing.assert_array_equal(rows[1], colour_histogram(pictures[1]))
    assert seen == [(1, 3), (2, 3), (3, 3)]


def test_majority_gives_the_frequencies_of_the_other_folds(draw: Draw) -> None:
    drawn = draw(30)
    answers = predict_majority(drawn)
    for fold in drawn.fold_names:
        inside = drawn.folds == fold
        others = drawn.labels["density"][~inside]
        shares = np.bincount(others, minlength=3) / len(others)
        expected = np.tile(shares, (inside.sum(), 1))
        np.testing.assert_allclose(np.exp(answers.logits[inside, 2:]), expected, rtol=1e-5)
    assert answers.images is drawn.images


def test_logistic_regression_finds_what_is_there(draw: Draw) -> None:
    drawn = draw(90)
    generator = np.random.default_rng(0)
    features = generator.normal(0, 1, (len(drawn), 5))
    features[:, 2] += 3 * drawn.labels["malignancy"]
    answers = predict_logistic(drawn, features)
    right = answers.logits[:, :2].argmax(1) == drawn.labels["malignancy"]
    assert 0.85 < right.mean() < 0.99  # two normals three apart: 93 %
    density = answers.logits[:, 2:].argmax(1) == drawn.labels["density"]
    assert density.mean() < 0.5  # nothing to find: a third
    assert np.isfinite(answers.logits).all()


def test_a_fold_is_predicted_without_its_own_labels(draw: Draw) -> None:
    drawn = draw(45)
    features = np.random.default_rng(1).normal(0, 1, (len(drawn), 4))
    inside = drawn.folds == "fold-3"
    poisoned = {name: values.copy() for name, values in drawn.labels.items()}
    poisoned["malignancy"][inside] = 1 - poisoned["malignancy"][inside]
    before = predict_logistic(drawn, features).logits
    after = predict_logistic(replace(drawn, labels=poisoned), features).logits
    np.testing.assert_array_equal(before[inside], after[inside])
    assert np.abs(before[~inside, :2] - after[~inside, :2]).max() > 0.01


def test_values_never_seen_and_folds_of_one_value_stay_finite(draw: Draw) -> None:
    drawn = draw(12)
    labels = {"malignancy": np.zeros(24, dtype=np.int64), "density": drawn.labels["density"] % 2}
    answers = predict_logistic(replace(drawn, labels=labels), np.ones((24, 2)))
    assert np.isfinite(answers.logits).all()
    assert (answers.logits[:, 0] > answers.logits[:, 1]).all()
    assert (answers.logits[:, 4] < answers.logits[:, 2:4].max(1)).all()


def test_all_three_come_in_the_order_of_the_predictions(draw: Draw) -> None:
    drawn = draw(12)
    paths = ["extra.png", *reversed(drawn.images.tolist())]
    generator = np.random.default_rng(2)
    pixels = generator.integers(0, 256, (25, 4, 4, 3), dtype=np.uint8)
    features = generator.normal(0, 1, (25, 3))
    found = baseline_predictions(drawn, paths, pixels, features)
    assert list(found) == [
        "baseline: majority",
        "baseline: colour histogram",
        "baseline: frozen features",
    ]
    expected = predict_logistic(drawn, features[1:][::-1].astype(np.float32))
    np.testing.assert_allclose(found["baseline: frozen features"].logits, expected.logits)
    with pytest.raises(DataError, match=r"24 are not in the data set, for instance 'image-0000"):
        baseline_predictions(drawn, ["extra.png"] * 25, pixels, features)
