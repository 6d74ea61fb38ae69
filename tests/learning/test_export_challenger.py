"""From an ensemble that is served to one that takes its place, killed on the way, and back."""

from collections.abc import Callable
from pathlib import Path

import keras
import numpy as np
import pytest

from cancerapy.bundle.serving import served_name
from cancerapy.bundle.store import find_bundles, load_bundle
from cancerapy.cancers import Cancer
from cancerapy.cli.main import run
from cancerapy.export.request import ExportRequest
from cancerapy.export.session import export_bundle
from cancerapy.learning import retrain as retraining
from cancerapy.learning.candidates import read_candidates
from cancerapy.learning.collect import collect
from cancerapy.learning.evaluation_side import read_evaluation_side
from cancerapy.learning.promote import promote
from cancerapy.learning.recipe import read_recipe
from cancerapy.learning.retrain import Challenger, retrain
from cancerapy.settings import Settings
from cancerapy.training.cross_validation import cross_validate
from cancerapy.training.final import train_final
from cancerapy.training.plan import resolve_plan
from cancerapy.training.session import open_material

FROZEN = {
    "height": 32, "width": 48, "head_epochs": 0, "epochs": 0, "head_start": "logistic",
    "inner_fraction": 0.0, "flips": "none",
}  # fmt: skip
PROTOCOL = "grouped-2"


@pytest.fixture
def champion(known_toy: Cancer, settings: Settings, toy_data: Path) -> Path:
    """A served ensemble of two frozen networks, its weights stored as int8."""
    runs, folders = [], []
    for strength in (0.01, 0.1):
        plan = resolve_plan(known_toy, {**FROZEN, "logistic_c": strength})
        results = settings.results / "predictions" / plan.digest
        with open_material(known_toy, plan, settings) as material:
            cross_validate(material, PROTOCOL, settings.runs, results)
            runs.append(train_final(material, settings.runs, results, PROTOCOL).path)
        folders.append(results / "predictions" / f"toy-{PROTOCOL}")
    asked = ExportRequest(
        known_toy, settings, ensemble=tuple(runs), predictions=tuple(folders), compress=True
    )
    return export_bundle(asked)[0]


@pytest.fixture
def train(
    clinic, champion: Path, known_toy: Cancer, settings: Settings, toy_data: Path
) -> Callable[[], Challenger]:
    """Return a function that retrains from four confirmed cases of two patients."""
    for seeds in ((0, 1), (2, 3)):
        for prediction in clinic.case(clinic.patient(), *map(clinic.picture, seeds)):
            clinic.review(prediction)
    with clinic.records.reading() as session:
        now = read_candidates(session, known_toy)
    images = clinic.records.images
    side = read_evaluation_side(known_toy, toy_data)
    version = collect(known_toy, now, images, side, settings.home)
    recipe = read_recipe(champion.parent, known_toy)

    def work() -> Challenger:
        return retrain(
            known_toy, recipe, version, lambda: now, images, settings, say=lambda _: None
        )

    return work


def test_killed_at_any_step_it_becomes_one_challenger_like_the_champion(
    champion: Path, train, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    keras.config.set_dtype_policy("float32")
    began: list[str] = []

    def killed_in(name: str, turn: int, *, after: bool = False) -> None:
        own = getattr(retraining, name)
        turns = iter(range(1, 9))

        def work(*given: object, **named: object) -> object:
            began.append(name)
            is_last = next(turns) == turn
            if is_last and not after:
                raise KeyboardInterrupt
            done = own(*given, **named)
            if is_last:
                raise KeyboardInterrupt
            return done

        with monkeypatch.context() as patch:
            patch.setattr(retraining, name, work)
            with pytest.raises(KeyboardInterrupt):
                train()

    killed_in("train_final", 1)  # the first network is cross-validated
    killed_in("cross_validate", 2)  # the first is fitted, the second not begun
    killed_in("export_challenger", 1)  # both are fitted
    (place,) = (settings.runs / "learn").iterdir()
    weights = sorted((place / "runs").glob("*/final/model.weights.h5"))
    stamps = [file.stat().st_mtime_ns for file in weights]
    assert len(stamps) == 2
    killed_in("export_challenger", 1, after=True)  # the bundle lies there, and nobody knows
    assert {folder.name for folder in settings.bundles.glob("toy-*")} == {"toy-1", "toy-2"}
    assert list((place / "cache").rglob("*.npy"))

    made = train()
    assert [file.stat().st_mtime_ns for file in weights] == stamps
    assert made.bundle.name == "toy-2"
    assert not (settings.bundles / "toy-3").exists()
    assert not (place / "cache").exists()
    assert find_bundles(settings.bundles)["toy"] == champion
    assert began.count("train_final") == 1

    before, after = (load_bundle(folder).fields for folder in (champion, made.bundle))
    for told in ("plan_digest", "predictions", "flips", "backbone", "precision"):
        assert after.provenance[told] == before.provenance[told]
    assert [m["plan"] for m in after.provenance["members"]] == [
        m["plan"] for m in before.provenance["members"]
    ]
    assert (before.provenance["n_train"], after.provenance["n_train"]) == (16, 20)
    assert after.provenance["precision"].startswith("int8 weights")
    # What the card shows was measured on the reported sides alone, by the mean of both networks.
    accuracy = [row for row in after.results if row["metric"] == "accuracy"]
    assert [(row["protocol"], row["task"]) for row in accuracy] == [(PROTOCOL, "toy")]
    assert "| accuracy |" in (made.bundle / "card.md").read_text().lower()


def test_it_is_promoted_where_a_person_says_why_and_leads_back(
    champion: Path, train, settings: Settings
) -> None:
    made = train()
    name = made.bundle.name
    verdict, served = promote(settings, name, command="c")
    assert verdict.folds.is_accepted, verdict.folds.reasons
    assert (verdict.folds.n_images, verdict.folds.n_groups) == (16, 8)
    assert np.isfinite([f.low for f in verdict.folds.findings if f.decides]).all()
    # Two patients are too few for a word on either class.
    assert (verdict.own.n_images, verdict.own.n_groups, served) == (4, 2, "toy-1")
    assert not verdict.own.worse
    _, served = promote(settings, name, command="c", accept_unjudged="the first cases")
    assert served == served_name(settings.bundles, "toy") == "toy-2"
    assert run(["models", "rollback", "toy", f"--bundles={settings.bundles}"]) == 0
    assert find_bundles(settings.bundles)["toy"] == champion
