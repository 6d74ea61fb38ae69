"""What ``cancerapy train`` does once its plan is resolved."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import keras

from cancerapy.cancers import Cancer
from cancerapy.data.manifest import build_manifest
from cancerapy.errors import UnknownNameError
from cancerapy.settings import Settings
from cancerapy.training.cross_validation import cross_validate, make_splits
from cancerapy.training.final import train_final, train_holdout
from cancerapy.training.material import Material
from cancerapy.training.options import (
    check_may_be_served,
    check_options,
    check_teachers,
    choose_source,
    data_root,
)
from cancerapy.training.plan import Plan
from cancerapy.training.progress import RichDisplay


@contextmanager
def open_material(
    cancer: Cancer, plan: Plan, settings: Settings, source: str | None = None
) -> Iterator[Material]:
    """Read a data set for a plan, with a progress display that ends with the block.

    Raises:
        DataError: No data folder is set, or the data set is incomplete.
    """
    root = data_root(cancer, settings)
    keras.config.set_dtype_policy(plan.precision)
    with RichDisplay(cancer.id) as display:
        display.say("reading the data set")
        manifest = build_manifest(cancer, choose_source(cancer, source), root, cache=settings.cache)
        display.say(f"{len(manifest.samples)} images in {len(set(manifest.groups))} groups")
        yield Material(cancer, plan, manifest, settings.cache, settings.weights, display)


def train_as_asked(
    material: Material,
    settings: Settings,
    *,
    protocol: str | None,
    folds: Sequence[str] | None,
    final: str | None,
    allow_leak: bool,
    teachers: Sequence[Path] = (),
) -> Path:
    """Cross-validate, fit finally, or train a hold-out run; return the folder of the result.

    Raises:
        UsageError: The options contradict each other.
        LeakError: The final fit is asked for on images that must not train the served model, or
            teachers are named for anything but a final fit.
        PlanError: Teachers or their weight would be ignored.
    """
    check_options(protocol=protocol, folds=folds, final=final, allow_leak=allow_leak)
    check_teachers(material.plan, teachers, final=final)
    if protocol:
        if folds:
            main = material.cancer.network.factors[0].name
            splits = make_splits(
                material.manifest, main, protocol, material.plan.seed, allow_leak=allow_leak
            )
            known = {split.name for split in splits}
            for name in folds:
                if name not in known:
                    raise UnknownNameError.of("fold", name, known)
        cross_validate(
            material,
            protocol,
            settings.runs,
            settings.results,
            allow_leak=allow_leak,
            only=lambda name: not folds or name in folds,
        )
        return settings.results / "predictions" / f"{material.cancer.id}-{protocol}"
    if final:
        check_may_be_served(choose_source(material.cancer, material.manifest.source))
        run = train_final(material, settings.runs, settings.results, final, teachers=teachers)
        return run.path
    return train_holdout(material, settings.runs).path
