"""The functions that other dialects of XLSForm add: SurveyCTO's, the Community Health Toolkit's (CHT), PMA's.

`rewrites.py` turns some into functions of ODK XForms, `special_dialects.py` resolves those that look at
repeats; the others have a helper. What can't be had here is refused with its reason, in `REFUSED`.
"""

from __future__ import annotations

from forms.expression import Call, String
from forms.function import Function

SCTO, CHT, PMA = "SurveyCTO", "CHT", "PMA"
NO_CALLS = "nothing here follows calls"
PULLDATA_OF_SURVEY123 = "pulldata('@…')"


def _scto(
    name: str, helper: str, arguments: tuple[str, ...] = (), result: str = "text", remark: str = ""
) -> Function:
    return Function(name, helper, arguments, result, dialect=SCTO, remark=remark)


def _difference(name: str, unit: str) -> Function:
    return Function(name, f"{unit}_between", ("moment", "moment"), "number", dialect=CHT)


DIALECTS = (
    # Rewritten.
    _scto("linebreak", ""),
    _scto("empty", "", ("any",), "boolean"),
    _scto("choice-label", "", ("any", "text")),
    _scto("distance-between", "", ("text", "text"), "number"),
    Function("hash", "", ("text",), rest="any", dialect=SCTO, remark="SHA-256, in hex"),
    _scto("phone-call-log", "", (), "text", NO_CALLS),
    _scto("phone-call-duration", "", (), "number", NO_CALLS),
    _scto("collect-is-phone-app", "", (), "boolean", NO_CALLS),
    _scto("plug-in-metadata", "", ("any",), "text", "there are no field plug-ins: always empty"),
    # Resolved against the form.
    _scto("index", "", (), "number"),
    _scto("relevant", "", ("nodes",), "boolean"),
    _scto("count-if", "", ("nodes", "boolean"), "number"),
    _scto("sum-if", "", ("nodes", "boolean"), "number"),
    _scto("min-if", "", ("nodes", "boolean"), "number"),
    _scto("max-if", "", ("nodes", "boolean"), "number"),
    _scto("join-if", "", ("text", "nodes", "boolean")),
    _scto("rank-index", "", ("number", "nodes"), "number", "999 where there is no number"),
    _scto("rank-index-if", "", ("number", "nodes", "boolean"), "number", "999 where there is no number"),
    # Lists in one text.
    _scto("count-items", "count_items", ("text", "text"), "number"),
    _scto("item-at", "item_at", ("text", "text", "number")),
    _scto("item-index", "item_index", ("text", "text", "text"), "number", "-1 where there is none"),
    _scto("item-present", "item_present", ("text", "text", "text"), "boolean"),
    _scto("de-duplicate", "de_duplicate", ("text", "text")),
    _scto("rank-value", "rank_value", ("number", "text"), "number", "999 where there is no number"),
    # Texts, numbers, places, the phone.
    _scto("lower", "lower", ("text",)),
    _scto("upper", "upper", ("text",)),
    _scto("format-number", "format_number", ("number",)),
    _scto("short-geopoint", "short_geopoint", ("text",)),
    Function("geo-scatter", "geo_scatter", ("text", "number"), is_volatile=True, dialect=SCTO),
    Function("device-info", "device_info", (), needs_scope=True, is_volatile=True, dialect=SCTO),
    Function("trim", "trim", ("text",), dialect=PMA),
    # CHT.
    _difference("difference-in-months", "months"),
    _difference("cht:difference-in-years", "years"),
    _difference("cht:difference-in-months", "months"),
    _difference("cht:difference-in-weeks", "weeks"),
    _difference("cht:difference-in-days", "days"),
    Function("add-date", "add_date", ("moment", *["number"] * 5), "date", least=1, dialect=CHT),
    Function(
        "parse-timestamp-to-date", "date_of_timestamp", ("number",), "date", needs_scope=True, dialect=CHT
    ),
    Function("cht:strip-whitespace", "strip_whitespace", ("text",), dialect=CHT),
    Function("cht:validate-luhn", "is_luhn", ("text", "number"), "boolean", least=1, dialect=CHT),
)

# Known, but not to be had here: why, and what to do instead, in Chinese and English.
REFUSED: dict[str, tuple[str, str, str, str]] = {
    "z-score": (
        "生长标准表不在表单里",
        "the growth tables are not in the form",
        "请把标准表作为 CSV 附上，用 pulldata() 查",
        "Attach the table as a CSV and look it up with pulldata()",
    ),
    "to-bikram-sambat": (
        "这里没有尼泊尔历",
        "the Nepali calendar is not built in",
        "请用 format-date()",
        "Use format-date()",
    ),
    "cht:extension-lib": (
        "表单里不能运行别的程序",
        "a form runs no programs of its own",
        "请把它写成公式",
        "Write it as an expression",
    ),
    PULLDATA_OF_SURVEY123: (
        "这是 Survey123 的写法",
        "that is Survey123's own",
        "位置的各部分请用 selected-at(${位置}, 0) 等；查表请用 pulldata('列表', '要取的列', '查找的列', 值)",
        "For parts of a position use selected-at(${place}, 0) and so on; to look something up write"
        " pulldata('list', 'column', 'key column', value)",
    ),
    "property": (
        "这是 Survey123 的写法",
        "that is Survey123's own",
        "请加一行题型为 username、email、phonenumber 或 deviceid 的题，再引用它",
        "Add a row of the type username, email, phonenumber or deviceid and refer to it",
    ),
    "extract-signed": (
        "这里不核对签名",
        "signatures are not checked here",
        "请用 base64-decode()，并另行核对",
        "Use base64-decode() and check the signature elsewhere",
    ),
}


def refused(call: Call) -> str:
    """What of `REFUSED` a call is, '' when it is none of it."""
    first = call.arguments[0] if call.arguments else None
    if call.name == "pulldata" and isinstance(first, String) and first.value.startswith("@"):
        return PULLDATA_OF_SURVEY123
    return call.name if call.name in REFUSED else ""


def refusal(name: str) -> dict[str, object]:
    """The values of the error `unsupported_function`."""
    reason, reason_en, remedy, remedy_en = REFUSED[name]
    values = {"reason": reason, "reason_en": reason_en, "remedy": remedy, "remedy_en": remedy_en}
    return {"name": name if name.endswith(")") else f"{name}()", **values}
