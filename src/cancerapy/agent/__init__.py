"""The decision that follows from images and answers: what to do next, and why."""

from cancerapy.agent.actions import Action
from cancerapy.agent.answers import read_answers
from cancerapy.agent.base_rate import read_base_rates
from cancerapy.agent.basis import digest_basis
from cancerapy.agent.examination import check_prevalence, decide_examination

__all__ = [
    "Action",
    "check_prevalence",
    "decide_examination",
    "digest_basis",
    "read_answers",
    "read_base_rates",
]
