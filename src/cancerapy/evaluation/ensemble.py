"""Several networks that answer as one: the mean of their log-probabilities, factor by factor.

The mean of logarithms, not of probabilities: a probability is then proportional to the geometric
mean of the members'. The sum over an image's values, by which it is divided, does not depend on
the value, so the same probabilities follow from the mean of the members' logits, and a graph that
averages class maps gives what is measured here (``models.ensemble``).
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_softmax

from cancerapy.arrays import Logits
from cancerapy.cancers import Network
from cancerapy.errors import DataError, UsageError
from cancerapy.evaluation.predictions import OutOfFold
from cancerapy.evaluation.record import ProtocolRecord

ENSEMBLE = "ensemble"
"""Beginning of the name of a model that is several."""

JOIN = " + "


def mean_log_probabilities(members: Sequence[Logits], network: Network) -> Logits:
    """Return (N, L) the mean over the members of the log-probabilities of each factor.

    Args:
        members: (N, L) logits of each, of the same images in the same order.
        network: The factors.
    """
    rows = np.empty(np.shape(members[0]), np.float64)
    for part in network.slices.values():
        logs = [log_softmax(np.float64(logits[:, part]), axis=1) for logits in members]
        rows[:, part] = np.mean(logs, axis=0)
    return rows.astype(np.float32)


def average_predictions(members: Mapping[str, OutOfFold]) -> OutOfFold:
    """Return what the members answer together, each with the same weight.

    An image's fold must be the same for all of them: otherwise a member that was trained on the
    image's fold would help to answer it.

    Args:
        members: Predictions by name.

    Returns:
        The images of the first member, in its order.

    Raises:
        DataError: Another answers other factors, or other images, groups, folds or labels.
    """
    (first_name, first), *others = members.items()
    logits = [first.logits]
    for name, other in others:
        if other.network != first.network:
            raise DataError(
                "Members of an ensemble must answer the same values of the same factors; "
                f"'{name}' answers others than '{first_name}'. Take predictions of one cancer."
            )
        if what := _difference(first, other):
            raise DataError(
                f"Members of an ensemble must have predicted the same images in the same folds; "
                f"{what} of '{name}' are others than those of '{first_name}'. Cross-validate both "
                "by the same protocol, with the same data set and seed."
            )
        place = {image: row for row, image in enumerate(other.images.tolist())}
        logits.append(other.logits[[place[image] for image in first.images.tolist()]])
    return replace(first, logits=mean_log_probabilities(logits, first.network))


def average_added(members: Mapping[str, OutOfFold | None]) -> OutOfFold | None:
    """Return what the members answer together to added images; ``None`` where none were added.

    Args:
        members: Predictions of added images by name; of one member as they are.

    Raises:
        DataError: Some members have answers to added images and others have none, or they cannot
            be averaged.
    """
    there = {name: own for name, own in members.items() if own is not None}
    if missing := [name for name in members if there and name not in there]:
        raise DataError(
            "Members of an ensemble must have answered the same added images; "
            f"{', '.join(missing)} answered none. Cross-validate it again, with the same images.",
            code="predictions_missing",
        )
    if len(there) < 2:
        return next(iter(there.values()), None)
    return average_predictions(there)


def ensemble_record(records: Sequence[ProtocolRecord]) -> ProtocolRecord:
    """Return the record of the members' common answer.

    Args:
        records: Of the members; protocol and folds are those of the first.

    Raises:
        UsageError: There is one member only.
        DataError: They are of different data sets, or judged an external one.
    """
    first = records[0]
    if len(records) < 2:
        raise UsageError(
            f"An ensemble needs at least two members; one is given, '{first.model}'. Name "
            "another, or evaluate that one by itself.",
            field=ENSEMBLE,
        )
    if any(record.bundle for record in records):
        raise DataError(
            "Members of an ensemble must be predictions of a cross-validation; those of "
            f"'{next(r.protocol for r in records if r.bundle)}' were made by a bundle, and each "
            "bundle has thresholds of its own. Export the ensemble as one bundle and judge that."
        )
    if len({record.manifest_digest for record in records}) > 1:
        digests = ", ".join(record.manifest_digest or "not recorded" for record in records)
        raise DataError(
            "Members of an ensemble must be measured on the same data set with the same labels; "
            f"the digests of theirs are {digests}. Cross-validate them on the same images."
        )
    return replace(
        first,
        leaking=any(record.leaking for record in records),
        model=f"{ENSEMBLE}: {JOIN.join(record.model for record in records)}",
        plan_digest="+".join(sorted(record.plan_digest for record in records)),
        split_digest=_shared([record.split_digest for record in records]),
        seed=_shared([record.seed for record in records]),
        plan={},
    )


def member_names(models: Sequence[str]) -> list[str]:
    """Return the models' names, numbered where several have one name."""
    return [
        model if models.count(model) == 1 else f"{model} ({models[: place + 1].count(model)})"
        for place, model in enumerate(models)
    ]


def _difference(first: OutOfFold, other: OutOfFold) -> str:
    """Say in what two predictions differ that must be alike; empty if in nothing."""
    orders = [np.argsort(member.images) for member in (first, other)]
    pairs: dict[str, tuple[NDArray[Any], NDArray[Any]]] = {
        "images": (first.images, other.images),
        "groups": (first.groups, other.groups),
        "folds": (first.folds, other.folds),
    }
    for factor, labels in first.labels.items():
        pairs[f"labels of {factor}"] = (labels, other.labels[factor])
    for what, (own, others) in pairs.items():
        if not np.array_equal(own[orders[0]], others[orders[1]]):
            return f"the {what}"
    return ""


def _shared(values: Sequence[str]) -> str:
    return values[0] if len(set(values)) == 1 else ""
