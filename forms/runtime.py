"""What emitted checkers call: XPath 1.0 values over str, float, bool and lists, the same as `runtime.ts`.

Texts are counted in code points, numbers are IEEE doubles, an empty text is NaN as a number. Nothing here
raises for any value of the right type. `numbers`, `dates`, `geo`, `items` and `digests` hold the
rest; `HELPERS` names them all.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from itertools import zip_longest
from operator import eq, ge, gt, le, lt, ne
from typing import Any, TypeAlias
from uuid import uuid4

from forms import dates, digests, functions, geo, items, numbers
from forms.memory import remembered
from forms.numbers import round_half_up, truncate, truth_num
from forms.patterns import matcher
from forms.shuffle import shuffle

Value: TypeAlias = str | float | bool
Row: TypeAlias = Mapping[str, str]

_NUMBER = re.compile(r"[ \t\r\n]*-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)[ \t\r\n]*")
_SPACES = re.compile(r"[ \t\r\n]+")
XML_SPACES = " \t\r\n"
_THOUSANDS = re.compile(r"\B(?=(?:[0-9]{3})+$)")
_NAN = math.nan
MAX_TEXT = 1_000_000  # characters of a text that is put together: more than a record may have; longer is none
_FEW = 8  # texts, which together still fit into the memory
_EXACT = 2.0**53  # whole numbers below are what was written, digit by digit


# Conversions.


@remembered
def num(value: str) -> float:
    """Convert text to a number: XPath's number, or an ISO date or dateTime to days."""
    if _NUMBER.fullmatch(value):
        return float(value)
    return dates.days(value)


def num_bool(value: bool) -> float:
    return 1.0 if value else 0.0


def num_any(value: Value) -> float:
    """Convert a value whose type is known only now; true is 1."""
    if isinstance(value, str):
        return num(value)
    return float(value)


def nums(values: Sequence[str]) -> list[float]:
    return [num(value) for value in values]


def text(value: float) -> str:
    """Write a number as XPath does: shortest digits that read back, never an exponent, NaN as nothing."""
    if -_EXACT < value < _EXACT:
        whole = int(value)
        if whole == value:
            return str(whole)
    if not math.isfinite(value):
        return "" if value != value else "Infinity" if value > 0 else "-Infinity"
    if value == math.floor(value):
        return _whole(value)
    written = repr(value)
    return written if "e" not in written else _without_exponent(written)


def _whole(value: float) -> str:
    """Expand `1e+23` from its shortest digits: beyond 2^53 `int` would show digits that nobody wrote."""
    written = repr(value)
    if "e" not in written:
        return str(int(value))
    digits, exponent = written.split("e")
    whole, _, fraction = digits.partition(".")
    return whole + fraction.ljust(int(exponent), "0")


def _without_exponent(written: str) -> str:
    """Expand `1.5e-07`; only small numbers come here, whole ones are written by `int`."""
    digits, exponent = written.split("e")
    sign = "-" if digits.startswith("-") else ""
    whole, _, fraction = digits.lstrip("-").partition(".")
    fraction = "" if fraction == "0" else fraction
    return f"{sign}0.{'0' * (-int(exponent) - len(whole))}{whole}{fraction}"


def text_bool(value: bool) -> str:
    return "true" if value else "false"


def text_any(value: Value) -> str:
    if isinstance(value, str):
        return value
    return text_bool(value) if isinstance(value, bool) else text(value)


def truth(value: str) -> bool:
    return value.strip(XML_SPACES) != ""


def truths(values: Sequence[str]) -> list[bool]:
    return [truth(value) for value in values]


def first(values: Sequence[str]) -> str:
    """Take the text of the first node of a set; '' of an empty one."""
    return values[0] if values else ""


def value_set(value: str) -> list[str]:
    """Make a node-set of one value, for functions that take sets."""
    return [value]


def column(rows: Sequence[Row], name: str) -> list[str]:
    """Read one column of rows; '' where a row hasn't got it."""
    return [row.get(name, "") for row in rows]


def choice_rows(names: Sequence[str], labels: Sequence[str]) -> list[Row]:
    """Make rows of choices from names and labels of equal order; a choice without a name is none."""
    pairs = zip_longest(names, labels[: len(names)], fillvalue="")
    return [{"name": name, "label": label} for name, label in pairs if name != ""]


def cell(row: Row, name: str) -> str:
    return row.get(name, "")


def exists(values: Sequence[object]) -> bool:
    return len(values) > 0


# Operators.

_OPERATORS: dict[str, Callable[[Any, Any], bool]] = {"=": eq, "!=": ne, "<": lt, "<=": le, ">": gt, ">=": ge}


def equal_any(one: Value, other: Value) -> bool:
    """Compare values whose types are known only now, as XPath 1.0 section 3.4 says."""
    if isinstance(one, bool) or isinstance(other, bool):
        return _is_true(one) == _is_true(other)
    if isinstance(one, float) or isinstance(other, float):
        return num_any(one) == num_any(other)
    return one == other


def _is_true(value: Value) -> bool:
    if isinstance(value, str):
        return value != ""
    return truth_num(float(value))


def some_number(operator: str, values: Sequence[str], number: float) -> bool:
    """Whether the comparison holds for any node of a set, as numbers."""
    compare = _OPERATORS[operator]
    return any(compare(num(value), number) for value in values)


def some_text(operator: str, values: Sequence[str], other: str) -> bool:
    """Whether the comparison holds for any node of a set, as texts."""
    compare = _OPERATORS[operator]
    return any(compare(value, other) for value in values)


def some_pair(operator: str, values: Sequence[str], others: Sequence[str]) -> bool:
    """Whether the comparison holds for any pair from two sets; less and greater compare numbers."""
    if not values or not others:
        return False
    if operator == "=":
        return not set(values).isdisjoint(others)
    if operator == "!=":
        return len({*values, *others}) > 1
    left, right = _comparable(values), _comparable(others)
    if not left or not right:
        return False
    # The likeliest pair decides for all: trying each would take the square of their number.
    is_less = operator in ("<", "<=")
    return _OPERATORS[operator](*((min(left), max(right)) if is_less else (max(left), min(right))))


def _comparable(values: Sequence[str]) -> list[float]:
    return [number for number in nums(values) if number == number]


# Node-sets.


def count(values: Sequence[object]) -> float:
    return float(len(values))


def count_non_empty(values: Sequence[str]) -> float:
    return float(sum(1 for value in values if value != ""))


def randomize(values: Sequence[Any], seed: str) -> list[Any]:
    """Shuffle; a seed that is no number counts as text."""
    number = num(seed)
    return shuffle(values, seed if number != number else number)


def shuffled(scope: object, values: Sequence[Any], node: float) -> Sequence[Any]:
    """Leave the order: only the phone knows what chance gave."""
    return values


# Text.


def coalesce(one: str, other: str) -> str:
    return one if one != "" else other


def concat(values: Sequence[str]) -> str:
    if len(values) > _FEW:
        return join("", values)
    made = "".join(values)
    return made if len(made) <= MAX_TEXT else ""


def join(glue: str, values: Sequence[str]) -> str:
    size = sum(map(len, values)) + len(glue) * max(len(values) - 1, 0)
    return glue.join(values) if size <= MAX_TEXT else ""


def string_length(value: str) -> float:
    return float(len(value))


def substr(value: str, start: float, end: float = math.inf) -> str:
    """Cut from `start` up to before `end`, 0-based; negative counts from the end."""
    size = len(value)
    if 0.0 <= start <= size and 0.0 <= end <= size:
        return value[int(start) : int(end)]
    if start != start or end != end:
        return ""
    begin, stop = truncate(start), truncate(end)
    begin = begin + size if begin < 0 else begin
    stop = stop + size if stop < 0 else stop
    return value[int(min(max(begin, 0), size)) : int(min(max(stop, 0), size))]


def substring(value: str, start: float, length: float = math.inf) -> str:
    """Cut as XPath 1.0: 1-based, both ends rounded."""
    begin = round_half_up(start)
    stop = begin + round_half_up(length)
    if begin != begin or stop != stop or stop == -math.inf:
        return ""
    size = len(value)
    return value[int(min(max(begin - 1, 0), size)) : int(min(max(stop - 1, 0), size))]


def substring_before(value: str, needle: str) -> str:
    before, found, _ = value.partition(needle) if needle else ("", "", "")
    return before if found else ""


def substring_after(value: str, needle: str) -> str:
    return value.partition(needle)[2] if needle else value


def contains(value: str, needle: str) -> bool:
    return needle in value


def starts_with(value: str, start: str) -> bool:
    return value.startswith(start)


def ends_with(value: str, end: str) -> bool:
    return value.endswith(end)


def translate(value: str, characters: str, replacements: str) -> str:
    table: dict[int, str | None] = {}
    for index, character in enumerate(characters):
        table.setdefault(ord(character), replacements[index] if index < len(replacements) else None)
    return value.translate(table)


@remembered
def words(value: str) -> tuple[str, ...]:
    """Split at XML white space only; an ideographic space belongs to the word."""
    return tuple([word for word in _SPACES.split(value) if word])


def normalize_space(value: str) -> str:
    return " ".join(words(value))


def regex(value: str, pattern: str) -> bool:
    """Whether the whole text matches, in time linear in the text. A bad pattern never matches."""
    return matcher(pattern)(value) is not None


def format_number(value: float) -> str:
    """Write a number with its thousands set off: 120,000."""
    if not math.isfinite(value):
        return ""
    whole, point, fraction = text(value).partition(".")
    return _THOUSANDS.sub(",", whole) + point + fraction


def device_info(scope: object) -> str:
    """Leave it to the phone: the server takes what was sent."""
    return ""


def uuid(length: float = 36.0) -> str:
    if length > MAX_TEXT:
        return ""
    made = str(uuid4())
    while len(made) < length:
        made += str(uuid4())
    return made[: int(length)] if length >= 0 else ""


# Choices.


def selected(value: str, choice: str) -> bool:
    """Whether a choice is among those chosen; the empty one is where none is."""
    wanted = choice.strip(XML_SPACES)
    return wanted in words(value) if wanted else not words(value)


def selected_at(value: str, index: float) -> str:
    chosen = words(value)
    return chosen[int(index)] if 0 <= index < len(chosen) else ""


def count_selected(value: str) -> float:
    return float(len(words(value)))


def checklist(least: float, most: float, answers: Sequence[bool]) -> bool:
    return _within(float(sum(answers)), least, most)


def weighted_checklist(least: float, most: float, answers: Sequence[bool], weights: Sequence[float]) -> bool:
    reached = 0.0
    for answer, weight in zip(answers, weights, strict=False):
        reached += weight if answer else 0.0
    return _within(reached, least, most)


def _within(reached: float, least: float, most: float) -> bool:
    return reached >= least and (most == -1.0 or reached <= most)


def boolean_from_string(value: str) -> bool:
    return value in ("1", "true")


# What emitted code may call, by name.


def _find(name: str) -> Callable[..., Any]:
    for place in (globals(), vars(numbers), vars(dates), vars(geo), vars(items), vars(digests)):
        helper: Callable[..., Any] | None = place.get(name)
        if callable(helper):
            return helper
    raise LookupError(name)


HELPERS: dict[str, Callable[..., Any]] = {
    name: _find(name)
    for name in (
        *functions.CONVERSIONS,
        *(each.helper for each in functions.FUNCTIONS.values() if each.helper),
    )
}
