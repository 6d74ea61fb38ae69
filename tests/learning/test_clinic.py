"""The whole loop at a simulated clinic, with a network that is trained for real."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from cancerapy.bundle.serving import read_history
from cancerapy.bundle.store import find_bundles, load_bundle
from cancerapy.cancers import Cancer
from cancerapy.data.manifest import build_manifest
from cancerapy.errors import BundleError, UnknownNameError, UsageError
from cancerapy.learning.candidates import NO_CONSENT
from cancerapy.learning.clinic import (
    ClinicRequest,
    own_patients,
    refusing_patients,
    run_clinic,
    with_half,
)
from cancerapy.records import open_records
from cancerapy.records.patients import list_patients


def test_half_of_the_patients_come_with_the_classes_in_proportion(
    site_toy: Cancer, ran_clinic
) -> None:
    site = site_toy.sources[1]
    manifest = build_manifest(site_toy, site, ran_clinic.request.settings.data)
    own = own_patients(manifest, 0)
    assert own == own_patients(manifest, 0) == ran_clinic.run.own
    assert own != own_patients(manifest, 1)
    assert sorted(int(name[1:]) % 2 for name in own) == [0, 0, 0, 1, 1, 1]
    assert refusing_patients(own, 0) == ran_clinic.run.refusing
    many = frozenset(f"p{n}" for n in range(54))
    assert len(refusing_patients(many, 0)) == 5
    assert refusing_patients(many, 0) < many


def test_a_value_of_one_image_has_no_half(site_toy: Cancer, ran_clinic) -> None:
    manifest = build_manifest(
        site_toy, site_toy.sources[1], ran_clinic.request.settings.data, join_duplicates=False
    )
    first, *others = manifest.samples
    odd = replace(manifest, samples=(replace(first, labels={}), *others))
    assert len(own_patients(odd, 0)) == 6


def test_only_those_who_consent_are_learnt_from_and_the_others_are_unseen(ran_clinic) -> None:
    run = ran_clinic.run
    assert (len(run.own), len(run.refusing)) == (6, 1)
    assert list(run.version.left_out.values()) == [NO_CONSENT] * 2
    assert len(run.version.cases) == 10
    assert run.version.kept_apart_from == ("toyset", "site")
    unseen = set(run.unseen.groups.tolist())
    assert (len(unseen), unseen & run.own) == (6, set())
    records = open_records(run.settings)
    try:
        with records.reading() as session:
            known = {p.identifiers[0].value for p in list_patients(session).items}
    finally:
        records.close()
    assert known == run.own
    told = [load_bundle(folder).fields.provenance for folder in (run.champion, run.challenger)]
    assert [one["n_train"] for one in told] == [16, 26]
    assert told[0]["plan_digest"] == told[1]["plan_digest"]


def test_it_leaves_the_served_model_where_it_was(ran_clinic) -> None:
    request, run = ran_clinic.request, ran_clinic.run
    assert find_bundles(request.settings.bundles)["toy"].name == "toy-1"
    assert not (request.settings.bundles / "toy-2").exists()
    assert run.challenger == request.place / "bundles" / "toy-2"
    assert read_history(request.place / "bundles", "toy")[0].bundle == "toy-1"
    assert not (request.settings.results / "learning").exists()
    decided = list((request.place / "decisions").iterdir())
    assert [file.name for file in decided] == ["toy-2-against-toy-1.json"]
    assert (run.verdict.folds.n_images, run.verdict.folds.n_groups) == (16, 8)


def test_run_again_it_finds_everything_done(ran_clinic) -> None:
    again = run_clinic(ran_clinic.request, say=lambda _: None)
    run = ran_clinic.run
    assert (again.challenger, again.version) == (run.challenger, run.version)
    assert again.verdict == run.verdict
    assert len(list((ran_clinic.request.place / "bundles").glob("toy-*"))) == 2


def test_copies_of_the_site_are_not_kept_apart(site_toy: Cancer, ran_clinic) -> None:
    site = site_toy.sources[1]
    copies = replace(site, folder="copies", copies_of="site")
    data: Path = ran_clinic.request.settings.data
    manifest = build_manifest(site_toy, site, data)
    cancer = replace(site_toy, sources=(*site_toy.sources, copies))
    half = with_half(cancer, site, manifest, frozenset({"s1", "s4"}))
    assert [source.folder for source in half.sources] == ["toyset", "site"]
    kept = half.sources[1].read_samples(data / "site")
    assert np.unique([sample.group for sample in kept]).tolist() == ["s1", "s4"]


def test_what_cannot_be_a_clinic_is_refused(ran_clinic, tmp_path: Path) -> None:
    request: ClinicRequest = ran_clinic.request
    with pytest.raises(UsageError, match="trains the shipped model"):
        run_clinic(replace(request, site="toyset"), say=lambda _: None)
    with pytest.raises(UnknownNameError, match="No data set named 'sight'"):
        run_clinic(replace(request, site="sight"), say=lambda _: None)
    settings = replace(request.settings, runs=tmp_path / "runs", bundles=tmp_path / "none")
    with pytest.raises(BundleError, match="begins with a served model of toy") as caught:
        run_clinic(replace(request, settings=settings), say=lambda _: None)
    assert caught.value.code == "bundle_missing"
