"""The table *Layers*, read from every import; and the rules that keep parts findable.

Light packages serve and never import heavy ones; heavy ones train and may import light ones.
"""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import cancerapy
from cancerapy.cancers import list_cancers, list_tasks, load_cancer

SOURCE = Path(cancerapy.__file__).parent
FILES = sorted(SOURCE.rglob("*.py"))

LIGHT = {
    "errors", "nearest", "arrays", "atomic", "native_stderr", "surroundings", "settings", "layouts",
    "cancers", "contract", "preprocess", "readers", "phantoms", "bundle", "runtime", "agent",
    "records", "people", "reports", "api", "app", "server",
}  # fmt: skip
HEAVY = {
    "data", "models", "training", "evaluation", "export", "tuning", "comparison", "policy",
    "learning", "reproduce",
}  # fmt: skip
FREE = {"cli", "__main__", ""}
"""May import everything; ``""`` is the package itself, which holds only its version."""

THIRD_PARTY_HEAVY = {
    "tensorflow", "keras", "sklearn", "scipy", "matplotlib", "pandas", "cv2", "h5py", "imagehash",
    "optuna",
}  # fmt: skip
ONLY_APP = {"flet", "flet_camera", "flet_web", "httpx"}
"""Packages that, of the light ones, only the app uses: a phone has no API, an API no screen."""
SERVING = {"api", "app", "server"}
"""Light packages that heavy ones must not import."""

NAME_CANCERS = ("cancers", "reproduce.experiments.", "reproduce.published.")
"""Where cancers are named: in their own files, in the report's experiments on them, and in the
values that others have published on them."""

FORBIDDEN_NAMES = {"utils", "util", "misc", "helpers", "helper", "common", "tools", "shared"}
MAX_LINES = 300
MAX_BODY_LINES = 40


def name_of(file: Path) -> str:
    """Return the dotted name of a source file below the package, ``errors`` or ``api.app``."""
    parts = file.relative_to(SOURCE).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


@cache
def tree_of(file: Path) -> ast.Module:
    return ast.parse(file.read_text())


def part_of(name: str) -> str:
    return name.partition(".")[0]


def imports(tree: ast.AST) -> Iterator[str]:
    """Yield the absolute names of everything imported anywhere, late imports too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            assert node.module is not None
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Call) and _called(node) in {"import_module", "require"}:
            first = node.args[0] if node.args else None
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield first.value


def _called(call: ast.Call) -> str:
    return getattr(call.func, "attr", getattr(call.func, "id", ""))


def own_parts(file: Path) -> set[str]:
    """Return the parts of this package that ``file`` imports, its own part left out."""
    found = set()
    for name in imports(tree_of(file)):
        top, _, rest = name.partition(".")
        if top == "cancerapy" and rest and part_of(rest) in LIGHT | HEAVY | {"cli"}:
            found.add(part_of(rest))
    return found - {part_of(name_of(file))}


def test_every_part_has_its_layer() -> None:
    parts = {part_of(name_of(file)) for file in FILES}
    assert parts == LIGHT | HEAVY | FREE


@pytest.mark.parametrize("file", FILES, ids=name_of)
def test_imports_keep_to_the_layers(file: Path) -> None:
    part, used = part_of(name_of(file)), own_parts(file)
    if part in LIGHT:
        third = {part_of(name) for name in imports(tree_of(file))}
        assert not used & (HEAVY | {"cli"}), "a light module imports a heavy one"
        assert not third & THIRD_PARTY_HEAVY, "a light module imports a heavy package"
        assert part == "app" or not third & ONLY_APP, "a module outside the app draws or asks"
        assert part == "server" or not {part, *used} >= {"api", "app"}, "API and app meet"
    elif part in HEAVY:
        assert not used & (SERVING | {"cli"}), "a heavy module imports the server or a command"
    elif part == "":
        assert used == set()


def test_the_api_alone_loads_nothing_of_the_app() -> None:
    program = f"import cancerapy.api, sys; print(sorted({ONLY_APP!r} & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[]"


def test_packages_import_one_another_in_one_direction_only() -> None:
    uses: dict[str, set[str]] = {part: set() for part in LIGHT | HEAVY}
    for file in FILES:
        part = part_of(name_of(file))
        if part in uses:
            uses[part] |= own_parts(file) - {"cli"}
    while uses:
        leaves = {part for part, used in uses.items() if not used & set(uses)}
        assert leaves, f"these import one another in a circle: {uses}"
        uses = {part: used for part, used in uses.items() if part not in leaves}


def test_the_reader_of_imports_sees_each_kind() -> None:
    tree = ast.parse(
        "import a.b\nfrom c.d import e\ndef f():\n    import g\n"
        'importlib.import_module("h.i")\nrequire("j", extra="x", feature="y")\n'
    )
    assert set(imports(tree)) == {"a.b", "c.d", "c.d.e", "g", "h.i", "j"}


def docstrings(tree: ast.AST) -> set[int]:
    """Return the ids of the constants that are documentation."""
    return {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }


@cache
def cancer_names() -> set[str]:
    return {*list_cancers(), *list_tasks()}


@pytest.mark.parametrize(
    "file",
    [f for f in FILES if not name_of(f).startswith(NAME_CANCERS)],
    ids=name_of,
)
def test_only_its_own_file_names_a_cancer(file: Path) -> None:
    tree = tree_of(file)
    prose = docstrings(tree)
    named = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in prose
        and node.value in cancer_names()
    ]
    assert named == []


def test_no_cancer_file_names_another() -> None:
    for name in list_cancers():
        text = (SOURCE / "cancers" / f"{name}.py").read_text()
        others = cancer_names() - {name} - {task.id for task in load_cancer(name).tasks}
        assert not [other for other in others if f'"{other}"' in text]


@pytest.mark.parametrize("file", FILES, ids=name_of)
def test_a_module_can_be_held_in_mind(file: Path) -> None:
    lines = file.read_text().splitlines()
    assert len(lines) <= MAX_LINES
    assert file.stem.strip("_") not in FORBIDDEN_NAMES
    for node in ast.walk(tree_of(file)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = node.body[1:] if ast.get_docstring(node) else node.body
            n_lines = (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0
            assert n_lines <= MAX_BODY_LINES, f"{node.name} has {n_lines} lines"


def test_one_place_chooses_the_interpreter() -> None:
    users = {
        name_of(file)
        for file in FILES
        if re.search(r"^\s*(import|from) (ai_edge_litert|tflite_runtime)", file.read_text(), re.M)
    }
    assert {name for name in users if part_of(name) in LIGHT} == {"runtime.interpreter"}


@pytest.mark.parametrize(
    "program",
    [
        "import cancerapy.runtime",
        "from cancerapy.api import create_app\n"
        "from cancerapy.settings import Settings\n"
        "create_app(Settings())\n"
        "import cancerapy.server",
        "from cancerapy.cli.main import run\nassert run(['predict', '--help']) == 0",
    ],
    ids=["runtime", "server", "predict"],
)
def test_serving_loads_nothing_heavy(program: str) -> None:
    check = (
        f"{program}\nimport sys\n"
        f"print(sorted({{m.partition('.')[0] for m in sys.modules}} & {THIRD_PARTY_HEAVY!r}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", check], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "[]"


def test_no_medical_picture_is_in_the_source_tree() -> None:
    pictures = {".dcm", ".dicom", ".jpg", ".jpeg", ".tif", ".tiff", ".heic", ".bmp", ".webp"}
    root = SOURCE.parents[1]
    tracked = subprocess.run(
        ["git", "ls-files"], cwd=root, capture_output=True, text=True, check=False
    ).stdout.split("\n")
    assert "pyproject.toml" in tracked
    assert [name for name in tracked if Path(name).suffix.lower() in pictures] == []
