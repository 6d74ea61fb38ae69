"""A bundle on a data set that no training saw, from the images to the rows."""

import io
import json
import runpy
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cancerapy.bundle.schema import (
    BundleFields,
    FactorFields,
    InputFields,
    OperatingPoint,
    QualityLimits,
    TaskFields,
)
from cancerapy.bundle.store import CARD_FILE, MODEL_FILE, STATS_FILE, Stats, write_bundle
from cancerapy.cancers import Cancer, InputSpec, Source
from cancerapy.data.manifest import build_manifest
from cancerapy.errors import BundleError, DataError, UnknownNameError, UsageError
from cancerapy.evaluation.external import external_source, predict_external
from cancerapy.evaluation.predictions import read_predictions
from cancerapy.evaluation.rows import read_rows
from cancerapy.evaluation.session import Request, evaluate_predictions, record_results
from cancerapy.layouts.sample import Sample
from cancerapy.settings import Settings

GRAPH = Path(__file__).parent.parent / "bad_input" / "toy_graph.py"
SIDE = 32
BRIGHT = 200


def _read_elsewhere(folder: Path) -> list[Sample]:
    """Read images named ``<patient>-<BI-RADS>.png``; 4 and more is malignant."""
    samples = []
    for file in sorted(folder.glob("*.png")):
        patient, grade = file.stem.split("-")
        truth = "malignant" if int(grade) >= 4 else "benign"
        samples.append(Sample(file.name, {"malignancy": truth}, patient, {"bi_rads": grade}))
    return samples


@pytest.fixture
def toy(cancer: Cancer) -> Cancer:
    """Return the toy cancer with an external data set and one of its copies."""
    elsewhere = Source(
        "elsewhere", "Elsewhere", "none", "CC0-1.0", "patient", _read_elsewhere, external=True,
        normal=(("bi_rads", ("1", "2")),),
    )  # fmt: skip
    copies = replace(elsewhere, folder="copies", copies_of="elsewhere", normal=())
    spec = InputSpec(SIDE, SIDE, cancer.input.aspect, min_side_px=16)
    return replace(cancer, input=spec, sources=(*cancer.sources, elsewhere, copies))


@pytest.fixture
def settings(toy: Cancer, tmp_path: Path) -> Settings:
    """Return settings with a bundle that calls bright pictures malignant, and 30 pictures.

    The normal pictures are dark but for one in ten, the malignant ones bright.
    """
    per_class = np.zeros((5, 3), np.float32)
    per_class[1] = 1
    weight = np.full((SIDE, SIDE, 3), 1 / 255, np.float32)
    stats = io.BytesIO()
    np.savez(stats, **asdict(Stats(np.zeros(3), np.ones(3), np.eye(3), np.eye(3), 1.0)))
    graph = runpy.run_path(str(GRAPH))["write_graph"](weight, per_class)
    files = {MODEL_FILE: graph, STATS_FILE: stats.getvalue(), CARD_FILE: b"# Toy\n"}
    write_bundle(tmp_path / "bundles", _fields(toy), files)
    folder = tmp_path / "data" / "elsewhere"
    folder.mkdir(parents=True)
    for number in range(30):
        grade = (1, 2, 5)[number % 3]
        value = BRIGHT if grade == 5 or number == 0 else 20 + number
        picture = np.full((40, 40, 3), value, np.uint8)
        picture[number, :, 0] += 30  # no two pictures alike
        Image.fromarray(picture).save(folder / f"p{number:02d}-{grade}.png")
    return Settings(
        data=tmp_path / "data",
        bundles=tmp_path / "bundles",
        results=tmp_path / "results",
        cache=tmp_path / "cache",
    )


def _fields(toy: Cancer) -> BundleFields:
    return BundleFields(
        cancer="toy",
        version="1",
        input=InputFields(SIDE, SIDE, "crop", (), 16),
        factors=tuple(FactorFields(f.name, f.values, 2.0) for f in toy.network.factors),
        tasks=tuple(
            TaskFields(
                task.id,
                task.class_ids,
                OperatingPoint("sensitivity_90", 0.6, 0.9, (0.8, 1.0), 0.5, (0.4, 0.6)),
                0.9,
                dict.fromkeys(task.class_ids, 0.5),
                dict.fromkeys(task.class_ids, "class"),
                0.6,
            )
            for task in toy.tasks
        ),
        quality=QualityLimits(0.0, (0.0, 255.0), 0.0, 1e9, (0.0, 255.0)),
        results=(),
        digests={},
        provenance={"backbone": "Toy", "plan_digest": "p1", "seed": 3},
        licences={},
        created="2026-01-02",
    )


def test_predictions_are_the_served_graphs(toy: Cancer, settings: Settings) -> None:
    assert predict_external(toy, "elsewhere", settings) == "external-elsewhere"
    folder = settings.results / "predictions" / "toy-external-elsewhere"
    predicted = read_predictions(folder)
    assert len(predicted) == 30
    assert predicted.fold_names == ["elsewhere"]
    row = predicted.images.tolist().index("p02-5.png")
    assert predicted.groups[row] == "p02"
    # The graph adds three channels of 200/255; one line of the cropped 40 x 40 is a bit redder.
    assert predicted.logits[row, 1] == pytest.approx(3 * BRIGHT / 255, abs=0.01)
    assert predicted.logits[row, [0, 2, 3, 4]].tolist() == [0, 0, 0, 0]
    assert set(predicted.labels["density"].tolist()) == {-1}
    record = json.loads((folder / "protocol.json").read_text())
    assert (record["model"], record["bundle"], record["plan_digest"]) == ("Toy", "toy-1", "p1")
    assert record["folds"] == ["elsewhere"]


def test_rows_by_the_bundles_own_thresholds(toy: Cancer, settings: Settings) -> None:
    protocol = predict_external(toy, "elsewhere", settings)
    request = _request(toy, settings, protocol)
    evaluation = evaluate_predictions(request)
    record_results(evaluation, request)
    rows = {
        (r.origin.protocol, r.figure.metric): r
        for r in read_rows(settings.results / "toy.csv")
        if r.origin.task == "toy"
    }
    whole = rows["external-elsewhere", "malignancy_auc"]
    assert whole.origin.n == 30
    # 20 benign pictures of which one is as bright as the ten malignant ones.
    assert 0.95 < whole.figure.value < 1
    # At the bundle's temperature of 2 a bright picture is malignant with 1 / (1 + e^-1.18) = 0.76
    # and a dark one with less than 0.58, so that only the bright ones reach 0.6. Of two classes
    # the set keeps the one with more than one half, always malignant.
    for metric, value in {
        "point_sensitivity": 1.0,
        "point_specificity": 19 / 20,
        "conformal_size": 1.0,
        "conformal_coverage": 10 / 30,
        "answered_share": 11 / 30,
        "answered_accuracy": 10 / 11,
    }.items():
        found = rows["external-elsewhere", metric].figure.value
        assert found == pytest.approx(value, abs=1e-4), metric
    normal = rows["external-elsewhere-bi_rads-1-2", "point_specificity"]
    assert (normal.origin.n, normal.origin.groups) == (20, 20)
    assert normal.figure.value == pytest.approx(19 / 20, abs=1e-4)
    assert ("external-elsewhere-bi_rads-1-2", "malignancy_auc") not in rows


def _request(toy: Cancer, settings: Settings, protocol: str) -> Request:
    return Request(
        toy, protocol, None, settings.results, settings.data, None, None, 100, 0, "cancerapy ...",
        settings.bundles,
    )  # fmt: skip


def test_predictions_are_judged_by_the_bundle_that_made_them(
    toy: Cancer, settings: Settings
) -> None:
    request = _request(toy, settings, predict_external(toy, "elsewhere", settings))
    record = settings.results / "predictions" / "toy-external-elsewhere" / "protocol.json"
    noted = record.read_text()
    for change in ({"bundle_graph": "another"}, {"bundle": "toy-9"}, {"bundle": ""}):
        record.write_text(json.dumps({**json.loads(noted), **change}))
        with pytest.raises(BundleError, match="cancerapy evaluate toy --external elsewhere"):
            evaluate_predictions(request)


@pytest.mark.parametrize("by_digest", [False, True])
def test_a_bundle_is_not_tested_on_what_trained_it(
    toy: Cancer, settings: Settings, *, by_digest: bool
) -> None:
    assert settings.bundles is not None
    assert settings.data is not None
    manifest = build_manifest(toy, toy.sources[1], settings.data)
    trained = {"manifest": manifest.digest} if by_digest else {"source": "elsewhere"}
    (first,) = settings.bundles.iterdir()
    files = {name: (first / name).read_bytes() for name in (MODEL_FILE, STATS_FILE, CARD_FILE)}
    write_bundle(settings.bundles, replace(_fields(toy), version="2", provenance=trained), files)
    with pytest.raises(UsageError, match="'toy-2' was trained on 'elsewhere'"):
        predict_external(toy, "elsewhere", settings)
    assert not settings.results.exists()


@pytest.mark.parametrize(
    ("folder", "error", "text"),
    [
        ("toyset", UsageError, "'toyset' trains the shipped model"),
        ("copies", UsageError, "'copies' holds copies of another"),
        ("elsewere", UnknownNameError, "Did you mean 'elsewhere'"),
    ],
)
def test_only_unseen_data_sets_test(
    toy: Cancer, folder: str, error: type[Exception], text: str
) -> None:
    with pytest.raises(error, match=text):
        external_source(toy, folder)


def test_what_is_missing_is_said(toy: Cancer, settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(BundleError, match=r"toy has none\. Make it with: cancerapy export toy"):
        predict_external(toy, "elsewhere", replace(settings, bundles=tmp_path / "none"))
    with pytest.raises(DataError, match="Give --data FOLDER or set CANCERAPY_DATA"):
        predict_external(toy, "elsewhere", replace(settings, data=None))


def test_a_bundle_of_another_network_is_refused(toy: Cancer, settings: Settings) -> None:
    changed = replace(toy, network=replace(toy.network, factors=toy.network.factors[:1]))
    with pytest.raises(BundleError, match=r"it answers malignancy, density\. Export it anew"):
        predict_external(changed, "elsewhere", settings)
