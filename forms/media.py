"""Definition -> the pictures, sounds and films it shows, and a warning for those that didn't come along."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from forms.definition import Definition, Text
from forms.errors import ErrorList
from forms.itself import place_of

TOLD = 5  # names in one warning; the rest are counted


def named_files(form: Definition) -> list[str]:
    """The names of all files that labels of questions and choices name, sorted."""
    by_language = (files for text in _labels(form) for files in text.media.values())
    return sorted({name for files in by_language for name in files.values() if name})


def warn_of_missing(form: Definition, attached: Collection[str], errors: ErrorList) -> None:
    """Say which files the form names but didn't bring; without them it can still be filled."""
    missing = [name for name in named_files(form) if name not in attached]
    if missing:
        more = "…" if len(missing) > TOLD else ""
        errors.warn("missing_media", n=len(missing), names=", ".join(missing[:TOLD]) + more)


def warn_of_unshown(form: Definition, errors: ErrorList) -> None:
    """Only labels show pictures and sounds: say where a hint or a message names some."""
    for node in form.nodes:
        for text in (node.hint, node.guidance, node.required_message, node.constraint_message):
            if text is not None and text.media:
                errors.warn("unshown_media", place_of(node, "hint"), name=node.name)


def _labels(form: Definition) -> Iterator[Text]:
    for node in form.nodes:
        if node.label is not None:
            yield node.label
    for rows in form.choice_lists.values():
        for row in rows:
            yield from (value for value in row.values() if isinstance(value, Text))
