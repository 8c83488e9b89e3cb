"""Values in words: answers, times and texts as the desk shows them, in one language."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from markupsafe import Markup, escape

from server.clock import TOWN_ZONE
from server.outline import CHOICE_TYPES, Node, Outline
from server.texts import SEPARATORS, text

YES_NO = {"1": "yes", "0": "no"}
SEXES = {"M": "sex_male", "F": "sex_female"}  # as `sexof` gives them
CENT = Decimal("0.01")
SHOWN_DECIMALS = 4
SHOWN_AS_IS = frozenset("\n\t")


def visible(words: object) -> Markup:
    """Escaped text with control, direction and zero-width characters spelled out, so that nothing hides."""
    parts = []
    for letter in str(words):
        if letter not in SHOWN_AS_IS and unicodedata.category(letter) in {"Cc", "Cf", "Co", "Zl", "Zp"}:
            parts.append(f'<span class="hidden-letter">U+{ord(letter):04X}</span>')
        else:
            parts.append(str(escape(letter)))
    return Markup("".join(parts))  # noqa: S704 every letter was escaped above


def in_words(moment: datetime | None, language: str) -> str:
    """A moment in the town's time."""
    if moment is None:
        return ""
    local = moment.astimezone(TOWN_ZONE)
    if language == "zh":
        return f"{local.year}年{local.month}月{local.day}日 {local:%H:%M}"
    return f"{local:%Y-%m-%d %H:%M}"


def day_in_words(iso: str, language: str) -> str:
    """An ISO date in words; what isn't one stays as it is."""
    try:
        day = date.fromisoformat(iso)
    except ValueError:
        return iso
    return f"{day.year}年{day.month}月{day.day}日" if language == "zh" else day.isoformat()


def moment_in_words(iso: str, language: str) -> str:
    """A dateTime answer, in the zone it was written in."""
    try:
        moment = datetime.fromisoformat(iso)
    except ValueError:
        return iso
    return f"{day_in_words(moment.date().isoformat(), language)} {moment:%H:%M}"


def answer_in_words(
    outline: Outline, node: Node, value: Any, language: str, names: Mapping[str, Mapping[str, str]]
) -> str:
    """One answer as text; `names`: list -> id -> label, for choices that are list rows."""
    if value is None or value == "" or value == []:
        return ""
    if node.is_yes_no and str(value) in YES_NO:
        return text(YES_NO[str(value)], language)
    if node.is_sex and str(value) in SEXES:
        return text(SEXES[str(value)], language)
    if node.type in CHOICE_TYPES or node.choice_list:
        values = value if isinstance(value, list) else [value]
        words = [choice_in_words(outline, node, str(one), language, names) for one in values]
        return SEPARATORS[language].join(words)
    if node.type == "geopoint" and isinstance(value, list):
        return position_in_words(value)
    if node.type == "date":
        return day_in_words(str(value), language)
    if node.type.lower() == "datetime":
        return moment_in_words(str(value), language)
    if node.is_file and isinstance(value, dict):
        return str(value.get("name") or value.get("sha256") or "")
    if node.is_money:
        return money_in_words(str(value), is_rounded=node.is_calculation)
    return figure_in_words(str(value)) if node.is_calculation else str(value)


def money_in_words(amount: str, *, is_rounded: bool) -> str:
    """Yuan with two decimals; what is no number stays, and what was typed with more is never rounded."""
    number = as_number(amount)
    if number is None:
        return amount
    told = number.quantize(CENT, ROUND_HALF_UP)
    return f"{told:f}" if is_rounded or told == number else amount


def figure_in_words(figure: str) -> str:
    """A computed number without the tail that doubles have: 0.24497350374064839 is 0.245."""
    number = as_number(figure)
    if number is None or len(figure.partition(".")[2]) <= SHOWN_DECIMALS:
        return figure
    return f"{round(number, SHOWN_DECIMALS).normalize():f}"


def choice_in_words(
    outline: Outline, node: Node, value: str, language: str, names: Mapping[str, Mapping[str, str]]
) -> str:
    known = names.get(node.choice_list, {}).get(value)
    return known or outline.choice_words(node, value, language)


def position_in_words(value: list[Any]) -> str:
    place = ", ".join(str(part) for part in value[:2])
    return f"{place} (±{value[3]} m)" if len(value) > 3 and value[3] is not None else place


def as_number(value: Any) -> Decimal | None:
    """The number an answer holds; None for anything else, also for infinities and true."""
    if isinstance(value, bool) or not isinstance(value, int | float | str) or len(str(value)) > 30:
        return None
    try:
        number = Decimal(str(value).strip())
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def change_in_percent(before: Any, after: Any) -> str:
    """`+12.5 %`; '' where one side isn't a number, nothing changed, or the base is 0."""
    old, new = as_number(before), as_number(after)
    if old is None or new is None or old == new or old == 0:
        return ""
    return f"{(new - old) / abs(old) * 100:+.1f} %"
