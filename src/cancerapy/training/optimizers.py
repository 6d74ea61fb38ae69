"""The optimizer and the learning rate over time, by name."""

from typing import Any

import keras
from keras import ops

from cancerapy.training.plan import Plan

_OPTIMIZERS = {
    "adam": keras.optimizers.Adam,
    "adamw": keras.optimizers.AdamW,
    "nadam": keras.optimizers.Nadam,
    "rmsprop": keras.optimizers.RMSprop,
    "sgd": keras.optimizers.SGD,
}


@keras.saving.register_keras_serializable("cancerapy")
class WarmUpCosine(keras.optimizers.schedules.LearningRateSchedule):  # type: ignore[misc]  # Keras is untyped
    """A rate that rises in a straight line, then falls to zero along half a cosine.

    Args:
        highest: Highest rate.
        warmup_steps: Steps until it is reached.
        total_steps: Steps until zero.
        cosine: If false, the rate stays at the highest.
    """

    def __init__(
        self, highest: float, warmup_steps: int, total_steps: int, *, cosine: bool = True
    ) -> None:
        self.highest = highest
        self.warmup_steps = warmup_steps
        self.total_steps = total_steps
        self.cosine = cosine

    def __call__(self, step: Any) -> Any:
        """Return the rate at ``step`` (from 0)."""
        position = ops.cast(step, "float32") + 1.0
        rise = ops.minimum(position / max(1, self.warmup_steps), 1.0)
        if not self.cosine:
            return self.highest * rise
        rest = max(1, self.total_steps - self.warmup_steps)
        share = ops.clip((position - self.warmup_steps) / rest, 0.0, 1.0)
        return (
            self.highest
            * rise
            * 0.5
            * (1.0 + ops.cos(ops.cast(3.141592653589793, "float32") * share))
        )

    def get_config(self) -> dict[str, float | int | bool]:
        """Return the arguments."""
        return {
            "highest": self.highest,
            "warmup_steps": self.warmup_steps,
            "total_steps": self.total_steps,
            "cosine": self.cosine,
        }


def build_optimizer(plan: Plan, steps_per_epoch: int) -> keras.optimizers.Optimizer:
    """Build the optimizer of stage two.

    Biases and normalisation are not decayed.

    Args:
        plan: Names optimizer, rate, warm-up, decay, clipping and averaging.
        steps_per_epoch: Batches in an epoch.
    """
    rate = WarmUpCosine(
        plan.learning_rate,
        round(plan.warmup_epochs * steps_per_epoch),
        plan.epochs * steps_per_epoch,
        cosine=plan.cosine,
    )
    options: dict[str, Any] = {"use_ema": True, "ema_momentum": plan.ema} if plan.ema else {}
    if plan.weight_decay:
        options["weight_decay"] = plan.weight_decay
    if plan.clip_norm:
        options["clipnorm"] = plan.clip_norm
    optimizer = _OPTIMIZERS[plan.optimizer](rate, **options)
    if plan.weight_decay:
        optimizer.exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])
    return optimizer


def build_head_optimizer(plan: Plan) -> keras.optimizers.Optimizer:
    """Build the optimizer of stage one: the plan's, at a constant rate."""
    return _OPTIMIZERS[plan.optimizer](plan.head_learning_rate)
