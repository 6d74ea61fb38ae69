"""Writes the generated pages of ``docs/reference`` from the code; ``--check`` only compares.

settings.md, plan.md, commands.md, backbones.md, bundle.md and permissions.md are generated. api.md,
errors.md, augmentations.md and metrics.md are written by hand, and tests hold them to the code.
"""

import inspect
import json
import re
import sys
import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any

import click

from cancerapy.api.permissions import PERMISSIONS, Permission, Reach
from cancerapy.bundle import schema
from cancerapy.cancers import InputSpec, list_cancers, load_cancer
from cancerapy.cancers._registry import PATH_VARIABLE
from cancerapy.cli.main import COMMANDS, load_command
from cancerapy.people.roles import ACCOUNT_ROLES, Role
from cancerapy.settings import PREFIX, Settings
from cancerapy.training.plan import Plan
from cancerapy.training.plan_checks import CHOICES

FOLDER = Path(__file__).parents[1] / "docs" / "reference"
NOTE = "<!-- made by tools/write_reference.py (make docs); do not edit by hand -->"


def table(header: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a Markdown table."""
    names = list(header)
    lines = [names, ["---"] * len(names), *(list(row) for row in rows)]
    return "\n".join("| " + " | ".join(_cell(text) for text in line) + " |" for line in lines)


def page(title: str, *parts: str) -> str:
    """Return a page with its title and the note that it is generated."""
    return "\n\n".join([f"# {title}", NOTE, *parts]) + "\n"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _code(value: object) -> str:
    return f"`{value}`" if value not in (None, "") else ""


# --------------------------------------------------------------------------- settings


def settings_page() -> str:
    """Return the page of all settings."""
    rows = [
        (_code(PREFIX + spec.name.upper()), _code(_default(spec)), spec.metadata["help"])
        for spec in fields(Settings)
    ]
    extra = (
        _code(PATH_VARIABLE),
        "",
        "Folders with files of further cancers, separated as in PATH.",
    )
    return page(
        "Settings",
        "A setting is an environment variable. Where a command has an option of the same name, "
        "the option wins. An empty variable counts as not set.",
        table(("Variable", "Default", "Meaning"), [*rows, extra]),
    )


def _default(spec: Any) -> object:
    default = spec.default if spec.default is not MISSING else None
    return default.as_posix() if isinstance(default, Path) else default


# --------------------------------------------------------------------------- plan


def plan_page() -> str:
    """Return the page of all fields of a training plan."""
    rows = [
        (
            _code(spec.name),
            _code(json.dumps(spec.default)),
            _code(_allowed(spec)),
            spec.metadata["help"],
        )
        for spec in fields(Plan)
        if spec.metadata
    ]
    parts = [
        "A plan is every choice of a training run: the defaults below, changed by the cancer's "
        "file, then by a plan file (`--plan`), then by options and `--set name=value`. It is saved "
        "with the run as `plan.json`, and its digest names the run. "
        "`cancerapy train skin --show-plan` prints the resolved one.",
        table(("Field", "Default", "Allowed", "Meaning"), rows),
        "`cancer` is the one field without a default: the cancer that is trained.",
        "## What each cancer changes",
    ]
    for name in list_cancers():
        cancer = load_cancer(name)
        values: Mapping[str, Any] = {
            "height": cancer.input.height,
            "width": cancer.input.width,
            "augmentation": list(cancer.augmentation),
            **cancer.plan,
        }
        given = ((_code(field), _code(json.dumps(value))) for field, value in values.items())
        parts += [f"### {name}", table(("Field", "Value"), given)]
    return page("Training plan", *parts)


def _allowed(spec: Any) -> str:
    if spec.name in CHOICES:
        return ", ".join(CHOICES[spec.name])
    least = spec.metadata.get("least")
    return "" if least is None else f">= {least}"


# --------------------------------------------------------------------------- commands


def commands_page() -> str:
    """Return the page of all commands with their arguments and options."""
    parts = [
        "Results go to standard output, messages to standard error. Exit status: 0 done, 1 "
        "failed, 2 wrong use, 130 interrupted. `cancerapy --version` prints the version, "
        "`cancerapy --debug ...` shows the trace of an unexpected error.",
        table(
            ("Command", "What it does"),
            ((f"[`{name}`](#cancerapy-{name})", text) for name, text in COMMANDS.items()),
        ),
    ]
    for name in COMMANDS:
        for path, command in walk_commands(f"cancerapy {name}", load_command(name)):
            parts += _command(path, command)
    return page("Commands", *parts)


def walk_commands(path: str, command: click.Command) -> Iterator[tuple[str, click.Command]]:
    """Yield a command and the commands below it, each with its full name."""
    yield path, command
    for name, below in getattr(command, "commands", {}).items():
        yield from walk_commands(f"{path} {name}", below)


def _command(path: str, command: Any) -> list[str]:
    parts = [f"## {path}", _help(command.help or "")]
    parameters = [p for p in command.params if p.name != "help" and not getattr(p, "hidden", False)]
    if parameters:
        rows = ((_names(p), _shown_default(p), getattr(p, "help", None) or "") for p in parameters)
        parts.append(table(("Argument or option", "Default", "Meaning"), rows))
    return parts


def _help(text: str) -> str:
    """Return a help text in Markdown: indented lines are commands to paste."""
    blocks = [block.strip("\n") for block in re.split(r"\n\s*\n", inspect.cleandoc(text))]
    result: list[str] = []
    examples: list[str] = []
    for block in blocks:
        prose = [line for line in block.splitlines() if not line.startswith("  ")]
        indented = [line.strip() for line in block.splitlines() if line.startswith("  ")]
        # A remark behind a command must be one for the shell, too.
        examples += [re.sub(r"\s{2,}\((.*)\)$", r"  # \1", line) for line in indented]
        if prose and prose[-1].rstrip().endswith(":") and len(prose[-1]) < 20:
            prose.pop()  # "Examples:" stands before the block anyway
        if prose:
            result.append("\n".join(prose))
    if examples:
        result.append("```sh\n" + "\n".join(examples) + "\n```")
    return "\n\n".join(result)


def _names(parameter: Any) -> str:
    if parameter.param_type_name == "argument":
        name = (parameter.metavar or parameter.name or "").upper()
        name += "..." if parameter.nargs == -1 and not name.endswith("...") else ""
        return _code(name if parameter.required else f"[{name}]")
    names = ", ".join(_code(n) for n in [*parameter.opts, *parameter.secondary_opts])
    return names if parameter.is_flag else f"{names} {(parameter.metavar or '').strip()}".strip()


def _shown_default(parameter: Any) -> str:
    if parameter.required:
        return "required"
    value = parameter.default
    if value is None or value is False or callable(value) or value in ((), ""):
        return ""
    if value is True:
        return _code(parameter.opts[0])
    return _code(value if isinstance(value, (str, int, float, Path)) else json.dumps(value))


# --------------------------------------------------------------------------- networks


def backbones_page() -> str:
    """Return the page of all backbones; imports Keras."""
    from cancerapy.models._registry import list_backbones, load_backbone

    rows = []
    for backbone in map(load_backbone, list_backbones()):
        rows.append(
            (
                _code(backbone.name),
                "`keras.applications`" if backbone.application else "this project",
                _code(backbone.scaling),
                _code(backbone.weights_file),
                _code(backbone.freeze_to),
            )
        )
    return page(
        "Backbones",
        'The network below the head, by name: `cancerapy train skin --backbone "MobileNetV2"`. '
        "With `--weights imagenet`, a file of the name shown is looked for in `CANCERAPY_WEIGHTS`; "
        "where there is none, Keras fetches its own. `--weights none` starts at random and "
        "`--weights FILE` from a file.",
        "Stage two trains what lies above the freezing point. Where none is named here, it is the "
        "end of the last block before the map shrinks for the last time; "
        "`--set freeze_to=LAYER` chooses another, `--set freeze_to=none` trains all.",
        table(("Name", "Builder", "Input scaling", "Weights file", "Freezing point"), rows),
    )


# --------------------------------------------------------------------------- bundle


def bundle_page() -> str:
    """Return the page of the fields of ``bundle.json``."""
    order = (
        schema.BundleFields,
        schema.InputFields,
        schema.FactorFields,
        schema.TaskFields,
        schema.OperatingPoint,
        schema.QualityLimits,
    )
    parts = [
        "A bundle is a folder `<cancer>-<version>` with four files: `model.tflite` (the network), "
        "`bundle.json` (what follows), `stats.npz` (statistics by which unfamiliar images are "
        "recognised) and `card.md` (the model card). Loading checks the digest of each. A bundle "
        "is never changed; a new model gets the next version.",
        "The graph takes uint8 RGB `(1, height, width, 3)` and gives `logits`, `embedding` and "
        "`cam`, the map whose pooling is the logits.",
    ]
    for kind in order:
        meanings = field_meanings(kind)
        rows = [(_code(spec.name), meanings.get(spec.name, "")) for spec in fields(kind)]
        parts += [f"## {kind.__name__}", _summary(kind), table(("Field", "Meaning"), rows)]
    return page("Bundle", *parts)


def _summary(kind: type) -> str:
    return inspect.cleandoc(kind.__doc__ or "").split("\n\n")[0].replace("``", "`")


def field_meanings(kind: type) -> dict[str, str]:
    """Return the meaning of each field from the class's docstring, as a sentence."""
    _, _, described = inspect.cleandoc(kind.__doc__ or "").partition("Args:\n")
    found = re.findall(r"^(\w+): (.*(?:\n +.*)*)", textwrap.dedent(described), flags=re.MULTILINE)
    meanings = {name: _cell(text).replace("``", "`") for name, text in found}
    # The bundle's input is the cancer's, described there.
    return field_meanings(InputSpec) if kind is schema.InputFields else meanings


# --------------------------------------------------------------------------- permissions


def permissions_page() -> str:
    """Return the page of who may call which route."""
    roles = (*ACCOUNT_ROLES, Role.DEVICE)
    rows = [
        (_code(route), *(_permitted(permission, role) for role in roles), _code(permission.read))
        for route, permission in PERMISSIONS.items()
    ]
    return page(
        "Permissions",
        "Who may call which route; what is not in this table nobody may. *anybody*: without being "
        "signed in; *own*: what belongs to the patient's own record. The last column is the entry "
        "that a call leaves in the audit log, where the view writes none of its own. Why it is so: "
        "[who may see what](../explanation/access.md).",
        table(("Route", *(role.value for role in roles), "Audit"), rows),
    )


def _permitted(permission: Permission, role: Role) -> str:
    if permission.is_open:
        return "anybody"
    if role not in permission.roles:
        return ""
    return "own" if role is Role.PATIENT and permission.patient is Reach.OWN else "yes"


PAGES: dict[str, Callable[[], str]] = {
    "settings.md": settings_page,
    "plan.md": plan_page,
    "commands.md": commands_page,
    "bundle.md": bundle_page,
    "backbones.md": backbones_page,
    "permissions.md": permissions_page,
}
"""Every generated page."""


def main() -> int:
    """Write the pages; with ``--check`` say which differ and return 1 if any does."""
    stale = []
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, make in PAGES.items():
        path, text = FOLDER / name, make()
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            stale.append(name)
            if "--check" not in sys.argv[1:]:
                path.write_text(text, encoding="utf-8")
    for name in stale:
        sys.stdout.write(f"{'stale' if '--check' in sys.argv[1:] else 'written'}: {name}\n")
    return 1 if stale and "--check" in sys.argv[1:] else 0


if __name__ == "__main__":
    sys.exit(main())
