"""Train a challenger from the shipped data and a collected version, by the served model's recipe.

The reported sides of the cross-validation are those of the shipped data alone and never change; of
the collected patients each fold leaves out some and answers them beside (``fixed_splits``). So
champion and challenger are measured on the same images, and neither has seen a group that it
answers.

Killed at any moment, it goes on where it was: finished folds, finished final fits and cached
features are found again, and a bundle that was written is not made twice.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from cancerapy.bundle.serving import decide_served, decision_number
from cancerapy.bundle.store import default_root, find_bundles
from cancerapy.cancers import Cancer
from cancerapy.data.cache import digest_of
from cancerapy.errors import DataError
from cancerapy.layouts.sample import Sample
from cancerapy.learning.allowed import still_allowed
from cancerapy.learning.candidates import Candidate
from cancerapy.learning.export_challenger import Trained, export_challenger, find_made
from cancerapy.learning.fixed_splits import fixed_splits
from cancerapy.learning.learnt import write_learnt
from cancerapy.learning.recipe import Recipe
from cancerapy.learning.versions import Case, Version
from cancerapy.records.image_store import ImageStore
from cancerapy.records.training_answers import GROUP, noted_answers
from cancerapy.records.training_caches import forget_cache, noted_cache
from cancerapy.settings import Settings
from cancerapy.training.cross_validation import cross_validate
from cancerapy.training.final import train_final
from cancerapy.training.material import Material
from cancerapy.training.options import check_start, choose_source
from cancerapy.training.plan import Plan
from cancerapy.training.run_folder import RunFolder
from cancerapy.training.session import open_material
from cancerapy.training.starting_weights import weights_digest


@dataclass(frozen=True, slots=True)
class Challenger:
    """What a retraining has made.

    Args:
        bundle: The new bundle's folder; it is not served yet.
        version: The collected version that was asked for.
        n_cases: Collected images that were learnt from.
        dropped: Why others of the version were not, by digest.
    """

    bundle: Path
    version: str
    n_cases: int
    dropped: Mapping[str, str]


def retrain(
    cancer: Cancer,
    recipe: Recipe,
    version: Version,
    ask: Callable[[], Sequence[Candidate]],
    images: ImageStore,
    settings: Settings,
    *,
    say: Callable[[str], None],
) -> Challenger:
    """Cross-validate, fit finally and export; interrupted, it goes on where it was.

    Args:
        cancer: What is trained.
        recipe: How.
        version: What was collected.
        ask: Returns what the records say now: consent that was withdrawn since counts. It is asked
            again before anything is exported.
        images: Holds the files.
        settings: Folders of data, weights, cache, runs, home and bundles.
        say: Told what is left out, and what is done.

    Raises:
        DataError: Nothing of the version may be learnt from any more, data are missing, an image
            was erased or its consent withdrawn meanwhile, or starting weights are others than the
            recipe's.
        LeakError: A collected image stands on a reported side.
        BundleError: The exported graph does not give the networks' answers.
    """
    cases, dropped = still_allowed(version, ask(), images)
    for sha256, because in dropped.items():
        say(f"left out {sha256[:12]}: {because}")
    root = settings.bundles or default_root()
    keep_champion(root, cancer.id)
    _check_recipe(cancer, recipe, settings)
    place = settings.runs / "learn" / f"{version.name}-{digest_of([c.sha256 for c in cases])[:8]}"
    joint = with_cases(cancer, cases, images)
    # A cache of its own, written down: pixels must not outlive there what the records erase.
    cache = place / "cache"
    own = replace(
        settings, runs=place / "runs", results=place / "results", bundles=root, cache=cache
    )
    trained = []
    digests = [case.sha256 for case in cases]
    with noted_answers(images, own.results), noted_cache(images, cache, digests):
        for number, plan in enumerate(recipe.plans, 1):
            say(f"network {number} of {len(recipe.plans)}: {plan.backbone}, plan {plan.digest}")
            trained.append(_train(cancer, joint, plan, recipe.protocol, settings, own))
    _check_allowed(cases, version, ask(), images, cache)
    bundle = find_made(root, cancer.id, recipe, trained)
    if bundle is None:
        say("measuring and exporting")
        bundle = export_challenger(joint, recipe, trained, own)
    forget_cache(images, cache)
    made = Challenger(bundle, version.name, len(cases), dropped)
    _note(settings.home.expanduser(), cancer.id, made, recipe, place)
    return made


def _check_allowed(
    cases: Sequence[Case],
    version: Version,
    candidates: Sequence[Candidate],
    images: ImageStore,
    cache: Path,
) -> None:
    """Raise ``DataError``, and drop the cache, unless all that was learnt from still may be."""
    now = {own.sha256: own for own in candidates}
    n_gone = sum(case.sha256 not in now or bool(now[case.sha256].refused) for case in cases)
    if n_gone:
        forget_cache(images, cache)
        raise DataError(
            f"What a challenger learns from must be allowed until it is made; {n_gone} of "
            f"{len(cases)} images of '{version.name}' may not be learnt from any more. No model "
            "was made and their pixels are removed: run the same command again, it trains without "
            "them.",
            code="data_missing",
        )


def with_cases(cancer: Cancer, cases: Sequence[Case], images: ImageStore) -> Cancer:
    """Return the cancer with collected images behind those of its own data set."""
    source = choose_source(cancer, None)
    added = [
        Sample(str(images.path(case.sha256).resolve()), case.labels, f"{GROUP}{case.patient}")
        for case in cases
    ]

    def read_samples(root: Path) -> list[Sample]:
        return [*source.read_samples(root), *added]

    joint = replace(source, read_samples=read_samples)
    sources = tuple(joint if one is source else one for one in cancer.sources)
    return replace(cancer, sources=sources)


def keep_champion(root: Path, cancer: str) -> None:
    """Decide that the served model stays, so that a newer bundle is not served by being there."""
    champion = find_bundles(root).get(cancer)
    if champion is not None and not decision_number(root, cancer):
        because = "served when a challenger was trained"
        decide_served(root, cancer, champion.name, before=champion.name, because=because)


def _check_recipe(cancer: Cancer, recipe: Recipe, settings: Settings) -> None:
    """Check what every network starts from before anything that takes long is begun."""
    for number, plan in enumerate(recipe.plans):
        check_start(cancer, plan, settings, source=None, final=recipe.protocol)
        wanted = recipe.weights[number] if recipe.weights else ""
        given = weights_digest(plan, settings.weights)
        if wanted and given and given != wanted:
            raise DataError(
                f"A challenger starts from the weights that the served model started from: those "
                f"of {plan.backbone} have SHA-256 {wanted[:12]}..., the file at hand has "
                f"{given[:12]}.... Name the folder with the former (CANCERAPY_WEIGHTS), or name a "
                "plan of your own with --plan.",
                code="data_corrupt",
            )


def _train(
    cancer: Cancer, joint: Cancer, plan: Plan, protocol: str, settings: Settings, own: Settings
) -> Trained:
    """Cross-validate and fit one network on the ``joint`` data, as far as it was not."""
    results = own.results / plan.digest  # a folder of predictions is of one plan
    with open_material(joint, plan, own) as material:
        splits = fixed_splits(cancer, material, protocol, settings)
        cross_validate(material, protocol, own.runs, results, splits=splits)
        run = RunFolder(own.runs / plan.name / "final")
        if not _is_fitted(run, material):
            run = train_final(material, own.runs, results, protocol)
    return Trained(run.path, results / "predictions" / f"{joint.id}-{protocol}")


def _is_fitted(run: RunFolder, material: Material) -> bool:
    """Whether a final fit on just these images came to its end; the outcome is written last."""
    is_finished = (run.path / "outcome.json").is_file() and run.weights_file.is_file()
    return is_finished and run.read_facts()["manifest"] == material.manifest.digest


def _note(home: Path, cancer: str, made: Challenger, recipe: Recipe, place: Path) -> None:
    """Keep what a challenger was made of beside the collected versions."""
    told = {
        "bundle": made.bundle.name,
        "version": made.version,
        "n_cases": made.n_cases,
        "dropped": dict(made.dropped),
        "plan": recipe.digest,
        "runs": place.name,
    }
    write_learnt(home, cancer, made.bundle.name, told)
