"""The bundle's one graph and its one set of predictions, from one network or from several."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import keras

from cancerapy.cancers import Network, Pooling
from cancerapy.errors import DataError
from cancerapy.evaluation.ensemble import average_predictions, ensemble_record, member_names
from cancerapy.evaluation.predictions import OutOfFold
from cancerapy.evaluation.record import ProtocolRecord
from cancerapy.export.litert import Compression
from cancerapy.export.member import Member
from cancerapy.models.ensemble import average_models, member_name, smallest_map

MOST_BYTES = 12_000_000
"""Largest ensemble that is exported: a phone fetches the bundle and holds it in memory."""

_FLOAT16, _INT8 = 2, 1  # bytes of a weight


def measured_together(members: Sequence[Member]) -> tuple[ProtocolRecord, OutOfFold]:
    """Return record and predictions of what is served, out of fold.

    Raises:
        DataError: Several members did not predict the same images in the same folds.
    """
    if len(members) == 1:
        return members[0].record, members[0].predicted
    record = ensemble_record([member.record for member in members])
    predicted = [member.predicted for member in members]
    return record, average_predictions(dict(zip(names_of(members), predicted, strict=True)))


def served_graph(
    members: Sequence[Member], network: Network, *, compress: bool = False
) -> keras.Model:
    """Return the Keras graph that is exported.

    Args:
        members: The networks in it.
        network: The factors they answer.
        compress: Whether its weights will be stored as int8, not float16.

    Raises:
        DataError: Several members cannot be one graph whose logits are both the mean that was
            measured and the pooling of the map that is shown, or the graph would be too large.
    """
    models = [member.classifier.served(member.flips) for member in members]
    if len(models) == 1:
        return models[0]
    tops = [factor.name for factor in network.factors if factor.pooling is not Pooling.MEAN]
    if tops:
        _refuse(
            "must pool their maps by the mean, or the mean of their answers is not that of the "
            f"map shown; {', '.join(tops)} is read from the top cells"
        )
    _check_alike(members, "take pictures of one size", [model.input_shape for model in models])
    shapes = [model.output["cam"].shape for model in models]
    height, width = smallest_map(shapes)
    if any(shape[1] % height or shape[2] % width for shape in shapes):
        _refuse(
            "must have class maps whose sides are multiples of those of the smallest; "
            + _each(members, shapes)
        )
    n_bytes = sum(model.count_params() for model in models) * (_INT8 if compress else _FLOAT16)
    if n_bytes > MOST_BYTES:
        way = "" if compress else " (half with --compress)"
        _refuse(
            f"must have at most {MOST_BYTES / 1e6:g} MB together; the weights of these have "
            f"{n_bytes / 1e6:.1f} MB{way}"
        )
    return average_models(models, network)


def compressions_of(members: Sequence[Member]) -> tuple[Compression, ...]:
    """Return how the networks of a compressed graph may be stored, the least memory first.

    The smallest stay float16 as long as all fit into ``MOST_BYTES``: int8 is for those that would
    not. The largest of several is computed in int8 too if that keeps the answers, since its
    weights would fill the memory and it has only a share in the answer.
    """
    sizes = [member.classifier.full().count_params() for member in members]
    n_bytes, kept = sum(sizes) * _INT8, []
    for number in sorted(range(len(sizes)), key=sizes.__getitem__):
        n_bytes += sizes[number] * (_FLOAT16 - _INT8)
        if len(sizes) == 1 or n_bytes > MOST_BYTES:
            break
        kept.append(member_name(number))
    largest = member_name(sizes.index(max(sizes)))
    plain = Compression(tuple(kept))
    if len(sizes) == 1 or largest in kept:
        return (plain,)
    return replace(plain, integer=(largest,)), plain


def names_of(members: Sequence[Member]) -> list[str]:
    """Return the members' backbones, numbered where several have one."""
    return member_names([member.plan.backbone for member in members])


def _check_alike(members: Sequence[Member], rule: str, shapes: Sequence[Any]) -> None:
    if len({tuple(shape[1:3]) for shape in shapes}) > 1:
        _refuse(f"must {rule}; {_each(members, shapes)}")


def _each(members: Sequence[Member], shapes: Sequence[Any]) -> str:
    sizes = [f"{shape[1]} x {shape[2]}" for shape in shapes]
    return ", ".join(
        f"{name} has {size}" for name, size in zip(names_of(members), sizes, strict=True)
    )


def _refuse(what: str) -> None:
    raise DataError(
        f"Members of an exported ensemble {what}. Distil them into one network instead: "
        "cancerapy train <cancer> --final PROTOCOL --teacher FOLDER --teacher FOLDER"
    )
