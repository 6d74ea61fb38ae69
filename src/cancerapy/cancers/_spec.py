"""What a cancer is: the dataclasses that a file in ``cancers/`` fills in.

A cancer has one **network** and one or more **tasks**. The network's output is one or more
**factors** side by side (breast: malignancy and density). A task's class names the value of each
factor it stands for, so that all tasks of a cancer are read off the same output and can never
contradict each other.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from cancerapy.cancers._costs import ErrorCosts
from cancerapy.cancers._question import Question
from cancerapy.layouts.sample import Sample


class Modality(StrEnum):
    """How the image was made."""

    MAMMOGRAPHY = "mammography"
    DERMATOSCOPY = "dermatoscopy"
    HISTOLOGY = "histology"
    OTHER = "other"


class Aspect(StrEnum):
    """What happens to a picture whose shape is not the network's."""

    STRETCH = "stretch"  # each axis scaled on its own
    CROP = "crop"  # the largest centred part of the network's shape
    PAD = "pad"  # black borders


class Pooling(StrEnum):
    """How a factor's logits come from the cells of the class map."""

    MEAN = "mean"  # every cell counts the same
    TOP = "top"  # mean of the highest cells of each class: a small finding is not averaged away


@dataclass(frozen=True, slots=True)
class Factor:
    """One question that the network answers, with exclusive values.

    Args:
        name: Identifier, for instance ``"malignancy"``.
        values: The possible values, in the order of the logits.
        pooling: How cells become logits.
        top_cells: With ``Pooling.TOP``, how many cells are averaged.
    """

    name: str
    values: tuple[str, ...]
    pooling: Pooling = Pooling.MEAN
    top_cells: int = 8


@dataclass(frozen=True, slots=True)
class Network:
    """The output of a cancer's one network: its factors side by side."""

    factors: tuple[Factor, ...]

    @property
    def n_logits(self) -> int:
        """Width of the logits: all values of all factors."""
        return sum(len(factor.values) for factor in self.factors)

    @property
    def slices(self) -> dict[str, slice]:
        """Place of each factor's values in the logits.

        >>> Network((Factor("a", ("x", "y")), Factor("b", ("z", "u", "v")))).slices
        {'a': slice(0, 2, None), 'b': slice(2, 5, None)}
        """
        result, start = {}, 0
        for factor in self.factors:
            result[factor.name] = slice(start, start + len(factor.values))
            start += len(factor.values)
        return result


@dataclass(frozen=True, slots=True)
class ClassLabel:
    """One answer of a task.

    Args:
        id: The data set's own code, for instance ``"nv"``.
        title: Clinical term, for instance ``"Melanocytic nevi"``.
        meaning: What it is in plain words, one sentence.
        selects: Value of each factor that the class stands for.
        malignant: Whether the class counts as malignant; ``None`` where this has no meaning.
        codes: Standard codes by system (``"SCT"`` SNOMED CT, ``"ICD-10"``).
    """

    id: str
    title: str
    meaning: str
    selects: Mapping[str, str]
    malignant: bool | None = None
    codes: Mapping[str, str] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """The words shown to people, as the report's API returned them."""
        return f"{self.title} ({self.id})" if self.title.lower() != self.id.lower() else self.title


@dataclass(frozen=True, slots=True)
class Task:
    """What is predicted from an image of one cancer.

    Args:
        id: Identifier and route, for instance ``"skin-7"``.
        title: What it decides, in words.
        classes: The possible answers in the order of every probability vector.
    """

    id: str
    title: str
    classes: tuple[ClassLabel, ...]

    @property
    def class_ids(self) -> tuple[str, ...]:
        """Ids of the classes, in order."""
        return tuple(label.id for label in self.classes)


@dataclass(frozen=True, slots=True)
class Download:
    """One file that can be fetched without an agreement.

    Args:
        url: Where it is.
        file_name: Name to store it under.
        checksum: ``"md5:..."``, ``"sha256:..."`` or ``"sha384:..."`` as published; ``None``
            where none is.
        size_bytes: Its size, about; nothing depends on it.
    """

    url: str
    file_name: str
    checksum: str | None
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Source:
    """A data set that a cancer can be trained or tested on.

    Args:
        folder: Name of its folder below the data root.
        title: Name as cited.
        reference: DOI or address of its description.
        licence: Licence of the images, SPDX-like.
        group: What its groups are: ``"patient"``, ``"lesion"`` or ``"slide"``.
        read_samples: Turns the folder into samples; raises ``DataError`` naming what is missing.
        downloads: Files to fetch; empty where an agreement must be signed first.
        instructions: What a person must do to get the data, where it cannot be downloaded.
        external: True if it is kept out of training and only tests.
        mpp: Micrometres per pixel of the images, where it is one number.
        copies_of: Folder of the data set whose changed copies these images are; such a set only
            serves to repeat published protocols and never trains a model that is served.
        normal: Facts with the values that mark an image as normal, for instance
            ``(("bi_rads", ("1", "2")),)``; of an external data set's normal images the
            specificity is reported by itself.
        by_hand_because: Why a person has to get it, as words after a colon; empty where it can be
            downloaded, or where ``instructions`` say all.
        labels_are: A sentence on what its labels are, where they are not what is asked for but
            stand for it; else empty.
    """

    folder: str
    title: str
    reference: str
    licence: str
    group: str
    read_samples: Callable[[Path], list[Sample]]
    downloads: tuple[Download, ...] = ()
    instructions: str = ""
    external: bool = False
    mpp: float | None = None
    copies_of: str = ""
    normal: tuple[tuple[str, tuple[str, ...]], ...] = ()
    by_hand_because: str = ""
    labels_are: str = ""


@dataclass(frozen=True, slots=True)
class InputSpec:
    """The network's input.

    Args:
        height: Height in pixels.
        width: Width in pixels.
        aspect: What to do with a picture of another shape.
        steps: Names of the modality's own steps before resizing, see ``preprocess.steps``; no
            shipped cancer has any.
        min_side_px: Smallest shorter side of an image that is accepted.
    """

    height: int
    width: int
    aspect: Aspect
    steps: tuple[str, ...] = ()
    min_side_px: int = 64


@dataclass(frozen=True, slots=True)
class Reference:
    """A figure from real life to compare with, with its source."""

    text: str
    value: float
    source: str


@dataclass(frozen=True, slots=True)
class Cancer:
    """One organ's file: everything that distinguishes it from the others.

    Args:
        id: Identifier; also the file's name.
        title: Name in words.
        modality: How its images are made.
        description: One paragraph for cards and screens.
        network: What the network puts out.
        tasks: What is answered; the first is the cancer's main task.
        input: The network's input.
        sources: Data sets; the first that is not external trains the shipped model.
        plan: Values of the training plan that differ from the defaults.
        augmentation: Names of the random changes in training, see ``data.augment``.
        questions: Medical questions.
        costs: Costs of errors and of what the agent can do.
        references: Figures from real life.
        phantom: Name of the phantom painter, see ``phantoms``.
        limits: On whom the model was not measured; shown with every card.
        model_licence: Licence of a model trained on the first source.
        advice: Text by kind of result: ``"malignant"``, ``"benign"``, ``"unsure"``,
            ``"rejected"``, and where a finding can hide also ``"benign_dense"``.
        hides_in: By factor, the values at which a finding can hide, so that a benign answer
            needs other advice; the value of the first such factor is answered as the density.
        guidance: How to take or choose a good image, one sentence each.
        measured_on: On whom or what the model was measured.
        signs: Early signs of the cancer that a person can notice.
        signs_source: Whose guidance the signs follow.
        act_within_days: How soon to act, by kind of result; none where nothing presses.
        urgency_source: Whose guidance these days follow, and how.
    """

    id: str
    title: str
    modality: Modality
    description: str
    network: Network
    tasks: tuple[Task, ...]
    input: InputSpec
    sources: tuple[Source, ...]
    plan: Mapping[str, Any]
    augmentation: tuple[str, ...]
    questions: tuple[Question, ...]
    costs: ErrorCosts
    references: tuple[Reference, ...]
    phantom: str
    limits: tuple[str, ...]
    model_licence: str
    advice: Mapping[str, str]
    hides_in: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    guidance: tuple[str, ...] = ()
    measured_on: tuple[str, ...] = ()
    signs: tuple[str, ...] = ()
    signs_source: str = ""
    act_within_days: Mapping[str, int] = field(default_factory=dict)
    urgency_source: str = ""

    def task(self, task_id: str) -> Task:
        """Return the task ``task_id``; ``KeyError`` if this cancer has none of that name."""
        return {task.id: task for task in self.tasks}[task_id]
