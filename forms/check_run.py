"""One run of a compiled checker: what emitted code calls to read answers and lists and to report findings."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from forms import answer_types
from forms.checked import Checked, EntityWrite, Equals, Lists, ListUnavailable, UnavailableRows, Violation
from forms.dates import today
from forms.definition import LAST_SAVED
from forms.patience import GivenUp, going, made, never
from forms.runtime import Row, text, words

Frame = Sequence[Any] | None  # [parent instance or None, 1-based index, …]
Getter = Callable[[str], Any]

_PATH, _KIND, _TYPE, _INSIDE, _RULE, _LEVEL, _MESSAGES = range(7)
_PRECISION = 1e-9  # of what engines compute differently in the last digits
_write_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class FormFacts:
    """What a checker says about its nodes, once for all runs."""

    nodes: Mapping[int, tuple[Any, ...]]
    inside: Mapping[int, frozenset[str]]
    generic: Mapping[str, Mapping[str, str]]
    tables: Mapping[str, Sequence[Row]]
    indices: dict[tuple[str, ...], dict[tuple[str, ...], list[Row]]] = field(default_factory=dict)

    @classmethod
    def of(cls, space: Mapping[str, Any]) -> FormFacts:
        """Read the constants of a checker."""
        nodes, generic = space["NODES"], space["GENERIC"]
        return cls(
            nodes=nodes,
            inside={node: frozenset(facts[_INSIDE]) for node, facts in nodes.items()},
            generic=generic,
            tables=space["TABLES"],
        )

    def find(self, list_name: str, equals: Sequence[tuple[str, str]]) -> Sequence[Row]:
        """Look rows of the form's own list up; an index is made the first time."""
        columns = tuple(column for column, _ in equals)
        if not columns:
            return self.tables[list_name]
        index = self.indices.get((list_name, *columns))
        if index is None:
            index = {}
            for row in self.tables[list_name]:
                index.setdefault(tuple(row.get(column, "") for column in columns), []).append(row)
            self.indices[(list_name, *columns)] = index
        return index.get(tuple(value for _, value in equals), ())


class Run:
    """The state of one check; emitted code passes it to helpers and never looks inside."""

    __slots__ = ("_skipped", "_today", "checked", "facts", "is_over", "lists", "meta", "n_made", "n_steps")

    def __init__(
        self, facts: FormFacts, lists: Lists, meta: Mapping[str, Any], is_over: Callable[[], bool] = never
    ) -> None:
        """Start with nothing found."""
        self.is_over = is_over
        self.n_steps = self.n_made = 0
        self.facts = facts
        self.lists = lists
        self.meta = meta
        self.checked = Checked()
        self._skipped: set[int] = set()
        self._today = ""

    @property
    def utc_offset_min(self) -> int:
        """The phone's zone."""
        return int(self.meta.get("utc_offset_min") or 0)

    @property
    def now(self) -> datetime:
        """When the filling ended, else when it began."""
        written = self.meta.get("ended_at") or self.meta.get("started_at")
        if isinstance(written, datetime):
            return written
        moment = datetime.fromisoformat(written) if isinstance(written, str) else _EPOCH
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)

    def today(self) -> str:
        """Give the date on the phone when the filling ended; reckoned once."""
        self._today = self._today or today(self)
        return self._today

    def path(self, node: int, frame: Frame) -> str:
        """Path of a node with the indices of the instances around it; an instance's own is its repeat's."""
        parts = self.facts.nodes[node][_PATH]
        indices = []
        while frame is not None:
            indices.append(int(frame[1]))
            frame = frame[0]
        placed = [f"{part}[{index}]" for part, index in zip(parts, reversed(indices), strict=False)]
        return "/".join(placed if len(placed) == len(parts) else [*placed, parts[-1]])

    def report(self, path: str, code: str, level: str, message: Mapping[str, str], rule: str = "") -> None:
        """Note a violation; nobody reads thousands."""
        if len(self.checked.violations) < MAX_VIOLATIONS:
            self.checked.violations.append(Violation(path, code, rule, level, dict(message)))

    def report_generic(self, node: int, frame: Frame, code: str, level: str) -> None:
        """Note a violation that the form's author has no words for."""
        self.report(self.path(node, frame), code, level, self.facts.generic[code])

    def rows(self, list_name: str, equals: Equals) -> Sequence[Row]:
        """Look up rows, in the form's own tables or in the phone's lists."""
        if list_name == LAST_SAVED:
            raise ListUnavailable(list_name)
        if list_name in self.facts.tables:
            return self.facts.find(list_name, equals)
        return self.lists.rows(list_name, equals)

    def find(self, list_name: str, equals: Equals) -> Sequence[Row]:
        """Look up rows that several nodes read: that they can't be had is told to each of them."""
        try:
            return self.rows(list_name, equals)
        except ListUnavailable:
            return UnavailableRows(list_name)

    def skip(self, node: int) -> None:
        """Note, once per node, that it is taken as sent: no computing it again, or not without a list."""
        if node not in self._skipped:
            self._skipped.add(node)
            path = "/".join(self.facts.nodes[node][_PATH])
            self.report(path, "not_checked", "N", self.facts.generic["not_checked"])


# Reading answers.


def open_group(run: Run, node: int, frame: Frame, value: object) -> Getter:
    """Give the lookup of a group's answers; what the form doesn't know is reported."""
    if value is None:
        return _NOTHING.get
    if not isinstance(value, dict):
        run.report_generic(node, frame, "type", "E")
        return _NOTHING.get
    if not value.keys() <= run.facts.inside[node]:
        _report_strangers(run, node, frame, value)
    return value.get


def _report_strangers(run: Run, node: int, frame: Frame, value: Mapping[str, object]) -> None:
    path = run.path(node, frame) if node else ""
    for name in sorted(map(str, value.keys() - run.facts.inside[node])):
        run.report(f"{path}/{name}".lstrip("/"), "relevance", "Q", run.facts.generic["unknown"])


def each(run: Run, node: int, frame: Frame, value: object) -> Iterator[tuple[float, Getter]]:
    """Yield index and lookup of every instance of a repeat."""
    if value is None:
        return
    if not isinstance(value, list):
        run.report_generic(node, frame, "type", "E")
        return
    for index, instance in enumerate(going(run, value), 1):
        yield float(index), open_group(run, node, (frame, index), instance)


def told(run: Run, node: int, frame: Frame, value: object) -> str:
    """Turn an answer that is no text into the text it stands for."""
    kind = type(value)
    if value is None:
        return ""
    if kind is int:
        return str(value)
    if isinstance(value, float):
        return text(value)
    said = _listed(value, run.facts.nodes[node][_TYPE]) if isinstance(value, list | dict) else None
    if said is None:
        run.report_generic(node, frame, "type", "E")
        return ""
    return said


def _listed(value: list[Any] | dict[str, Any], kind: str) -> str | None:
    if isinstance(value, dict):
        is_file = (
            kind == "file" and isinstance(value.get("sha256"), str) and isinstance(value.get("name"), str)
        )
        return _write_json(value) if is_file else None
    if kind in ("select_multiple", "rank"):
        is_plain = all(isinstance(word, str) and words(word) == (word,) for word in value)
        return " ".join(value) if is_plain else None
    if kind == "geopoint" and all(isinstance(n, int | float) and not isinstance(n, bool) for n in value):
        return " ".join(text(float(number)) for number in value)
    return None


# Reporting.


def broken(
    run: Run, node: int, code: str, frame: Frame, message: Callable[[], Mapping[str, str]] | None = None
) -> None:
    """Note that an answer breaks a rule of the author's, or that a flag holds."""
    facts = run.facts.nodes[node]
    said = message() if message else facts[_MESSAGES].get(code) or run.facts.generic[code]
    level = facts[_LEVEL] if code == "rule" else "E"
    run.report(run.path(node, frame), code, level, said, facts[_RULE].get(code, ""))


def extra(run: Run, node: int, frame: Frame) -> None:
    """Note an answer to a question that was not relevant: for the supervisor, or against its group's rule."""
    facts = run.facts.nodes[node]
    rule = facts[_RULE].get("relevance", "")
    said = facts[_MESSAGES].get("relevance") or run.facts.generic["relevance"]
    run.report(run.path(node, frame), "relevance", "E" if rule else "Q", said, rule)
    run.checked.calculated[run.path(node, frame)] = None


def extra_rows(run: Run, node: int, frame: Frame, instances: Sequence[object]) -> list[object]:
    """Note instances of a repeat that was not relevant; gives none."""
    if instances:
        extra(run, node, frame)
    return []


def differs(run: Run, node: int, frame: Frame, sent: str, computed: str) -> str:
    """Note a calculation that gives another value than was sent; where none was sent, only fill it in."""
    if sent:
        run.report_generic(node, frame, "calculation", "Q")
    run.checked.calculated[run.path(node, frame)] = made(run, computed)
    return computed


def size(run: Run, node: int, frame: Frame, instances: Sequence[object], count: float) -> None:
    """Note a repeat that has another number of instances than it computes to."""
    if count == count and len(instances) != max(0, int(min(count, MAX_INSTANCES))):
        differs(run, node, frame, str(len(instances)), text(count))


def is_close(computed: str, sent: str) -> bool:
    """Whether two numbers agree but for the last digits, or all the numbers of two places."""
    if computed == sent:
        return True
    pairs = zip(computed.split(), sent.split(), strict=True)
    try:
        return all(math.isclose(float(ours), float(theirs), rel_tol=_PRECISION) for ours, theirs in pairs)
    except ValueError:
        return False


# Lists.


def first_cell(rows: Sequence[Row], name: str) -> str:
    """Text of one column of the first row."""
    return rows[0].get(name, "") if rows else ""


def where(run: Run, tried: Sequence[Any], test: Callable[[Any, float, float], bool]) -> list[Any]:
    """Keep what passes a test that asks for its position or for the number tried."""
    number = float(len(tried))
    return [one for index, one in enumerate(going(run, tried), 1) if test(one, float(index), number)]


def offers(
    run: Run, list_name: str, equals: Sequence[tuple[str, str]], column: str, chosen: Sequence[str]
) -> bool:
    """Whether a list has a row for every choice."""
    return all(run.rows(list_name, (*equals, (column, choice))) for choice in chosen)


def offered(rows: Sequence[Row], column: str, chosen: Sequence[str]) -> bool:
    """Whether some of these rows offer every choice."""
    names = {row.get(column, "") for row in rows}
    return all(choice in names for choice in chosen)


def all_in(value: str, names: set[str]) -> bool:
    """Whether every word is one of these names."""
    return all(word in names for word in words(value))


# Conclusions.


def name(run: Run, value: str) -> None:
    """Set what the record is called."""
    run.checked.instance_name = value[:MAX_NAME]


def key(run: Run, value: str) -> None:
    """Add a business key."""
    if value:
        run.checked.keys.append(value)


def village(run: Run, value: str) -> None:
    """Set the village the record belongs to."""
    run.checked.village = value


def subject(run: Run, list_name: str, entity_id: str) -> None:
    """Set the row the record is about."""
    if entity_id and run.checked.subject is None:
        run.checked.subject = (list_name, entity_id)


def entity(
    run: Run, node: int, frame: Frame, list_name: str, kind: str, entity_id: str, label: str,
    values: Mapping[str, str | None],
) -> None:  # fmt: skip
    """Add a row that is written; None was not asked, and an empty text clears a property when updating."""
    if kind == "update" and not entity_id:
        return
    if len(run.checked.entities) >= MAX_INSTANCES:
        raise GivenUp
    if kind == "update":
        written = {column: value for column, value in values.items() if value is not None}
    else:
        written = {column: value for column, value in values.items() if value}
    path = run.path(node, frame) if node else ""
    run.checked.entities.append(EntityWrite(list_name, entity_id, kind, made(run, label), written, path))


MAX_NAME = 255
MAX_VIOLATIONS = 1000
MAX_INSTANCES = 1000  # as on the phone: a count typed by mistake must not make more

_HELPERS = (
    each, told, broken, extra, extra_rows, differs, size, is_close, first_cell, where, offers, offered,
    all_in, name, key, village, subject, entity,
)  # fmt: skip
RUN_HELPERS: dict[str, Any] = {
    **{helper.__name__: helper for helper in _HELPERS},
    **answer_types.TESTS,
    "ListUnavailable": ListUnavailable,
    "kind": type,
    "len": len,
    "str": str,
    "open": open_group,
    "is_any": any,
    "going": going,
    "made": made,
    "skip": Run.skip,
    "rows": Run.rows,
    "today": Run.today,
    "find": Run.find,
    "words": words,
}

_NOTHING: dict[str, Any] = {}
