"""The aliases mean the types that their descriptions promise."""

from typing import get_args

import numpy as np
import pytest

from cancerapy import arrays

EXPECTED = {
    "Image": np.uint8,
    "Images": np.uint8,
    "Logits": np.float32,
    "Probabilities": np.float64,
    "ClassMap": np.float32,
    "Indices": np.int64,
    "Floats": np.float64,
}


def test_no_alias_is_forgotten() -> None:
    aliases = {name for name, value in vars(arrays).items() if get_args(value)}
    assert aliases - {"NDArray"} == set(EXPECTED)


@pytest.mark.parametrize(("name", "scalar"), EXPECTED.items())
def test_element_type(name: str, scalar: type[np.generic]) -> None:
    _, dtype = get_args(getattr(arrays, name))
    assert get_args(dtype) == (scalar,)
