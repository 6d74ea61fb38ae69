"""A challenger takes the champion's place, or does not; the figures are written either way."""

import io
import json
import runpy
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest

from cancerapy.bundle.schema import BundleFields
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
from cancerapy.errors import BundleError, DataError, UnknownNameError
from cancerapy.evaluation.predictions import write_fold
from cancerapy.learning import promote as promoting
from cancerapy.learning.promote import promote
from cancerapy.settings import Settings

_GRAPH = Path(__file__).parents[1] / "bad_input" / "toy_graph.py"
N = 80
MakeModel = Callable[..., str]


@pytest.fixture
def make_model(toy_fields: BundleFields, known_toy: Cancer, settings: Settings) -> MakeModel:
    """Return a function that makes a bundle, measured on two folds with so many wrong answers."""
    weight = np.full((32, 48, 3), 1 / 255, np.float32)
    graph: bytes = runpy.run_path(str(_GRAPH))["write_graph"](weight, np.ones((2, 3), np.float32))
    stats = io.BytesIO()
    np.savez(stats, **asdict(Stats(np.zeros(3), np.ones(3), np.eye(3), np.eye(3), 1.0)))
    files = {MODEL_FILE: graph, STATS_FILE: stats.getvalue(), CARD_FILE: b"# Toy\n"}

    def make(number: int, n_wrong: int, *, place: Path = settings.results / "predictions") -> str:
        named = {"plan_digest": f"p{number}", "manifest": f"m{number}"}
        fields = replace(toy_fields, version=str(number), provenance=named)
        assert settings.bundles
        write_bundle(settings.bundles, fields, files)
        folder = place / f"toy-{number}"
        noted = {"plan_digest": f"p{number}", "manifest_digest": f"m{number}"}
        rng = np.random.default_rng(0)
        for fold in (1, 2):
            labels = np.arange(N) % 2
            called = labels.copy()
            called[2 : 2 + 2 * n_wrong : 2] = 1  # so many dark ones are called light
            write_fold(
                folder / f"fold-{fold}.csv",
                [f"{fold}-{image:02d}.png" for image in range(N)],
                [f"g{fold}-{image // 2:02d}" for image in range(N)],
                f"fold-{fold}",
                known_toy.network.factors,
                {"finding": labels},
                2 * np.eye(2)[called] + rng.normal(0, 0.05, (N, 2)),
            )
        (folder / "protocol.json").write_text(json.dumps(noted))
        return fields.name

    return make


def decision(settings: Settings, name: str) -> dict[str, object]:
    file = settings.results / "learning" / "decisions" / f"{name}.json"
    return dict(json.loads(file.read_text()))


def test_a_challenger_that_holds_is_served(make_model: MakeModel, settings: Settings) -> None:
    make_model(1, 8)
    decide_served(settings.bundles, "toy", "toy-1", before="toy-1", because="stays")
    make_model(2, 8, place=settings.runs / "learn" / "x" / "results")
    judgement, served = promote(settings, "toy-2", command="cancerapy learn promote toy-2")
    assert (judgement.is_accepted, served) == (True, "toy-2")
    assert find_bundles(settings.bundles)["toy"].name == "toy-2"
    told = decision(settings, "toy-2-against-toy-1")
    assert (told["champion"], told["challenger"], told["accepted"]) == ("toy-1", "toy-2", True)
    assert (told["n_images"], told["n_groups"]) == (160, 80)
    assert told["command"] == "cancerapy learn promote toy-2"
    last = read_history(settings.bundles, "toy")[-1]
    assert last.because == "no class worse, calibration holds: toy-2-against-toy-1.json"


def test_one_that_finds_a_class_less_often_is_not(
    make_model: MakeModel, settings: Settings
) -> None:
    make_model(1, 2)
    decide_served(settings.bundles, "toy", "toy-1", before="toy-1", because="stays")
    make_model(2, 14)
    judgement, served = promote(settings, "toy-2", command="c")
    assert (judgement.is_accepted, served) == (False, "toy-1")
    assert any(reason.startswith("toy sensitivity:dark") for reason in judgement.reasons)
    assert find_bundles(settings.bundles)["toy"].name == "toy-1"
    assert decision(settings, "toy-2-against-toy-1")["accepted"] is False


def test_of_two_promotions_from_one_state_the_second_is_refused(
    make_model: MakeModel, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_model(1, 4)
    decide_served(settings.bundles, "toy", "toy-1", before="toy-1", because="stays")
    for number in (2, 3):
        make_model(number, 4)
    own = promoting.judge

    def slow(*args: object) -> object:
        with monkeypatch.context() as patch:  # while this one compares, another one promotes
            patch.setattr(promoting, "judge", own)
            promote(settings, "toy-3", command="c")
        return own(*args)

    monkeypatch.setattr(promoting, "judge", slow)
    with pytest.raises(BundleError, match="meanwhile 'toy-3' was put there") as caught:
        promote(settings, "toy-2", command="c")
    assert caught.value.code == "bundle_overtaken"
    assert find_bundles(settings.bundles)["toy"].name == "toy-3"


def test_what_cannot_be_compared_is_said(make_model: MakeModel, settings: Settings) -> None:
    make_model(1, 4)
    decide_served(settings.bundles, "toy", "toy-1", before="toy-1", because="stays")
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


def test_the_commands_promote_and_lead_back(
    make_model: MakeModel, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    make_model(1, 4)
    decide_served(settings.bundles, "toy", "toy-1", before="toy-1", because="stays")
    make_model(2, 4)
    make_model(3, 20)
    places = [f"--{name}={getattr(settings, name)}" for name in ("bundles", "runs", "results")]
    assert run(["learn", "promote", "toy-2", *places]) == 0
    assert capsys.readouterr().out.endswith("served: toy-2\n")
    assert run(["learn", "promote", "toy-3", *places]) == 1
    out = capsys.readouterr().out
    assert "WORSE" in out
    assert out.endswith("served: toy-2\n")
    assert run(["models", "rollback", "toy", places[0]]) == 0
    assert capsys.readouterr().out == "served: toy-1 (before: toy-2)\n"
    assert run(["models", "rollback", "toy-3", places[0]]) == 0
    assert run(["models", "history", "toy", places[0]]) == 0
    lines = capsys.readouterr().out.splitlines()[1:]
    assert [line.split()[1] for line in lines] == ["toy-1", "toy-2", "toy-1", "toy-3"]
    assert run(["models", "rollback", "toy-9", places[0]]) == 2
    assert "No model named 'toy-9'" in capsys.readouterr().err
