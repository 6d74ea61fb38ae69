"""Evidence from out-of-fold predictions."""

from collections.abc import Callable

import numpy as np
import pytest

from cancerapy.cancers import Cancer
from cancerapy.policy.fit import fit_evidence
from cancerapy.policy.material import Material

Make = Callable[..., Material]


def test_evidence_of_made_up_examinations(material: Material, cancer: Cancer) -> None:
    evidence = fit_evidence(material, cancer, command="cancerapy agent fit toy")
    assert evidence.values == ("dark", "light")
    np.testing.assert_allclose(evidence.prior, [1 / 4, 3 / 4], atol=1e-4)
    assert (evidence.model, evidence.command) == ("p", "cancerapy agent fit toy")
    ages = evidence.answers["age"]
    assert ages.levels[0] == "under 30"
    assert ages.level_of("71") == len(ages.levels) - 2
    old = np.array(ages.likelihood)[4:].sum(0)
    assert old[0] > old[1] + 0.2  # the dark findings are of older patients
    sexes = np.array(evidence.answers["sex"].likelihood)
    np.testing.assert_allclose(sexes[:, 0], sexes[:, 1], atol=0.12)


@pytest.mark.parametrize("correlation", [0.1, 0.9])
def test_the_correlation_that_was_drawn_is_found(
    make_material: Make, cancer: Cancer, correlation: float
) -> None:
    material = make_material(correlation=correlation, n=3000)
    assert fit_evidence(material, cancer).correlation == pytest.approx(correlation, abs=0.12)


def test_the_separation_that_was_drawn_is_found(make_material: Make, cancer: Cancer) -> None:
    material = make_material(skill=1.5, n=3000)
    assert fit_evidence(material, cancer).separation == pytest.approx(1.5, abs=0.1)


def test_only_the_images_kept_are_used(material: Material, cancer: Cancer) -> None:
    dark = material.y_true == 0
    keep = ~dark | (material.examinations < 60)
    assert fit_evidence(material, cancer, keep).prior[0] < 0.2
