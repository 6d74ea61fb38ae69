"""The heat map is what was pooled: its cells' mean is the difference of the evidence."""

import io

import numpy as np
import pytest
from PIL import Image

from cancerapy.bundle.schema import FactorFields
from cancerapy.bundle.store import find_bundles, load_bundle
from cancerapy.phantoms import draw_phantom
from cancerapy.runtime.heatmap import evidence_map, render_overlay, scale_evidence
from cancerapy.runtime.interpreter import Graph
from cancerapy.runtime.probabilities import task_probabilities

FACTORS = (FactorFields("m", ("no", "yes"), 1.0), FactorFields("d", ("1", "2"), 2.0))


def test_evidence_is_the_class_against_the_mean_of_the_others() -> None:
    class_map = np.array([[[1, 5, 0, 0], [2, 2, 1, 3]]], np.float32)
    alone = evidence_map(class_map, FACTORS, [{"m": "no"}, {"m": "yes"}], 1)
    assert alone.tolist() == [[4, 0]]
    joint = [{"m": m, "d": d} for m in ("no", "yes") for d in ("1", "2")]
    # second cell, the density halved by its temperature: yes and 2: 2 + 3/2; the others: 2 + 1/2
    # (no and 1), 2 + 3/2 (no and 2), 2 + 1/2 (yes and 1)
    assert evidence_map(class_map, FACTORS, joint, 3)[0, 1] == pytest.approx(3.5 - 8.5 / 3)


def test_the_mean_of_a_joint_map_is_what_the_probabilities_say() -> None:
    class_map = np.random.default_rng(0).normal(0, 3, (4, 5, 4)).astype(np.float32)
    joint = [{"m": m, "d": d} for m in ("no", "yes") for d in ("1", "2")]
    log_p = np.log(task_probabilities(class_map.mean(axis=(0, 1)), FACTORS, joint))
    for index in range(4):
        others = np.delete(log_p, index).mean()
        mean = evidence_map(class_map, FACTORS, joint, index).mean()
        assert mean == pytest.approx(log_p[index] - others, abs=1e-5)


def test_pooling_the_shipped_graphs_map_gives_its_logits() -> None:
    bundle = load_bundle(find_bundles()["colorectal"])
    picture = draw_phantom("histology", seed=1, height=150, width=150)
    outputs = Graph(bundle.model_path)(picture[None])
    pooled = outputs["cam"][0].mean(axis=(0, 1))
    assert pooled == pytest.approx(outputs["logits"][0], abs=1e-4)
    assert np.ptp(outputs["cam"][0], axis=(0, 1)).min() > 0.01


def test_scaling_keeps_the_order_and_starts_where_evidence_starts() -> None:
    assert scale_evidence(np.array([[-3.0, 0.0, 1.0, 4.0]])).tolist() == [[0, 0, 0.25, 1]]
    assert scale_evidence(np.array([[-3.0, -1.0, -2.0]])).tolist() == [[0, 1, 0.5]]
    assert scale_evidence(np.zeros((1, 2))).tolist() == [[0, 0]]


def test_an_overlay_leaves_cells_without_evidence_alone() -> None:
    image = np.full((32, 32, 3), 90, np.uint8)
    plain = np.asarray(Image.open(io.BytesIO(render_overlay(image, [[0.0, 0.0], [0.0, 0.0]]))))
    assert (plain == image).all()
    hot = np.asarray(Image.open(io.BytesIO(render_overlay(image, [[1.0]], opacity=1.0))))
    assert hot[16, 16].tolist() == [250, 232, 130]
