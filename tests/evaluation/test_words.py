"""Figures in words, and what a difference allows to be said."""

from math import nan

import pytest

from cancerapy.evaluation.measure import Figure
from cancerapy.evaluation.words import beside_reported, in_words, verdict


@pytest.mark.parametrize(
    ("figure", "words"),
    [
        (Figure("accuracy", 0.7941, 0.7832, 0.805), "79.4 % (78.3 to 80.5)"),
        (Figure("sensitivity:mel", 1.0, nan, nan), "100.0 %"),
        (Figure("auc:mel", 0.9, 0.8, 0.95), "0.900 (0.800 to 0.950)"),
        (Figure("macro_auc", 0.9, nan, nan), "0.900"),
        (Figure("training_seconds", 83.2, nan, nan), "83 s"),
        (Figure("training_seconds", 1.234, nan, nan), "1.2 s"),
        (Figure("inference_ms", 2.151, nan, nan), "2.2 ms"),
        (Figure("size_mb", 21.44, nan, nan), "21 MB"),
        (Figure("parameters_millions", 2.86, nan, nan), "2.9 M"),
        (Figure("multiply_adds_millions", 7801.4, nan, nan), "7,801 M"),
        (Figure("learning_rate", 0.0003, nan, nan), "0.0003"),
        (Figure("accuracy_difference", 0.02, -0.01, 0.05), "+2.0 points (-1.0 to +5.0)"),
        (Figure("macro_auc_difference", -0.0123, -0.02, 0.001), "-0.012 (-0.020 to +0.001)"),
        (Figure("accuracy", nan, nan, nan), "not measured yet"),
        (None, "not measured yet"),
    ],
)
def test_a_figure_in_words(figure: Figure | None, words: str) -> None:
    assert in_words(figure) == words


@pytest.mark.parametrize(
    ("figure", "words"),
    [
        (Figure("accuracy", 0.9, 0.84, 0.95), "90.0 % (84.0 to 95.0), more than the report's 83 %"),
        (Figure("accuracy", 0.7, 0.6, 0.82), "70.0 % (60.0 to 82.0), less than the report's 83 %"),
        (
            Figure("accuracy", 0.84, 0.8, 0.9),
            "84.0 % (80.0 to 90.0), not told apart from the report's 83 %",
        ),
        (Figure("accuracy", 0.84, nan, nan), "84.0 %, beside the report's 83 %"),
        (None, "not measured yet, beside the report's 83 %"),
    ],
)
def test_the_interval_says_how_a_figure_stands_to_the_reports(
    figure: Figure | None, words: str
) -> None:
    assert beside_reported(figure, 0.83) == words


@pytest.mark.parametrize(
    ("figure", "words"),
    [
        (Figure("accuracy", 0.02, 0.01, 0.03), "better by 2.0 points (1.0 to 3.0)"),
        (Figure("accuracy", -0.02, -0.03, -0.01), "worse by 2.0 points (1.0 to 3.0)"),
        (Figure("accuracy", 0.02, -0.01, 0.05), "no difference shown (2.0 points, -1.0 to 5.0)"),
        (Figure("accuracy", 0.02, nan, nan), "no interval (2.0 points)"),
        (None, "not measured yet"),
    ],
)
def test_a_verdict_needs_an_interval_without_zero(figure: Figure | None, words: str) -> None:
    assert verdict(figure) == words
