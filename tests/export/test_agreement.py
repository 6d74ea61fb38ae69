"""A bundle is made only of a run, data and predictions that belong together."""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cancerapy.bundle.store import load_bundle
from cancerapy.cancers import Cancer
from cancerapy.errors import DataError, UnknownNameError
from cancerapy.evaluation.measure import Figure
from cancerapy.evaluation.rows import Origin, Row, write_rows
from cancerapy.export import build_bundle
from cancerapy.export.agreement import check_predictions, find_predictions, training_source
from cancerapy.export.request import ExportRequest
from cancerapy.export.session import export_bundle
from cancerapy.training.plan import plan_of_run, resolve_plan
from cancerapy.training.run_folder import RunFolder

Ask = Callable[[Path, Path], ExportRequest]
Change = Callable[..., None]


@pytest.fixture
def copy(
    toy_run: Path, tmp_path: Path, graph: bytes, monkeypatch: pytest.MonkeyPatch, known_toy: None
) -> Path:
    """Return a copy of the toy run to be changed; its graph need not be converted again."""
    shutil.copytree(toy_run, tmp_path / "toy")
    monkeypatch.setattr(build_bundle, "to_litert", lambda model, **_: graph)
    return tmp_path / "toy"


@pytest.fixture
def request_(copy: Path, ask_export: Ask) -> ExportRequest:
    """Return the request to export it."""
    return ask_export(copy, copy)


def _change(file: Path, **values: object) -> None:
    file.write_text(json.dumps({**json.loads(file.read_text()), **values}))


def _record(copy: Path) -> Path:
    return copy / "results" / "predictions" / "toy-grouped-2" / "protocol.json"


def _run(copy: Path) -> Path:
    (folder,) = copy.glob("runs/*/final")
    return folder


def _facts(copy: Path) -> Path:
    return _run(copy) / "facts.json"


def test_what_belongs_together_is_exported_with_where_it_comes_from(
    copy: Path, request_: ExportRequest
) -> None:
    noted = json.loads(_record(copy).read_text())
    own = (noted["plan_digest"], noted["manifest_digest"])
    rows = [
        _row("grouped-2", "SmallCNN", *own, 0.75),
        replace(_row("grouped-2", "SmallCNN", *own, 0), figure=Figure("macro_auc", 0.8, 0.7, 0.9)),
        _row("grouped-2", "another network", "p9", own[1], 0.1),
        _row("grouped-2", "of other data", own[0], "m9", 0.2),
        _row("grouped-2", "baseline: majority", "", own[1], 0.3),
        _row("external-elsewhere", "SmallCNN", *own, 0.4),
    ]
    part = _row("grouped-2", "SmallCNN", *own, 0.5)
    rows.append(replace(part, origin=replace(part.origin, subgroup="age=under 40", n=30)))
    write_rows(copy / "results" / "toy.csv", rows)
    folder, parities = export_bundle(request_)
    fields = load_bundle(folder).fields
    assert [row["value"] for row in fields.results] == [0.75, 0.8]
    card = (folder / "card.md").read_text()
    assert "| toy | grouped-2 | macro_auc | 0.8 | 0.7 to 0.9 |" in card
    assert "SHA-256" not in card
    given = fields.provenance
    assert (given["plan_digest"], given["manifest"]) == own
    assert (given["split"], given["source"]) == ("s1", "toyset")
    assert given["predictions"] == "toy-grouped-2"
    assert fields.licences["data"] == "CC0-1.0"
    assert fields.licences["starting weights"] == "none: started at random"
    assert [parity.pictures for parity in parities] == ["toyset", "phantoms"]
    assert parities[0].n == 16


def _row(protocol: str, model: str, plan: str, manifest: str, value: float) -> Row:
    origin = Origin(
        task="toy", protocol=protocol, leaking="", model=model, plan=plan, manifest=manifest,
        split="s1", seed="0", groups=40, n=80, size="", machine="", commit="", command="c",
        date="2026-01-02",
    )  # fmt: skip
    return Row(origin, Figure("accuracy", value, value - 0.05, value + 0.05))


def _other_plan(copy: Path) -> None:
    _change(_record(copy), plan_digest="p9")


def _other_data_of_the_folds(copy: Path) -> None:
    _change(_record(copy), manifest_digest="m9")


def _nothing_noted(copy: Path) -> None:
    _record(copy).unlink()


def _leak(copy: Path) -> None:
    _change(_record(copy), leaking=True)


def _fold_missing(copy: Path) -> None:
    _record(copy).with_name("fold-2.csv").unlink()


def _image_missing(copy: Path) -> None:
    next((copy / "data" / "toyset" / "dark").iterdir()).unlink()


@pytest.mark.parametrize(
    ("change", "text"),
    [
        (_other_plan, r"own plan, \w{10}; those in 'toy-grouped-2' are of p9\. Run"),
        (_other_data_of_the_folds, r"own data, \w{16}; those in 'toy-grouped-2' are of m9"),
        (_nothing_noted, "are of another, not recorded"),
        (_leak, "'toy-grouped-2' leaks. Give the predictions of another protocol"),
        (_fold_missing, "missing: fold-2"),
        (_image_missing, r"'.*toyset' has digest \w{16}, the run's data had \w{16}"),
    ],
)  # fmt: skip
def test_what_does_not_belong_together_leaves_nothing(
    copy: Path, request_: ExportRequest, change: Change, text: str
) -> None:
    change(copy)
    with pytest.raises(DataError, match=text):
        export_bundle(request_)
    assert not (copy / "bundles").exists()


def test_the_run_must_be_of_the_cancer(request_: ExportRequest, toy_cancer: Cancer) -> None:
    other = replace(toy_cancer, id="other")
    (run,) = request_.settings.runs.glob("*/final")
    with pytest.raises(DataError, match=r"must be of other; .* is of toy"):
        export_bundle(replace(request_, cancer=other, run=run))


def test_a_run_on_copies_or_on_an_external_data_set_is_no_bundle(toy_cancer: Cancer) -> None:
    (own,) = toy_cancer.sources
    cancer = replace(
        toy_cancer,
        sources=(
            replace(own, folder="elsewhere", external=True),
            own,
            replace(own, folder="copies", copies_of="toyset"),
            replace(own, folder="second"),
        ),
    )
    assert training_source(cancer, {}) is own
    assert training_source(cancer, {"source": "second"}).folder == "second"
    with pytest.raises(DataError, match="on 'copies', which holds copies of 'toyset'"):
        training_source(cancer, {"source": "copies"})
    with pytest.raises(DataError, match="on 'elsewhere', which is there to test"):
        training_source(cancer, {"source": "elsewhere"})
    with pytest.raises(UnknownNameError, match="Did you mean 'second'"):
        training_source(cancer, {"source": "secnd"})


def test_a_hold_out_run_brings_its_own_predictions(copy: Path, toy_cancer: Cancer) -> None:
    run = RunFolder(_run(copy))
    facts: dict[str, Any] = {"protocol": "holdout", "manifest": "m1"}
    plan = resolve_plan(toy_cancer, run.read_plan())
    results = copy / "results"
    after = {"protocol": "final after grouped-2"}
    assert find_predictions(run, after, results, "toy") == _record(copy).parent
    shutil.copytree(_record(copy).parent, run.predictions, ignore=lambda *_: ["protocol.json"])
    assert find_predictions(run, facts, results, "toy") == run.predictions
    record = check_predictions(run.predictions, run, plan, facts, flips="horizontal")
    noted = (record.protocol, record.plan_digest, record.manifest_digest, record.leaking)
    assert noted == ("holdout", plan.digest, "m1", False)
    with pytest.raises(DataError, match=r"with flips 'both', \w{10}; those in 'predictions' are"):
        check_predictions(run.predictions, run, plan, facts, flips="both")


def test_flips_are_those_of_the_predictions(
    toy_run: Path, run_folder: Path, plain_predictions: Path, known_toy: None
) -> None:
    run = RunFolder(run_folder)
    plan, facts = plan_of_run(run.read_plan()), run.read_facts()
    record = check_predictions(plain_predictions, run, plan, facts, flips="none")
    assert record.plan_digest == replace(plan, flips="none").digest
    message = r"own plan, \w{10}; those in 'toy-grouped-2' are of \w{10}\. Run"
    with pytest.raises(DataError, match=message):
        check_predictions(plain_predictions, run, plan, facts, flips="horizontal")
    own = toy_run / "results" / "predictions" / "toy-grouped-2"
    message = (
        r"own plan with flips 'none', .*--cross-validate grouped-2' with this plan and --set fl"
    )
    with pytest.raises(DataError, match=message):
        check_predictions(own, run, plan, facts, flips="none")
    # Cached views hold the flips, so other flips are another training.
    cached = replace(plan, views=2)
    with pytest.raises(DataError, match=r"with the flips among them, 'horizontal'; asked for is '"):
        check_predictions(plain_predictions, run, cached, facts, flips="none")


def test_a_distilled_run_is_calibrated_by_the_folds_of_labels_alone(
    toy_run: Path, run_folder: Path, known_toy: None
) -> None:
    run = RunFolder(run_folder)
    facts, plan = run.read_facts(), plan_of_run(run.read_plan())
    own = toy_run / "results" / "predictions" / "toy-grouped-2"
    distilled = replace(plan, teacher_weight=0.5)
    record = check_predictions(own, run, distilled, facts, flips="horizontal")
    assert record.plan_digest == plan.digest
    other = replace(distilled, seed=7)
    message = r"own plan without teachers, .* with this plan and --set teacher_weight=0 and these"
    with pytest.raises(DataError, match=message):
        check_predictions(own, run, other, facts, flips="horizontal")
