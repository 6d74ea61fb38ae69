"""A search as the report states it (section 3.3): states, initial state, actions, goal, cost.

======================  =======================================================================
states                  settings of the plan's fields, see ``dimensions``
initial state           drawn at random
actions                 moves in the space, proposed by Optuna's TPE from what was seen so far
goal test               the score of a state reaches ``goal``, where one is given
path cost               seconds: of each state and their running sum
======================  =======================================================================

A problem also says on what states are judged (``proxy``); its record, ``study.json``, is what two
calls must agree on to work on one study.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from cancerapy.cancers import Cancer, load_cancer
from cancerapy.data.cache import digest_of
from cancerapy.training.class_weights import class_weights
from cancerapy.training.material import Material
from cancerapy.training.plan import Plan, resolve_plan
from cancerapy.training.session import open_material
from cancerapy.training.starting_weights import weights_digest
from cancerapy.tuning.depths import list_depths
from cancerapy.tuning.dimensions import Basis
from cancerapy.tuning.proxy import ProxyData, build_proxy, proxy_plan
from cancerapy.tuning.request import Request
from cancerapy.tuning.search_space import SearchSpace, resolve_space

SCORE = "training.decision.rank_network"
"""What states are ranked by: the mean one-vs-rest AUC, averaged over the factors."""


@dataclass(frozen=True, eq=False)
class Problem:
    """A search made ready.

    Args:
        request: What was asked for.
        cancer: What is trained.
        data: The proxy's images.
        space: The states.
        record: What all calls on one study must agree on.
    """

    request: Request
    cancer: Cancer
    data: ProxyData
    space: SearchSpace
    record: Mapping[str, Any]

    @property
    def folder(self) -> Path:
        """Folder of the study."""
        name = self.request.study or f"{self.cancer.id}-{digest_of(self.record)[:10]}"
        return self.request.settings.runs / "tune" / name

    @property
    def seed(self) -> int:
        """Seed of everything random."""
        return self.request.plan.seed

    @property
    def n_epochs(self) -> int:
        """Epochs of both stages that every state is trained for."""
        low = proxy_plan(self.request.plan, self.request.fidelity)
        return low.head_epochs + low.epochs

    def plan(self, moves: Mapping[str, Any]) -> Plan:
        """Return the whole plan of a state.

        Raises:
            PlanError: The state contradicts itself.
        """
        return resolve_plan(self.cancer, self.request.plan.to_dict(), moves)

    def material(self, plan: Plan, display: Any) -> Material:
        """Make the proxy's images ready for a plan, at the proxy's fidelity."""
        settings = self.request.settings
        low = proxy_plan(plan, self.request.fidelity)
        manifest = self.data.manifest
        return Material(self.cancer, low, manifest, settings.cache, settings.weights, display)


def prepare_problem(request: Request) -> Problem:
    """Read the data set and work out proxy and space.

    Raises:
        DataError: The data set is missing or too small for the proxy.
        UsageError: A parameter to search has no effect.
    """
    cancer = load_cancer(request.cancer)
    plan, settings = request.plan, request.settings
    main = cancer.network.factors[0].name
    with open_material(cancer, plan, settings, request.source) as whole:
        manifest = whole.manifest
        data = build_proxy(manifest, main, request.fidelity, plan.seed)
        low = proxy_plan(plan, request.fidelity)
        material = replace(whole, plan=low, manifest=data.manifest)
        space = resolve_space(_basis(whole, material, data), request.search, request.fixed)
    record = {
        "cancer": cancer.id,
        "source": manifest.source,
        "plan": plan.without_place,
        "weights_sha256": weights_digest(plan, settings.weights),
        "score": SCORE,
        "proxy": {**asdict(request.fidelity), **data.to_record()},
        "space": space.to_record(),
    }
    return Problem(request, cancer, data, space, record)


def _basis(whole: Material, material: Material, data: ProxyData) -> Basis:
    plan, main = material.plan, material.cancer.network.factors[0]
    depths = list_depths(material.classifier(), material.cut, cached=bool(plan.views))
    # A constant must leave every weight positive on the proxy, and with the best plan later.
    sides = (
        material.manifest.labels(main.name)[data.fit],
        whole.manifest.labels(main.name)[data.outside],
    )
    weights = np.concatenate([class_weights(labels, len(main.values)) for labels in sides])
    return Basis(plan, depths, float(weights[weights > 0].min()))
