"""A batch of records -> rows of cells, for the records' table and for each repeat's.

Works column by column: a text that comes often in a column is told once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from server.actions.exports.cells import as_text
from server.actions.exports.columns import Column, Manner, Table, as_it_is
from server.actions.exports.facts import Teller
from server.actions.exports.records import Batch, Reader
from server.outline import below

Finish = Callable[[str], Callable[[str], Any]]  # a column's kind -> what makes its texts cells
Columns = list[list[Any]]
NOTHING: Mapping[str, Any] = {}
NO_CELLS: Mapping[Any, Any] = {"": "", None: ""}
TOLD_KEPT = 1000  # cells of a column kept between batches


class Place(NamedTuple):
    """One instance of a repeat, and where it stands."""

    record: int  # its record's place in the batch
    ordinal: int
    path: str  # member[2]
    parent: str
    scope: Any


class Told(dict[Any, Any]):
    """A column's cells by their answers, made when first asked for; only texts are kept, for True is 1."""

    def __init__(self, tell: Callable[[str], Any]) -> None:
        super().__init__(NO_CELLS)
        self.tell = tell

    def __missing__(self, answer: Any) -> Any:
        if type(answer) is not str:
            return self[as_text(answer)]
        cell = self[answer] = self.tell(answer)
        return cell

    def cells(self, texts: Sequence[str]) -> list[Any]:
        found = [self[text] for text in texts]
        self.forget()
        return found

    def forget(self) -> None:
        """Begin anew where too many cells are kept."""
        if len(self) > TOLD_KEPT:
            self.clear()
            self.update(NO_CELLS)


class Answers:
    """The answers of some scopes, found by the names that lead to them; one for each scope."""

    def __init__(self, scopes: Sequence[Any]) -> None:
        self.groups: dict[tuple[str, ...], list[Any]] = {(): [as_scope(scope) for scope in scopes]}
        self.written: dict[tuple[str, ...], list[str]] = {}

    def within(self, names: tuple[str, ...]) -> list[Any]:
        """The groups of these names; an empty one where there is none."""
        found = self.groups.get(names)
        if found is None:
            name = names[-1]
            found = [as_scope(scope.get(name)) for scope in self.within(names[:-1])]
            self.groups[names] = found
        return found

    def texts(self, names: tuple[str, ...]) -> list[str]:
        found = self.written.get(names)
        if found is None:
            found = [as_text(scope.get(names[-1])) for scope in self.within(names[:-1])]
            self.written[names] = found
        return found

    def cells(self, names: tuple[str, ...], told: Told) -> list[Any]:
        """In one walk where the answers are texts and numbers; several choices, places and files take two."""
        name = names[-1]
        try:
            found = [told[scope.get(name)] for scope in self.within(names[:-1])]
        except TypeError:  # a list or a dict is nobody's key
            return told.cells(self.texts(names))
        told.forget()
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
        answers = Answers(scopes)
        columns = []
        for column, told in zip(table.columns, self.told[table.path], strict=True):
            if column.list_name:
                new = {
                    one for text in answers.texts(column.names) if text not in told for one in text.split()
                }
                self.reader.labels(column.list_name, new)
            columns.append(answers.cells(column.names, told))
        return columns

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
