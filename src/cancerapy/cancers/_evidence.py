"""What images and answers say of a finding: ``evidence/<cancer>.json`` beside a cancer's file.

The network's probabilities are those of the loss it was trained with, which may count rare classes
as much as common ones; a decision needs those of the patients. ``cancerapy agent fit`` writes the
file from out-of-fold predictions and the data set's table. A cancer without one has
``neutral_evidence``.
"""

import bisect
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from cancerapy.cancers._registry import search_folders
from cancerapy.cancers._spec import Cancer
from cancerapy.errors import DataError

FOLDER = "evidence"


@dataclass(frozen=True, slots=True)
class AnswerTable:
    """How often each answer to a question is given, by value of the deciding factor.

    Args:
        levels: The answers; for a number the words of its ranges.
        edges: For a number, the lower bounds of all ranges but the first, rising; else empty.
        likelihood: A row for each level, a column for each value, 0..1; columns sum to 1.
    """

    levels: tuple[str, ...]
    edges: tuple[float, ...]
    likelihood: tuple[tuple[float, ...], ...]

    def level_of(self, answer: str) -> int | None:
        """Return the row of an answer; ``None`` if it is no evidence.

        >>> ages = AnswerTable(("under 40", "40 to 59", "60 or more"), (40, 60), ())
        >>> ages.level_of("40"), ages.level_of("71.5"), ages.level_of("old")
        (1, 2, None)
        """
        if not self.edges:
            return self.levels.index(answer) if answer in self.levels else None
        try:
            number = float(answer)
        except ValueError:
            return None
        return bisect.bisect_right(self.edges, number) if number == number else None  # no nan


@dataclass(frozen=True, slots=True)
class Evidence:
    """From the network's probabilities to those of the patients, images and answers together.

    Args:
        factor: The factor that decides on malignancy.
        values: Its values, in the order of all that follows.
        prior: Share of each among the data set's examinations, 0..1, summing to 1.
        scale: The network's log-probabilities are multiplied by it.
        offset: Added to each value's scaled log-probability.
        answers: Tables by id of the question.
        correlation: Of the errors on two images of one examination, 0..1 (1: a further image says
            nothing new); ``None`` if not known, and then images are not joined.
        separation: Distance between malignant and benign images in standard deviations of their
            log-likelihood ratio.
        model: Digests of the plans of the networks, as in the bundle's provenance.
        command: The command that fitted it.
    """

    factor: str
    values: tuple[str, ...]
    prior: tuple[float, ...]
    scale: float
    offset: tuple[float, ...]
    answers: Mapping[str, AnswerTable] = field(default_factory=dict)
    correlation: float | None = None
    separation: float = 0.0
    model: str = ""
    command: str = ""

    def to_json(self) -> str:
        """Return the file's text."""
        return json.dumps(asdict(self), indent=1, ensure_ascii=False) + "\n"

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "Evidence":
        """Build it back from what ``to_json`` wrote.

        Raises:
            KeyError, TypeError, ValueError: A field is missing or of another kind.
        """
        fields = dict(values)
        for name in ("values", "prior", "offset"):
            fields[name] = tuple(fields[name])
        fields["answers"] = {
            question: AnswerTable(
                tuple(table["levels"]),
                tuple(table["edges"]),
                tuple(tuple(row) for row in table["likelihood"]),
            )
            for question, table in fields["answers"].items()
        }
        return cls(**fields)


def deciding_factor(cancer: Cancer) -> str:
    """Return the first factor whose value alone says whether a class is malignant.

    Args:
        cancer: The cancer; where no factor does, its network's first is named.
    """
    for factor in cancer.network.factors:
        flags: dict[str, set[bool | None]] = {}
        for task in cancer.tasks:
            for label in task.classes:
                flags.setdefault(label.selects.get(factor.name, ""), set()).add(label.malignant)
        if "" not in flags and all(len(found) == 1 for found in flags.values()):
            return factor.name
    return cancer.network.factors[0].name


def neutral_evidence(cancer: Cancer) -> Evidence:
    """Return evidence that leaves the network's probabilities as they are.

    Args:
        cancer: The cancer.
    """
    name = deciding_factor(cancer)
    values = next(f.values for f in cancer.network.factors if f.name == name)
    n = len(values)
    return Evidence(name, values, (1 / n,) * n, 1.0, (0.0,) * n)


def evidence_path(cancer_id: str, folders: Sequence[Path] | None = None) -> Path | None:
    """Return the file of a cancer's evidence, or ``None`` if there is none.

    Args:
        cancer_id: Id of the cancer.
        folders: Where files of cancers lie; by default all that are searched.
    """
    places = [folder / FOLDER / f"{cancer_id}.json" for folder in folders or search_folders()]
    return next((place for place in places if place.is_file()), None)


@cache
def _read(path: Path) -> Evidence:
    try:
        return Evidence.from_dict(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DataError(
            f"The evidence of a cancer must be JSON as 'cancerapy agent fit' writes it; "
            f"'{path.name}' is not: {error}. Fit it again, or remove the file."
        ) from error


def load_evidence(cancer: Cancer) -> Evidence:
    """Return what images and answers say of a cancer; neutral where nothing was fitted.

    Raises:
        DataError: The file cannot be read.
    """
    path = evidence_path(cancer.id)
    return _read(path) if path is not None else neutral_evidence(cancer)
