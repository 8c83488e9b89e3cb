"""Definition -> a warning for each language that is written from right to left, as the phone writes none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from forms.definition import Definition, Place, Text
from forms.errors import ErrorList
from forms.itself import place_of

# Letters of Hebrew, Arabic, Syriac, Thaana, N'Ko and their forms of presentation (Unicode, block ranges).
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")


def warn_of_right_to_left(form: Definition, errors: ErrorList) -> None:
    """Say of each such language where it is met first."""
    told: set[str] = set()
    for place, text in _texts(form):
        for language, parts in text.by_language.items():
            words = "".join(part for part in parts if isinstance(part, str))
            if language not in told and _RIGHT_TO_LEFT.search(words):
                told.add(language)
                errors.warn("right_to_left", place, language=language)


def _texts(form: Definition) -> Iterator[tuple[Place, Text]]:
    for node in form.nodes:
        for text in (node.label, node.hint):
            if text is not None:
                yield replace(place_of(node, "label"), column=""), text
    for rows in form.choice_lists.values():
        for row in rows:
            yield from ((Place("choices", 0, ""), value) for value in row.values() if isinstance(value, Text))
