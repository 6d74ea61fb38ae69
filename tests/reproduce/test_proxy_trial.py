"""What the parts of a tuning ask for."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from cancerapy.errors import PlanError
from cancerapy.reproduce import Context
from cancerapy.reproduce.proxy_trial import ProxyTrial


def test_parts_of_one_folder_share_their_work(
    make_trial: Callable[..., ProxyTrial], context: Context
) -> None:
    trial = make_trial(dropout=0.3)
    whole = trial.request(context, "one", search=("dropout",))
    assert (whole.plan.dropout, whole.search) == (0.3, ("dropout",))
    assert whole.fidelity == trial.fidelity
    assert whole.settings.runs == context.folder("one")
    assert whole.settings.data == context.settings.data
    quick = trial.request(replace(context, quick=True), "one")
    assert quick.settings.runs != whole.settings.runs
    assert (quick.fidelity.fraction, quick.fidelity.epochs, quick.fidelity.views) == (0.05, 1, 1)
    assert quick.fidelity.protocol == trial.fidelity.protocol


def test_a_plan_file_with_an_unknown_key_is_refused(
    make_trial: Callable[..., ProxyTrial], context: Context
) -> None:
    with pytest.raises(PlanError, match=r"^A plan has no field 'colour'\."):
        make_trial(colour="red").request(context, "one")
