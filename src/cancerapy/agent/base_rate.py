"""A clinic's own share of malignant findings, by cancer, as the setting ``prevalence`` gives it."""

from collections.abc import Mapping

from cancerapy.agent.examination import check_prevalence
from cancerapy.cancers import list_cancers
from cancerapy.errors import UnknownNameError, UsageError


def read_base_rates(text: str) -> Mapping[str, float]:
    """Return the share of malignant findings by cancer id, each above 0 and below 1.

    Args:
        text: ``cancer=share``, several apart by commas; empty for none.

    Raises:
        UnknownNameError: There is no such cancer.
        UsageError: A part is not of this form, or a share not between 0 and 1.

    >>> read_base_rates("skin=0.05, breast=0.007")
    {'skin': 0.05, 'breast': 0.007}
    """
    rates: dict[str, float] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        cancer, _, share = (word.strip() for word in part.partition("="))
        if cancer not in list_cancers():
            raise UnknownNameError.of("cancer", cancer[:60], list_cancers())
        try:
            rates[cancer] = float(share)
        except ValueError as error:
            raise UsageError(
                "CANCERAPY_PREVALENCE must give a cancer's share of malignant findings as "
                f"cancer=share; '{part[:60]}' does not. Write for instance {cancer}=0.05.",
                code="prevalence_invalid",
                field="prevalence",
            ) from error
        check_prevalence(rates[cancer])
    return rates
