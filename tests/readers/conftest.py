"""Values that a DICOM file may hold."""

import numpy as np
import pytest
from numpy.typing import NDArray


@pytest.fixture(scope="session")
def ramp() -> NDArray[np.uint16]:
    """Return (20, 30) 12-bit values: 0 upper left, 4095 lower right."""
    steps = np.add.outer(np.arange(20) * 30, np.arange(30)) / 599
    return np.round(steps * 4095).astype(np.uint16)
