"""Lists a form reads but didn't bring -> what publishing says of each that nobody else has either.

A form is tried out before its files are at hand, and other systems bring lists of their own, such as CHT's
`contact-summary`. Publishing asks for them.
"""

from __future__ import annotations

from forms.definition import Definition, Place
from forms.errors import ErrorList, FormError, form_error


def tell_searches(definition: Definition, errors: ErrorList) -> None:
    """Choices that `search()` takes from a file would be missing."""
    for node in definition.nodes:
        if any(word.startswith("search(") for word in node.appearance):
            place = node.places.get("appearance") or next(iter(node.places.values()), Place("", 0, ""))
            errors.block("unsupported_search", place, name=node.name)


def unmet(form: Definition, resolved: Definition, errors: ErrorList) -> dict[str, FormError]:
    """For each list the form declares, what is wrong if it is nowhere; whoever publishes knows."""
    declared = {use.name for use in form.lists}
    return {
        use.name: errors.quoted(form_error("list_nowhere", use.place, {"list": use.name}, "blocker"))
        for use in resolved.lists
        if use.name in declared
    }
