"""Compiles the forms of conformance cases for JavaScript: cases as JSON in, modules and XForms as JSON out.

Run as a program by the phone's tests: `python -m tests.forms.modules < cases.json`.
"""

import json
import sys
from typing import Any

from forms import definition as d
from forms.errors import ErrorList
from forms.expression import parse
from forms.javascript import emit
from forms.order import arrange
from forms.resolve import resolve
from forms.workbook import read_workbook, to_xform
from forms.xform import read_xform

SETTINGS = "| settings | | |\n| | form_id | version |\n| | case | 1 |"


def compiled(case: dict[str, Any]) -> dict[str, str]:
    """The module of one case, and its XForm where it has one."""
    if "xform" in case:
        return {"javascript": module_of_xform(case["xform"]), "xform": case["xform"]}
    return of_form(case["form"]) if "form" in case else {"javascript": of_expression(case)}


def of_form(lines: list[str]) -> dict[str, str]:
    text = "\n".join(lines)
    if "settings" not in text:
        text = f"{text}\n{SETTINGS}"
    errors = ErrorList()
    xform = to_xform(read_workbook(text.encode(), "case.md", errors), errors)
    errors.stop_if_any()
    return {"javascript": module_of_xform(xform), "xform": xform}


def module_of_xform(xform: str) -> str:
    errors = ErrorList()
    read = read_xform(xform.encode(), errors)
    errors.stop_if_any()
    assert read is not None
    return _module(read, errors)


def of_expression(case: dict[str, Any]) -> str:
    """A form of one node that holds the expression where its type is wanted: `calculate`, `count` …"""
    field, kind = {
        "text": ("calculation", "question"),
        "number": ("count", "repeat"),
        "boolean": ("relevant", "question"),
    }[case.get("as", "text")]
    node = d.Node(1, "a", kind, 0, **{field: parse(case["expression"])})
    root = d.Node(0, "data", "group", -1)
    title = d.Text({"en": ("case",)})
    return _module(d.Definition("case", "1", title, ("en",), "en", (root, node), {}), ErrorList())


def _module(read: d.Definition, errors: ErrorList) -> str:
    resolved = resolve(read, errors)
    errors.stop_if_any()
    order = arrange(resolved, errors)
    errors.stop_if_any()
    return emit(resolved, order)


if __name__ == "__main__":
    json.dump([compiled(case) for case in json.load(sys.stdin)], sys.stdout)
