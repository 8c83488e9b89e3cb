"""What question types of other dialects become: one of XLSForm with the same meaning, or an empty one.

SurveyCTO logs and records unseen, which ours don't: whoever fills shall know what is taken. Such a question
stays as an empty hidden one, so that formulas may name it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from forms.question_types import KNOWN, is_known, read_select


@dataclass(frozen=True, slots=True)
class Taken:
    """The type in its place, and what that means, in Chinese and English."""

    type: str
    note: str = ""
    note_en: str = ""


_UNSEEN = ("，不会记录，值为空", ", nothing is logged and it stays empty")
_PICKED = ("，要手工填写", ", typed by hand")
_DIALECT = (
    # SurveyCTO
    (re.compile(r"(text|audio) audit|comments|speed violations (audit|count|list)"), "hidden", _UNSEEN),
    (re.compile(r"sensor_(statistic|stream)\b.*"), "hidden", _UNSEEN),
    (re.compile(r"caseid"), "hidden", ("，值为空", ", which stays empty")),
    (re.compile(r"enumerator"), "username", ("，即填表人的账号", ", the account of whoever fills")),
    (
        re.compile(r"calculate_here"),
        "calculate",
        ("，在填前一题时计算", ", computed when the question before is answered"),
    ),
    # Community Health Toolkit: contacts are rows of its database.
    (re.compile(r"db:[\w\-]+|contact"), "text", _PICKED),
    (re.compile(r"tel|phone"), "text", ("", "")),
    # PMA
    (re.compile(r"hidden (string|int|geopoint|decimal|date)"), "hidden", ("", "")),
    # KoboToolbox and others
    (re.compile(r"select_one_from_list (\S+)"), r"select_one \1", ("", "")),
    (re.compile(r"numeric|number"), "decimal", ("", "")),
    (re.compile(r"textarea|paragraph"), "text", ("", "")),
    (re.compile(r"start[_ ]?time"), "start", ("", "")),
    (re.compile(r"end[_ ]?time"), "end", ("", "")),
    (re.compile(r"device[_ ]?id"), "deviceid", ("", "")),
    (re.compile(r"user[_ ]?name"), "username", ("", "")),
    (re.compile(r"picture"), "image", ("", "")),
    (re.compile(r"time ?stamp"), "datetime", ("", "")),
)
_NESTING = re.compile(r"(begin|end)[ _]?(group|repeat)(\s.*)?", re.IGNORECASE)


def taken_type(written: str) -> Taken | None:
    """What a type that XLSForm hasn't is taken for; None where it is a known one, or nobody knows."""
    if _is_type(written):
        return None
    lower = written.lower()
    if nesting := _NESTING.fullmatch(lower):
        return Taken(f"{nesting[1]}_{nesting[2]}")
    for pattern, type_, (note, note_en) in _DIALECT:
        if found := pattern.fullmatch(lower):
            return Taken(found.expand(type_), note, note_en)
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
