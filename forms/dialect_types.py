"""What question types of other dialects become: one of XLSForm with the same meaning, or an empty one.

SurveyCTO logs and records unseen, which ours don't: whoever fills shall know what is taken. Such a question
stays as an empty hidden one, so that formulas may name it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from forms.question_types import KNOWN, is_known, read_select


@dataclass(frozen=True, slots=True)
class Taken:
    """The type in its place, and what that means, in Chinese and English."""

    type: str
    note: str = ""
    note_en: str = ""


@dataclass(frozen=True, slots=True)
class Dialect:
    """A row of the table: whose types, how they read, what they become."""

    whose: str
    shown: str
    pattern: re.Pattern[str]
    taken: Taken


def _row(whose: str, shown: str, pattern: str, type_: str, note: str = "", note_en: str = "") -> Dialect:
    return Dialect(whose, shown, re.compile(pattern), Taken(type_, note, note_en))


_UNSEEN = ("，不会记录，值为空", ", nothing is logged and it stays empty")
_PICKED = ("，要手工填写", ", typed by hand")
_HERE = ("，在填前一题时计算", ", computed when the question before is answered")
_ACCOUNT = ("，即填表人的账号", ", the account of whoever fills")
SCTO, CHT, PMA, OTHERS = "SurveyCTO", "CHT", "PMA", "others"
DIALECTS = (
    _row(SCTO, "text audit, audio audit, comments", r"(text|audio) audit|comments", "hidden", *_UNSEEN),
    _row(SCTO, "speed violations …", r"speed violations (audit|count|list)", "hidden", *_UNSEEN),
    _row(SCTO, "sensor_statistic …, sensor_stream …", r"sensor_(statistic|stream)\b.*", "hidden", *_UNSEEN),
    _row(SCTO, "caseid", "caseid", "hidden", "，值为空", ", which stays empty"),
    _row(SCTO, "enumerator", "enumerator", "username", *_ACCOUNT),
    _row(SCTO, "calculate_here", "calculate_here", "calculate", *_HERE),
    # Contacts are rows of the toolkit's own database.
    _row(CHT, "db:person, db:…, contact", r"db:[\w\-]+|contact", "text", *_PICKED),
    _row(CHT, "tel, phone", "tel|phone", "text"),
    _row(PMA, "hidden string, hidden int, …", "hidden (string|int|geopoint|decimal|date)", "hidden"),
    _row(OTHERS, "numeric, number", "numeric|number", "decimal"),
    _row(OTHERS, "textarea, paragraph", "textarea|paragraph", "text"),
    _row(OTHERS, "start_time, end_time", "(start|end)[_ ]?time", r"\1"),
    _row(OTHERS, "device_id", "device[_ ]?id", "deviceid"),
    _row(OTHERS, "user_name", "user[_ ]?name", "username"),
    _row(OTHERS, "picture", "picture", "image"),
    _row(OTHERS, "timestamp", "time ?stamp", "datetime"),
)
_NESTING = re.compile(r"(begin|end)[ _]?(group|repeat)(\s.*)?", re.IGNORECASE)


def taken_type(written: str) -> Taken | None:
    """What a type that XLSForm hasn't is taken for; None where it is a known one, or nobody knows."""
    if _is_type(written):
        return None
    lower = written.lower()
    if nesting := _NESTING.fullmatch(lower):
        return Taken(f"{nesting[1]}_{nesting[2]}")
    for row in DIALECTS:
        if found := row.pattern.fullmatch(lower):
            return replace(row.taken, type=found.expand(row.taken.type))
    return _respelled(written)


def _is_type(written: str) -> bool:
    return bool(re.fullmatch(r"(begin|end)[ _](group|repeat|loop)", written)) or is_exact(written)


def is_exact(written: str) -> bool:
    """Whether pyxform knows a question type in this very spelling."""
    return read_select(written) is not None or written in KNOWN or (is_known(written) and written.islower())


def _respelled(written: str) -> Taken | None:
    """Capitals and hyphens where a known type has none: `Select-One yn`, `Integer`."""
    command, blank, rest = written.partition(" ")
    plain = command.lower().replace("-", "_")
    for candidate in (f"{plain}{blank}{rest}", written.lower(), written.lower().replace("_", "-")):
        if candidate != written and is_exact(candidate):
            return Taken(candidate)
    return None
