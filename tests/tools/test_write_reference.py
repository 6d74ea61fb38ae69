"""How the reference pages are made; that they are current is held by tests/test_docs.py."""

import runpy
from pathlib import Path

from cancerapy.bundle.schema import InputFields, OperatingPoint

TOOL = runpy.run_path(str(Path(__file__).parents[2] / "tools" / "write_reference.py"))


def test_a_table_keeps_a_cell_on_one_line() -> None:
    assert TOOL["table"](("a", "b"), [("x|y", "two\n  lines")]) == (
        "| a | b |\n| --- | --- |\n| x\\|y | two lines |"
    )


def test_meanings_come_from_the_docstring() -> None:
    meanings = TOOL["field_meanings"](OperatingPoint)
    assert meanings["name"] == 'For instance `"sensitivity_90"`.'
    assert list(meanings)[-1] == "specificity_interval"
    assert meanings["sensitivity"] == "Out of fold, 0..1, with its 95 % interval."


def test_the_input_of_a_bundle_is_described_where_a_cancer_is() -> None:
    assert TOOL["field_meanings"](InputFields)["height"] == "Height in pixels."


def test_examples_of_a_help_text_become_a_block_to_paste() -> None:
    text = "Do it.\n\nMore\nwords.\n\nFor example:\n\n  run one\n\n  run two   (with a remark)\n"
    assert TOOL["_help"](text) == (
        "Do it.\n\nMore\nwords.\n\n```sh\nrun one\nrun two  # with a remark\n```"
    )
