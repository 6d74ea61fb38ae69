"""The rate over the steps, and that a plan's optimizer is what it says."""

import keras
import numpy as np
import pytest

from cancerapy.cancers import load_cancer
from cancerapy.training.optimizers import WarmUpCosine, build_head_optimizer, build_optimizer
from cancerapy.training.plan import resolve_plan

SKIN = load_cancer("skin")


def test_the_rate_rises_then_falls_to_zero() -> None:
    schedule = WarmUpCosine(0.1, 2, 6)
    rates = [float(schedule(step)) for step in range(7)]
    half = 0.1 / 2
    cosine = [half * (1 + np.cos(np.pi * share)) for share in (0.25, 0.5, 0.75, 1.0, 1.0)]
    np.testing.assert_allclose(rates, [0.05, 0.1, *cosine], atol=1e-7)


def test_without_cosine_the_rate_stays() -> None:
    schedule = WarmUpCosine(0.1, 2, 6, cosine=False)
    np.testing.assert_allclose([float(schedule(s)) for s in range(4)], [0.05, 0.1, 0.1, 0.1])
    assert WarmUpCosine.from_config(schedule.get_config()).get_config() == schedule.get_config()


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("adam", keras.optimizers.Adam),
        ("adamw", keras.optimizers.AdamW),
        ("nadam", keras.optimizers.Nadam),
        ("rmsprop", keras.optimizers.RMSprop),
        ("sgd", keras.optimizers.SGD),
    ],
)
def test_optimizers_by_name(name: str, kind: type) -> None:
    plan = resolve_plan(
        SKIN, {"optimizer": name, "ema": 0.5, "weight_decay": 0.1, "head_learning_rate": 0.02}
    )
    optimizer = build_optimizer(plan, 10)
    assert type(optimizer) is kind
    assert (optimizer.use_ema, optimizer.ema_momentum, optimizer.weight_decay) == (True, 0.5, 0.1)
    head = build_head_optimizer(plan)
    assert type(head) is kind
    assert float(head.learning_rate) == pytest.approx(0.02)
    assert not head.use_ema


def test_biases_and_normalisation_are_not_decayed() -> None:
    plan = resolve_plan(SKIN, {"optimizer": "adamw", "weight_decay": 0.5, "ema": 0.0})
    layer = keras.layers.BatchNormalization()
    dense = keras.layers.Dense(1)
    layer.build((None, 2))
    dense.build((None, 2))
    optimizer = build_optimizer(plan, 10)
    variables = [*layer.trainable_weights, *dense.trainable_weights]
    optimizer.build(variables)
    decayed = [v.name for v in variables if optimizer._use_weight_decay(v)]
    assert decayed == ["kernel"]
