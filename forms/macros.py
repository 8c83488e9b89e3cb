"""Expand our shorthand functions in an expression to standard XPath 1.0 and ODK functions.

Takes and gives the text of one cell, so that a published form runs in ODK Collect. Knows no form and no name:
a macro with the wrong number of arguments, or an unknown function, stays for the later passes to judge.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType

ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643-1999
USCC_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)  # GB 32100-2015
USCC_DIGITS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
LOWER = "abcdefghijklmnopqrstuvwxyz"
CARD_LENGTHS = (12, 19)  # ISO/IEC 7812 cards in use; the longest decides how many digits are summed


MAX_NESTED = 4  # macros in arguments of macros
MAX_EXPANDED = 60_000  # characters; a macro repeats its argument up to 60 times, in another one 3,600 times


class ExpansionError(ValueError):
    """The macros of a cell would make a text without end."""


def expand(text: str, depth: int = 0) -> str:
    """Replace every macro call in `text`, also inside arguments; text without one comes back unchanged.

    Raises:
        ExpansionError: too long, or macros nested too deeply.
    """
    if not _CALL.search(text):
        return text
    if depth > MAX_NESTED:
        raise ExpansionError
    parts: list[str] = []
    at = length = 0
    while at < len(text):
        piece, at = _piece(text, at, depth)
        parts.append(piece)
        length += len(piece)
        if length > MAX_EXPANDED:
            raise ExpansionError
    return "".join(parts)


def descriptions() -> list[str]:
    """What each macro does, in a line: `idok(x)`: …"""
    return [(macro.__doc__ or "").partition("\n")[0] for macro, _ in _MACROS.values()]


def _piece(text: str, at: int, depth: int) -> tuple[str, int]:
    """Give the next literal, macro call or character of `text`, expanded, and where it ends.

    A call with the wrong arguments stays as it is, with all that is in it.
    """
    if text[at] in "'\"":
        end = _end_of_literal(text, at)
        return text[at:end], end
    call = _CALL.match(text, at)
    if not call or (at and _NAME_CHARACTER.match(text[at - 1])):
        return text[at], at + 1
    arguments, end = _arguments(text, call.end())
    macro, arity = _MACROS[call["name"]]
    if len(arguments) != arity:
        return text[at:end], end
    return macro(*[expand(argument, depth + 1).strip() for argument in arguments]), end


def _end_of_literal(text: str, start: int) -> int:
    end = text.find(text[start], start + 1)
    return len(text) if end < 0 else end + 1


def _arguments(text: str, start: int) -> tuple[list[str], int]:
    """Split at top-level commas from `start`, after the bracket; no arguments where it never closes."""
    arguments, begin, depth, at = [], start, 0, start
    while at < len(text):
        character = text[at]
        if character in "'\"":
            at = _end_of_literal(text, at)
            continue
        if character in ",)" and depth == 0:
            arguments.append(text[begin:at])
            begin = at + 1
            if character == ")":
                return arguments, at + 1
        depth += (character in "([") - (character in ")]")
        at += 1
    return [], at


def _digit(x: str, place: int) -> str:
    return f"number(substr({x}, {place}, {place + 1}))"


def _idok(x: str) -> str:
    """`idok(x)`: 18 characters, a real date up to today, the check character of GB 11643.

    No earliest year: the standard's own example was born in 1880. A form that wants one says so.
    """
    year, month, day = (f"number(substr({x}, {a}, {b}))" for a, b in ((6, 10), (10, 12), (12, 14)))
    leap = f"number(({year} mod 4 = 0 and {year} mod 100 != 0) or {year} mod 400 = 0)"
    last_day = f"if({month} = 2, 28 + {leap}, 30 + ({month} + int({month} div 8)) mod 2)"
    weighed = " + ".join(f"{_digit(x, place)} * {weight}" for place, weight in enumerate(ID_WEIGHTS))
    check = f"if(regex({x}, '^[0-9]{{17}}[Xx]$'), 10, {_digit(x, 17)})"
    return (
        f"(regex({x}, '^[1-9][0-9]{{16}}[0-9Xx]$')"
        f" and {month} >= 1 and {month} <= 12 and {day} >= 1 and {day} <= {last_day}"
        f" and number(substr({x}, 6, 14)) <= {_day_number('today()')} and ({weighed} + {check}) mod 11 = 1)"
    )


def _sexof(x: str) -> str:
    """`sexof(x)`: 'M' or 'F' by the 17th digit of an ID number, '' where it can't be read."""
    return f"if(regex(substr({x}, 0, 17), '^[0-9]{{17}}$'), if({_digit(x, 16)} mod 2 = 1, 'M', 'F'), '')"


def _birthof(x: str) -> str:
    """`birthof(x)`: the ISO date inside an ID number, '' where it can't be read (a masked number)."""
    date = f"concat(substr({x}, 6, 10), '-', substr({x}, 10, 12), '-', substr({x}, 12, 14))"
    return f"if(regex(substr({x}, 6, 14), '^[12][0-9]{{3}}[01][0-9][0-3][0-9]$'), {date}, '')"


def _day_number(on: str) -> str:
    """A date or dateTime as the number YYYYMMDD; works on ISO text and on the dates of other engines."""
    return f"number(translate(substr(string({on}), 0, 10), '-', ''))"


def _age(x: str, on: str) -> str:
    """`age(x, on)`: full years (周岁) on a day, of a birth date or an ID number; '' while either is short."""
    born = f"if(contains({x}, '-'), {_day_number(x)}, number(substr({x}, 6, 14)))"
    years = f"int(({_day_number(on)} - {born}) div 10000)"
    return f"if(string-length({x}) < 10 or string-length({on}) < 10, '', {years})"


def _usccok(x: str) -> str:
    """`usccok(x)`: 18 characters and the check character of GB 32100, in small letters or with spaces too."""
    upper = f"translate({x}, '{LOWER} ', '{LOWER.upper()}')"
    values = [
        f"string-length(substring-before('{USCC_DIGITS}', substr({upper}, {place}, {place + 1})))"
        for place in range(18)
    ]
    weights = (*USCC_WEIGHTS, 1)
    weighed = " + ".join(f"{value} * {weight}" for value, weight in zip(values, weights, strict=True))
    return f"(regex({upper}, '^[0-9A-HJ-NPQRTUWXY]{{18}}$') and ({weighed}) mod 31 = 0)"


def _phoneok(x: str) -> str:
    """`phoneok(x)`: a mainland mobile number, or a landline with its area code."""
    return f"(regex({x}, '^1[3-9][0-9]{{9}}$') or regex({x}, '^0[0-9]{{2,3}}-?[0-9]{{7,8}}$'))"


def _phoneof(x: str) -> str:
    """`phoneof(x)`: a phone number without spaces; a mobile one also without +86 and dashes."""
    own = f"if(starts-with({x}, '+86'), substr({x}, 3, string-length({x})), {x})"
    return f"if(starts-with({x}, '0'), translate({x}, ' ', ''), translate({own}, ' -', ''))"


def _luhnok(x: str) -> str:
    """`luhnok(x)`: a card number of 12 to 19 digits that passes the Luhn check."""
    shortest, longest = CARD_LENGTHS
    sums = f"if(string-length({x}) mod 2 = 0, {_luhn_sum(x, 0)}, {_luhn_sum(x, 1)})"
    return f"(regex({x}, '^[0-9]{{{shortest},{longest}}}$') and ({sums}) mod 10 = 0)"


def _luhn_sum(x: str, doubled: int) -> str:
    """Add the digits, those at every second place from `doubled` on doubled; places beyond the end add 0."""
    terms = []
    for place in range(CARD_LENGTHS[1]):
        digit = f"substr({x}, {place}, {place + 1})"
        if place % 2 == doubled:
            digit = f"translate({digit}, '0123456789', '0246813579')"
        terms.append(f"number(concat('0', {digit}))")
    return " + ".join(terms)


def _money(x: str) -> str:
    """`money(x)`: two decimals, half away from zero, thousands set off (10,850.00); '' if no number."""
    cents = f"round(abs(number({x})) * 100)"
    whole = f"int({cents} div 100)"
    grouped = f"concat(int({whole} div 1000), ',', substr(string(1000 + {whole} mod 1000), 1, 4))"
    text = (
        f"concat(if(number({x}) < 0, '-', ''), if({whole} >= 1000, {grouped}, {whole}), '.', "
        f"substr(string(100 + {cents} mod 100), 1, 3))"
    )
    return f"if(number({x}) = number({x}), {text}, '')"


def _change(now: str, before: str) -> str:
    """`change(now, before)`: the signed change in percent, `+12.3%`; '' unless `before` is positive."""
    percent = f"round(({now} - {before}) div {before} * 1000) div 10"
    text = f"concat(if({percent} > 0, '+', ''), {percent}, '%')"
    return f"if({before} > 0 and number({now}) = number({now}), {text}, '')"


_MACROS: Mapping[str, tuple[Callable[..., str], int]] = MappingProxyType(
    {
        "idok": (_idok, 1),
        "sexof": (_sexof, 1),
        "birthof": (_birthof, 1),
        "age": (_age, 2),
        "usccok": (_usccok, 1),
        "phoneok": (_phoneok, 1),
        "phoneof": (_phoneof, 1),
        "luhnok": (_luhnok, 1),
        "money": (_money, 1),
        "change": (_change, 2),
    }
)
_CALL = re.compile(rf"(?P<name>{'|'.join(_MACROS)})\s*\(")
_NAME_CHARACTER = re.compile(r"[\w.\-/:$@]")
