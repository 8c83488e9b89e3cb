"""A draft's lists that nobody declared -> lists of which nothing is known yet, with a warning each.

A form is tried out before its files are at hand, and other systems bring lists of their own, such as CHT's
`contact-summary`. Publishing asks for them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from forms.definition import Definition, ListUse, Place
from forms.errors import ErrorList
from forms.expression import Call, String, walk
from forms.order import expressions_of
from forms.spelling import hint

_READING = ("instance", "pulldata")


def declared(definition: Definition, errors: ErrorList) -> Definition:
    """Declare every list that an expression reads by its name."""
    known = {*definition.choice_lists, *definition.instances, *(each.name for each in definition.lists)}
    known.add(definition.last_saved)
    missing: dict[str, ListUse] = {}
    for name, place in _read_lists(definition):
        if name not in known:
            errors.warn("unknown_instance", place, list=name, **hint(name, known))
            missing.setdefault(name, ListUse(name, (), ()))
    return replace(definition, lists=(*definition.lists, *missing.values())) if missing else definition


def tell_searches(definition: Definition, errors: ErrorList, *, is_draft: bool) -> None:
    """Choices that `search()` takes from a file would be missing: a draft is warned, publishing refuses."""
    for node in definition.nodes:
        if any(word.startswith("search(") for word in node.appearance):
            place = node.places.get("appearance") or next(iter(node.places.values()), Place("", 0, ""))
            note = errors.warn if is_draft else errors.add
            note("unsupported_search", place, name=node.name)


def _read_lists(definition: Definition) -> Iterator[tuple[str, Place]]:
    for node in definition.nodes:
        for expression in expressions_of(node, definition):
            for part in walk(expression):
                if isinstance(part, Call) and part.name in _READING and part.arguments:
                    first = part.arguments[0]
                    place = node.places.get("calculation") or next(
                        iter(node.places.values()), Place("", 0, "")
                    )
                    if isinstance(first, String):
                        yield first.value.strip(), place
