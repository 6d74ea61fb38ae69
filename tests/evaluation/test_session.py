"""From a folder of predictions to rows, tables and a report."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from cancerapy.cancers import Cancer
from cancerapy.errors import BundleError, DataError, UsageError
from cancerapy.evaluation.baselines import predict_majority
from cancerapy.evaluation.predictions import OutOfFold, read_predictions
from cancerapy.evaluation.rows import read_rows
from cancerapy.evaluation.session import (
    Request,
    evaluate_predictions,
    record_results,
    write_evaluation_report,
)

Draw = Callable[..., OutOfFold]
WriteFolds = Callable[[OutOfFold, Path], None]


@pytest.fixture
def request_(tmp_path: Path, cancer: Cancer, draw: Draw, write_folds: WriteFolds) -> Request:
    folder = tmp_path / "results" / "predictions" / "toy-grouped-3"
    write_folds(draw(60), folder)
    noted = {
        "folds": ["fold-1", "fold-2", "fold-3"],
        "leaking": False,
        "plan_digest": "p1",
        "plan": {"backbone": "MobileNetV2"},
    }
    (folder / "protocol.json").write_text(json.dumps(noted))
    return Request(
        cancer=cancer,
        protocol="",
        predictions=None,
        results=tmp_path / "results",
        data=None,
        against=None,
        model=None,
        n_resamples=100,
        seed=0,
        command="cancerapy evaluate toy",
    )


def test_predictions_become_rows_tables_and_a_report(request_: Request) -> None:
    evaluation = evaluate_predictions(
        request_, baselines=lambda drawn, _: {"baseline: majority": predict_majority(drawn)}
    )
    assert evaluation.record.protocol == "grouped-3"
    assert not evaluation.has_facts
    files = record_results(evaluation, request_)
    assert files == [request_.results / "toy.csv", request_.results / "README.md"]
    rows = read_rows(files[0])
    models = {row.origin.model: row.origin.plan for row in rows}
    assert models == {"MobileNetV2": "p1", "baseline: majority": ""}
    assert {row.origin.task for row in rows} == {"toy", "toy-density", "toy/density"}
    first = next(r for r in rows if r.key == ("toy", "grouped-3", "MobileNetV2"))
    assert (first.origin.n, first.origin.groups) == (120, 60)
    assert len(first.origin.split) == 16
    assert "| `toy` | grouped-3 | MobileNetV2 | 120 (60) |" in files[1].read_text()
    report = write_evaluation_report(evaluation, request_, request_.results / "html")
    assert report.name == "toy-grouped-3.html"
    assert "Toy cancer: grouped-3, MobileNetV2" in report.read_text()


def test_measuring_again_gives_the_same_rows(request_: Request) -> None:
    file = record_results(evaluate_predictions(request_), request_)[0]
    before = file.read_text()
    record_results(evaluate_predictions(request_), request_)
    assert file.read_text() == before


def test_facts_are_read_where_the_data_is(request_: Request, tmp_path: Path) -> None:
    (tmp_path / "toyset").mkdir()
    lines = [f"image-{i:04d}.png,{30 + 20 * (i % 2)},female" for i in range(120)]
    (tmp_path / "toyset" / "facts.csv").write_text("\n".join(lines))
    evaluation = evaluate_predictions(replace(request_, data=tmp_path))
    assert evaluation.has_facts
    tables = evaluation.sections[0].assessment.subgroups
    assert [s.value for s in tables["age"]] == ["under 40", "50 to 59"]
    file, page = record_results(evaluation, request_)
    right = evaluation.sections[0].assessment.calibrated.outcome
    young = [
        hit
        for image, hit in zip(right.images.tolist(), right.y_pred == right.y_true, strict=True)
        if int(image[6:10]) % 2 == 0
    ]
    (row,) = [
        row
        for row in read_rows(file)
        if (row.origin.task, row.origin.subgroup) == ("toy", "age=under 40")
        and row.figure.metric == "accuracy"
    ]
    assert (row.origin.n, row.origin.groups) == (60, 60)
    assert row.figure.value == pytest.approx(sum(young) / 60, abs=1e-4)
    assert row.figure.low < row.figure.value < row.figure.high
    assert "| age | under 40 | 60 (60) |" in page.read_text()


def test_missing_folds_stop_the_evaluation(request_: Request) -> None:
    folder = request_.results / "predictions" / "toy-grouped-3"
    (folder / "fold-2.csv").unlink()
    with pytest.raises(DataError, match=r"missing: fold-2\. .*--cross-validate grouped-3"):
        evaluate_predictions(request_)


def test_without_predictions_the_command_is_named(request_: Request) -> None:
    empty = replace(request_, results=request_.results / "elsewhere")
    with pytest.raises(DataError, match="cancerapy train toy --cross-validate grouped-5"):
        evaluate_predictions(empty)
    with pytest.raises(DataError, match="cancerapy train toy --cross-validate slides"):
        evaluate_predictions(replace(request_, protocol="slides"))


def test_leaking_protocols_are_asked_for_and_marked(
    request_: Request, draw: Draw, write_folds: WriteFolds
) -> None:
    folder = request_.results / "predictions" / "toy-random-3-LEAKING"
    write_folds(draw(30), folder)
    assert evaluate_predictions(request_).record.protocol == "grouped-3"
    leaking = evaluate_predictions(replace(request_, protocol="random-3-LEAKING"))
    assert {s.origin.leaking for s in leaking.sections} == {"LEAKING"}
    hidden = folder.rename(folder.with_name("toy-random-3"))
    (hidden / "protocol.json").write_text('{"leaking": true}')
    with pytest.raises(DataError, match="must carry LEAKING in its name"):
        evaluate_predictions(replace(request_, protocol="random-3"))


def test_two_folders_are_compared_in_pairs(
    request_: Request, draw: Draw, write_folds: WriteFolds, tmp_path: Path
) -> None:
    drawn = draw(60)
    noise = np.random.default_rng(0).normal(0, 6, drawn.logits.shape).astype(np.float32)
    write_folds(replace(drawn, logits=drawn.logits + noise), tmp_path / "other")
    evaluation = evaluate_predictions(replace(request_, against=tmp_path / "other"))
    (comparison,) = evaluation.sections[0].assessment.comparisons
    assert comparison.name == "other"
    gains = {figure.metric: figure for figure in comparison.differences}
    assert gains["accuracy"].low > 0
    record_results(evaluation, request_)
    models = {row.origin.model for row in read_rows(request_.results / "toy.csv")}
    assert models == {"MobileNetV2"}


@pytest.fixture
def two(request_: Request, draw: Draw, write_folds: WriteFolds, tmp_path: Path) -> Request:
    """Ask for the ensemble of the predictions and of noisier ones of another plan."""
    drawn = draw(60)
    own = request_.results / "predictions" / "toy-grouped-3"
    other = tmp_path / "b" / "toy-grouped-3"
    noise = np.random.default_rng(0).normal(0, 6, drawn.logits.shape).astype(np.float32)
    write_folds(replace(drawn, logits=drawn.logits + noise), other)
    noted = json.loads((own / "protocol.json").read_text())
    changed = {"plan_digest": "p0", "plan": {"backbone": "SmallCNN"}}
    (other / "protocol.json").write_text(json.dumps(noted | changed))
    return replace(request_, ensemble=(own, other))


def test_an_ensemble_is_measured_as_one_model_against_each_member(two: Request) -> None:
    evaluation = evaluate_predictions(two)
    assessment = evaluation.sections[0].assessment
    assert [c.name for c in assessment.comparisons] == ["MobileNetV2", "SmallCNN"]
    gains = {c.name: {f.metric: f for f in c.differences} for c in assessment.comparisons}
    assert gains["SmallCNN"]["accuracy"].low > 0  # noise is averaged with what is none
    members = [read_predictions(folder) for folder in two.ensemble]
    logits = np.mean([m.logits[:, :2] for m in members], axis=0)
    right = np.mean(logits.argmax(axis=1) == members[0].labels["malignancy"])
    (accuracy,) = (f.value for f in assessment.figures if f.metric == "accuracy")
    assert accuracy == pytest.approx(right)
    rows = read_rows(record_results(evaluation, two)[0])
    assert {(row.origin.model, row.origin.plan, row.origin.protocol) for row in rows} == {
        ("ensemble: MobileNetV2 + SmallCNN", "p0+p1", "grouped-3")
    }


@pytest.mark.parametrize(
    ("members", "message"),
    [((0,), "at least two members"), ((0, 1, 0), "a folder is given twice")],
)
def test_members_are_several_and_different(
    two: Request, members: tuple[int, ...], message: str
) -> None:
    with pytest.raises(UsageError, match=message):
        evaluate_predictions(replace(two, ensemble=tuple(two.ensemble[i] for i in members)))


def test_members_must_be_whole_and_of_the_same_folds(
    two: Request, draw: Draw, write_folds: WriteFolds
) -> None:
    write_folds(draw(60, n_folds=2), two.ensemble[1])  # writes over two of three folds
    (two.ensemble[1] / "fold-3.csv").unlink()
    with pytest.raises(DataError, match=r"missing: fold-3\."):
        evaluate_predictions(two)
    (two.ensemble[1] / "protocol.json").write_text('{"folds": ["fold-1", "fold-2"]}')
    with pytest.raises(DataError, match=r"the folds of 'unnamed' are others than those of"):
        evaluate_predictions(two)


def test_an_ensemble_has_no_baselines(two: Request) -> None:
    with pytest.raises(UsageError, match="with the predictions of one member"):
        evaluate_predictions(two, baselines=lambda *_: {})


def test_an_external_data_set_is_judged_by_a_bundle_alone(
    request_: Request, draw: Draw, write_folds: WriteFolds
) -> None:
    folder = request_.results / "predictions" / "toy-external-other"
    write_folds(draw(40, n_folds=1, seed=5), folder)
    external = replace(request_, protocol="external-other", model="toy-1")
    with pytest.raises(BundleError, match=r"made them \(not recorded\)") as caught:
        evaluate_predictions(external)
    assert caught.value.code == "bundle_missing"
    with pytest.raises(UsageError, match="Leave --baselines out"):
        evaluate_predictions(external, baselines=lambda *_: {})


def test_a_folder_can_be_named(request_: Request) -> None:
    folder = request_.results / "predictions" / "toy-grouped-3"
    named = replace(request_, predictions=folder, results=request_.results / "new")
    assert evaluate_predictions(named).record.protocol == "grouped-3"
