"""The reference pages have an entry for every route and every error code."""

import ast
import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

from apiflask import APIFlask

import cancerapy
from cancerapy.api.error_handler import HTTP_ERRORS
from cancerapy.cancers import list_cancers
from cancerapy.contract import HeatMap
from cancerapy.contract.responses import PredictionResponse
from cancerapy.errors import IMAGE_STATUS, REQUEST_STATUS

SOURCE = Path(cancerapy.__file__).parent
REFERENCE = Path(__file__).parents[2] / "docs" / "reference"


def _strings(node: ast.expr | None) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from _strings(node.body)
        yield from _strings(node.orelse)


def _codes_of_call(call: ast.Call) -> Iterator[str]:
    called = getattr(call.func, "attr", getattr(call.func, "id", ""))
    if called.endswith("Error") or called == "cls":
        for keyword in call.keywords:
            if keyword.arg == "code":
                yield from _strings(keyword.value)
    elif called == "ErrorBody":
        yield from _strings(call.args[0])
    elif called == "of" and getattr(call.func.value, "id", "") == "UnknownNameError":
        for kind in _strings(call.args[0]):
            # The API's own kinds have entries; those of the command line share one.
            yield f"unknown_{kind}" if kind in ("task", "model", "file") else "unknown_name"


def _codes_in(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield from _codes_of_call(node)
        elif isinstance(node, ast.Assign) and "default_code" in {
            getattr(target, "id", "") for target in node.targets
        }:
            yield from _strings(node.value)


def _all_codes() -> set[str]:
    found = set(IMAGE_STATUS) | set(REQUEST_STATUS) | {"route_unknown", "method_not_allowed"}
    found.update(code for code, _ in HTTP_ERRORS.values())
    for path in SOURCE.rglob("*.py"):
        found.update(_codes_in(ast.parse(path.read_text())))
    return found - {"error"}


def test_every_error_code_has_its_entry_and_no_other_has() -> None:
    page = (REFERENCE / "errors.md").read_text()
    described = re.findall(r"^\| `([a-z0-9_]+)` \|", page, flags=re.MULTILINE)
    assert len(described) == len(set(described))
    assert set(described) == _all_codes()


def test_statuses_on_the_page_are_those_of_the_code() -> None:
    page = (REFERENCE / "errors.md").read_text()
    for code, status in {**IMAGE_STATUS, **REQUEST_STATUS}.items():
        assert re.search(rf"^\| `{code}` \| {status} \|", page, flags=re.MULTILINE), code


def test_every_route_has_its_entry_and_no_other_has(app: APIFlask) -> None:
    page = (REFERENCE / "api.md").read_text()
    described = set(re.findall(r"^### `((?:GET|POST|PUT|DELETE) [^`]+)`", page, flags=re.MULTILINE))
    with app.test_client() as client:
        paths = client.get("/openapi.json").json["paths"]
    routes = {f"{m.upper()} {path}" for path, methods in paths.items() for m in methods}
    own_pages = {"GET /docs", "GET /openapi.json"}
    short = {f"POST /{name}" for name in list_cancers()}
    assert described == (routes - short) | own_pages | {"POST /{cancer}"}


def test_every_field_of_an_answer_has_its_entry() -> None:
    page = (REFERENCE / "api.md").read_text()
    part = page.partition("The answer:\n")[2].partition("\n###")[0]
    entries = dict(re.findall(r"^\| (`.*?`) \| (.*) \|$", part, flags=re.MULTILINE))
    described = [name for names in entries for name in re.findall(r"`(\w+)`", names)]
    assert sorted(described) == sorted(spec.name for spec in fields(PredictionResponse))
    for spec in fields(HeatMap):
        assert f"`{spec.name}`" in entries["`heatmap`"]
