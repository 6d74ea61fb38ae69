"""Which run is exported, what a bundle is made of, and what stops the export before it writes."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cancerapy.bundle.store import load_bundle
from cancerapy.cancers import Cancer, ClassLabel, Factor, Network, Task
from cancerapy.data.manifest import Manifest
from cancerapy.errors import DataError, UnknownNameError
from cancerapy.evaluation.ensemble import mean_log_probabilities
from cancerapy.evaluation.predictions import OutOfFold, read_predictions
from cancerapy.export import session
from cancerapy.export.build_bundle import BundleParts
from cancerapy.export.request import ExportRequest
from cancerapy.export.session import calibrate, export_bundle
from cancerapy.layouts.sample import Sample
from cancerapy.runtime.interpreter import Graph
from cancerapy.training.final import load_final

Ask = Callable[[Path, Path], ExportRequest]
Pair = dict[str, tuple[Path, Path]]


@pytest.fixture
def request_(toy_run: Path, tmp_path: Path, ask_export: Ask, known_toy: None) -> ExportRequest:
    """The request to export the toy run into a folder of this test."""
    return ask_export(toy_run, tmp_path)


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> list[BundleParts]:
    """Gather the parts that would be made into a bundle; nothing is converted."""
    made: list[BundleParts] = []

    def build(parts: BundleParts, root: Path) -> tuple[Path, list[Any]]:
        made.append(parts)
        return root / "toy-1", []

    monkeypatch.setattr(session, "build_bundle", build)
    return made


@pytest.mark.parametrize(
    ("folds", "expected"),
    [
        (["holdout"] * 6, ["half-2", "half-2", "half-1", "half-1", "half-2", "half-1"]),
        (list("aabbab"), list("aabbab")),
    ],
)
def test_a_single_part_is_halved_by_group(
    toy_cancer: Cancer, monkeypatch: pytest.MonkeyPatch, folds: list[str], expected: list[str]
) -> None:
    fitted: list[OutOfFold] = []
    monkeypatch.setattr(
        session, "fit_calibration", lambda drawn, cancer, added: fitted.extend((drawn, added))
    )
    drawn = OutOfFold(
        images=np.array([f"{number}.png" for number in range(6)]),
        groups=np.array(["p2", "p2", "p1", "p1", "p4", "p3"]),
        folds=np.array(folds),
        network=toy_cancer.network,
        labels={"finding": np.arange(6) % 2},
        logits=np.zeros((6, 2), np.float32),
    )
    calibrate(drawn, toy_cancer, drawn)
    for one in fitted:
        assert one.folds.tolist() == expected
        assert one.logits is drawn.logits
    assert len(fitted) == 2


def test_a_label_is_the_class_that_all_factors_select(toy_cancer: Cancer) -> None:
    factors = (Factor("finding", ("dark", "light")), Factor("size", ("s", "m", "l")))
    classes = tuple(
        ClassLabel(f"{finding}-{size}", "T", ".", {"finding": finding, "size": size})
        for finding, size in (("dark", "s"), ("light", "s"), ("dark", "l"))
    )
    cancer = replace(toy_cancer, network=Network(factors), tasks=(Task("toy", "T", classes),))
    labels = [
        {"finding": "dark", "size": "l"},
        {"finding": "light", "size": "l"},  # no class of the task
        {"finding": "light", "size": "s"},
        {"finding": "dark"},  # size unknown
        {"finding": "dark", "size": "s"},
    ]
    samples = tuple(Sample(f"{i}.png", values, f"{i}") for i, values in enumerate(labels))
    groups = np.array([sample.group for sample in samples])
    values = {factor.name: factor.values for factor in factors}
    manifest = Manifest("toy", "toyset", Path(), samples, ("0",) * 5, groups, values)
    assert session._task_labels(manifest, cancer).tolist() == [2, -1, 1, -1, 0]


def test_a_bundle_is_made_of_the_training_pictures(
    request_: ExportRequest, given: list[BundleParts]
) -> None:
    folder, _ = export_bundle(request_)
    assert folder == request_.settings.bundles / "toy-1"  # type: ignore[operator]
    (parts,) = given
    assert (parts.spec.height, parts.spec.width) == (32, 48)
    assert parts.pictures.shape == (16, 32, 48, 3)
    assert parts.labels.tolist() == [0] * 8 + [1] * 8
    # The classes are the brightness, so labels and pictures are in the same order.
    assert (parts.pictures.mean(axis=(1, 2, 3)) > 127).tolist() == [False] * 8 + [True] * 8
    assert parts.pictures_are == "toyset"
    assert parts.representative is None
    assert parts.provenance["n_train"] == 16
    assert parts.provenance["part"] == "final"


@pytest.mark.parametrize(("flips", "made"), [(None, "horizontal"), ("none", "none")])
def test_flips_are_the_plans_or_those_of_the_predictions(
    request_: ExportRequest,
    given: list[BundleParts],
    plain_predictions: Path,
    flips: str | None,
    made: str,
) -> None:
    predictions = (plain_predictions,) if flips else ()
    export_bundle(replace(request_, flips=flips, predictions=predictions))
    (parts,) = given
    assert parts.provenance["flips"] == made
    assert parts.provenance["plan"]["flips"] == "horizontal"
    pictures = np.random.default_rng(2).integers(0, 256, (1, 32, 48, 3)).astype(np.uint8)
    plain, mirrored = (
        np.asarray(parts.model(view)["logits"]) for view in (pictures, pictures[:, :, ::-1])
    )
    # Only an average over both views is indifferent to mirroring.
    assert np.allclose(plain, mirrored, atol=1e-4) == (made == "horizontal")


def test_several_runs_become_one_graph_with_their_mean_calibration(
    request_: ExportRequest,
    given: list[BundleParts],
    pair: Pair,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    calibrated: list[OutOfFold] = []
    fit = session.fit_calibration
    monkeypatch.setattr(
        session,
        "fit_calibration",
        lambda drawn, c, added: calibrated.append(drawn) or fit(drawn, c, added=added),
    )
    export_bundle(replace(request_, **pair))
    (parts,) = given
    members = [read_predictions(folder).logits for folder in pair["predictions"]]
    expected = mean_log_probabilities(members, request_.cancer.network)
    np.testing.assert_array_equal(calibrated[0].logits, expected)
    pictures = np.random.default_rng(2).integers(0, 256, (2, 32, 48, 3)).astype(np.uint8)
    outputs = {name: np.asarray(value) for name, value in parts.model(pictures).items()}
    graphs = [load_final(run)[0].full("horizontal")(pictures) for run in pair["ensemble"]]
    mean = np.mean([np.asarray(graph["logits"]) for graph in graphs], axis=0)
    np.testing.assert_allclose(outputs["logits"], mean, atol=1e-5)
    np.testing.assert_allclose(outputs["cam"].mean(axis=(1, 2)), outputs["logits"], atol=1e-5)
    assert parts.provenance["backbone"] == "SmallCNN + SmallCNN"
    digests = [member["plan_digest"] for member in parts.provenance["members"]]
    assert parts.provenance["plan_digest"] == "+".join(sorted(digests))
    assert len(set(digests)) == 2


def test_the_served_graph_of_an_ensemble_is_their_mean(request_: ExportRequest, pair: Pair) -> None:
    folder, parities = export_bundle(replace(request_, **pair))
    assert max(parity.largest for parity in parities) < 0.01
    bundle = load_bundle(folder)
    assert bundle.fields.provenance["predictions"] == "toy-grouped-2"
    pictures = np.random.default_rng(2).integers(0, 256, (1, 32, 48, 3)).astype(np.uint8)
    outputs = Graph(bundle.model_path)(pictures)
    graphs = [load_final(run)[0].full("horizontal")(pictures) for run in pair["ensemble"]]
    mean = np.mean([np.asarray(graph["logits"]) for graph in graphs], axis=0)
    np.testing.assert_allclose(outputs["logits"], mean, atol=0.02)  # weights are float16
    np.testing.assert_allclose(outputs["cam"].mean(axis=(1, 2)), outputs["logits"], atol=1e-4)
    assert outputs["embedding"].shape == (1, 96)  # that of the first alone


@pytest.mark.parametrize("earned", [True, False])
def test_int8_has_to_be_earned(
    request_: ExportRequest,
    given: list[BundleParts],
    monkeypatch: pytest.MonkeyPatch,
    earned: bool,
) -> None:
    asked: list[tuple[str, str]] = []

    def judge(request: ExportRequest, run: Any, plan: Any, flips: str) -> bool:
        asked.append((run.path.name, flips))
        return earned

    monkeypatch.setattr(session, "int8_is_as_good", judge)
    monkeypatch.setattr(session, "N_REPRESENTATIVE", 4)
    export_bundle(replace(request_, quantise=True))
    assert asked == [("final", "horizontal")]
    (parts,) = given
    if earned:
        np.testing.assert_array_equal(parts.representative, parts.pictures[[0, 5, 10, 15]])
    else:
        assert parts.representative is None


Change = Callable[[ExportRequest], ExportRequest]


def _without_data(request: ExportRequest) -> ExportRequest:
    return replace(request, settings=replace(request.settings, data=None))


def _without_runs(request: ExportRequest) -> ExportRequest:
    return replace(request, settings=replace(request.settings, runs=Path("nowhere")))


def _without_results(request: ExportRequest) -> ExportRequest:
    return replace(request, settings=replace(request.settings, results=Path("nowhere")))


@pytest.mark.parametrize(
    ("change", "code", "message"),
    [
        (_without_runs, "run_missing", "'nowhere' holds no finished run of toy"),
        (
            lambda request: replace(request, run=Path("nowhere")),
            "run_missing",
            "must hold a readable plan.json; 'nowhere' does not",
        ),
        (_without_results, "predictions_missing", "toy-grouped-2; no fold is there"),
        (
            lambda request: replace(request, predictions=(Path("nowhere"),)),
            "predictions_missing",
            "are needed in nowhere; no fold is there",
        ),
        (_without_data, "data_missing", "Give --data FOLDER or set CANCERAPY_DATA"),
        (
            lambda request: replace(request, quantise=True),
            "run_missing",
            "left any out. Train one with 'cancerapy train toy --plan ",
        ),
        (
            lambda request: replace(request, flips="both"),
            "predictions_missing",
            "own plan with flips 'both', ",
        ),
    ],
)
def test_what_is_missing_is_explained_and_nothing_written(
    request_: ExportRequest, tmp_path: Path, change: Change, code: str, message: str
) -> None:
    with pytest.raises(DataError) as caught:
        export_bundle(change(request_))
    assert caught.value.code == code
    assert message in caught.value.message
    assert not (tmp_path / "bundles").exists()


def test_unknown_flips_offer_the_known(request_: ExportRequest, tmp_path: Path) -> None:
    with pytest.raises(UnknownNameError, match=r"^No flips named 'vertical'\. Known: both, hori"):
        export_bundle(replace(request_, flips="vertical"))
    assert not (tmp_path / "bundles").exists()
