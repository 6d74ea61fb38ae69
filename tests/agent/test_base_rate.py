"""A clinic's own shares of malignant findings, as they are written."""

import pytest

from cancerapy.agent import read_base_rates
from cancerapy.errors import UnknownNameError, UsageError


def test_shares_are_read_by_cancer() -> None:
    assert read_base_rates("") == {}
    assert read_base_rates("breast=0.007") == {"breast": 0.007}
    assert read_base_rates(" skin = 0.05 ,breast=0.007,") == {"skin": 0.05, "breast": 0.007}


@pytest.mark.parametrize("text", ["skin", "skin=", "skin=five", "skin=0.1=0.2"])
def test_what_is_no_share_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(UsageError, match=r"cancer=share.*skin=0\.05"):
        read_base_rates(text)


@pytest.mark.parametrize("share", ["0", "1", "-0.1", "nan", "inf", "1e-320", "9e-7", "0.9999991"])
def test_a_share_lies_between_none_and_all(share: str) -> None:
    with pytest.raises(UsageError, match="above 0 and below 1"):
        read_base_rates(f"skin={share}")


def test_a_cancer_that_there_is_not_gets_the_nearest_name() -> None:
    with pytest.raises(UnknownNameError, match="breast"):
        read_base_rates("brest=0.01")
