"""Answers the phone's tests line by line: what the server makes of a helper's arguments or of an expression.

Run as a program: `python -m tests.forms.answering`. Its first line names the helpers with their arguments;
then it gives a line for each line. A number that JSON can't hold is written as `{"number": "NaN"}`.
"""

import inspect
import json
import math
import sys
import traceback
from datetime import UTC, datetime
from typing import Any

from forms import FormErrors
from forms.expression import ExpressionError
from forms.functions import FUNCTIONS
from forms.runtime import HELPERS
from tests.forms.modules import of_expression
from tests.forms.test_conformance import evaluate

# Those that `lower.py` calls by itself; the other helpers' arguments are in the table of functions.
CONVERSIONS = {
    "num": ("text",),
    "num_bool": ("boolean",),
    "num_any": ("any",),
    "nums": ("texts",),
    "text": ("number",),
    "text_bool": ("boolean",),
    "text_any": ("any",),
    "truth": ("text",),
    "date_of_days": ("number",),
    "truth_num": ("number",),
    "truths": ("texts",),
    "first": ("texts",),
    "exists": ("texts",),
    "choice_rows": ("texts", "texts"),
    "divide": ("number", "number"),
    "modulo": ("number", "number"),
    "equal_any": ("any", "any"),
    "some_number": ("order", "texts", "number"),
    "some_text": ("equality", "texts", "text"),
    "some_pair": ("order", "texts", "texts"),
    "rank_index": ("texts", "texts", "texts"),
    "value_set": ("text",),
}
# Further arguments as `lower.py` gathers them.
REST = {"coalesce": (), "weighted_checklist": ("truths", "numbers")}
SAME = {"moment": "text", "nodes": "texts", "rows": "texts"}


class Phone:
    """The phone that asks: noon in the town."""

    now = datetime(2016, 10, 15, 4, 0, tzinfo=UTC)
    utc_offset_min = 480


def helpers() -> dict[str, dict[str, Any]]:
    """Each helper that gives the same answer each time: its arguments, and how many there must be."""
    table = {name: (kinds, False, False) for name, kinds in CONVERSIONS.items()}
    for each in FUNCTIONS.values():
        if each.helper and not each.is_volatile:
            rest = REST.get(each.helper, (each.rest,) if each.rest else ())
            table[each.helper] = ((*each.arguments, *rest), each.needs_scope, each.is_inexact)
    return {
        name: {
            "kinds": [SAME.get(kind, kind) for kind in kinds],
            "least": _least(name) - needs_scope,
            "needs_scope": needs_scope,
            "is_inexact": is_inexact,
        }
        for name, (kinds, needs_scope, is_inexact) in table.items()
    }


def _least(name: str) -> int:
    helper = HELPERS[name]
    remembering = getattr(helper, "__self__", None)
    parameters = inspect.signature(getattr(remembering, "make", helper)).parameters.values()
    return sum(each.default is inspect.Parameter.empty for each in parameters)


def answer(asked: dict[str, Any]) -> dict[str, Any]:
    """Call a helper, or compile and run an expression."""
    if "helper" in asked:
        scope = [Phone()] if asked["needs_scope"] else []
        return {"value": written(HELPERS[asked["helper"]](*scope, *map(read, asked["arguments"])))}
    try:
        module = of_expression(asked)
        return {"javascript": module, "value": evaluate(asked["expression"], "text")}
    except (ExpressionError, FormErrors) as refused:
        return {"error": str(refused)}


def read(value: Any) -> Any:
    match value:
        case list():
            return [read(each) for each in value]
        case {"number": text}:
            return float(text)
        case bool() | str():
            return value
        case _:
            return float(value)


def written(value: Any) -> Any:
    match value:
        case bool() | str():
            return value
        case float() | int():
            return _number(float(value))
        case dict():
            return {name: written(each) for name, each in value.items()}
        case _:
            return [written(each) for each in value]


def _number(value: float) -> float | dict[str, str]:
    if math.isnan(value):
        return {"number": "NaN"}
    if math.isinf(value):
        return {"number": "Infinity" if value > 0 else "-Infinity"}
    return value if value or math.copysign(1.0, value) > 0 else {"number": "-0"}


def _answer_line(line: str) -> dict[str, Any]:
    try:
        return answer(json.loads(line))
    except Exception:  # whatever it is, the phone's test fails by it
        return {"crash": traceback.format_exc(limit=-3)}


if __name__ == "__main__":
    print(json.dumps(helpers()), flush=True)
    for line in sys.stdin:
        print(json.dumps(_answer_line(line)), flush=True)
