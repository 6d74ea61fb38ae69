"""The command ``cancerapy``: finds the file of a command and reports errors, nothing else.

A command's module is imported when it is called or asked for its own help, so ``--help`` and a
prediction never wait for TensorFlow.
"""

import errno
import os
import sys
import traceback
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup

from cancerapy import __version__
from cancerapy.errors import (
    CanceRapyError,
    MissingDependencyError,
    StorageError,
    UnknownNameError,
    how_to_install,
)

COMMANDS: dict[str, str] = {
    "predict": "Classify images from the command line.",
    "decide": "Decide what to do after the images and answers of one examination.",
    "serve": "Answer over HTTP.",
    "patients": "Register, find, export and erase patients.",
    "examinations": "Judge images and put them on a patient's record.",
    "reviews": "Agree with machine guesses on the record, or correct them.",
    "consents": "Write down what a patient's images may be used for.",
    "audit": "Show and check the log of who did what.",
    "records": "Keep the records' tables, periods and files in order.",
    "backup": "Write all records into one file.",
    "restore": "Bring the records of a backup back.",
    "models": "List the model bundles and show their cards.",
    "people": "Add, list and close the accounts that may use the records.",
    "data": "Download, check and summarise data sets.",
    "train": "Train, cross-validate, or fit finally.",
    "tune": "Search the settings of a plan within a time budget.",
    "evaluate": "Measure out-of-fold predictions, with intervals and plots.",
    "agent": "Fit what images and answers say, and measure the decisions.",
    "compare": "Compare architectures by accuracy and cost.",
    "export": "Make the bundle that is served.",
    "learn": "Learn from cases that reviewers have confirmed.",
    "reproduce": "Repeat the 2022 report's experiments.",
    "phantom": "Draw synthetic example images.",
    "new-cancer": "Write the file of a new cancer.",
}
"""Every command with its line in the help."""

INTERRUPTED = 130
"""Exit status after Ctrl+C."""

_GOES_ON = "Interrupted. What was finished is kept; run the same command again to go on."
_BEGINS_ANEW = "Interrupted. No answer was written; run the same command again."

_REFUSED = frozenset([errno.ENOSPC, errno.EFBIG, errno.EROFS, errno.EIO])
"""What the system says of a place without a name, as stdout, that takes nothing more."""


def module_of(command: str) -> str:
    """Return the module that holds ``command``."""
    return f"cancerapy.cli.{command.replace('-', '_')}"


def load_command(name: str) -> Any:
    """Import a command.

    A module holds a function of the command's name, or ``app`` for a group of commands.
    """
    module = import_module(module_of(name))
    app = getattr(module, "app", None)
    if app is None:
        app = typer.Typer(add_completion=False, rich_markup_mode=None)
        app.command(name=name)(getattr(module, name.replace("-", "_")))
    return typer.main.get_command(app)


class _Commands(TyperGroup):
    """A group whose members are imported late."""

    def list_commands(self, ctx: Any) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in COMMANDS:
            raise UnknownNameError.of("command", cmd_name, COMMANDS)
        return load_command(cmd_name)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


app = typer.Typer(cls=_Commands, add_completion=False, rich_markup_mode=None)


def _print_version(value: bool) -> None:
    if value:
        typer.echo(f"cancerapy {__version__}")
        raise typer.Exit


@app.callback(invoke_without_command=False)
def _root(
    debug: bool = typer.Option(False, "--debug", help="Show the trace of an unexpected error."),
    version: bool = typer.Option(
        False, "--version", help="Print the version.", callback=_print_version, is_eager=True
    ),
) -> None:
    """CanceRapy: a second opinion on images of possible cancer that can be checked.

    Start with 'cancerapy serve', or with 'cancerapy phantom skin -o examples' and
    'cancerapy predict skin examples'. It is a research tool, not a medical device.
    """


def main() -> None:
    """Run the command line; exit 0 done, 1 failed, 2 wrong use, 130 interrupted."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run one command line and return its exit status."""
    # TensorFlow would fill the screen with what it found out about the processor.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    try:
        app(arguments, prog_name="cancerapy")
    except SystemExit as stop:  # Typer's own end: done, help, wrong use, or interrupted
        status = stop.code if isinstance(stop.code, int) else 0
        if status == INTERRUPTED:
            _say(_BEGINS_ANEW if arguments[:1] == ["predict"] else _GOES_ON)
        return status if _flush() else 1
    except CanceRapyError as error:
        _say(f"{error.message} [{error.code}]")
        return error.exit_code
    except ModuleNotFoundError as error:
        if (error.name or "cancerapy").startswith("cancerapy"):
            return _report_surprise(error, arguments)
        _say(
            f"This command needs the package '{error.name}', which is not installed. "
            f"{how_to_install('train')}"
        )
        return MissingDependencyError.exit_code
    except Exception as error:  # noqa: BLE001 - the last line of defence: no trace for users
        return _report_surprise(error, arguments)
    return 0


def _report_surprise(error: Exception, arguments: list[str]) -> int:
    if "--debug" in arguments:
        traceback.print_exception(error)
    elif isinstance(error, OSError) and (error.filename or error.errno in _REFUSED):
        code = "disk_full" if error.errno == errno.ENOSPC else StorageError.default_code
        where = f"'{error.filename}'" if error.filename else "The place that this writes to"
        _say(
            f"{where} cannot be used: {error.strerror}. Check that it is there, is a folder where "
            "one is needed, and has room and permission; then run the same command again to go "
            f"on. [{code}]"
        )
    else:
        _say(
            f"Something unexpected happened: {type(error).__name__}: {error}. "
            "Run 'cancerapy --debug ...' for the trace and report it."
        )
    return 1


def _flush() -> bool:
    """Write out what is buffered; false where the reader has gone (``| head``)."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        # The interpreter flushes once more when it ends; that must not print a trace.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return False
    return True


def _say(message: str) -> None:
    sys.stderr.write(f"cancerapy: {message}\n")
