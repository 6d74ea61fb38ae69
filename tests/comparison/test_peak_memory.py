"""The peak of a process of its own, which grows with the model."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from cancerapy.comparison.peak_memory import measure_peak_memory, own_peak_mb
from cancerapy.errors import BundleError


def test_the_peak_is_that_of_a_small_process(tiny_model: Path) -> None:
    measured = measure_peak_memory(tiny_model)
    assert 15 < measured < 200
    # This process holds TensorFlow; none of it counts.
    assert measured < own_peak_mb() - 50


@pytest.mark.skipif(not Path("/proc/self/status").is_file(), reason="the system does not tell")
def test_the_own_peak_knows_what_was_given_back() -> None:
    before = own_peak_mb()
    np.ones(int(before * 1e6) // 8 + 10_000_000).sum()  # 80 MB above all that ever was
    assert own_peak_mb() > before + 60


def test_what_is_no_model_is_told(tmp_path: Path) -> None:
    file = tmp_path / "model.tflite"
    file.write_bytes(b"nothing")
    with pytest.raises(BundleError, match=r"^'model\.tflite' must answer in a process of its own"):
        measure_peak_memory(file)


def test_the_process_that_is_measured_imports_nothing_of_training() -> None:
    code = (
        "import sys, cancerapy.comparison.peak_memory; "
        "print([m for m in ('keras', 'tensorflow', 'sklearn') if m in sys.modules])"
    )
    asked = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert asked.stdout.strip() == "[]"
