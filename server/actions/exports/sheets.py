"""A batch of records -> rows of cells, for the records' table and for each repeat's.

Works column by column: a text that comes often in a column is told once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from server.actions.exports.cells import as_text
from server.actions.exports.columns import Column, Manner, Table, as_it_is
from server.actions.exports.facts import Teller
from server.actions.exports.records import Batch, Reader
from server.outline import below

Finish = Callable[[str], Callable[[str], Any]]  # a column's kind -> what makes its texts cells
Columns = list[list[Any]]
NOTHING: Mapping[str, Any] = {}
TOLD_KEPT = 1000  # cells of a column kept between batches


@dataclass(frozen=True)
class Place:
    """One instance of a repeat, and where it stands."""

    record: int  # its record's place in the batch
    ordinal: int
    path: str  # member[2]
    parent: str
    scope: Any


class Told(dict[str, Any]):
    """A column's cells by their text, made when first asked for."""

    def __init__(self, tell: Callable[[str], Any]) -> None:
        super().__init__({"": ""})
        self.tell = tell

    def __missing__(self, text: str) -> Any:
        cell = self[text] = self.tell(text)
        return cell

    def cells(self, texts: Sequence[str]) -> list[Any]:
        found = [self[text] for text in texts]
        if len(self) > TOLD_KEPT:
            self.clear()
            self[""] = ""
        return found


class Sheets:
    """Turns batches into columns of cells, table by table."""

    def __init__(self, tables: Sequence[Table], reader: Reader, manner: Manner, finish: Finish) -> None:
        self.tables = tables
        self.reader = reader
        self.manner = manner
        self.teller = Teller(manner, reader.people(), reader.villages())
        self.ways = {table.path: ancestry(table.path, tables) for table in tables}
        self.keys = {table.path: [Told(finish(kind)) for _, kind in table.keys] for table in tables}
        self.told = {table.path: [self.tell(one, finish) for one in table.columns] for table in tables}

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
        ids, titles = batch.facts["root_id"], batch.facts["title"]
        keys = [
            [ids[place.record] for place in places],
            [titles[place.record] for place in places],
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
        for path in self.ways[table.path]:
            names = below(path, container)
            places = [inner for place in places for inner in instances_below(place, names)]
            container = path
        return places

    def key_cells(self, table: Table, texts: Sequence[Sequence[str]]) -> Columns:
        return [told.cells(column) for told, column in zip(self.keys[table.path], texts, strict=True)]

    def answers(self, table: Table, scopes: list[Any]) -> Columns:
        texts = texts_below(scopes, {column.names for column in table.columns})
        return [
            self.answer(column, told, texts[column.names])
            for column, told in zip(table.columns, self.told[table.path], strict=True)
        ]

    def answer(self, column: Column, told: Told, texts: list[str]) -> list[Any]:
        if column.list_name:
            new = {one for text in texts if text not in told for one in text.split()}
            self.reader.labels(column.list_name, new)
        return told.cells(texts)

    def tell(self, column: Column, finish: Finish) -> Told:
        """What makes a column's texts cells; `names` fills up as labels are asked for."""
        show, end = column.show, finish(column.kind)
        names = self.reader.names[column.list_name]
        return Told(end if show is as_it_is else lambda text: end(show(text, names)))


def ancestry(path: str, tables: Sequence[Table]) -> list[str]:
    """The repeats on the way to a path, itself at the end."""
    parts = path.split("/")
    ways = ["/".join(parts[: end + 1]) for end in range(len(parts))]
    return [way for way in ways if any(way == table.path for table in tables)]


def texts_below(scopes: list[Any], wanted: Iterable[tuple[str, ...]]) -> dict[tuple[str, ...], list[str]]:
    """The answers below these scopes as texts, by the names that lead to them; one for each scope."""
    inside: dict[tuple[str, ...], list[Any]] = {(): [as_scope(scope) for scope in scopes]}
    nothing, found = [""] * len(scopes), {}
    for names in wanted:
        values = [scope.get(names[-1]) for scope in enter(names[:-1], inside)]
        if values.count(None) == len(values):
            found[names] = nothing
            continue
        found[names] = [
            value if type(value) is str else "" if value is None else as_text(value) for value in values
        ]
    return found


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
