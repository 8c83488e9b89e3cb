"""The compiler's own tables -> docs/xlsform.md, what authors may write.

`python -m forms.feature_page > docs/xlsform.md` writes it again.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from html import escape
from textwrap import wrap

from forms import child, columns, dialect_types, expression, limits, question_types
from forms.compile import compile_form
from forms.error_texts import TEXTS
from forms.feature_texts import (
    ANSWERS,
    APPEARANCES,
    DIALECT_TYPES,
    INTRODUCTION,
    OURS,
    PATHS,
    PROOF,
    REGEXES,
    REPAIRS,
    SELECTS,
    SETTINGS,
    SURVEY,
)
from forms.function import Function
from forms.functions import FUNCTIONS
from forms.functions_dialects import REFUSED
from forms.macros import descriptions
from forms.proof_texts import PROOFS
from forms.repair_texts import REPAIR_TEXTS

WIDTH = 118
MEBIBYTE = 1024 * 1024


class Blanks(dict[str, str]):
    """Fills a message's words: a suggestion is left out, anything else is an ellipsis."""

    def __missing__(self, word: str) -> str:
        return "" if word.startswith("hint") else "…"


def page() -> str:
    """The whole page as markdown."""
    return "\n".join(line.rstrip() for line in [*_prose(INTRODUCTION), *_sections()]) + "\n"


def _sections() -> Iterator[str]:
    yield from ("## Limits", "", *_table(("what", "limit"), _limits()), "")
    yield from ("## Question types", "", *_table(("type", "answer"), _types()), "")
    yield from _prose(SELECTS)
    ignored = _codes(sorted(question_types.IGNORED))
    yield from _prose(f"Known, but without effect here, with a warning: {ignored}.")
    yield from ("## Types of other dialects", "", *_prose(DIALECT_TYPES))
    yield from (*_table(("whose", "type", "taken as"), _dialects()), "")
    yield from ("## Columns of `survey`", "", *_table(("column", "also", "meaning"), _survey_columns()), "")
    yield from _prose(f"Read by other clients, without effect here: {_codes(_idle_columns())}.")
    yield from ("## Columns of `settings` and `entities`", "", *_table(("column", "meaning"), SETTINGS), "")
    yield from ("## What is ours: `ly:`", "", *_table(("column", "sheet", "meaning"), _ours()), "")
    yield from ("## Appearances", "", *_table(("appearance", "effect"), _appearances()), "")
    rest = sorted(question_types.APPEARANCES - APPEARANCES.keys())
    yield from _prose(f"Known from other clients, without effect here: {_codes(rest)}.")
    yield from ("Any other word is a warning.", "", "## Functions", "", *_prose(PATHS))
    yield from (*_table(("function", "arguments", "gives", "remark"), map(_function, FUNCTIONS.values())), "")
    yield from (*_table(("refused", "why", "instead"), _refused()), "")
    yield from (*_prose(REGEXES), *_table(("macro", "meaning"), _macros()), "")
    yield from ("## What shows that it works", "", *_prose(PROOF))
    yield from (*_table(("feature", "compiled", "shown", "checked on the server", "test"), _proofs()), "")
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


def _idle_columns() -> list[str]:
    return sorted(columns.known_columns("survey") - SURVEY.keys())


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
    return ((row.feature, "yes", row.shown, row.checked, f"`{row.test}`") for row in PROOFS)


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
