"""What a tuning is asked for, and the checks that need neither Keras nor the data."""

from collections.abc import Sequence
from dataclasses import dataclass

from cancerapy.errors import LeakError, UsageError
from cancerapy.settings import Settings
from cancerapy.training.plan import Plan
from cancerapy.training.protocols import parse_protocol
from cancerapy.tuning.rates import check_optimizers
from cancerapy.tuning.search_space import check_names

_SEPARATORS = ("/", "\\")


@dataclass(frozen=True, slots=True)
class Fidelity:
    """How far the proxy stays below the real thing, see ``proxy``.

    Args:
        protocol: The cross-validation that will be reported later.
        fold: Its fold that is held out; empty: the first.
        fraction: Share of the other images that is used, 0..1.
        epochs: Most epochs of each stage.
        views: Most cached views, where the plan trains from cached views.
    """

    protocol: str = "grouped-5"
    fold: str = ""
    fraction: float = 0.25
    epochs: int = 3
    views: int = 2


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked for; it can be sent to another process.

    Args:
        cancer: Cancer id.
        plan: Where the search starts from.
        settings: Folders.
        fixed: Plan fields that were given a value and are held.
        search: Names to search; empty: all that have an effect.
        optimizers: Compare these instead of searching.
        fidelity: The proxy.
        source: Folder of another data set of the cancer.
        study: Name of the study; empty: made from what is searched.
        goal: Score that ends the search, 0..1.
        states: Most states that a process tries in one call; 0: no limit.
        workers: Processes at work.
    """

    cancer: str
    plan: Plan
    settings: Settings
    fixed: tuple[str, ...] = ()
    search: tuple[str, ...] = ()
    optimizers: tuple[str, ...] = ()
    fidelity: Fidelity = Fidelity()
    source: str | None = None
    study: str = ""
    goal: float | None = None
    states: int = 0
    workers: int = 1


def check_request(request: Request) -> None:
    """Refuse what cannot be or would be ignored.

    Raises:
        UnknownNameError: There is no such parameter or optimizer.
        UsageError: A value is out of range, or two options exclude each other.
        LeakError: The protocol divides groups.
    """
    check_fidelity(request.fidelity)
    check_names(request.search, request.fixed)
    if request.optimizers:
        check_optimizers(request.optimizers)
        _check_comparison(request)
    if request.goal is not None and not 0 < request.goal <= 1:
        raise _out_of_range("goal", request.goal, "above 0 and at most 1", "0.95")
    if request.workers < 1:
        raise _out_of_range("workers", request.workers, "at least 1", "2")
    if request.states < 0:
        raise _out_of_range("states", request.states, "at least 0", "20")
    if request.study.startswith(".") or any(mark in request.study for mark in _SEPARATORS):
        raise UsageError(
            f"A study's name is that of a folder below the runs; given '{request.study}'. Take "
            "letters, digits and dashes, and --runs for another place.",
            field="study",
        )


def check_fidelity(fidelity: Fidelity) -> None:
    """Refuse a proxy that cannot be, or that would see the fold that is reported.

    Raises:
        UsageError: A value is out of range, or there is no such protocol.
        LeakError: The protocol divides groups.
    """
    if parse_protocol(fidelity.protocol, allow_leak=True).kind == "random":
        raise LeakError(
            "Tuning must leave the groups of the reported fold alone; "
            f"'{fidelity.protocol}' has images of one group in several folds. Give --protocol "
            "grouped-5 or slides.",
            field="protocol",
        )
    if not 0 < fidelity.fraction <= 1:
        raise _out_of_range("fraction", fidelity.fraction, "above 0 and at most 1", "0.25")
    if fidelity.epochs < 1:
        raise _out_of_range("proxy-epochs", fidelity.epochs, "at least 1", "3")
    if fidelity.views < 1:
        raise _out_of_range("proxy-views", fidelity.views, "at least 1", "2")


def split_names(text: str | None) -> tuple[str, ...]:
    """Return the names of a list such as ``adam,sgd``.

    >>> split_names("adam, sgd")
    ('adam', 'sgd')
    """
    return tuple(name.strip() for name in text.split(",")) if text is not None else ()


def _check_comparison(request: Request) -> None:
    ignored: Sequence[tuple[str, bool]] = (
        ("search", bool(request.search)),
        ("goal", request.goal is not None),
        ("states", request.states > 0),
        ("workers", request.workers > 1),
    )
    for name, is_given in ignored:
        if is_given:
            raise UsageError(
                f"--optimizers compares and does not search; --{name} would be ignored. Leave one "
                "of the two away.",
                field=name,
            )
    held = {"optimizer", "learning_rate", "head_learning_rate"} & {*request.fixed}
    if "optimizer" in held:
        raise UsageError(
            "--optimizers gives each optimizer its turn; --set optimizer would be ignored. Leave "
            "one of the two away.",
            field="optimizers",
        )


def _out_of_range(name: str, value: float, must: str, example: str) -> UsageError:
    return UsageError(
        f"--{name} must be {must}; it is {value}. Give for instance --{name} {example}.",
        code="setting_invalid",
        field=name.replace("-", "_"),
    )
