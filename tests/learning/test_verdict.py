"""Both parts must hold; what could not be judged is a person's to accept, what is worse is not."""

from dataclasses import replace

import pytest

from cancerapy.learning.judge import Finding, Judgement
from cancerapy.learning.verdict import MIN_PATIENTS, Verdict

GOOD = Finding("toy", "sensitivity:dark", 0.9, 0.9, 0.0, -0.1, 0.1, True, True, 30, True)
WORSE = replace(GOOD, challenger=0.3, difference=-0.6, low=-0.7, high=-0.5, holds=False)
FEW = replace(GOOD, metric="sensitivity:light", holds=False, n_groups=4, is_judged=False)
TOLD = replace(WORSE, metric="accuracy", decides=False)


def verdict(folds: list[Finding], own: list[Finding], accept: str = "") -> Verdict:
    return Verdict(
        Judgement(tuple(folds), 200, 100, 1),
        Judgement(tuple(own), 60, 30, MIN_PATIENTS),
        2,
        {"erased since": 3},
        accept,
    )


@pytest.mark.parametrize(
    ("folds", "own", "alone", "accepted"),
    [
        ([GOOD, TOLD], [GOOD, TOLD], True, True),
        ([WORSE], [GOOD], False, False),
        ([GOOD], [WORSE], False, False),
        ([FEW], [GOOD], False, False),
        ([GOOD], [GOOD, FEW], False, True),
        ([GOOD], [WORSE, FEW], False, False),
        ([GOOD], [], False, True),
        ([WORSE], [FEW], False, False),
    ],
)
def test_who_is_served(
    folds: list[Finding], own: list[Finding], alone: bool, accepted: bool
) -> None:
    assert verdict(folds, own).is_accepted is alone
    assert verdict(folds, own, "we know").is_accepted is accepted


def test_both_parts_are_named_with_what_speaks_against_them() -> None:
    assert verdict([GOOD], [GOOD]).because == (
        "shipped data, out of fold: no class worse, calibration holds; own patients, never learnt "
        "from (30 patients): no class worse, calibration holds"
    )
    lost = verdict([WORSE], [WORSE, FEW]).because
    assert "out of fold: does not hold: toy sensitivity:dark; own" in lost
    assert lost.endswith("(30 patients): worse: toy sensitivity:dark")
    few = verdict([GOOD], [FEW], "nobody light comes here")
    assert few.grounds.endswith("(30 patients): not judged: toy sensitivity:light")
    assert few.because == f"{few.grounds}, accepted because: nobody light comes here"
    needless = verdict([GOOD], [GOOD], "nobody asked")
    assert needless.because == needless.grounds
    assert verdict([GOOD], []).because.endswith("not judged: nobody")


def test_what_could_not_be_judged_is_said_and_what_to_do() -> None:
    *lines, last = verdict([GOOD], [GOOD, FEW]).in_words()
    assert lines[0] == "shipped data, out of fold, 200 images of 100 groups:"
    assert "own patients, never learnt from, 60 images of 30 patients:" in lines
    assert lines[-1] == "not judged on: 3 images (erased since)"
    assert "At least 10 own patients must have a class before it can be said to hold" in last
    assert "too few (their number): toy sensitivity:light (4)." in last
    assert "it is not known whether the challenger gets worse there" in last
    assert "--accept-unjudged REASON" in last
    assert verdict([GOOD], [FEW], "why").in_words()[-1].endswith("Accepted because: why")
    # What got worse is refused anyhow, so nobody is told how to accept it.
    assert "--accept-unjudged" not in "".join(verdict([WORSE], [FEW]).in_words())
    assert "no collected patient can be judged" in verdict([GOOD], []).in_words()[-1]
    assert verdict([GOOD], [GOOD]).in_words()[-1] == lines[-1]


def test_the_written_form_holds_both_parts() -> None:
    told = verdict([GOOD], [FEW], "why").to_dict()
    assert (told["accepted"], told["accept_unjudged"]) == (True, "why")
    assert told["shipped_folds"]["n_groups"] == 100
    own = told["own_patients"]
    assert (own["n_groups"], own["min_groups"], own["version"]) == (30, 10, 2)
    assert own["unjudged"] == [["toy", "sensitivity:light", 4]]
    assert own["left_out"] == {"erased since": 3}
