"""No patient image enters the repository: what the hook refuses and lets through."""

import runpy
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOOL = runpy.run_path(str(ROOT / "tools" / "refuse_patient_images.py"))
DICOM = bytes(128) + b"DICM"
OUTSIDE = (
    "a picture outside tests/data/, docs/images/*.png, docs/screens/*.png, mobile/src/assets/*.png"
)


@pytest.mark.parametrize(
    ("name", "start", "fault"),
    [
        ("docs/a.dcm", b"", "a DICOM file"),
        ("docs/a.DCM", b"", "a DICOM file"),
        ("notes.txt", DICOM, "a DICOM file"),
        ("docs/images/ISIC_0024306.png", b"", "named like a patient's image of a data set"),
        ("docs/images/CRC-Prim-HE-10_001.png", b"", "named like a patient's image of a data set"),
        (
            "docs/images/20586908_6c613a14b80a8591_MG_R_CC_ANON.png",
            b"",
            "named like a patient's image of a data set",
        ),
        ("docs/images/20586934 (17).png", b"", "named like a patient's image of a data set"),
        ("docs/images/P_00001_LEFT_CC.png", b"", "named like a patient's image of a data set"),
        ("lesion.jpg", b"", OUTSIDE),
        ("docs/images/photo.jpg", b"", OUTSIDE),
        ("docs/images/phantoms.png", b"", ""),
        ("docs/screens/en-light-2-home.png", b"", ""),
        ("tests/data/ISIC_0000000.jpg", b"", ""),
        ("tests/data/no-pixels.dcm", DICOM, ""),
        ("results/predictions/skin-grouped-3/fold-1.csv", b"ISIC_0024306.jpg", ""),
        ("src/cancerapy/errors.py", b"", ""),
    ],
)
def test_what_is_refused(name: str, start: bytes, fault: str) -> None:
    assert TOOL["fault_of"](name, start) == fault


def test_main_names_what_it_refuses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("scan.txt").write_bytes(DICOM)
    Path("notes.md").write_text("text")
    assert TOOL["main"](["notes.md"]) == 0
    assert TOOL["main"](["notes.md", "scan.txt"]) == 1
    assert capsys.readouterr().err == (
        "refused: scan.txt: a DICOM file. Use a phantom (cancerapy phantom).\n"
    )


def test_the_repository_holds_no_such_file() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    faults = {}
    for name in filter(None, listed.stdout.split("\0")):
        path = ROOT / name
        if path.is_file():
            with path.open("rb") as stream:
                faults[name] = TOOL["fault_of"](name, stream.read(132))
    assert {name: fault for name, fault in faults.items() if fault} == {}
    assert len(faults) > 100
