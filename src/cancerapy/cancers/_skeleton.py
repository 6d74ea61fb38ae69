"""The text of a new cancer's file: complete and valid, with guidance where a person decides."""

import json

_CLASS = """    ClassLabel(
        {id},
        {title},
        "In plain words, one sentence.",
        {{"finding": {id}}},
        malignant={malignant},
    ),
"""

_FILE = '''"""A cancer of its own: see docs/how-to/add-a-cancer.md for every field."""

from functools import partial

from cancerapy.cancers import (
    Aspect,
    Cancer,
    ClassLabel,
    ErrorCosts,
    Factor,
    InputSpec,
    Modality,
    Network,
    Source,
    Task,
)
from cancerapy.layouts import folder_per_class

# The possible answers. The id is the name of the class's folder of images; the title and the
# meaning are what people read. "codes" may hold standard codes: codes={{"ICD-10": "C34"}}.
_CLASSES = (
{labels})

CANCER = Cancer(
    id="{name}",
    title={title},
    modality=Modality.OTHER,
    description="What is on the images and what is decided, in one paragraph.",
    # One question ("factor") with the classes as its values. A second factor is answered by the
    # same network and makes joint tasks possible.
    network=Network((Factor("finding", tuple(label.id for label in _CLASSES)),)),
    tasks=(Task("{name}", {title}, _CLASSES),),
    # CROP keeps the middle, PAD adds black borders, STRETCH changes the shape.
    input=InputSpec(height={height}, width={width}, aspect=Aspect.CROP, min_side_px={smallest}),
    sources=(
        Source(
            folder="{name}",
            title="Where the images come from, as cited",
            reference="DOI or address of their description",
            licence="Licence of the images",
            # What must never stand on both sides of a split. As it is, a file's name up to the
            # first "__" is its patient: patient-7__left.png.
            # Labels in a CSV file instead (from cancerapy.layouts import table):
            # partial(table.read_samples, image="file", labels={{"finding": "label"}},
            #         group="patient", facts={{"age": "age"}}, file_name="labels.csv")
            group="patient",
            read_samples=partial(folder_per_class.read_samples, factor="finding"),
            instructions="Put the images of each class into a folder of its name.",
        ),
    ),
    # Values that differ from the defaults; all of them: cancerapy train {name} --show-plan
    plan={{}},
    # Random changes that leave the class as it is, see docs/reference/augmentations.md.
    augmentation=("flip_h", "tilt", "zoom"),
    questions=(),
    # A sourced figure belongs here: how many needless tests weigh as much as one missed cancer.
    costs=ErrorCosts(missed_malignant=20.0, false_alarm=1.0, source="assumption"),
    references=(),
    phantom="generic",
    limits=("Measured on no group of patients other than the training data's.",),
    model_licence="as the training images",
    advice={{
        "malignant": "Have a specialist look at it soon.",
        "benign": "Nothing suspicious was found; keep your regular appointments.",
        "unsure": "The model cannot decide; show it to a specialist.",
        "rejected": "Take another image: this one cannot be judged.",
    }},
)
'''


def build_skeleton(
    name: str, title: str, classes: list[str], malignant: list[str], *, height: int, width: int
) -> str:
    """Return the Python source of a cancer's file.

    Args:
        name: Its id.
        title: Its name in words.
        classes: Ids of the classes, which are also the names of their folders.
        malignant: Those that count as malignant.
        height: Height of the network's input in pixels.
        width: Width of the network's input in pixels.
    """
    labels = "".join(
        _CLASS.format(
            id=_quoted(value),
            title=_quoted(value.replace("_", " ").capitalize()),
            malignant=value in malignant,
        )
        for value in classes
    )
    return _FILE.format(
        name=name, title=_quoted(title), labels=labels, height=height, width=width,
        smallest=min(height, width, 64),
    )  # fmt: skip


def _quoted(text: str) -> str:
    """Return ``text`` as a string literal with double quotes, which JSON's are."""
    return json.dumps(text, ensure_ascii=False)
