"""What an export's tables are: a form's versions together, one table for the records and one per repeat.

Takes outlines; gives tables of columns, each with the function that turns an answer's text into what is
shown. Reads no record.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial

from server.actions.exports.cells import DATE, FIGURE, MOMENT, NUMBER, TEXT
from server.actions.reveal import mask_answer
from server.outline import Node, Outline, below, pick
from server.texts import SEPARATORS
from server.texts import text as say

CODES = "codes"  # in place of a language: paths and values as the form has them
POSITION_PARTS = ("lat", "lon", "alt", "accuracy")
KINDS = {"int": NUMBER, "integer": NUMBER, "decimal": NUMBER, "date": DATE, "dateTime": MOMENT}

# What the server knows of each record: heading and kind.
RECORD_KEYS = (
    ("record_id", TEXT),
    ("title", TEXT),
    ("state", TEXT),
    ("village", TEXT),
    ("sender", TEXT),
    ("received_at", MOMENT),
    ("started_at", MOMENT),
    ("ended_at", MOMENT),
    ("n_findings", NUMBER),
    ("findings", TEXT),
    ("decision", TEXT),
    ("decided_by", TEXT),
    ("decided_at", MOMENT),
    ("comment", TEXT),
    ("n_files_missing", NUMBER),
    ("form_version", TEXT),
    ("instance_id", TEXT),
)
# A repeat's rows: whose they are, which in order, and the row of the repeat they stand in, if any.
REPEAT_KEYS = (("record_id", TEXT), ("title", TEXT), ("ordinal", NUMBER), ("row", TEXT), ("parent", TEXT))

Names = Mapping[str, str]  # value -> words
Show = Callable[[str, Names], str]


@dataclass(frozen=True)
class Manner:
    """How answers are told: `words` is a language or `codes`; `is_open` shows sensitive ones."""

    words: str
    is_open: bool

    @property
    def language(self) -> str:
        return "zh" if self.words == CODES else self.words

    def say(self, key: str) -> str:
        return key if self.words == CODES else say(f"export_{key}", self.language)

    def key(self, key: str) -> str:
        """A heading of our own; the colon keeps it apart from every path."""
        return f"record:{key}" if self.words == CODES else self.say(key)


@dataclass(frozen=True)
class Column:
    """One column; `names` lead to the answer below its table's container."""

    heading: str
    names: tuple[str, ...]
    show: Show
    kind: str = TEXT
    list_name: str = ""  # the list whose rows are named; '' for none


@dataclass
class Table:
    """The records ('' as path) or one repeat's instances."""

    path: str
    title: str
    columns: list[Column] = field(default_factory=list)

    @property
    def keys(self) -> Sequence[tuple[str, str]]:
        return REPEAT_KEYS if self.path else RECORD_KEYS

    @property
    def kinds(self) -> list[str]:
        return [kind for _, kind in self.keys] + [column.kind for column in self.columns]

    def headings(self, manner: Manner) -> list[str]:
        """Of the keys, then of the columns."""
        return [*(manner.key(key) for key, _ in self.keys), *(column.heading for column in self.columns)]


def make_tables(outlines: list[Outline], manner: Manner) -> list[Table]:
    """Tables for records of these versions of one form, the newest first."""
    tables = [Table("", outlines[0].title(manner.language))]
    tables += [Table(repeat.path, heading(repeat, manner)) for repeat in merged(outlines, repeats_of)]
    for table in tables:
        nodes = merged(outlines, partial(Outline.questions_in, container=table.path))
        found = [(node, make_columns(node, outlines, table.path, manner)) for node in nodes]
        headings = Counter(table.headings(manner))  # as yet only those of its keys
        headings.update(column.heading for _, columns in found for column in columns)
        for node, columns in found:
            table.columns += [distinguish(one, node, headings, outlines, manner) for one in columns]
    return tables


def repeats_of(outline: Outline) -> list[Node]:
    return outline.repeats


def merged(outlines: list[Outline], nodes_of: Callable[[Outline], Iterator[Node] | list[Node]]) -> list[Node]:
    """Nodes of all versions by path, the newest version's first; sensitive if any version says so."""
    found: dict[str, Node] = {}
    for outline in outlines:
        for node in nodes_of(outline):
            known = found.setdefault(node.path, node)
            if node.is_sensitive and not known.is_sensitive:
                found[node.path] = replace(known, privacy=node.privacy)
    return list(found.values())


def heading(node: Node, manner: Manner) -> str:
    return node.path if manner.words == CODES else node.words(manner.language).strip(" …:：")


def distinguish(
    column: Column, node: Node, headings: Counter[str], outlines: list[Outline], manner: Manner
) -> Column:
    """Two questions called `照片` are told apart by the group they stand in, and if need be by their path."""
    if headings[column.heading] < 2 or manner.words == CODES:
        return column
    parents = (outline.by_path.get(node.parent) for outline in outlines)
    parent = next((one for one in parents if one and one.label), None)
    place = f"{heading(parent, manner)} › " if parent else ""
    return replace(column, heading=f"{place}{column.heading} ({node.path})")


def make_columns(node: Node, outlines: list[Outline], container: str, manner: Manner) -> list[Column]:
    """A question's columns: none for notes and workings, several for positions and several choices."""
    if node.is_note or (node.is_working and manner.words != CODES):
        return []
    column = Column(heading(node, manner), tuple(below(node.path, container)), masked(node, manner, as_it_is))
    if node.type == "geopoint":
        return [position_column(column, node, part, manner) for part in range(len(POSITION_PARTS))]
    if manner.words == CODES:
        return [replace(column, kind=kind_of(node, manner))]
    known = words_known(node, outlines, manner.language)
    is_listed = bool(node.choice_list) and not known
    shown = replace(
        column,
        show=masked(node, manner, show_of(node, known, manner.language)),
        kind=kind_of(node, manner),
        list_name=node.choice_list if is_listed else "",
    )
    if node.type == "select_multiple":
        return [shown, replace(column, heading=f"{column.heading} ({manner.say('as_given')})")]
    return [shown]


def kind_of(node: Node, manner: Manner) -> str:
    """Only what stands there as it was answered can be a number or a date."""
    is_told = manner.words != CODES and (node.choice_list or node.is_yes_no)
    if is_told or (node.is_sensitive and not manner.is_open):
        return TEXT
    return KINDS.get(node.type, FIGURE if node.is_calculation else TEXT)


def words_known(node: Node, outlines: list[Outline], language: str) -> dict[str, str]:
    """Value -> words of a choice list, of all versions, the newest version's words first."""
    if node.is_yes_no:
        return {"1": say("yes", language), "0": say("no", language)}
    found: dict[str, str] = {}
    for outline in reversed(outlines):
        for value, label in outline.choices.get(node.choice_list, {}).items():
            found[value] = pick(label, language) or value
    return found


def show_of(node: Node, known: Names, language: str) -> Show:
    separator = SEPARATORS[language]
    if node.type == "dateTime":
        return moment
    if node.type in {"select_multiple", "rank"}:
        return lambda text, names: separator.join((known or names).get(one, one) for one in text.split())
    if node.choice_list or known:
        return lambda text, names: (known or names).get(text, text)
    return as_it_is


def position_column(column: Column, node: Node, part: int, manner: Manner) -> Column:
    def show(text: str, names: Names) -> str:
        parts = text.split(" ")
        return parts[part] if part < len(parts) else ""

    word = manner.say(POSITION_PARTS[part])
    name = f"{column.heading}/{word}" if manner.words == CODES else f"{column.heading} {word}"
    kind = TEXT if node.is_sensitive and not manner.is_open else NUMBER
    return replace(column, heading=name, show=masked(node, manner, show), kind=kind)


def as_it_is(text: str, names: Names) -> str:
    return text


def moment(text: str, names: Names) -> str:
    """A dateTime as its phone wrote it, without the zone; what isn't one stays."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=None).isoformat(" ", "seconds")
    except ValueError:
        return text


def masked(node: Node, manner: Manner, show: Show) -> Show:
    if manner.is_open or not node.is_sensitive:
        return show
    return lambda text, names: mask_answer(node, show(text, names))
