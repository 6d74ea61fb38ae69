"""What a clinic's own confirmed cases add: the whole loop, on a data set of another site.

Half of the site's patients come to a simulated clinic, whose records are filled and reviewed; then
``collect``, ``retrain`` and ``promote`` do what they do in any clinic. The served model and the
challenger answer the other half, of which neither has seen anything. Records, models and features
lie below the runs, so the challenger is not shipped.
"""

import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import StratifiedGroupKFold

from cancerapy.bundle.serving import decide_served, decision_number, read_history
from cancerapy.bundle.store import default_root, find_bundles
from cancerapy.cancers import Cancer, Source
from cancerapy.data.manifest import Manifest, build_manifest
from cancerapy.data.progress import counting
from cancerapy.errors import BundleError
from cancerapy.evaluation.external import external_source
from cancerapy.layouts.sample import Sample
from cancerapy.learning.clinic_records import CLERK, fill_records, read_visits
from cancerapy.learning.promote import compare_bundles, promote
from cancerapy.learning.recipe import read_recipe
from cancerapy.learning.session import collect_from_records, retrain_from_records
from cancerapy.learning.verdict import Verdict
from cancerapy.learning.versions import Version, read_version, version_numbers
from cancerapy.records import open_records
from cancerapy.runtime.models import Models
from cancerapy.settings import Settings

SHARE_REFUSING = 0.1
"""Share of the clinic's patients that do not consent to training."""


@dataclass(frozen=True, slots=True)
class ClinicRequest:
    """What is asked.

    Args:
        cancer: Whose model.
        site: Folder of the external data set that stands for the clinic.
        settings: Data, weights, runs, results; bundles: where the served model is taken from.
        command: The command line.
        seed: Of the halves, and of who refuses.
    """

    cancer: Cancer
    site: str
    settings: Settings
    command: str
    seed: int = 0

    @property
    def place(self) -> Path:
        """Folder of all that is made."""
        return self.settings.runs / "learn" / "clinic" / f"{self.cancer.id}-{self.site}-{self.seed}"


@dataclass(frozen=True, eq=False)
class ClinicRun:
    """What came of it.

    Args:
        champion: Folder of the bundle that is served at the start.
        challenger: Folder of the bundle that was made.
        version: What was collected.
        verdict: Of the promotion.
        own: The clinic's patients.
        refusing: Those of them that do not consent.
        unseen: Manifest of the other patients.
        settings: Folders of the clinic.
    """

    champion: Path
    challenger: Path
    version: Version
    verdict: Verdict
    own: frozenset[str]
    refusing: frozenset[str]
    unseen: Manifest
    settings: Settings


def run_clinic(request: ClinicRequest, *, say: Callable[[str], None]) -> ClinicRun:
    """Fill the records, collect, retrain, promote; broken off, it goes on where it was.

    Args:
        request: What is asked.
        say: Told of each step.

    Raises:
        UnknownNameError: The cancer has no such data set.
        UsageError: The data set is not an external one.
        DataError: Data are missing.
        BundleError: No model of the cancer is served.
    """
    source = external_source(request.cancer, request.site)
    settings = request.settings
    root = settings.data_root("A simulated clinic needs", request.cancer.id)
    manifest = build_manifest(request.cancer, source, root, cache=settings.cache)
    own = own_patients(manifest, request.seed)
    refusing = refusing_patients(own, request.seed)
    champion = _copy_served(request)
    clinic = replace(
        settings,
        home=request.place / "home",
        database_url="",
        bundles=champion.parent,
        runs=request.place / "runs",
    )
    say(f"{len(own)} of {len(set(manifest.groups.tolist()))} patients come to the clinic")
    _fill(request.cancer, manifest, own, refusing, clinic)
    # What is kept apart is the other half: to this clinic its own patients are no test set.
    others = frozenset(manifest.groups.tolist()) - own
    kept_apart = with_half(request.cancer, source, manifest, others)
    version = _collect(kept_apart, clinic)
    say(f"{version.name}: {len(version.cases)} images, {len(version.left_out)} left out")
    recipe = read_recipe(champion.parent, request.cancer)
    made = retrain_from_records(kept_apart, recipe, clinic, version.number, say=say)
    verdict = _promote(request, clinic, champion.name, made.bundle.name)
    unseen = build_manifest(
        kept_apart, external_source(kept_apart, request.site), root, cache=settings.cache
    )
    return ClinicRun(champion, made.bundle, version, verdict, own, refusing, unseen, clinic)


def own_patients(manifest: Manifest, seed: int) -> frozenset[str]:
    """Return half of a data set's groups, the values of all factors together in proportion.

    Args:
        manifest: The data set, of two groups at least.
        seed: Of the draw.
    """
    labels = np.zeros(len(manifest.samples), np.int64)
    for name, values in manifest.factors.items():
        labels = labels * (len(values) + 1) + manifest.labels(name) + 1
    _, classes, counts = np.unique(labels, return_inverse=True, return_counts=True)
    classes = np.where(counts[classes] >= 2, classes, counts.argmax())  # one image has no half
    halves = StratifiedGroupKFold(2, shuffle=True, random_state=seed)
    _, rows = next(halves.split(classes, classes, manifest.groups))
    return frozenset(manifest.groups[rows].tolist())


def refusing_patients(own: frozenset[str], seed: int) -> frozenset[str]:
    """Return which of the clinic's patients do not consent to training, at least one."""
    names: NDArray[np.str_] = np.array(sorted(own))
    n_refusing = max(1, round(SHARE_REFUSING * len(names)))
    return frozenset(np.random.default_rng(seed).permutation(names)[:n_refusing].tolist())


def with_half(cancer: Cancer, source: Source, manifest: Manifest, groups: frozenset[str]) -> Cancer:
    """Return the cancer with a data set cut down to the images of some groups.

    Args:
        cancer: The cancer.
        source: The data set.
        manifest: The same, read.
        groups: Groups of the manifest.
    """
    pairs = zip(manifest.samples, manifest.groups.tolist(), strict=True)
    kept = {sample.path for sample, group in pairs if group in groups}

    def read_samples(root: Path) -> list[Sample]:
        return [sample for sample in source.read_samples(root) if sample.path in kept]

    half = replace(source, read_samples=read_samples)
    sources = tuple(half if one is source else one for one in cancer.sources)
    # Copies of the data set's images would bring its own half back to what is kept apart.
    return replace(cancer, sources=tuple(s for s in sources if s.copies_of != source.folder))


def _copy_served(request: ClinicRequest) -> Path:
    """Return the clinic's copy of the served bundle, which stays served until a promotion."""
    bundles = request.place / "bundles"
    if decision_number(bundles, request.cancer.id):
        return bundles / read_history(bundles, request.cancer.id)[0].bundle
    root = request.settings.bundles or default_root()
    served = find_bundles(root).get(request.cancer.id)
    if served is None:
        raise BundleError(
            f"A simulated clinic begins with a served model of {request.cancer.id}; '{root}' has "
            "none. Name a folder of bundles with CANCERAPY_BUNDLES.",
            code="bundle_missing",
        )
    shutil.copytree(served, bundles / served.name, dirs_exist_ok=True)
    because = "served when the clinic began"
    decide_served(bundles, request.cancer.id, served.name, before=served.name, because=because)
    return bundles / served.name


def _fill(
    cancer: Cancer,
    manifest: Manifest,
    own: frozenset[str],
    refusing: frozenset[str],
    clinic: Settings,
) -> None:
    records = open_records(clinic)
    try:
        with counting("visits") as progress:
            visits = read_visits(manifest, own, refusing)
            fill_records(
                cancer, manifest, visits, records, Models(clinic.bundles), progress=progress
            )
    finally:
        records.close()


def _collect(cancer: Cancer, clinic: Settings) -> Version:
    """Collect once: another version would be another training."""
    home = clinic.home.expanduser()
    if version_numbers(home, cancer.id):
        return read_version(home, cancer.id)
    with counting("comparing with the evaluation side") as progress:
        return collect_from_records(cancer, clinic, progress=progress)


def _promote(request: ClinicRequest, clinic: Settings, champion: str, challenger: str) -> Verdict:
    """Promote in the clinic's own folder of bundles, unless that was done before."""
    root = clinic.bundles or default_root()
    with counting("own patients") as progress:
        if find_bundles(root)[request.cancer.id].name == challenger:
            return compare_bundles(clinic, champion, challenger, progress=progress)
        return promote(
            clinic,
            challenger,
            command=request.command,
            decisions=request.place / "decisions",
            actor=CLERK,
            progress=progress,
        )[0]
