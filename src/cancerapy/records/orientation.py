"""Which view and side an image shows: what the sender says, else what its DICOM file says."""

from collections.abc import Sequence

from cancerapy.readers import read_facts
from cancerapy.records.tables import LATERALITIES

Said = Sequence[str | None]
"""A value for each image, in their order; ``None`` where it is not known."""


def complete_orientation(
    files: Sequence[bytes], views: Said, sides: Said
) -> tuple[list[str | None], list[str | None]]:
    """Return view and side of each image, taken from the file where nobody said them.

    Args:
        files: The images as they came.
        views: Views that were said.
        sides: L or R of the patient that were said.
    """
    facts = [read_facts(data) for data in files]
    found = [own.get("laterality") for own in facts]
    return (
        [said or own.get("view") for said, own in zip(views, facts, strict=True)],
        [
            said or (own if own in LATERALITIES else None)
            for said, own in zip(sides, found, strict=True)
        ],
    )
