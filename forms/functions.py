"""The functions of ODK XForms: what an author may call, with which arguments, and which helper answers.

Those of other dialects are in `functions_dialects.py`.

A helper has the same name in `runtime.py` and `runtime.ts`. `lower.py` converts every argument to the type
the table names, so a helper never looks at types:

- `text`, `number`, `boolean`: str, float (IEEE double), bool.
- `moment`: text; a number becomes the ISO date of that many days since 1970-01-01.
- `nodes`: a list of texts (a node-set; a single value is a list of one).
- `rows`: the rows of a list.
- `numbers`, `texts`, `truths` (only as `rest`): further arguments as one list, node-sets spread.

A result is `text`, `number`, `boolean`, `rows` or `date`: ISO text that compares and computes as days.
"""

from __future__ import annotations

from forms.function import Function
from forms.functions_dialects import DIALECTS


def _number(name: str, helper: str, *, is_inexact: bool = False) -> Function:
    return Function(name, helper, ("number",), "number", is_inexact=is_inexact)


def _boolean(name: str, helper: str, *arguments: str) -> Function:
    return Function(name, helper, arguments, "boolean")


_ALL = (
    # Written by lower.py as operators, constants or references.
    Function("if", "", ("boolean", "any", "any"), "any", least=2, remark="without the third, '' otherwise"),
    Function("once", "", ("text",), "text", is_volatile=True),
    _boolean("not", "", "boolean"),
    _boolean("true", ""),
    _boolean("false", ""),
    _boolean("boolean", "", "boolean"),
    Function("number", "", ("number",), "number", least=0),
    Function("string", "", ("text",), least=0),
    Function("position", "", ("nodes",), "number", least=0),
    Function("last", "", (), "number"),
    Function("pi", "", (), "number"),
    Function("version", "", ()),
    Function("current", "", (), "nodes"),
    Function("instance", "", ("text",), "rows"),
    Function("pulldata", "", ("text", "text", "text", "text"), "nodes"),
    Function("indexed-repeat", "", ("nodes", "nodes", "number"), "nodes", rest="any"),
    Function("jr:choice-name", "", ("text", "text")),
    Function("jr:itext", "", ("text",)),
    Function("depend", "", ("any",), "any", rest="any"),
    _boolean("is-selected", "", "text", "text"),
    # Node-sets.
    Function("count", "count", ("nodes",), "number"),
    Function("count-non-empty", "count_non_empty", ("nodes",), "number"),
    Function("sum", "total", (), "number", least=1, rest="numbers"),
    Function("max", "largest", (), "number", least=1, rest="numbers"),
    Function("min", "smallest", (), "number", least=1, rest="numbers"),
    Function("randomize", "randomize", ("rows", "text"), "rows", least=1),
    # Numbers.
    Function("round", "round_half_up", ("number", "number"), "number", least=1),
    _number("int", "truncate"),
    _number("floor", "floor"),
    _number("ceiling", "ceiling"),
    _number("abs", "absolute"),
    _number("sqrt", "sqrt"),
    Function("pow", "pow", ("number", "number"), "number", is_inexact=True),
    _number("exp", "exp", is_inexact=True),
    _number("exp10", "exp10", is_inexact=True),
    _number("log", "log", is_inexact=True),
    _number("log10", "log10", is_inexact=True),
    _number("sin", "sin", is_inexact=True),
    _number("cos", "cos", is_inexact=True),
    _number("tan", "tan", is_inexact=True),
    _number("asin", "asin", is_inexact=True),
    _number("acos", "acos", is_inexact=True),
    _number("atan", "atan", is_inexact=True),
    Function("atan2", "atan2", ("number", "number"), "number", is_inexact=True),
    Function("random", "random", (), "number", is_volatile=True),
    # Text.
    Function("coalesce", "coalesce", ("text", "text"), rest="any"),
    Function("concat", "concat", (), rest="texts", least=1),
    Function("join", "join", ("text",), rest="texts"),
    Function("string-length", "string_length", ("text",), "number", least=0),
    Function("substr", "substr", ("text", "number", "number"), least=2),
    Function("substring", "substring", ("text", "number", "number"), least=2),
    Function("substring-before", "substring_before", ("text", "text")),
    Function("substring-after", "substring_after", ("text", "text")),
    _boolean("contains", "contains", "text", "text"),
    _boolean("starts-with", "starts_with", "text", "text"),
    _boolean("ends-with", "ends_with", "text", "text"),
    Function("translate", "translate", ("text", "text", "text")),
    Function("normalize-space", "normalize_space", ("text",), least=0),
    _boolean("regex", "regex", "text", "text"),
    Function("uuid", "uuid", ("number",), least=0, is_volatile=True),
    Function(
        "digest",
        "digest",
        ("text", "text", "text"),
        least=2,
        remark="MD5, SHA-1, SHA-256, SHA-384, SHA-512; base64 or hex",
    ),
    Function("base64-decode", "base64_decode", ("text",)),
    # Choices.
    _boolean("selected", "selected", "text", "text"),
    Function("selected-at", "selected_at", ("text", "number")),
    Function("count-selected", "count_selected", ("text",), "number"),
    Function("checklist", "checklist", ("number", "number"), "boolean", rest="truths"),
    Function("weighted-checklist", "weighted_checklist", ("number", "number"), "boolean", rest="any"),
    _boolean("boolean-from-string", "boolean_from_string", "text"),
    # Dates.
    Function("today", "today", (), "date", needs_scope=True),
    Function("now", "now", (), "date", needs_scope=True, is_volatile=True),
    Function("date", "date", ("moment",), "date"),
    Function("date-time", "date_time", ("moment",), "date"),
    Function("format-date", "format_date", ("moment", "text")),
    Function("format-date-time", "format_date_time", ("moment", "text")),
    Function("decimal-date-time", "decimal_date_time", ("moment",), "number", needs_scope=True),
    Function("decimal-time", "decimal_time", ("text",), "number"),
    # Places.
    Function("area", "area", (), "number", least=1, rest="texts", is_inexact=True),
    Function("distance", "distance", (), "number", least=1, rest="texts", is_inexact=True),
    Function("enclosed-area", "area", (), "number", least=1, rest="texts", is_inexact=True),
    _boolean("geofence", "geofence", "text", "text"),
    Function(
        "intersects", "intersects", ("text",), "boolean", remark="false for a line of more than 2,000 points"
    ),
)

FUNCTIONS: dict[str, Function] = {function.name: function for function in (*_ALL, *DIALECTS)}

# Helpers that `lower.py` calls by itself: conversions, comparisons, arithmetic that languages differ in.
CONVERSIONS: dict[str, str] = {
    "num": "text -> number: XPath number; ISO date or dateTime -> days since 1970-01-01 by its wall clock",
    "num_bool": "boolean -> number: 1 or 0",
    "num_any": "text, number or boolean -> number",
    "nums": "list of texts -> list of numbers",
    "text": "number -> text as XPath writes it, never with an exponent; NaN is ''",
    "text_bool": "boolean -> text: 'true' or 'false'",
    "text_any": "text, number or boolean -> text",
    "truth": "text -> boolean: not blank",
    "date_of_days": "number -> ISO date of that many days since 1970-01-01; '' for NaN",
    "truth_num": "number -> boolean: neither 0 nor NaN",
    "truths": "list of texts -> list of booleans",
    "shuffled": "(scope, rows, number of the node that asks) -> rows in an order by chance, which stays",
    "first": "list of texts -> its first, or ''",
    "column": "(rows, name) -> list of the texts of one column",
    "cell": "(row, name) -> text of one column, '' when it has none",
    "choice_rows": "(names, labels) -> rows of both; those without a name are left out",
    "exists": "list -> boolean: has an element",
    "divide": "(number, number) -> number: IEEE division",
    "modulo": "(number, number) -> number: remainder with the sign of the dividend",
    "equal_any": "(value, value) -> boolean: XPath = by the types found; text, number or boolean",
    "some_number": "(operator, list of texts, number) -> boolean: some text, as a number, compares so",
    "some_text": "(operator, list of texts, text) -> boolean: operator is = or !=",
    "some_pair": "(operator, list of texts, list of texts) -> boolean: some pair compares so",
    "rank_index": "(own text, those up to it, all) -> number: rank of one among all",
    "value_set": "(text) -> list of one text, for a single value where a node-set is asked",
}
