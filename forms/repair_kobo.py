"""KoboToolbox's groups of rows -> plain groups: score and matrix questions, and ranking by levels.

A score is a table of select_ones with one list; a ranking a select_one for each level, none chosen twice; a
matrix asks its columns for each row of a list.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from forms.columns import Column
from forms.errors import ErrorList
from forms.sheets import Row, Sheet, Workbook

_KINDS = {"begin_score": "end_score", "begin_rank": "end_rank", "begin_kobomatrix": "end_kobomatrix"}
_LISTS = {
    "begin_score": "kobo--score-choices",
    "begin_rank": "kobo--rank-items",
    "begin_kobomatrix": "kobo--matrix_list",
}
_NEEDED = ("appearance", "constraint", "constraint_message")


def unfolded(book: Workbook, errors: ErrorList) -> Workbook:
    """Write the rows that each such group stands for; a workbook without one comes back unchanged."""
    sheet = book.sheets.get("survey")
    if sheet is None or not any(_type(sheet, row) in _KINDS for row in sheet.rows):
        return book
    missing = [Column(name, name) for name in _NEEDED if sheet.column(name) is None]
    sheet = replace(sheet, columns=(*sheet.columns, *missing))
    return book.with_sheet(replace(sheet, rows=tuple(_rows(sheet, book, errors))))


def _rows(sheet: Sheet, book: Workbook, errors: ErrorList) -> Iterator[Row]:
    rows = iter(sheet.rows)
    for row in rows:
        begin = _type(sheet, row)
        if begin not in _KINDS:
            yield row
            continue
        inner = []
        for each in rows:
            if _type(sheet, each) == _KINDS[begin]:
                break
            inner.append(each)
        note = {"type": begin, "taken": "begin_group", "note": "", "note_en": ""}
        errors.warn("repaired_type", sheet.place(row.number, sheet.column("type") or "type"), **note)
        group = _Group(sheet, row, _list_name(sheet, row, begin))
        yield from group.unfolded(begin, inner, book)


def _type(sheet: Sheet, row: Row) -> str:
    """The first word, in one spelling: `begin kobomatrix list` too."""
    words = sheet.value(row, "type").lower().replace("begin ", "begin_").replace("end ", "end_").split()
    return words[0] if words else ""


def _list_name(sheet: Sheet, row: Row, begin: str) -> str:
    """The list stands in a column of its own, or after the type."""
    written = sheet.value(row, "type").replace("begin ", "begin_", 1).split()
    return sheet.value(row, _LISTS[begin]) or (written[1] if len(written) > 1 else "")


@dataclass(frozen=True, slots=True)
class _Group:
    sheet: Sheet
    head: Row
    list_name: str

    def unfolded(self, begin: str, inner: Sequence[Row], book: Workbook) -> Iterator[Row]:
        yield self.row(self.head, type="begin_group", appearance="field-list")
        if begin == "begin_score":
            yield from self.score(inner)
        elif begin == "begin_rank":
            yield from self.rank(inner)
        else:
            yield from self.matrix(inner, book)
        yield self.end(inner)

    def row(self, like: Row, **cells: str) -> Row:
        """A row with the texts of another and some cells of its own, by canonical column."""
        return like.saying({self.sheet.header(name): cell for name, cell in cells.items()})

    def end(self, inner: Sequence[Row]) -> Row:
        return Row((inner or [self.head])[-1].number, {self.sheet.header("type"): "end_group"})

    def name_of(self, row: Row) -> str:
        return self.sheet.value(row, "name")

    def score(self, inner: Sequence[Row]) -> Iterator[Row]:
        """A head that shows the choices, and a row for each question."""
        type_ = f"select_one {self.list_name}"
        head = self.row(self.head, type=type_, name=f"{self.name_of(self.head)}_header", appearance="label")
        yield self.row(head, required="", relevant="")
        for each in inner:
            yield self.row(each, type=type_, appearance="list-nolabel")

    def rank(self, inner: Sequence[Row]) -> Iterator[Row]:
        """A select_one for each level; what was chosen before can't be chosen again."""
        said = self.sheet.value(self.head, "kobo--rank-constraint-message")
        before: list[str] = []
        for each in inner:
            rule = " and ".join(f". != ${{{name}}}" for name in before)
            message = {"constraint": rule, "constraint_message": said} if rule else {}
            yield self.row(each, type=f"select_one {self.list_name}", appearance="minimal", **message)
            before.append(self.name_of(each))

    def matrix(self, inner: Sequence[Row], book: Workbook) -> Iterator[Row]:
        """A group for each row of the list, with all questions, named as KoboToolbox names them."""
        choices = book.sheets.get("choices")
        for choice in choices.rows if choices else ():
            if choices is None or choices.value(choice, "list_name") != self.list_name:
                continue
            name = f"{self.name_of(self.head)}_{choices.value(choice, 'name')}"
            label = choices.value(choice, "label")
            texts = dict.fromkeys(self.sheet.headers(("label",)), label)
            yield Row(self.head.number, {self.sheet.header("name"): name, **texts, **self.begin()})
            for each in inner:
                yield self.row(each, name=f"{name}_{self.name_of(each)}")
            yield self.end(inner)

    def begin(self) -> dict[str, str]:
        return {self.sheet.header("type"): "begin_group"}
