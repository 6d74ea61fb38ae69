"""Which images a task measures, and their true classes."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from cancerapy.cancers import Cancer, ClassLabel, Task
from cancerapy.evaluation.outcome import (
    build_outcome,
    malignancy_of,
    malignant_classes,
    true_classes,
    with_factor_tasks,
)
from cancerapy.evaluation.predictions import OutOfFold

Draw = Callable[..., OutOfFold]


def test_true_classes_of_a_joint_task_need_every_factor(
    cancer: Cancer, draw: Draw, with_unknown: Callable[..., OutOfFold]
) -> None:
    drawn = with_unknown(draw(5), "density", 3)
    expected = 2 * drawn.labels["density"] + drawn.labels["malignancy"]
    expected[:3] = -1
    np.testing.assert_array_equal(true_classes(drawn, cancer.tasks[1]), expected)
    np.testing.assert_array_equal(true_classes(drawn, cancer.tasks[0]), drawn.labels["malignancy"])


def test_a_task_measures_only_images_of_its_classes(draw: Draw) -> None:
    drawn = draw(20)
    task = Task(
        "ends",
        "Ends",
        tuple(ClassLabel(v, v, ".", {"density": v}) for v in ("3", "1")),
    )
    probabilities = np.tile([0.25, 0.75], (len(drawn), 1))
    outcome = build_outcome(drawn, task, probabilities)
    density = drawn.labels["density"]
    assert len(outcome) == (density != 1).sum()
    np.testing.assert_array_equal(outcome.y_true, np.where(density[density != 1] == 2, 0, 1))
    assert outcome.images.tolist() == drawn.images[density != 1].tolist()
    assert (outcome.y_pred == 1).all()
    assert outcome.n_groups == len(set(drawn.groups[density != 1]))


def test_malignancy_is_summed_over_the_malignant_classes(cancer: Cancer, draw: Draw) -> None:
    drawn = draw(4)
    probabilities = np.tile([0.1, 0.2, 0.3, 0.05, 0.15, 0.2], (len(drawn), 1))
    outcome = build_outcome(drawn, cancer.tasks[1], probabilities)
    malignancy = malignancy_of(outcome)
    assert malignancy is not None
    np.testing.assert_array_equal(malignancy[0], drawn.labels["malignancy"] == 1)
    np.testing.assert_allclose(malignancy[1], 0.45)


def test_malignancy_has_no_meaning_without_both_kinds(cancer: Cancer) -> None:
    task = cancer.tasks[0]
    undefined = replace(task, classes=tuple(replace(c, malignant=None) for c in task.classes))
    one_kind = replace(task, classes=task.classes[:1])
    assert malignant_classes(undefined) is None
    assert malignant_classes(one_kind) is None


def test_factors_without_a_task_get_one(cancer: Cancer) -> None:
    extended = with_factor_tasks(cancer)
    assert [task.id for task in extended.tasks] == ["toy", "toy-density", "toy/density"]
    assert extended.tasks[2].class_ids == ("1", "2", "3")
    assert with_factor_tasks(extended).tasks == extended.tasks
