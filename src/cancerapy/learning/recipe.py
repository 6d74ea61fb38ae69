"""How a challenger is made: by default as the model that is served now was.

A bundle names the plan of every network in it, so the recipe is read from the bundle itself: what
is compared are then two models that differ in nothing but what they learnt from.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from cancerapy.bundle.store import find_bundles, load_bundle
from cancerapy.cancers import Cancer
from cancerapy.errors import PlanError, UsageError
from cancerapy.training.plan import Plan, plan_of_run, resolve_plan

DEFAULT_PROTOCOL = "grouped-5"


@dataclass(frozen=True, slots=True)
class Recipe:
    """Networks, how they are measured, and how they are exported.

    Args:
        plans: Of the networks, in the order in which they are joined.
        protocol: The cross-validation.
        weights: SHA-256 of each one's starting weights; empty where not known, or of no account.
        compress: Whether weights are stored as int8.
        quantise: Whether a graph with int8 arithmetic may replace the float16 one.
    """

    plans: tuple[Plan, ...]
    protocol: str = DEFAULT_PROTOCOL
    weights: tuple[str, ...] = field(default=())
    compress: bool = False
    quantise: bool = False

    @property
    def digest(self) -> str:
        """The plans' digests, joined as a bundle joins them."""
        return "+".join(sorted(plan.digest for plan in self.plans))

    def changed(self, cancer: Cancer, values: Mapping[str, Any]) -> "Recipe":
        """Return it with values of every plan changed.

        Raises:
            PlanError: A value is unknown, of the wrong type or contradicts another.
            UsageError: Two networks would be made alike.
        """
        if not values:
            return self
        plans = tuple(resolve_plan(cancer, plan.to_dict(), values) for plan in self.plans)
        if len({plan.digest for plan in plans}) < len(plans):
            raise UsageError(
                f"The networks of an ensemble differ in their plans; with "
                f"{', '.join(sorted(values))} set for each of the {len(plans)}, two are the same. "
                "Train one network with --plan FILE instead.",
                field="set",
            )
        keeps_weights = not {"backbone", "weights"} & values.keys()
        return replace(self, plans=plans, weights=self.weights if keeps_weights else ())

    def quick(self) -> "Recipe":
        """Return it with one epoch at most a stage: it tests the way through, worth nothing."""
        plans = tuple(
            replace(plan, head_epochs=min(1, plan.head_epochs), epochs=min(1, plan.epochs))
            for plan in self.plans
        )
        return replace(self, plans=plans)


def read_recipe(root: Path, cancer: Cancer, plan: Plan | None = None) -> Recipe:
    """Return the recipe of the model that is served; of the cancer's own plan without one.

    Args:
        root: Folder of bundles.
        cancer: Whose model.
        plan: Of a single network in place of the model's, exported plainly and measured alike.

    Raises:
        BundleError: The served bundle is damaged.
        PlanError: A network in it was taught by others, which are not at hand.
    """
    champion = find_bundles(root).get(cancer.id)
    if champion is None:
        return Recipe((plan or resolve_plan(cancer),))
    made = load_bundle(champion).fields.provenance
    protocol = str(made.get("predictions", "")).removeprefix(f"{cancer.id}-") or DEFAULT_PROTOCOL
    if plan is not None:
        return Recipe((plan,), protocol)
    members = made.get("members") or [made]
    precision = str(made.get("precision", ""))
    return Recipe(
        tuple(_plan_of(member, cancer, champion.name) for member in members),
        protocol,
        tuple(str(member.get("weights_sha256", "")) for member in members),
        compress=precision.startswith("int8 weights"),
        quantise=precision == "int8",
    )


def _plan_of(member: Mapping[str, Any], cancer: Cancer, bundle: str) -> Plan:
    """Return the plan of a network, with the flips that it is served with."""
    if not member.get("plan"):
        return resolve_plan(cancer)
    plan = plan_of_run(member["plan"])
    if plan.teacher_weight:
        raise PlanError(
            f"A challenger is trained as the served model was; '{bundle}' learnt from the answers "
            "of other networks, which a bundle does not hold. Name a plan without teachers with "
            "--plan.",
            field="teacher_weight",
        )
    return replace(plan, flips=str(member.get("flips") or plan.flips))
