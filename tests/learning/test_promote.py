"""A challenger takes the champion's place, or does not; the figures are written either way."""

import hashlib
import io
import json
import runpy
import shutil
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from cancerapy.bundle.schema import BundleFields, OperatingPoint
from cancerapy.bundle.serving import decide_served, read_history
from cancerapy.bundle.store import (
    CARD_FILE,
    MODEL_FILE,
    STATS_FILE,
    Stats,
    find_bundles,
    write_bundle,
)
from cancerapy.cancers import Cancer
from cancerapy.cli.main import run
from cancerapy.contract.audit import AuditRecord
from cancerapy.errors import BundleError, DataError, UnknownNameError
from cancerapy.evaluation.predictions import OutOfFold, write_fold
from cancerapy.learning import own_patients
from cancerapy.learning import promote as promoting
from cancerapy.learning.candidates import NO_CONSENT, Candidate
from cancerapy.learning.learnt import write_learnt
from cancerapy.learning.promote import NOT_LEFT_OUT, promote
from cancerapy.learning.versions import Case, Version, write_version
from cancerapy.records import open_records
from cancerapy.records.audit import list_entries
from cancerapy.settings import Settings

_GRAPH = Path(__file__).parents[1] / "bad_input" / "toy_graph.py"
N = 80
N_OWN = 24
MakeModel = Callable[..., str]


def own_case(number: int) -> Case:
    label = ("dark", "light")[number % 2]
    return Case(f"{number:064x}", f"own-{number}", {"finding": label}, ("dr-b",))


def only_one_dark(known: list[Candidate]) -> list[Candidate]:
    """Return what the records say after all dark images but one were called unusable."""
    spoilt = [replace(one, refused="unusable", labels={}) for one in known[2::2]]
    return [known[0], *known[1::2], *spoilt]


@pytest.fixture
def collected(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> list[Case]:
    """Two versions of the clinic's cases, one image a patient; the second has half as many again.

    The records hold them all, and the store says that it has every file.
    """
    cases = [own_case(number) for number in range(N_OWN * 3 // 2)]
    for number, n_cases in ((1, N_OWN), (2, len(cases))):
        made = Version("toy", number, number - 1, tuple(cases[:n_cases]), {}, (), "e", (), (), "d")
        write_version(settings.home, made)
    known = [Candidate(c.sha256, (c.patient,), (), c.labels, c.reviewers, {}, "") for c in cases]
    store = SimpleNamespace(has=lambda _: True, path=Path)
    monkeypatch.setattr(promoting, "ask_records", lambda *_: (known, store))
    return cases


@pytest.fixture
def make_model(
    toy_fields: BundleFields, known_toy: Cancer, settings: Settings, collected: list[Case]
) -> MakeModel:
    """Return a function that makes a bundle, measured on two folds with so many wrong answers.

    Of the first ``learnt`` collected cases it has learnt; so many of the dark and of the light
    ones among them were answered wrongly by the fold without them. It notes what it learnt from,
    as ``retrain`` does.
    """
    weight = np.full((32, 48, 3), 1 / 255, np.float32)
    graph: bytes = runpy.run_path(str(_GRAPH))["write_graph"](weight, np.ones((2, 3), np.float32))
    stats = io.BytesIO()
    np.savez(stats, **asdict(Stats(np.zeros(3), np.ones(3), np.eye(3), np.eye(3), 1.0)))
    files = {MODEL_FILE: graph, STATS_FILE: stats.getvalue(), CARD_FILE: b"# Toy\n"}
    point = OperatingPoint("sensitivity_90", 0.5, 0.9, (0.8, 1.0), 0.9, (0.8, 1.0))
    (task,) = toy_fields.tasks

    def make(
        number: int, n_wrong: int, *, place: Path = settings.results / "predictions",
        learnt: int = 0, own_wrong: tuple[int, int] = (0, 0),
    ) -> str:  # fmt: skip
        named = {"plan_digest": f"p{number}", "manifest": f"m{number}"}
        tasks = (replace(task, operating_point=point),)
        fields = replace(toy_fields, version=str(number), provenance=named, tasks=tasks)
        assert settings.bundles
        write_bundle(settings.bundles, fields, files)
        folder = place / f"toy-{number}"
        noted = {"plan_digest": f"p{number}", "manifest_digest": f"m{number}"}
        rng = np.random.default_rng(0)

        def write(file: Path, images: list[str], groups: list[str], wrong: list[int]) -> None:
            labels = np.arange(len(images)) % 2
            called = labels.copy()
            called[wrong] = 1 - called[wrong]
            logits = 2 * np.eye(2)[called] + rng.normal(0, 0.05, (len(images), 2))
            factors = known_toy.network.factors
            write_fold(file, images, groups, file.stem, factors, {"finding": labels}, logits)

        for fold in (1, 2):
            images = [f"{fold}-{image:02d}.png" for image in range(N)]
            groups = [f"g{fold}-{image // 2:02d}" for image in range(N)]
            dark = list(range(2, 2 + 2 * n_wrong, 2))
            write(folder / f"fold-{fold}.csv", images, groups, dark)
        (folder / "protocol.json").write_text(json.dumps(noted))
        if learnt:
            cases = collected[:learnt]
            dark, light = own_wrong
            wrong = [*range(0, 2 * dark, 2), *range(1, 1 + 2 * light, 2)]
            for fold in (1, 2):  # every other pair of a dark and a light one
                rows = [row for row in range(learnt) if row // 2 % 2 == fold - 1]
                images = [f"/store/{cases[row].sha256}" for row in rows]
                groups = [f"collected:{cases[row].patient}" for row in rows]
                own = [place for place, row in enumerate(rows) if row in wrong]
                write(folder / "added" / f"fold-{fold}.csv", images, groups, own)
            version = f"toy-collected-{1 if learnt <= N_OWN else 2}"
            dropped = {case.sha256: "left out" for case in collected[learnt:]}
            write_learnt(
                settings.home, "toy", fields.name, {"version": version, "dropped": dropped}
            )
        return fields.name

    return make


@pytest.fixture
def served_graph(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Let every served graph be sure of collected images by 88 %, and of two wrongly.

    Returns:
        The digests that one is asked of.
    """
    asked: list[str] = []

    def predict(files: list[Path], *_: object, **__: object) -> np.ndarray:
        asked.extend(file.name for file in files)
        numbers = np.array([int(file.name, 16) for file in files])
        called = np.where(np.isin(numbers, (8, 9)), 1 - numbers % 2, numbers % 2)
        return 0.4 * np.eye(2, dtype=np.float32)[called]  # the toy's temperature is 0.2

    monkeypatch.setattr(own_patients, "predict_files", predict)
    return asked


@pytest.fixture
def shipped(make_model: MakeModel, served_graph: list[str], settings: Settings) -> str:
    """The model that the clinic began with."""
    name = make_model(1, 3)
    decide_served(settings.bundles, "toy", name, before=name, because="stays")
    return name


def entries(settings: Settings) -> list[AuditRecord]:
    records = open_records(settings)
    try:
        with records.reading() as session:
            return list(list_entries(session, action="model").items)
    finally:
        records.close()


def decision(settings: Settings, name: str) -> dict[str, object]:
    file = settings.results / "learning" / "decisions" / f"{name}.json"
    return dict(json.loads(file.read_text()))


def digest(settings: Settings, name: str) -> str:
    file = settings.results / "learning" / "decisions" / f"{name}.json"
    return hashlib.sha256(file.read_bytes()).hexdigest()


def test_a_challenger_that_holds_on_both_parts_is_served(
    make_model: MakeModel, shipped: str, settings: Settings, served_graph: list[str]
) -> None:
    place = settings.runs / "learn" / "x" / "results"
    make_model(2, 3, place=place, learnt=N_OWN, own_wrong=(1, 0))
    verdict, served = promote(settings, "toy-2", command="cancerapy learn promote toy-2")
    assert (verdict.is_accepted, served) == (True, "toy-2"), verdict.in_words()
    assert find_bundles(settings.bundles)["toy"].name == "toy-2"
    # The shipped model was asked itself, of the challenger the folds without the patient.
    assert sorted(served_graph) == [own_case(n).sha256 for n in range(N_OWN)]
    own = {f.metric: f for f in verdict.own.findings}
    assert (own["sensitivity:dark"].champion, own["sensitivity:light"].challenger) == (
        pytest.approx(11 / 12),
        1.0,
    )
    assert own["sensitivity:dark"].challenger == pytest.approx(11 / 12)
    assert {f.n_groups for f in verdict.own.findings if f.decides} == {12, 24}
    told = decision(settings, "toy-2-against-toy-1")
    assert (told["champion"], told["challenger"], told["accepted"]) == ("toy-1", "toy-2", True)
    assert told["command"] == "cancerapy learn promote toy-2"
    folds, patients = told["shipped_folds"], told["own_patients"]
    assert (folds["n_images"], folds["n_groups"]) == (160, 80)
    assert (patients["n_images"], patients["n_groups"], patients["version"]) == (24, 24, 1)
    because = (
        "shipped data, out of fold: no class worse, calibration holds; own patients, never learnt "
        "from (24 patients): no class worse, calibration holds"
    )
    last = read_history(settings.bundles, "toy")[-1]
    assert last.because == f"{because}: toy-2-against-toy-1.json"
    serving, entry = entries(settings)
    assert (serving.actor, serving.action, serving.subject_id) == ("cli", "model.serve", "toy-2")
    assert serving.details == {
        "before": "toy-1",
        "decision_sha256": digest(settings, "toy-2-against-toy-1"),
    }
    assert (entry.actor, entry.action, entry.subject_id) == ("cli", "model.judge", "toy-2")
    assert entry.details == {
        "champion": "toy-1",
        "accepted": True,
        "grounds": because,
        "unjudged_accepted": False,
        "own_patients": 24,
        "own_version": 1,
        "decision_sha256": digest(settings, "toy-2-against-toy-1"),
    }


@pytest.mark.usefixtures("shipped")
def test_one_that_finds_a_class_less_often_on_the_shipped_data_is_not(
    make_model: MakeModel, settings: Settings
) -> None:
    make_model(2, 20, learnt=N_OWN)
    verdict, served = promote(settings, "toy-2", command="c", accept_unjudged="all the same")
    assert (verdict.is_accepted, served) == (False, "toy-1")
    assert any(reason.startswith("toy sensitivity:dark") for reason in verdict.folds.reasons)
    assert "sensitivity:dark" not in {finding.metric for finding in verdict.own.worse}
    assert find_bundles(settings.bundles)["toy"].name == "toy-1"
    assert decision(settings, "toy-2-against-toy-1")["accepted"] is False


@pytest.mark.usefixtures("shipped")
def test_one_as_good_on_the_shipped_data_that_misses_more_at_the_clinic_is_not(
    make_model: MakeModel, settings: Settings
) -> None:
    make_model(2, 3, learnt=N_OWN, own_wrong=(8, 0))
    verdict, served = promote(settings, "toy-2", command="c", accept_unjudged="all the same")
    assert (verdict.is_accepted, served) == (False, "toy-1")
    assert verdict.folds.is_accepted
    worse = {finding.metric: finding for finding in verdict.own.worse}
    assert {"sensitivity:dark", "point_sensitivity"} <= worse.keys()
    assert worse["sensitivity:dark"].challenger == pytest.approx(4 / 12)
    (entry,) = entries(settings)
    assert entry.details["accepted"] is False
    grounds = entry.details["grounds"]
    assert "own patients, never learnt from (24 patients): worse: toy sens" in grounds


@pytest.mark.usefixtures("shipped")
def test_with_too_few_own_patients_a_person_must_say_why(
    make_model: MakeModel, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_model(2, 3, learnt=N_OWN)
    known, store = promoting.ask_records()
    few = only_one_dark(known)
    monkeypatch.setattr(promoting, "ask_records", lambda *_: (few, store))
    verdict, served = promote(settings, "toy-2", command="c")
    assert (verdict.is_accepted, served) == (False, "toy-1")
    assert verdict.left_out == {"unusable, since it was collected": 11}
    assert [(f.metric, f.n_groups) for f in verdict.own.unjudged] == [
        ("sensitivity:dark", 1),
        ("point_sensitivity", 1),
    ]
    assert "too few (their number): toy sensitivity:dark (1)" in verdict.in_words()[-1]
    why = "nobody dark comes to this clinic"
    verdict, served = promote(settings, "toy-2", command="c", accept_unjudged=why)
    assert (verdict.is_accepted, served) == (True, "toy-2")
    assert decision(settings, "toy-2-against-toy-1")["accept_unjudged"] == why
    serving, newest, first = entries(settings)
    assert why not in str(serving.details)
    told = [(e.details["accepted"], e.details["unjudged_accepted"]) for e in (first, newest)]
    assert told == [(False, False), (True, True)]
    # What a person wrote may hold a name, which the log could never lose; it seals the decision.
    assert why not in str(newest.details)
    assert newest.details["decision_sha256"] == digest(settings, "toy-2-against-toy-1")
    assert why in read_history(settings.bundles, "toy")[-1].because


@pytest.mark.usefixtures("shipped")
def test_the_second_generation_is_compared_with_the_firsts_answers_out_of_fold(
    make_model: MakeModel, settings: Settings, served_graph: list[str], collected: list[Case]
) -> None:
    make_model(2, 3, learnt=N_OWN, own_wrong=(1, 1))
    promote(settings, "toy-2", command="c")
    served_graph.clear()
    make_model(3, 3, learnt=len(collected), own_wrong=(1, 1))
    verdict, served = promote(settings, "toy-3", command="c")
    # Of the cases that it learnt from the first challenger is not asked itself: it knows them.
    assert sorted(served_graph) == [case.sha256 for case in collected[N_OWN:]]
    own = {f.metric: f for f in verdict.own.findings}
    assert own["sensitivity:dark"].champion == pytest.approx(17 / 18)
    assert own["sensitivity:light"].champion == pytest.approx(17 / 18)
    assert (verdict.own.n_groups, verdict.version, served) == (36, 2, "toy-3")


@pytest.mark.usefixtures("shipped")
def test_whom_the_served_model_was_never_without_it_is_not_judged_on(
    make_model: MakeModel, settings: Settings, collected: list[Case]
) -> None:
    make_model(2, 3, learnt=N_OWN)
    promote(settings, "toy-2", command="c")
    for file in (settings.results / "predictions" / "toy-2" / "added").iterdir():
        file.unlink()  # as of a challenger that was made before its answers were kept
    make_model(3, 3, learnt=len(collected))
    verdict, served = promote(settings, "toy-3", command="c")
    assert (verdict.own.n_groups, served) == (12, "toy-2")
    assert verdict.left_out == {NOT_LEFT_OUT: N_OWN}
    assert {f.n_groups for f in verdict.own.unjudged} == {6}


@pytest.mark.usefixtures("shipped")
def test_answers_to_erased_images_calibrate_no_model(
    make_model: MakeModel, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_model(2, 3, learnt=N_OWN)
    known, store = promoting.ask_records()
    monkeypatch.setattr(promoting, "ask_records", lambda *_: (known[2:], store))
    asked: list[set[str]] = []
    own = promoting.cross_fitted

    def spy(*given: object, added: OutOfFold | None = None, **named: object) -> object:
        asked.append(set() if added is None else {Path(image).name for image in added.images})
        return own(*given, added=added, **named)

    monkeypatch.setattr(promoting, "cross_fitted", spy)
    # Of the version that the served one learnt from two were erased; the next does not name them.
    newer = Version("toy", 3, 2, (own_case(2), own_case(3)), {}, (), "e", (), (), "d")
    write_version(settings.home, newer)
    make_model(3, 3)
    write_learnt(settings.home, "toy", "toy-3", {"version": "toy-collected-3", "dropped": {}})
    verdict = promoting.compare_bundles(settings, "toy-2", "toy-3")
    assert asked == [{own_case(n).sha256 for n in range(2, N_OWN)}, set()]
    assert verdict.left_out[promoting.NOT_USABLE] == 2


@pytest.mark.usefixtures("shipped")
def test_a_challenger_without_the_note_of_whom_it_learnt_from_is_not_judged(
    make_model: MakeModel, settings: Settings
) -> None:
    make_model(2, 3, learnt=N_OWN)
    (settings.home / "learning" / "toy" / "challengers" / "toy-2.json").unlink()
    with pytest.raises(DataError, match=r"toy-2 has none in the records' folder 'learning'"):
        promote(settings, "toy-2", command="c")
    assert find_bundles(settings.bundles)["toy"].name == "toy-1"


@pytest.mark.usefixtures("shipped")
@pytest.mark.parametrize(
    ("change", "is_compared"),
    [
        (lambda _: None, False),  # the patient was erased
        (lambda own: replace(own, refused=NO_CONSENT, labels={}), False),
        (lambda own: replace(own, refused="called unusable", labels={}), True),
        (lambda own: replace(own, labels={"finding": "light"}), True),
    ],
)
def test_a_challenger_that_knows_whom_it_may_not_is_not_compared(
    make_model: MakeModel,
    settings: Settings,
    collected: list[Case],
    monkeypatch: pytest.MonkeyPatch,
    change: Callable[[Candidate], Candidate | None],
    is_compared: bool,
) -> None:
    make_model(2, 3, learnt=N_OWN)
    known, store = promoting.ask_records(None, None)  # type: ignore[arg-type]
    told = [one for one in (change(known[0]), *known[1:]) if one]
    monkeypatch.setattr(promoting, "ask_records", lambda *_: (told, store))
    if is_compared:
        verdict, _ = promote(settings, "toy-2", command="c")
        assert (verdict.own.n_groups, sum(verdict.left_out.values())) == (N_OWN - 1, 1)
        return
    with pytest.raises(DataError, match=f"of the {N_OWN} images of 'toy-2', 1 were erased since"):
        promote(settings, "toy-2", command="c")
    assert find_bundles(settings.bundles)["toy"].name == "toy-1"
    assert not list(settings.results.rglob("*-against-*.json"))


def test_a_model_from_elsewhere_is_judged_on_the_newest_version(
    make_model: MakeModel, shipped: str, settings: Settings, collected: list[Case]
) -> None:
    make_model(2, 3)
    verdict, served = promote(settings, "toy-2", command="c")
    assert (verdict.version, verdict.own.n_groups, served) == (2, len(collected), "toy-2")


@pytest.mark.usefixtures("shipped")
def test_where_nothing_was_collected_nobody_is_judged(
    make_model: MakeModel, settings: Settings
) -> None:
    make_model(2, 3)
    shutil.rmtree(settings.home / "learning")
    verdict, served = promote(settings, "toy-2", command="c")
    assert (verdict.own.findings, verdict.version, served) == ((), 0, "toy-1")
    assert "anything: no collected patient can be judged" in verdict.in_words()[-1]
    _, served = promote(settings, "toy-2", command="c", accept_unjudged="a new clinic")
    assert served == "toy-2"


def test_of_two_promotions_from_one_state_the_second_is_refused(
    make_model: MakeModel, shipped: str, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in (2, 3):
        make_model(number, 3)
    own = promoting.judge

    def slow(*args: object, **named: object) -> object:
        monkeypatch.setattr(promoting, "judge", own)  # while this compares, another promotes
        promote(settings, "toy-3", command="c")
        return own(*args, **named)

    monkeypatch.setattr(promoting, "judge", slow)
    with pytest.raises(BundleError, match="meanwhile 'toy-3' was put there") as caught:
        promote(settings, "toy-2", command="c")
    assert caught.value.code == "bundle_overtaken"
    assert find_bundles(settings.bundles)["toy"].name == "toy-3"
    # Both were judged well enough; the log says of one alone that it is served.
    told = [(entry.action, entry.subject_id) for entry in entries(settings)]
    assert told == [("model.judge", "toy-2"), ("model.serve", "toy-3"), ("model.judge", "toy-3")]
    assert all(e.details["accepted"] for e in entries(settings) if e.action == "model.judge")


@pytest.mark.usefixtures("shipped")
def test_what_cannot_be_compared_is_said(make_model: MakeModel, settings: Settings) -> None:
    make_model(2, 4)
    with pytest.raises(UnknownNameError, match=r"Known: toy-1, toy-2\. Did you mean"):
        promote(settings, "toy-22", command="c")
    with pytest.raises(BundleError, match="'toy-1' is") as caught:
        promote(settings, "toy-1", command="c")
    assert caught.value.code == "bundle_served"
    (settings.results / "predictions" / "toy-2" / "protocol.json").unlink()
    with pytest.raises(DataError, match="predictions of plan p2 on data m2") as missing:
        promote(settings, "toy-2", command="c")
    assert missing.value.code == "predictions_missing"


@pytest.mark.usefixtures("shipped")
def test_the_commands_promote_and_lead_back(
    make_model: MakeModel,
    settings: Settings,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CANCERAPY_HOME", str(settings.home))
    make_model(2, 3)
    make_model(3, 20)
    make_model(4, 3, learnt=N_OWN)
    places = [f"--{name}={getattr(settings, name)}" for name in ("bundles", "runs", "results")]
    assert run(["learn", "promote", "toy-2", *places]) == 0
    out = capsys.readouterr().out
    assert out.startswith("shipped data, out of fold, 160 images of 80 groups:\ntoy sens")
    assert "\nown patients, never learnt from, 36 images of 36 patients:\ntoy sens" in out
    assert out.endswith("served: toy-2\n")
    known, store = promoting.ask_records()
    few = only_one_dark(known)
    monkeypatch.setattr(promoting, "ask_records", lambda *_: (few, store))
    assert run(["learn", "promote", "toy-4", *places]) == 1
    assert "NOT JUDGED, patients: 1" in capsys.readouterr().out
    assert run(["learn", "promote", "toy-4", "--accept-unjudged", "new here", *places]) == 0
    out = capsys.readouterr().out
    assert out.endswith("Accepted because: new here\nserved: toy-4\n")
    assert run(["models", "rollback", "toy", places[0]]) == 0
    assert capsys.readouterr().out == "served: toy-2 (before: toy-4)\n"
    assert run(["learn", "promote", "toy-3", *places]) == 1
    out = capsys.readouterr().out
    assert "WORSE" in out
    assert out.endswith("served: toy-2\n")
    assert run(["models", "rollback", "toy-1", places[0]]) == 0
    assert capsys.readouterr().out == "served: toy-1 (before: toy-2)\n"
    assert run(["models", "rollback", "toy-3", places[0]]) == 0
    assert run(["models", "history", "toy", places[0]]) == 0
    lines = capsys.readouterr().out.splitlines()[1:]
    assert [line.split()[1] for line in lines] == [
        *("toy-1", "toy-2", "toy-4", "toy-2", "toy-1", "toy-3"),
    ]
    assert run(["models", "rollback", "toy-9", places[0]]) == 2
    assert "No model named 'toy-9'" in capsys.readouterr().err
