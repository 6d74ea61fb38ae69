"""Where a bundle comes from: data, plan, digests and licences of each network in it."""

from collections.abc import Sequence
from typing import Any

from cancerapy.cancers import Source
from cancerapy.evaluation.ensemble import JOIN
from cancerapy.evaluation.predictions import OutOfFold
from cancerapy.evaluation.record import ProtocolRecord, fold_digest
from cancerapy.export.member import Member
from cancerapy.models._registry import load_backbone
from cancerapy.models.weights import licence_of_weights

_NOTED = ("source", "manifest", "n_train", "command", "commit", "date", "keras", "seed")
_NOT_ALWAYS = ("weights_sha256", "teachers", "teachers_digest")
_OF_ALL = ("source", "manifest", "n_train")


def provenance_of(
    members: Sequence[Member], source: Source, record: ProtocolRecord, predicted: OutOfFold
) -> dict[str, Any]:
    """Return what a bundle says of how it was made.

    Args:
        members: Its networks.
        source: The data set that they were trained on.
        record: What is noted of the out-of-fold predictions that it is calibrated with.
        predicted: These predictions.

    Returns:
        For one network what its run says. For several what they share, their names and plan
        digests joined, and ``members`` with what each run says.
    """
    told = [{"flips": member.flips, **_run_facts(member, source)} for member in members]
    measured = {
        "predictions": f"{members[0].plan.cancer}-{record.protocol}",
        "split": record.split_digest or fold_digest(predicted),
    }
    if len(told) == 1:
        return {**measured, **told[0]}
    return {
        **measured,
        "flips": JOIN.join(dict.fromkeys(member["flips"] for member in told)),
        "backbone": JOIN.join(member["backbone"] for member in told),
        "plan_digest": record.plan_digest,
        **{name: told[0][name] for name in _OF_ALL},
        "members": told,
    }


def licences_of(members: Sequence[Member], source: Source) -> dict[str, str]:
    """Return the licences of code, data and starting weights."""
    weights = [
        licence_of_weights(
            load_backbone(member.plan.backbone),
            member.plan.weights,
            str(member.facts.get("variant", "")),
        )
        for member in members
    ]
    return {
        "code": "Apache-2.0",
        "data": source.licence,
        "starting weights": "; ".join(dict.fromkeys(weights)),
    }


def _run_facts(member: Member, source: Source) -> dict[str, Any]:
    """Return what a run says of how its network was made."""
    facts, plan = {**member.facts, "source": source.folder}, member.plan
    return {
        "backbone": plan.backbone,
        "plan_digest": plan.digest,
        "plan": plan.without_place,
        "part": member.run.path.name,
        **{name: facts[name] for name in _NOTED},
        # Older runs did not record it, and random weights have none; most runs have no teachers.
        **{name: facts[name] for name in _NOT_ALWAYS if facts.get(name)},
    }
