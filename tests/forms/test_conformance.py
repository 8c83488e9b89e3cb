"""The shared conformance cases (`tests/conformance/README.md`), run by the Python runtime and checker."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from forms import Checked, Equals, load_checker
from forms import definition as d
from forms.errors import ErrorList
from forms.expression import parse
from forms.lower import Lowering
from forms.order import arrange
from forms.paths import Around
from forms.py_expression import Context, Printer
from forms.py_layout import Layout
from forms.python import data, emit
from forms.references import Resolver
from forms.resolve import resolve
from forms.uses import Uses
from forms.workbook import read_workbook, to_xform
from forms.xform import read_xform

FOLDER = Path(__file__).parents[1] / "conformance"
MORNING = {"started_at": "2016-10-15T01:00:00Z", "ended_at": "2016-10-15T01:20:00Z", "utc_offset_min": 480}
SETTINGS = "| settings | | |\n| | form_id | version |\n| | case | 1 |"
INEXACT = re.compile(r"\b(pow|exp|exp10|log|log10|sin|cos|tan|asin|acos|atan|atan2|area|distance)\(")
CODES = {"required", "constraint", "type", "choice"}
STEP = re.compile(r"(\w+)(?:\[(\d+)\])?")
EMPTY_FORM = d.Definition(
    "case", "1", d.Text({"en": ("case",)}), ("en",), "en", (d.Node(0, "data", "group", -1),), {}
)


class Lists:
    """The lists of a case."""

    def __init__(self, tables: Mapping[str, Sequence[Mapping[str, str]]]) -> None:
        self.tables = tables

    def rows(self, list_name: str, equals: Equals) -> Sequence[Mapping[str, str]]:
        found = self.tables.get(list_name, ())
        return [row for row in found if all(row.get(key, "") == value for key, value in equals)]


def cases() -> Iterator[Any]:
    for file in sorted(FOLDER.glob("*.json")):
        for case in json.loads(file.read_text(encoding="utf-8")):
            if case.get("only") != "javascript":
                yield pytest.param(case, id=f"{file.stem}:{case['name']}")


@pytest.mark.parametrize("case", [*cases()])
def test_conforms(case: dict[str, Any]) -> None:
    if "expression" in case:
        check_expression(case)
    else:
        check_form(case)


def check_expression(case: dict[str, Any]) -> None:
    """Compile the expression alone and compare what it gives where its type is wanted."""
    wanted = case.get("as", "text")
    expected = case["expect"]
    if wanted == "number":
        expected = float(expected)
    if wanted == "number" and math.isnan(expected):
        assert math.isnan(evaluate(case["expression"], wanted))
    elif wanted == "number" and INEXACT.search(case["expression"]):
        assert evaluate(case["expression"], wanted) == pytest.approx(expected, rel=1e-12)
    else:
        assert evaluate(case["expression"], wanted) == expected


def evaluate(expression: str, wanted: str) -> Any:
    """Run one expression through the emitter and the audited checker; its value arrives as a message."""
    errors = ErrorList()
    layout = Layout(EMPTY_FORM)
    resolver = Resolver(layout.tree, EMPTY_FORM, Uses(EMPTY_FORM, {}), errors, d.Place("", 0, ""), 0)
    resolved = resolver.resolve(parse(expression), Around(0, 0))
    errors.stop_if_any()
    typed = getattr(Lowering(EMPTY_FORM.nodes), wanted)(resolved)
    printer = Printer(layout)
    code = printer.print(typed, Context(({},)))
    node = (("a",), "question", "string", (), {}, "", {})
    source = f"RUNTIME = 1\nNODES = {data({0: node})}\nGENERIC = {{}}\nTABLES = {{}}\n"
    source += "\n".join(printer.functions)
    source += f"\ndef check(x, answers):\n    h_broken(x, 0, 'rule', None, lambda: [('value', {code})])\n"
    return load_checker(source).check({}, Lists({}), MORNING).violations[0].message["value"]


def check_form(case: dict[str, Any]) -> None:
    expected = case["expect"]
    checker = load_checker(compiled(case))
    sent: dict[str, str] = dict(case.get("answers", {}))
    checked = checker.check(nested(sent), Lists(case.get("lists", {})), MORNING | case.get("meta", {}))
    values = {path: value or "" for path, value in checked.calculated.items()}
    for path, value in expected.get("values", {}).items():
        assert values.get(path, sent.get(path, "")) == value, path
    for path, is_relevant in expected.get("relevant", {}).items():
        assert (path in checked.calculated and checked.calculated[path] is None) <= (not is_relevant), path
    if "violations" in expected:
        assert found(checked) == sorted(expected["violations"])


def compiled(case: Mapping[str, Any]) -> str:
    """The checker's source for a form in markdown, or an XForm."""
    errors = ErrorList()
    xform = case.get("xform") or xform_of("\n".join(case["form"]), errors)
    read = read_xform(xform.encode(), errors)
    assert read is not None
    form = resolve(read, errors)
    errors.stop_if_any()
    return emit(form, arrange(form, errors))


def xform_of(text: str, errors: ErrorList) -> str:
    source = text if "settings" in text else f"{text}\n{SETTINGS}"
    xform = to_xform(read_workbook(source.encode(), "case.md", errors), errors)
    errors.stop_if_any()
    return xform


def nested(flat: Mapping[str, str]) -> dict[str, Any]:
    """Answers as a phone sends them, all as texts: `member[2]/age` is the second of a list."""
    answers: dict[str, Any] = {}
    for path, value in flat.items():
        *steps, last = path.split("/")
        at = answers
        for step in steps:
            name, index = STEP.fullmatch(step).groups()  # type: ignore[union-attr]  # every step matches
            if index is None:
                at = at.setdefault(name, {})
                continue
            instances = at.setdefault(name, [])
            instances.extend({} for _ in range(int(index) - len(instances)))
            at = instances[int(index) - 1]
        if value:
            at[last] = value
    return answers


def found(checked: Checked) -> list[str]:
    return sorted(f"{each.path}:{each.code}" for each in checked.violations if each.code in CODES)
