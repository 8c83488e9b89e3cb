"""The compiler's own tables -> docs/xlsform.md, what authors may write.

`python -m forms.feature_page > docs/xlsform.md` writes it again.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from pathlib import Path
from textwrap import wrap

from forms import child, columns, dialect_types, expression, limits, question_types, repair_cells
from forms.compile import compile_form
from forms.error_texts import TEXTS
from forms.errors import FormError, FormErrors
from forms.feature_texts import (
    ANSWERS,
    APPEARANCES,
    CHOICES,
    DIALECT_TYPES,
    ENTITIES,
    INTRODUCTION,
    OURS,
    PARAMETERS,
    PATHS,
    PROOF,
    REGEXES,
    REPAIRS,
    SELECTS,
    SETTINGS,
    SURVEY,
    UNSUPPORTED_PROSE,
)
from forms.function import Function
from forms.functions import FUNCTIONS
from forms.functions_dialects import REFUSED
from forms.macros import descriptions
from forms.repair_texts import REPAIR_TEXTS
from forms.unsupported_texts import UNSUPPORTED, Unsupported

WIDTH = 118
MEBIBYTE = 1024 * 1024
PROOFS = Path(__file__).with_name("proofs.csv")


class Blanks(dict[str, str]):
    """Fills a message's words: a suggestion is left out, anything else is an ellipsis."""

    def __missing__(self, word: str) -> str:
        return "" if word.startswith("hint") else "…"


def page() -> str:
    """The whole page as markdown."""
    return "\n".join(line.rstrip() for line in [*_prose(INTRODUCTION), *_sections()]) + "\n"


def proofs() -> list[dict[str, str]]:
    """What is shown and checked, of each feature its tests on lines of their own.

    A test is `path::function` in Python, with `[case]` behind it for one case, and `path: title` elsewhere.
    In the file further tests of a feature stand in the rows below it.
    """
    rows: list[dict[str, str]] = []
    with PROOFS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["feature"]:
                rows.append(row)
            else:
                rows[-1]["test"] += f"\n{row['test']}"
    return rows


def _sections() -> Iterator[str]:
    yield from ("## Limits", "", *_table(("what", "limit"), _limits()), "")
    yield from ("## Question types", "", *_table(("type", "answer"), _types()), "")
    yield from _prose(SELECTS)
    ignored = _codes(sorted(question_types.IGNORED))
    yield from _prose(f"Known, but without effect here, with a warning: {ignored}.")
    yield from ("## Types of other dialects", "", *_prose(DIALECT_TYPES))
    yield from (*_table(("whose", "type", "taken as"), _dialects()), "")
    yield from ("## Columns of `survey`", "", *_table(("column", "also", "meaning"), _survey_columns()), "")
    yield from _prose(f"Read by other clients, without effect here: {_codes(_idle('survey', SURVEY))}.")
    yield from ("## Parameters", "", *_table(("parameter", "of", "effect"), _parameters()), "")
    yield from ("## Columns of the other sheets", "", *_table(("sheet", "column", "meaning"), _columns()), "")
    yield from _prose(
        f"Settings of other clients, without effect here: {_codes(_idle('settings', SETTINGS))}."
    )
    yield from ("## What is ours: `ly:`", "", *_table(("column", "sheet", "meaning"), _ours()), "")
    yield from ("## Appearances", "", *_table(("appearance", "effect"), _appearances()), "")
    missed = sorted(question_types.MISSED)
    rest = sorted(question_types.APPEARANCES - APPEARANCES.keys() - question_types.MISSED)
    yield from _prose(f"Known from other clients, without effect here: {_codes(rest)}.")
    yield from _prose(f"The same with a warning, since it may be missed: {_codes(missed)} `ex:…`.")
    yield from ("Any other word is a warning.", "", "## Functions", "", *_prose(PATHS))
    yield from (*_table(("function", "arguments", "gives", "remark"), map(_function, FUNCTIONS.values())), "")
    yield from (*_table(("refused", "why", "instead"), _refused()), "")
    yield from (*_prose(REGEXES), *_table(("macro", "meaning"), _macros()), "")
    yield from ("## What shows that it works", "", *_prose(PROOF))
    yield from (*_table(("feature", "compiled", "shown", "checked on the server", "test"), _proofs()), "")
    yield from ("## What is knowingly not supported", "", *_prose(UNSUPPORTED_PROSE))
    yield from (*_table(("what", "then the form is", "what its author sees"), _unsupported()), "")
    yield from ("## What is mended, and said", "", *_prose(REPAIRS))
    yield from (*_table(("code", "what is said"), _repairs()), "")
    yield from (
        "## What is refused, and why",
        "",
        "Errors stop publication, warnings don't; where only a list or sheet is missing, a draft runs.",
        "",
    )
    yield from _table(("code", "what is wrong", "what to do"), _errors())


def _prose(text: str) -> Iterator[str]:
    for paragraph in text.strip().split("\n\n"):
        is_title = paragraph.startswith("#")
        yield from [paragraph] if is_title else wrap(paragraph, WIDTH, break_on_hyphens=False)
        yield ""


def _table(header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    for row in (header, ("---",) * len(header), *rows):
        yield f"| {' | '.join(cell.replace('|', '&#124;') for cell in row)} |"


def _codes(words: Iterable[str]) -> str:
    return " ".join(f"`{word}`" for word in words)


def _limits() -> Iterator[tuple[str, str]]:
    yield (
        "file",
        f"{limits.MAX_SOURCE_BYTES // MEBIBYTE} MiB, {limits.MAX_UNPACKED_BYTES // MEBIBYTE} unpacked",
    )
    yield "rows of `survey`", f"{limits.MAX_QUESTIONS:,}"
    yield "rows and columns of any other sheet", f"{limits.MAX_ROWS:,} and {limits.MAX_COLUMNS}"
    yield "filled cells of all sheets", f"{limits.MAX_FILLED:,}, {limits.MAX_CHARACTERS:,} characters"
    yield "references (`${…}`) in all cells", f"{limits.MAX_REFERENCES:,}"
    yield "one cell", f"{limits.MAX_CELL:,} characters"
    yield "a question's or list's name", f"{limits.MAX_NAME} characters"
    yield "groups in groups", f"{limits.MAX_DEPTH}"
    yield "empty rows between two that are filled", f"{limits.MAX_EMPTY_ROWS:,}"
    yield "a list in a file of its own", f"{limits.MAX_LIST_ROWS:,} rows, {limits.MAX_LIST_CELLS:,} cells"
    yield "one expression", f"{expression.MAX_LENGTH:,} characters, nested {expression.MAX_DEPTH} deep"
    yield (
        "what is told of one upload",
        f"{limits.MAX_ERRORS} errors, {limits.MAX_WARNINGS} warnings of each kind",
    )
    yield (
        "one check",
        f"{child.PROCESSOR_S} s of processor time, {child.MEMORY_BYTES // MEBIBYTE} MiB of memory",
    )


def _types() -> Iterator[tuple[str, str]]:
    """Every plain type with what it becomes, asked of the compiler; spellings of the same stand together."""
    plain = sorted(question_types.SIMPLE - question_types.EXTERNAL_LISTS - question_types.IGNORED)
    computed = {"calculate": "1"}
    rows = (f"| | {type_} | q{at} | Q | {computed.get(type_, '')} |" for at, type_ in enumerate(plain))
    form = "\n".join(("| survey |", "| | type | name | label | calculation |", *rows))
    form += "\n| settings |\n| | form_id | version |\n| | types | 1 |\n"
    nodes = compile_form(form.encode(), "types.md", is_draft=True).outline["nodes"]
    spellings: dict[tuple[str, str], list[str]] = {}
    for type_, node in zip(plain, nodes, strict=False):
        if node["name"] != f"q{plain.index(type_)}":
            raise AssertionError(f"{type_} became {node['name']}")
        is_asked = node["control"] != "" and not node["is_note"]
        kind = node["media_type"] or (node["type"] if is_asked else "note" if node["is_note"] else "unasked")
        spellings.setdefault((kind, ANSWERS[kind]), []).append(type_)
    for (_, answer), types in spellings.items():
        yield _codes(types), answer


def _dialects() -> Iterator[tuple[str, str, str]]:
    for row in dialect_types.DIALECTS:
        words = (f"`{word}`" for word in row.shown.split(", "))
        taken = row.taken.type.replace("\\1", "start, end")
        yield row.whose, " ".join(words), f"`{taken}`{row.taken.note_en}"


def _survey_columns() -> Iterator[tuple[str, str, str]]:
    aliases = columns.aliases("survey")
    for name, meaning in SURVEY.items():
        remark = " An expression." if name in columns.EXPRESSIONS["survey"] else ""
        yield f"`{name}`", _codes(aliases.get(name, ())), meaning + remark


def _idle(sheet: str, told: Mapping[str, str]) -> list[str]:
    return sorted(columns.known_columns(sheet) - told.keys())


def _parameters() -> Iterator[tuple[str, str, str]]:
    kinds = {
        type_: words
        for type_, words in repair_cells.PARAMETERS.items()
        if type_ not in question_types.IGNORED
    }
    kinds |= {"selects": repair_cells.OF_SELECT, "selects from a file": repair_cells.OF_FILE}
    for name, effect in PARAMETERS.items():
        yield f"`{name}`", ", ".join(type_ for type_, words in kinds.items() if name in words.split()), effect


def _columns() -> Iterator[tuple[str, str, str]]:
    for sheet, told in (("choices", CHOICES), ("settings", SETTINGS), ("entities", ENTITIES)):
        for name, meaning in told.items():
            yield sheet, f"`{name}`", meaning


def _ours() -> Iterator[tuple[str, str, str]]:
    for name in sorted(columns.OUR_BINDS | columns.OUR_SETTINGS):
        is_bind = name in columns.OUR_BINDS
        header = f"bind::{name}" if is_bind else name
        sheets = [sheet for sheet, names in _OUR_SHEETS.items() if name in names]
        yield f"`{header}`", " ".join(sheets), OURS[name]


_OUR_SHEETS: Mapping[str, frozenset[str]] = {"survey": columns.OUR_BINDS, "settings": columns.OUR_SETTINGS}


def _appearances() -> Iterator[tuple[str, str]]:
    return ((f"`{word}`", effect) for word, effect in APPEARANCES.items())


def _function(function: Function) -> tuple[str, str, str, str]:
    remarks = ["taken as sent, not checked again"] if function.is_volatile else []
    remarks += ["the last digits may differ"] if function.is_inexact else []
    remarks += [function.remark] if function.remark else []
    remarks += [f"of {function.dialect}"] if function.dialect else []
    return f"`{function.name}()`", _arguments(function), function.result, "; ".join(remarks)


def _refused() -> Iterator[tuple[str, str, str]]:
    for name, (_, reason, _, remedy) in REFUSED.items():
        yield f"`{name}`", reason, f"{remedy}."


def _proofs() -> Iterator[tuple[str, str, str, str, str]]:
    for row in proofs():
        tests = "<br>".join(f"`{test}`" for test in row["test"].splitlines())
        yield row["feature"], "yes", row["shown"], row["checked"], tests


def _unsupported() -> Iterator[tuple[str, str, str]]:
    becomes = {"error": "refused", "blocker": "tried out, not published", "warning": "published, with this"}
    for row in UNSUPPORTED:
        told = _told(row)
        said = " ".join((told.message["zh"], told.remedy["zh"], told.message["en"], told.remedy["en"]))
        yield row.what, becomes[told.severity], escape(said, quote=False)


def _told(row: Unsupported) -> FormError:
    """What the compiler says of it."""
    setting, value = row.setting
    settings = {"form_id": "form", "version": "1", setting: value}
    choices = {"list_name": "l", "name": "a", "label": "A"}
    form = _sheet("survey", row.rows) + _sheet("choices", (choices,)) + _sheet("settings", (settings,))
    try:
        found = compile_form(form.encode(), "form.md", is_draft=True).warnings
    except FormErrors as errors:
        found = errors.errors
    return next(each for each in found if each.code == row.code)


def _sheet(name: str, rows: Sequence[Mapping[str, str]]) -> str:
    header = dict.fromkeys(column for row in rows for column in row)
    lines = (header, *([row.get(column, "") for column in header] for row in rows))
    return f"| {name} |\n" + "".join(f"| | {' | '.join(line)} |\n" for line in lines)


def _arguments(function: Function) -> str:
    needed = list(function.arguments[: function.fewest])
    # `sum` takes one or more of what its rest is.
    needed += [function.rest.removesuffix("s")] * (function.fewest - len(needed))
    optional = [f"[{each}]" for each in function.arguments[function.fewest :]]
    return ", ".join([*needed, *optional, *(["…"] if function.rest else [])])


def _macros() -> Iterator[tuple[str, str]]:
    for description in descriptions():
        call, _, meaning = description.partition(": ")
        yield call, meaning


def _repairs() -> Iterator[tuple[str, str]]:
    for code, texts in sorted(REPAIR_TEXTS.items()):
        zh, en = (text.format_map(Blanks()) for text in texts[:2])
        yield f"`{code}`", escape(f"{zh} {en}", quote=False)


def _errors() -> Iterator[tuple[str, str, str]]:
    for code, texts in sorted(TEXTS.items()):
        if code in REPAIR_TEXTS:
            continue
        zh, en, remedy_zh, remedy_en = (text.format_map(Blanks()) for text in texts)
        yield f"`{code}`", escape(f"{zh} {en}", quote=False), escape(f"{remedy_zh} {remedy_en}", quote=False)


if __name__ == "__main__":
    sys.stdout.write(page())
