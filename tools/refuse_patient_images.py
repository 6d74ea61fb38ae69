"""Refuses files that could show a patient: DICOM, and names or kinds of real data sets' images.

    python tools/refuse_patient_images.py FILE...

Pictures of this project are drawn by its code and lie in ``docs/images``, ``docs/screens`` and
``mobile/src/assets`` as PNG. Small synthetic files for tests lie in ``tests/data``.
Returns 1 and names each file that is neither.
"""

import re
import sys
from pathlib import Path

ALLOWED_FOLDER = "tests/data/"
DRAWN_FOLDERS = ("docs/images/", "docs/screens/", "mobile/src/assets/")
_PICTURES = {
    ".jpg", ".jpeg", ".png", ".tif", ".tiff", ".bmp", ".webp", ".gif", ".heic", ".heif", ".svs",
    ".ndpi",
}  # fmt: skip
_DICOM = {".dcm", ".dicom", ".ima"}
_DATA_SET_NAMES = re.compile(
    r"ISIC_\d+"  # HAM10000
    r"|CRC-Prim-HE-\d+"  # Kather 2016
    r"|\d{8}_[0-9a-f]{16}_MG_"  # INbreast
    r"|\d{8} ?\(\d+\)\."  # its copies
    r"|P_\d{5}_(LEFT|RIGHT)"  # CBIS-DDSM
    r"|\d{5}_(LEFT|RIGHT)_(CC|MLO)\.",
    re.IGNORECASE,
)


def fault_of(name: str, start: bytes) -> str:
    """Return why a file is refused; empty if it is not.

    Args:
        name: Path from the root of the repository, with forward slashes.
        start: Its first 132 bytes or more.
    """
    if name.startswith(ALLOWED_FOLDER):
        return ""
    suffix = Path(name).suffix.lower()
    if suffix in _DICOM or start[128:132] == b"DICM":
        return "a DICOM file"
    is_picture = suffix in _PICTURES
    if is_picture and _DATA_SET_NAMES.search(Path(name).name):
        return "named like a patient's image of a data set"
    if is_picture and not (name.startswith(DRAWN_FOLDERS) and suffix == ".png"):
        folders = ", ".join(f"{folder}*.png" for folder in DRAWN_FOLDERS)
        return f"a picture outside {ALLOWED_FOLDER}, {folders}"
    return ""


def main(names: list[str]) -> int:
    """Check files; return 1 if any is refused."""
    refused = 0
    for name in names:
        with Path(name).open("rb") as stream:
            fault = fault_of(Path(name).as_posix(), stream.read(132))
        if fault:
            sys.stderr.write(f"refused: {name}: {fault}. Use a phantom (cancerapy phantom).\n")
            refused = 1
    return refused


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
