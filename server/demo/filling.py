"""Fills what people don't type: puts the checker's calculations into answers and drops what is not asked."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

from forms import Checker, Lists

ROUNDS = 6  # a calculation may make a question relevant, whose answer another calculation reads
INDEX = re.compile(r"\[\d+\]")
STEP = re.compile(r"^([^\[]+)(?:\[(\d+)\])?$")


def complete(
    checker: Checker,
    outline: Mapping[str, Any],
    answers: dict[str, Any],
    lists: Lists,
    meta: Mapping[str, Any],
    meant: Collection[str] = (),
) -> dict[str, Any]:
    """Change `answers` until the checker would recompute nothing else, and return them.

    A repeat with more or fewer rows than it computes to stays as it is.

    Args: meant: rules that may stay broken.
    Raises: ValueError with the broken rules, if they still break another one that blocks a phone.
    """
    types = {node["path"]: node["type"] for node in outline["nodes"] if node["kind"] != "repeat"}
    for _ in range(ROUNDS):
        checked = checker.check(answers, lists, dict(meta))
        surplus = [violation.path for violation in checked.violations if violation.code == "relevance"]
        computed = {
            path: as_answer(types[plain], text)
            for path, text in checked.calculated.items()
            if (plain := INDEX.sub("", path)) in types
        }
        if not computed and not surplus:
            break
        for path, value in [*dict.fromkeys(surplus).items(), *computed.items()]:
            put(answers, path, value)
    stopped = [one for one in checked.violations if one.level == "E" and one.rule not in meant]
    broken = [f"{one.path} {one.code} {one.rule}" for one in stopped]
    if broken:
        raise ValueError(f"{outline['form_id']}: {'; '.join(broken)}")
    return answers


def as_answer(kind: str, text: str | None) -> Any:
    """Give a recomputed text the JSON shape its type has on the wire."""
    if text in (None, ""):
        return None
    return int(text) if kind == "int" else text


def put(answers: dict[str, Any], path: str, value: Any) -> None:
    """Set or, with None, remove the answer at a path such as `member[2]/m_base/m_name`."""
    *parents, last = path.split("/")
    place = answers
    for step in parents:
        place = _enter(place, step)
    if value is None:
        place.pop(last, None)
    else:
        place[last] = value


def _enter(place: dict[str, Any], step: str) -> dict[str, Any]:
    found = STEP.match(step)
    if found is None:
        raise ValueError(f"not a step of a path: {step}")
    name, index = found.groups()
    if index is None:
        group: dict[str, Any] = place.setdefault(name, {})
        return group
    rows: list[dict[str, Any]] = place.setdefault(name, [])
    while len(rows) < int(index):
        rows.append({})
    return rows[int(index) - 1]
