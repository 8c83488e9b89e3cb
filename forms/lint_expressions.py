"""Errors of the expressions in the sheets: syntax, names, functions, lists, regular expressions, circles."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

import re2

from forms.columns import EXPRESSIONS, TEXTS
from forms.definition import Place
from forms.errors import ErrorList
from forms.expression import Call, Expression, ExpressionError, Name, Path, String, parse, parts, walk
from forms.functions import FUNCTIONS
from forms.functions_dialects import refusal, refused
from forms.itself import keeps
from forms.lint_lists import choice_columns, external_names
from forms.question_types import EXTERNAL_LISTS, read_select
from forms.rewrites import plain, told_as
from forms.sheets import Workbook
from forms.spelling import hint
from forms.survey import Entry, Survey

# What pyxform turns into true() and false() by itself.
_YES_NO = frozenset(("yes", "no", "true", "false"))
REFERENCE = re.compile(r"\$\{([^{}]*)\}")
_EMPTY_REFERENCE = re.compile(r"\$\{\s*\}")
# A default is an expression where it calls or refers; else it is the value itself.
_DYNAMIC = re.compile(r"\$\{|[\w\-]\s*\(")
_ROW_STEPS = 2  # instance('list')/root/item
_DECIDING = ("calculation", "relevant")  # a repeat may be counted by what is in it


@dataclass(frozen=True, slots=True)
class Cell:
    """One expression and where it stands; `entry` is the survey row it belongs to."""

    text: str
    place: Place
    column: str
    entry: Entry | None = None


def lint_expressions(
    book: Workbook,
    survey: Survey,
    attached: Mapping[str, Collection[str]],
    errors: ErrorList,
) -> None:
    """Check every expression and every `${name}` of a workbook."""
    checker = _Checker(book, survey, attached, errors)
    trees: dict[tuple[str, str], Expression] = {}
    for cell in _cells(book, survey):
        tree = checker.expression(cell)
        if tree is not None and cell.entry is not None:
            trees[cell.entry.path, cell.column] = tree
    for cell in _texts(book, survey):
        checker.text(cell)
    _lint_cycles(survey, trees, errors)


class _Checker:
    """Knows the names and lists of one workbook."""

    def __init__(
        self,
        book: Workbook,
        survey: Survey,
        attached: Mapping[str, Collection[str]],
        errors: ErrorList,
    ) -> None:
        self.errors = errors
        self.names = survey.by_name()
        self.known = node_names(survey)
        self.columns: dict[str, Collection[str]] = {**attached, **choice_columns(book)}
        self.lists = {*self.columns, *external_names(survey), *_entity_lists(book)}

    def expression(self, cell: Cell) -> Expression | None:
        try:
            tree = parse(cell.text)
        except ExpressionError as error:
            self.errors.add(error.code, cell.place, **error.values)
            return None
        for node in walk(tree):
            if isinstance(node, Name):
                self.name(node.value, cell.place)
            elif isinstance(node, Call):
                self.call(node, cell.place)
            elif isinstance(node, Path):
                self.row_columns(node, cell.place)
        if cell.column == "choice_filter" and cell.entry is not None:
            select = read_select(cell.entry.type)
            self.read_columns(select.list_name if select else "", _columns_tested(tree), cell.place)
        return tree

    def text(self, cell: Cell) -> None:
        opened = cell.text.find("${", cell.text.rfind("}") + 1)
        if opened >= 0:
            self.errors.add("bad_reference", cell.place, found=cell.text[opened : opened + 20])
        elif empty := _EMPTY_REFERENCE.search(cell.text):
            self.errors.add("bad_reference", cell.place, found=empty[0][:20])
        for name in REFERENCE.findall(cell.text):
            if name.strip():
                self.name(name.strip(), cell.place)

    def name(self, name: str, place: Place) -> None:
        name = name.removeprefix("last-saved#")
        if name not in self.known:
            self.errors.add("unknown_name", place, name=name, **hint(name, self.known))
        elif len(self.names.get(name, ())) > 1:
            self.errors.add("ambiguous_name", place, name=name, count=len(self.names[name]))

    def call(self, call: Call, place: Place) -> None:
        function = FUNCTIONS.get(call.name)
        if name := refused(call):
            self.errors.add("unsupported_function", place, **refusal(name))
            return
        if function is None:
            self.errors.add("unknown_function", place, name=call.name, **hint(call.name, FUNCTIONS))
            return
        if (made := plain(call)) is not call:
            self.errors.warn("repaired_expression", place, found=told_as(call), taken=told_as(made))
            return
        found = len(call.arguments)
        if found < function.fewest or (function.most is not None and found > function.most):
            expected = _arity(function.fewest, function.most)
            self.errors.add("wrong_arity", place, name=call.name, expected=expected, found=found)
        elif call.name == "instance":
            self.instance(call, place)
        elif call.name == "regex":
            self.regex(call.arguments[1], place)

    def instance(self, call: Call, place: Place) -> None:
        argument = call.arguments[0]
        if isinstance(argument, String) and argument.value not in self.lists:
            self.errors.block(
                "unknown_instance", place, list=argument.value, **hint(argument.value, self.lists)
            )

    def regex(self, pattern: Expression, place: Place) -> None:
        if not isinstance(pattern, String):
            self.errors.add("dynamic_regex", place)
        elif reason := _regex_error(pattern.value):
            self.errors.add("bad_regex", place, pattern=pattern.value, reason=reason)

    def row_columns(self, path: Path, place: Place) -> None:
        """A misspelt column of a list whose rows we have gives nothing, silently: warn."""
        if len(path.steps) >= _ROW_STEPS:
            tested = [name for each in path.steps[1].predicates for name in _columns_tested(each)]
            taken = [step.name for step in path.steps[_ROW_STEPS : _ROW_STEPS + 1]]
            self.read_columns(_list_of(path), tested + taken, place)

    def read_columns(self, name: str, read: Iterable[str], place: Place) -> None:
        columns = self.columns.get(name)
        for column in read if columns is not None else ():
            if columns is not None and column not in columns and column != "*":
                self.errors.warn(
                    "unknown_list_column", place, list=name, column=column, **hint(column, columns)
                )


def _cells(book: Workbook, survey: Survey) -> Iterator[Cell]:
    for entry in survey.entries:
        for column in entry.sheet.columns:
            text = entry.row.cells.get(column.header, "")
            if text and column.name in EXPRESSIONS["survey"] and _is_expression(column.name, text):
                place = entry.sheet.place(entry.row.number, column)
                yield Cell(text, place, column.name, entry)
    for name in ("settings", "entities"):
        sheet = book.sheets.get(name)
        for row in sheet.rows if sheet else ():
            for column in sheet.columns if sheet else ():
                text = row.cells.get(column.header, "")
                if sheet and text and column.name in EXPRESSIONS[name]:
                    yield Cell(text, sheet.place(row.number, column), column.name)


def _is_expression(column: str, text: str) -> bool:
    if column in ("required", "read_only", "relevant"):
        return text.lower() not in _YES_NO
    return column != "default" or bool(_DYNAMIC.search(text))


def _texts(book: Workbook, survey: Survey) -> Iterator[Cell]:
    for entry in survey.entries:
        for column in entry.sheet.columns:
            text = entry.row.cells.get(column.header, "")
            if text and column.name in (*TEXTS["survey"], "trigger"):
                yield Cell(text, entry.sheet.place(entry.row.number, column), column.name, entry)
    sheet = book.sheets.get("choices")
    for row in sheet.rows if sheet else ():
        for column in sheet.columns if sheet else ():
            text = row.cells.get(column.header, "")
            if sheet and text and column.name in TEXTS["choices"]:
                yield Cell(text, sheet.place(row.number, column), column.name)


def node_names(survey: Survey) -> set[str]:
    """Every name that `${name}` may have."""
    names = {entry.name for entry in survey.entries if entry.name and entry.type not in EXTERNAL_LISTS}
    selects = ((entry, read_select(entry.type)) for entry in survey.entries)
    others = {f"{entry.name}_other" for entry, select in selects if select and select.has_other}
    return names | others | {"instanceID", "instanceName"}


def _entity_lists(book: Workbook) -> set[str]:
    sheet = book.sheets.get("entities")
    return {sheet.value(row, "list_name") for row in sheet.rows} if sheet else set()


def _arity(fewest: int, most: int | None) -> str:
    if most is None:
        return f"≥ {fewest}"
    return str(fewest) if fewest == most else f"{fewest}-{most}"


def _regex_error(pattern: str) -> str:
    options = re2.Options()
    options.log_errors = False
    try:
        re2.compile(pattern, options)
    except re2.error as error:
        words = error.args[0] if error.args else ""
        return words.decode("utf-8", "replace") if isinstance(words, bytes) else str(words)
    return ""


def _list_of(path: Path) -> str:
    base = path.base
    if isinstance(base, Call) and base.name == "instance" and len(base.arguments) == 1:
        argument = base.arguments[0]
        return argument.value if isinstance(argument, String) else ""
    return ""


def _columns_tested(predicate: Expression) -> Iterator[str]:
    """The columns of its row that a predicate reads: first steps of relative paths, none inside paths."""
    if isinstance(predicate, Path):
        is_column = predicate.base is None and not predicate.is_absolute
        if is_column and predicate.steps[0].axis == "child":
            yield predicate.steps[0].name
        return
    for part in parts(predicate):
        yield from _columns_tested(part)


def _lint_cycles(survey: Survey, trees: Mapping[tuple[str, str], Expression], errors: ErrorList) -> None:
    """Circles of plain `${name}`; those through paths, predicates, groups and own values: see `order.py`."""
    by_name = {name: entries[0] for name, entries in survey.by_name().items() if len(entries) == 1}
    by_path = {entry.path: entry for entry in survey.entries if entry.name}
    reads: dict[str, list[str]] = {}
    kept = {path for path, entry in by_path.items() if _reads_itself(trees.get((path, "calculation")), entry)}
    for entry in by_path.values():
        deciding = _DECIDING[1:] if entry.value("trigger") else _DECIDING  # what is triggered runs once
        own = (trees.get((entry.path, column)) for column in deciding)
        names = [name for tree in own if tree is not None for name in _plain_names(tree)]
        paths = [by_name[name].path for name in names if name in by_name]
        paths = [path for path in paths if path not in kept or path == entry.path]
        # What keeps itself, or shows by what is in it, may have a meaning: see itself.py.
        calculation = trees.get((entry.path, "calculation"))
        is_kept = calculation is None or keeps(calculation, Name(entry.name))
        others = [path for path in paths if not _is_inside(path, entry.path, is_kept=is_kept)]
        reads[entry.path] = others
    for cycle in _cycles(reads):
        first = by_path[cycle[0]]
        column = next((each for each in _DECIDING if first.value(each)), "calculation")
        errors.add("cycle", first.place(column), path=" → ".join((*cycle, cycle[0])))


def _reads_itself(calculation: Expression | None, entry: Entry) -> bool:
    return any(
        part == Name(entry.name) or (isinstance(part, Path) and part.steps[0].axis == "self")
        for part in walk(calculation)
    )


def _is_inside(path: str, around: str, *, is_kept: bool) -> bool:
    return path.startswith(f"{around}/") or (is_kept and path == around)


def _plain_names(tree: Expression) -> Iterator[str]:
    """Names read in the nearest scope: not those filtered, nor the instances an aggregate may pick from."""
    if isinstance(tree, Name):
        yield tree.value
    elif isinstance(tree, Path) and isinstance(tree.base, Name):
        return
    elif isinstance(tree, Call) and tree.name in ("indexed-repeat", "position", "once"):
        return
    else:
        for part in parts(tree):
            yield from _plain_names(part)


def _cycles(reads: Mapping[str, Iterable[str]]) -> Iterator[list[str]]:
    """Every circle found by walking depth first, each once, without recursion."""
    done: set[str] = set()
    for start in reads:
        trail = {start: iter(reads[start])} if start not in done else {}
        while trail:
            current = next(reversed(trail))
            following = next(trail[current], None)
            if following is None:
                del trail[current]
                done.add(current)
            elif following in trail:
                yield [*trail][[*trail].index(following) :]
            elif following not in done:
                trail[following] = iter(reads.get(following, ()))
