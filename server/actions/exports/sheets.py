"""A batch of records -> rows of cells, for the records' table and for each repeat's.

Works column by column: a value that comes often in a column is told once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import starmap
from typing import Any

from server.actions.exports.cells import as_text
from server.actions.exports.columns import Column, Manner, Table
from server.actions.exports.facts import Teller
from server.actions.exports.records import Batch, Reader
from server.outline import below

Finish = Callable[[str], Callable[[str], Any]]  # a column's kind -> what makes its texts cells
Columns = list[list[Any]]
NOTHING: Mapping[str, Any] = {}


@dataclass(frozen=True)
class Place:
    """One instance of a repeat, and where it stands."""

    record: int  # its record's place in the batch
    ordinal: int
    path: str  # member[2]
    parent: str
    scope: Any


class Sheets:
    """Turns batches into columns of cells, table by table."""

    def __init__(self, tables: Sequence[Table], reader: Reader, manner: Manner, finish: Finish) -> None:
        self.tables = tables
        self.reader = reader
        self.manner = manner
        self.finish = finish
        self.teller = Teller(manner, reader.people(), reader.villages())
        self.paths = {table.path for table in tables}

    def headings(self, table: Table) -> list[str]:
        return table.headings(self.manner)

    def rows(self, batch: Batch) -> Iterator[tuple[Table, Iterator[tuple[Any, ...]]]]:
        """Each table with the batch's rows for it."""
        for table in self.tables:
            if table.path:
                columns = self.repeat(table, batch)
            else:
                facts = self.teller.columns(batch)
                columns = [*self.key_cells(table, facts), *self.answers(table, batch.answers)]
            yield table, zip(*columns, strict=True)

    def repeat(self, table: Table, batch: Batch) -> Columns:
        places = [
            place for record, scope in enumerate(batch.answers) for place in self.walk(table, record, scope)
        ]
        keys = [
            [batch.rows[place.record].root_id for place in places],
            [batch.rows[place.record].title for place in places],
            [str(place.ordinal) for place in places],
            [place.path for place in places],
            [place.parent for place in places],
        ]
        return [
            *self.key_cells(table, keys),
            *self.answers(table, [place.scope for place in places]),
        ]

    def walk(self, table: Table, record: int, answers: Any) -> list[Place]:
        """The instances of a repeat in one record, also those within another repeat's."""
        places = [Place(record, 0, "", "", answers)]
        container = ""
        for path in self.ancestry(table.path):
            names = below(path, container)
            places = [inner for place in places for inner in instances_below(place, names)]
            container = path
        return places

    def ancestry(self, path: str) -> list[str]:
        """The repeats on the way to a path, itself at the end."""
        parts = path.split("/")
        ways = ["/".join(parts[: end + 1]) for end in range(len(parts))]
        return [way for way in ways if way in self.paths]

    def key_cells(self, table: Table, texts: list[list[str]]) -> Columns:
        return list(starmap(self.cells, zip((kind for _, kind in table.keys), texts, strict=True)))

    def answers(self, table: Table, scopes: list[Any]) -> Columns:
        inside: dict[tuple[str, ...], list[Any]] = {(): [as_scope(scope) for scope in scopes]}
        return [self.answer(column, inside) for column in table.columns]

    def answer(self, column: Column, inside: dict[tuple[str, ...], list[Any]]) -> list[Any]:
        name = column.names[-1]
        values = [scope.get(name) for scope in enter(column.names[:-1], inside)]
        if values.count(None) == len(values):
            return [""] * len(values)
        texts = [value if type(value) is str else as_text(value) for value in values]
        names: Mapping[str, str] = {}
        if column.list_name:
            names = self.reader.labels(column.list_name, {one for text in set(texts) for one in text.split()})
        show = column.show
        return self.cells(column.kind, texts, lambda text: show(text, names))

    def cells(self, kind: str, texts: list[str], show: Callable[[str], str] | None = None) -> list[Any]:
        finish = self.finish(kind)
        told = {text: finish(show(text) if show else text) for text in set(texts) if text}
        told[""] = ""
        return [told[text] for text in texts]


def enter(names: tuple[str, ...], inside: dict[tuple[str, ...], list[Any]]) -> list[Any]:
    """The groups of these names, one for each scope; an empty one where there is none."""
    found = inside.get(names)
    if found is None:
        name = names[-1]
        outer = enter(names[:-1], inside)
        found = inside[names] = [as_scope(scope.get(name)) for scope in outer]
    return found


def as_scope(value: Any) -> Any:
    """Answers may be anything: what is no group has nothing in it."""
    return value if type(value) is dict else NOTHING


def instances_below(place: Place, names: list[str]) -> Iterator[Place]:
    found = place.scope
    for name in names:
        found = as_scope(found).get(name)
    way = "/".join(filter(None, (place.path, *names)))
    for ordinal, scope in enumerate(found if isinstance(found, list) else (), 1):
        yield Place(place.record, ordinal, f"{way}[{ordinal}]", place.path, scope)
