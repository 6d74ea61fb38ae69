"""When an image is rejected or an answer unsure."""

import io
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image

from cancerapy.bundle.schema import QualityLimits, TaskFields
from cancerapy.bundle.store import find_bundles, load_bundle
from cancerapy.cancers import Modality
from cancerapy.contract import Reason, Verdict
from cancerapy.contract.responses import QualityResponse
from cancerapy.phantoms import draw_phantom
from cancerapy.preprocess import Quality
from cancerapy.runtime.gates import (
    DICOM_MODALITIES,
    decide,
    doubt_reasons,
    modality_reasons,
    quality_reasons,
    rejection_reasons,
)
from cancerapy.runtime.predictor import Predictor

LIMITS = QualityLimits(10.0, (20.0, 200.0), 5.0, 2.0, (30.0, 150.0))
TASK = TaskFields("t", ("a", "b"), None, 0.9, {}, {}, 0.6)
GOOD = {"sharpness": 10.0, "brightness": 20.0, "contrast": 5.0, "saturation": 150.0}


@pytest.mark.parametrize(
    ("change", "distance", "codes"),
    [
        ({}, 2.0, []),
        ({"sharpness": 9.9}, 2.0, ["blurry"]),
        ({"brightness": 19.9}, 2.0, ["too_dark"]),
        ({"brightness": 200.1}, 2.0, ["too_bright"]),
        ({"contrast": 4.9}, 2.0, ["low_contrast"]),
        ({"saturation": 150.1}, 2.0, ["wrong_colour"]),
        ({"saturation": 29.9}, 2.1, ["wrong_colour", "unfamiliar"]),
    ],
)
def test_each_bound_rejects_just_beyond_it(
    change: dict[str, float], distance: float, codes: list[str]
) -> None:
    reasons = rejection_reasons(Quality(**{**GOOD, **change}), distance, LIMITS)
    assert [reason.code for reason in reasons] == codes


def test_without_the_model_all_but_its_distance_is_known() -> None:
    quality = Quality(**{**GOOD, "brightness": 19.9, "saturation": 29.9})
    limits = QualityResponse(10.0, (20.0, 200.0), 5.0, (30.0, 150.0))
    codes = [reason.code for reason in quality_reasons(quality, limits)]
    assert codes == ["too_dark", "wrong_colour"]
    assert quality_reasons(quality, limits) == rejection_reasons(quality, 0.0, LIMITS)


@pytest.mark.parametrize(
    ("facts", "modality", "codes"),
    [
        ({"modality": "CT"}, "mammography", ["wrong_modality"]),
        ({"modality": "MG"}, "mammography", []),
        ({"modality": "MG"}, "histology", ["wrong_modality"]),
        ({"modality": "SM"}, "histology", []),
        ({"modality": "US"}, "dermatoscopy", ["wrong_modality"]),
        ({"modality": "CT"}, "other", []),
        ({"modality": "CT"}, "a later one", []),
        ({}, "mammography", []),
    ],
)
def test_a_dicom_file_of_another_modality_is_known(
    facts: dict[str, str], modality: str, codes: list[str]
) -> None:
    assert [reason.code for reason in modality_reasons(facts, modality)] == codes


def test_every_modality_that_is_named_has_its_dicom_values() -> None:
    assert set(DICOM_MODALITIES) == set(Modality) - {Modality.OTHER}


def test_a_ct_is_not_judged_as_a_mammogram(make_dicom: Callable[..., bytes]) -> None:
    predictor = Predictor(load_bundle(find_bundles()["breast"]), workers=1)
    phantom = draw_phantom("mammogram", seed=0, height=256, width=256)[:, :, 0]

    def codes(modality: str) -> list[str]:
        answer = predictor.predict(make_dicom(phantom, Modality=modality), "breast")
        return [reason.code for reason in answer.reasons]

    assert codes("CT")[0] == "wrong_modality"
    assert "wrong_modality" not in codes("MG")


@pytest.mark.parametrize(
    ("confidence", "kept", "codes"),
    [
        (0.6, ("a",), []),
        (0.59, ("a",), ["low_confidence"]),
        (0.9, ("a", "b"), ["several_possible"]),
        (0.5, (), ["none_fits", "low_confidence"]),
    ],
)
def test_doubts(confidence: float, kept: tuple[str, ...], codes: list[str]) -> None:
    assert [reason.code for reason in doubt_reasons(confidence, kept, TASK)] == codes


def test_a_rejection_weighs_more_than_a_doubt() -> None:
    reason = (Reason("x", "y"),)
    assert decide(reason, reason) is Verdict.REJECTED
    assert decide((), reason) is Verdict.UNSURE
    assert decide((), ()) is Verdict.ANSWER


def test_a_shipped_model_takes_phantoms_of_its_modality_and_no_other_pictures() -> None:
    predictor = Predictor(load_bundle(find_bundles()["skin"]), workers=1)

    def verdict(picture: np.ndarray) -> Verdict:
        file = io.BytesIO()
        Image.fromarray(picture).save(file, "PNG")
        return predictor.predict(file.getvalue(), "skin").verdict

    for seed in range(4):
        own = draw_phantom("dermatoscopy", seed=seed, height=450, width=600)
        assert verdict(own) is not Verdict.REJECTED
        for other in ("mammogram", "histology"):
            picture = draw_phantom(other, seed=seed, height=450, width=600)
            assert verdict(picture) is Verdict.REJECTED
    assert verdict(np.zeros((150, 150, 3), np.uint8)) is Verdict.REJECTED
