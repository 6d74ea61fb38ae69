"""The simulated clinic's records: each patient once, each image reviewed as the table says."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cancerapy.cancers import Cancer, ClassLabel, Task
from cancerapy.contract import Prediction
from cancerapy.data.manifest import Manifest, build_manifest
from cancerapy.layouts.sample import Sample
from cancerapy.learning import clinic_records
from cancerapy.learning.clinic_records import (
    CLERK,
    REVIEWER,
    Visit,
    fill_records,
    fitting_task,
    read_visits,
)
from cancerapy.records.consents import consents_given
from cancerapy.records.examinations import list_examinations
from cancerapy.records.patients import list_patients


class Guessing:
    """Stands for the served models: to it every image is dark."""

    def __init__(self, guess: Callable[[], Prediction]) -> None:
        self.guess = guess
        self.n_asked = 0

    def predictor(self, _: str) -> "Guessing":
        return self

    def predict(self, _: bytes, task: str) -> Prediction:
        assert task == "toy"
        self.n_asked += 1
        return self.guess()


@pytest.fixture
def manifest(site_toy: Cancer, site_data: Path) -> Manifest:
    return build_manifest(site_toy, site_toy.sources[1], site_data)


def test_a_visit_holds_all_images_of_a_patient(manifest: Manifest) -> None:
    visits = read_visits(manifest, {"s2", "s1"}, {"s1"})
    assert [(v.number, v.consents, len(v.images)) for v in visits] == [
        ("s1", False, 2),
        ("s2", True, 2),
    ]
    names = {sha: s.path for sha, s in zip(manifest.sha256, manifest.samples, strict=True)}
    assert {sha: s.path for sha, s in visits[1].images.items()} == {
        sha: path for sha, path in names.items() if "s2__" in path
    }


def test_a_kill_between_the_steps_leaves_nothing_twice(
    clinic: Any, known_toy: Cancer, manifest: Manifest, monkeypatch: pytest.MonkeyPatch
) -> None:
    models = Guessing(clinic.guess)
    visits = read_visits(manifest, {"s0", "s1", "s2"}, {"s2"})

    def fill() -> None:
        fill_records(known_toy, manifest, visits, clinic.records, models)

    for step in ("_examine", "_review"):

        def stop(*_: object) -> None:
            raise KeyboardInterrupt

        with monkeypatch.context() as patch:
            patch.setattr(clinic_records, step, stop)
            with pytest.raises(KeyboardInterrupt):
                fill()
    fill()
    fill()
    assert models.n_asked == 6
    with clinic.records.reading() as session:
        patients = list_patients(session).items
        examinations = list_examinations(session).items
        consents = {
            p.identifiers[0].value: consents_given(session, p.id)["training"] for p in patients
        }
    assert consents == {"s0": True, "s1": True, "s2": False}
    assert {p.identifiers[0].system for p in patients} == {"site"}
    assert [len(e.images) for e in examinations] == [2, 2, 2]
    assert {e.created_by for e in examinations} == {CLERK}
    reviews = [review for e in examinations for guess in e.predictions for review in guess.reviews]
    # s0 and s2 are dark and were guessed so; s1 is light.
    assert Counter((r.reviewer, r.verdict, r.class_id) for r in reviews) == {
        (REVIEWER, "agree", "dark"): 4,
        (REVIEWER, "correct", "light"): 2,
    }


def test_an_image_of_no_known_class_is_left_unreviewed(
    clinic: Any, known_toy: Cancer, manifest: Manifest
) -> None:
    (visit,) = read_visits(manifest, {"s0"}, set())
    first, second = visit.images
    images = {**visit.images, first: replace(visit.images[first], labels={})}
    visits = [replace(visit, images=images)]
    fill_records(known_toy, manifest, visits, clinic.records, Guessing(clinic.guess))
    with clinic.records.reading() as session:
        (made,) = list_examinations(session).items
    files = {image.id: image.sha256 for image in made.images}
    reviewed = {files[guess.image_id]: len(guess.reviews) for guess in made.predictions}
    assert reviewed == {first: 0, second: 1}


def test_the_task_that_says_most_of_every_image_is_asked(toy_cancer: Cancer) -> None:
    def label(**values: str) -> ClassLabel:
        return ClassLabel("-".join(values.values()), "T", ".", values)

    plain = Task("plain", "Plain", (label(finding="dark"), label(finding="light")))
    joint = Task(
        "joint", "Joint", (label(finding="dark", size="1"), label(finding="dark", size="2"))
    )
    cancer = replace(toy_cancer, tasks=(plain, joint))

    def asked(*labels: dict[str, str]) -> str:
        images = {str(n): Sample(f"{n}.png", own, "p") for n, own in enumerate(labels)}
        return fitting_task(cancer, Visit("p", True, images)).id

    whole = {"finding": "dark", "size": "2"}
    assert asked(whole, {"finding": "dark", "size": "1"}) == "joint"
    assert asked(whole, {"finding": "dark"}) == "plain"
    assert asked(whole, {}) == "plain"
