"""What other programs add to a workbook, such as Survey123: left out where it means nothing here, else put in
the words of ODK XForms.
"""

from __future__ import annotations

import re
from dataclasses import replace

from forms.columns import Column
from forms.errors import ErrorList
from forms.sheets import HEADER_ROW, Workbook

# Namespaces that the converter declares by itself.
_DECLARED = frozenset("entities ev h jr ly odk orx xml xsd".split())
_DECLARATION = re.compile(r"([\w.\-]+)\s*=")

# pulldata("@geopoint", ${place}, "x") is a part of a position: "latitude longitude altitude accuracy".
_PART = re.compile(
    r"""pulldata\(\s*(['"])@geopoint\1\s*,\s*(\$\{[^{}]*\})\s*,\s*(['"])(x|y|z|horizontalAccuracy)\3\s*\)"""
)
_PLACES = {"y": 0, "x": 1, "z": 2, "horizontalAccuracy": 3}


def repair_attributes(book: Workbook, errors: ErrorList) -> Workbook:
    """Leave out attributes of a namespace that nobody declares: `bind::esri:fieldType` and the like."""
    sheet = book.sheets.get("survey")
    known = _DECLARED | set(_DECLARATION.findall(book.setting("namespaces")))
    foreign = [column for column in sheet.columns if _prefix(column) not in known] if sheet else []
    if sheet is None or not foreign:
        return book
    for column in foreign:
        place = sheet.place(HEADER_ROW, column)
        errors.warn("foreign_column", place, column=column.header, prefix=_prefix(column))
    kept = tuple(column for column in sheet.columns if column not in foreign)
    return book.with_sheet(replace(sheet, columns=kept))


def _prefix(column: Column) -> str:
    """The namespace of an attribute of its own; `xml`, which needs no declaration, of every other column."""
    _, _, attribute = column.name.partition("::")
    prefix, colon, _ = attribute.partition(":")
    return prefix if colon else "xml"


def positions_in_parts(text: str) -> str:
    """Put `selected-at(${place}, 1)` for Survey123's `pulldata("@geopoint", ${place}, "x")`."""
    return _PART.sub(lambda found: f"selected-at({found[2]}, {_PLACES[found[4]]})", text)
