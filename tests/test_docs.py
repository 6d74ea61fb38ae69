"""The documentation is complete, current, and its links lead somewhere."""

import csv
import importlib
import importlib.util
import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from types import ModuleType

import pytest

from cancerapy.bundle import schema
from cancerapy.cancers import list_cancers, load_cancer, load_evidence
from cancerapy.cli.main import COMMANDS, load_command
from cancerapy.preprocess.steps import list_steps
from cancerapy.settings import Settings
from cancerapy.training.plan import Plan

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
REFERENCE = DOCS / "reference"
PAGES = sorted([*DOCS.rglob("*.md"), *ROOT.glob("*.md"), ROOT / "results" / "README.md"], key=str)
# Codes of errors and routes of the API: tests/api/test_reference.py.


def _tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location(
        "write_reference", ROOT / "tools" / "write_reference.py"
    )
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


TOOL = _tool()


def _first_cells(text: str) -> list[str]:
    return re.findall(r"^\| `([^`]+)`", text, flags=re.MULTILINE)


@pytest.mark.parametrize("name", TOOL.PAGES)
def test_a_generated_page_is_that_of_the_code(name: str) -> None:
    written = (REFERENCE / name).read_text(encoding="utf-8")
    assert written == TOOL.PAGES[name](), "run 'make docs'"


def test_every_setting_has_its_entry_and_no_other_has() -> None:
    entries = _first_cells((REFERENCE / "settings.md").read_text(encoding="utf-8"))
    assert entries == [
        *(f"CANCERAPY_{spec.name.upper()}" for spec in fields(Settings)),
        "CANCERAPY_CANCERS",
    ]


def test_every_plan_field_has_its_entry_and_no_other_has() -> None:
    text = (REFERENCE / "plan.md").read_text(encoding="utf-8").partition("## What each")[0]
    assert {"cancer", *_first_cells(text)} == {spec.name for spec in fields(Plan)}
    assert "`cancer` is the one field without a default" in text


def test_every_bundle_field_has_its_entry_with_a_meaning() -> None:
    text = (REFERENCE / "bundle.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `(\w+)` \| (.*) \|$", text, flags=re.MULTILINE))
    wanted = {
        spec.name
        for kind in vars(schema).values()
        if isinstance(kind, type) and kind.__module__ == schema.__name__
        for spec in fields(kind)
    }
    assert set(rows) == wanted
    assert [name for name, meaning in rows.items() if not meaning.strip()] == []


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_of_a_command_has_its_entry(name: str) -> None:
    text = (REFERENCE / "commands.md").read_text(encoding="utf-8")
    for path, command in TOOL.walk_commands(f"cancerapy {name}", load_command(name)):
        found = re.search(rf"^## {path}$(.*?)(?=^## |\Z)", text, flags=re.MULTILINE | re.DOTALL)
        assert found, f"no part '## {path}'"
        for parameter in command.params:
            for option in parameter.opts if parameter.param_type_name == "option" else ():
                assert f"`{option}`" in found[1] or option == "--help", f"{path} {option}"


def test_every_augmentation_has_its_entry() -> None:
    from cancerapy.data.augment import list_augmentations

    text = (REFERENCE / "augmentations.md").read_text(encoding="utf-8")
    assert sorted(_first_cells(text)) == list_augmentations()


def test_every_step_before_resizing_has_its_entry() -> None:
    text = (DOCS / "how-to" / "add-a-cancer.md").read_text(encoding="utf-8")
    part = text.partition("## Steps before resizing")[2].partition("\n## ")[0]
    assert sorted(_first_cells(part)) == list_steps()


def test_every_metric_of_the_results_is_defined() -> None:
    text = (REFERENCE / "metrics.md").read_text(encoding="utf-8")
    defined = set(_first_cells(text))
    for path in sorted((ROOT / "results").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as stream:
            # gates.csv has no metrics: its columns are shares of images, see the gates' page.
            used = {
                row["metric"].partition(":")[0] for row in csv.DictReader(stream) if "metric" in row
            }
        assert used <= defined, f"{path.name}: {sorted(used - defined)}"


def test_the_agent_page_names_what_was_fitted_for_several_images() -> None:
    page = (DOCS / "agent.md").read_text(encoding="utf-8")
    (said,) = re.findall(r"r is fitted \(([^)]*)\)", page)
    fitted = [load_evidence(load_cancer(name)).correlation for name in list_cancers()]
    assert re.findall(r"\d\.\d+", said) == [f"{one:.2f}" for one in fitted if one is not None]


def test_every_data_set_has_its_card() -> None:
    for name in list_cancers():
        for source in load_cancer(name).sources:
            card = (DOCS / "data" / f"{source.folder}.md").read_text(encoding="utf-8")
            assert source.reference in card, source.folder
            assert source.licence in card, source.folder


def _anchors(text: str) -> Iterator[str]:
    for heading in re.findall(r"^#+ (.+)$", text, flags=re.MULTILINE):
        plain = re.sub(r"[^\w\- ]", "", heading.replace("`", "").lower())
        yield plain.strip().replace(" ", "-")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    prose = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)\s]+)\)", prose):
        if re.match(r"(https?|mailto):", target):
            continue
        name, _, anchor = target.partition("#")
        file = (page.parent / name).resolve() if name else page
        assert file.exists(), f"{page.name} -> {target}"
        if anchor:
            assert anchor in set(_anchors(file.read_text(encoding="utf-8"))), target


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_no_page_names_a_place_on_one_machine(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    found = re.findall(r"(?:/home/|/root/|/Users/|/work/|/tmp/|\.\./shared|[A-Z]:\\)\S*", text)
    assert found == []


def test_every_page_of_the_documentation_is_in_its_index() -> None:
    index = (DOCS / "README.md").read_text(encoding="utf-8")
    linked = {(DOCS / target).resolve() for target in re.findall(r"\]\(([^)#\s]+)\)", index)}
    own = {path.resolve() for path in DOCS.rglob("*.md")} - {(DOCS / "README.md").resolve()}
    assert sorted(path.name for path in own - linked) == []
