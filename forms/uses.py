"""Which columns of which external lists a form reads and compares: they are loaded and indexed for it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from typing import Any

from forms import definition as d
from forms.errors import ErrorList
from forms.instances import Instance


@dataclass(slots=True)
class _Table:
    """Rows of an instance that isn't plain, and the columns read of them."""

    instance: Instance
    rows: Sequence[Any]
    columns: set[str] = field(default_factory=set)

    def has(self, column: str) -> bool:
        return any(self._cell(row, column) is not None for row in self.rows)

    def made(self, language: str) -> tuple[dict[str, str | d.Text], ...]:
        return tuple(self._row(row, language) for row in self.rows)

    def _row(self, row: Any, language: str) -> dict[str, str | d.Text]:
        cells: dict[str, str | d.Text] = {}
        for column in sorted(self.columns):
            cell = self._cell(row, column) or ""
            is_label = column == "label" and isinstance(cell, str)
            cells[column] = d.Text({language: (cell,)}) if is_label else cell
        return cells

    def _cell(self, row: Any, column: str) -> str | d.Text | None:
        named = self.instance.label(row) if column == "label" else None
        return named or self.instance.cell(row, column)


class Uses:
    """Collects which columns of which external lists are read, and which are compared for equality."""

    def __init__(self, definition: d.Definition, columns: Mapping[str, Collection[str]]) -> None:
        """Take the lists a form has: its choice lists, and the external ones it declares."""
        self._choices = definition.choice_lists
        self._known = columns
        self._choice_columns: dict[str, set[str]] = {}
        self._tables: dict[str, _Table] = {}
        self._columns: dict[str, set[str]] = {each.name: set(each.columns) for each in definition.lists}
        self._places: dict[str, d.Place] = {}
        self._keys: dict[str, set[str]] = {each.name: set(each.keys) for each in definition.lists}

    def declares(self, list_name: str) -> bool:
        """Whether a form has such a list."""
        return list_name in self._choices or list_name in self._columns

    def declare(self, list_name: str) -> None:
        """Take an external list as declared."""
        self._columns.setdefault(list_name, set())
        self._keys.setdefault(list_name, set())

    def opens(self, list_name: str, place: d.Place) -> None:
        """Note where a list is read."""
        self._places.setdefault(list_name, place)

    def columns(self, list_name: str) -> Collection[str]:
        """The columns of a list as far as they are known."""
        return self._known_columns(list_name) or ()

    @property
    def names(self) -> list[str]:
        """All lists, for hints."""
        return [*self._choices, *self._columns]

    def read(
        self, list_name: str, column: str, place: d.Place, errors: ErrorList, *, is_key: bool = False
    ) -> bool:
        """Note that a column is read; False where the list is known not to have it, which is said."""
        self.opens(list_name, place)
        table = self._tables.get(list_name)
        known = self._known_columns(list_name)
        if table is not None and not table.has(column):
            errors.warn("path_to_nothing", place, path=f"{list_name}/{column}")
            return False
        if known is not None and column not in known:
            errors.warn("unknown_list_column", place, list=list_name, column=column, **hints(column, known))
            return False
        if table is not None:
            table.columns.add(column)
        if list_name == d.LAST_SAVED:
            self.declare(list_name)
        if list_name in self._columns:
            self._columns[list_name].add(column)
            if is_key:
                self._keys[list_name].add(column)
        return True

    def has(self, list_name: str, column: str) -> bool:
        """Whether a list is known to have a column."""
        table = self._tables.get(list_name)
        return table.has(column) if table is not None else column in (self._known_columns(list_name) or ())

    def add_table(self, name: str, instance: Instance, rows: Sequence[Any]) -> None:
        """Make rows of an instance that isn't plain a list of its own."""
        self._tables.setdefault(name, _Table(instance, rows))

    def tables(self, language: str) -> dict[str, tuple[dict[str, str | d.Text], ...]]:
        """Give those lists, with the columns that are read."""
        return {name: table.made(language) for name, table in self._tables.items()}

    def _known_columns(self, list_name: str) -> Collection[str] | None:
        if list_name not in self._choices:
            return self._known.get(list_name)
        known = self._choice_columns.get(list_name)
        if known is None:
            known = {"name", "label", "itextId"}.union(*self._choices[list_name])
            self._choice_columns[list_name] = known
        return known

    def lists(self) -> tuple[d.ListUse, ...]:
        """Give the external lists, sorted, so that the same form gives the same bytes."""
        return tuple(self._list(name) for name in sorted(self._columns))

    def _list(self, name: str) -> d.ListUse:
        made = d.ListUse(name, tuple(sorted(self._columns[name])), tuple(sorted(self._keys[name])))
        return replace(made, place=self._places[name]) if name in self._places else made


def hints(name: str, known: Collection[str]) -> dict[str, str]:
    """Words that name the nearest known spelling, or nothing."""
    close = get_close_matches(name, known, n=1)
    if not close:
        return {"hint": "", "hint_en": ""}
    return {"hint": f"，是不是“{close[0]}”", "hint_en": f"; did you mean '{close[0]}'"}
