"""Which columns of which external lists a form reads and compares: they are loaded and indexed for it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from difflib import get_close_matches

from forms import definition as d
from forms.errors import ErrorList


class Uses:
    """Collects which columns of which external lists are read, and which are compared for equality."""

    def __init__(self, definition: d.Definition, columns: Mapping[str, Collection[str]]) -> None:
        """Take the lists a form has: its choice lists, and the external ones it declares."""
        self._choices = definition.choice_lists
        self._known = columns
        self._columns: dict[str, set[str]] = {each.name: set(each.columns) for each in definition.lists}
        self._keys: dict[str, set[str]] = {each.name: set(each.keys) for each in definition.lists}

    def declares(self, list_name: str) -> bool:
        """Whether a form has such a list."""
        return list_name in self._choices or list_name in self._columns

    @property
    def names(self) -> list[str]:
        """All lists, for hints."""
        return [*self._choices, *self._columns]

    def read(
        self, list_name: str, column: str, place: d.Place, errors: ErrorList, *, is_key: bool = False
    ) -> None:
        """Note that a column is read; say so when the list is known not to have it."""
        known = self._known_columns(list_name)
        if known is not None and column not in known:
            errors.add("unknown_list_column", place, list=list_name, column=column, **hints(column, known))
        if list_name == d.LAST_SAVED:
            self._columns.setdefault(list_name, set())
            self._keys.setdefault(list_name, set())
        if list_name in self._columns:
            self._columns[list_name].add(column)
            if is_key:
                self._keys[list_name].add(column)

    def _known_columns(self, list_name: str) -> Collection[str] | None:
        if list_name in self._choices:
            return {"name", "label", "itextId"}.union(*self._choices[list_name])
        return self._known.get(list_name)

    def lists(self) -> tuple[d.ListUse, ...]:
        """Give the external lists, sorted, so that the same form gives the same bytes."""
        return tuple(
            d.ListUse(name, tuple(sorted(self._columns[name])), tuple(sorted(self._keys[name])))
            for name in sorted(self._columns)
        )


def hints(name: str, known: Collection[str]) -> dict[str, str]:
    """Words that name the nearest known spelling, or nothing."""
    close = get_close_matches(name, known, n=1)
    if not close:
        return {"hint": "", "hint_en": ""}
    return {"hint": f",是不是“{close[0]}”", "hint_en": f"; did you mean '{close[0]}'"}
