"""How soon to act on a result, in words."""

from cancerapy.app.state import Outcome
from cancerapy.app.strings import Strings
from cancerapy.app.verdict import Likelihood, Shown


def days_to_act(outcome: Outcome, shown: Shown) -> int:
    """Return within how many days to act, as the advice shown has it; 0 where nothing presses.

    An unsure result that passes the operating point has the advice of a suspicious one.
    """
    return outcome.task.act_within_days.get(shown.advice_code, 0)


def urgency_text(outcome: Outcome, shown: Shown, say: Strings) -> str:
    """Return how soon to act; empty where the image has to be taken again."""
    if shown.likelihood is Likelihood.REJECTED:
        return ""
    days = days_to_act(outcome, shown)
    return say.count("urgency.within", days) if days else say("urgency.none")
