"""permissions.csv and the routes -> docs/access.md, who may do what.

`python -m server.access_page > docs/access.md` writes it again.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Flask

from server.access import ROLES
from server.app import create_app
from server.config import Config
from server.permissions import OF_PERSON, OF_TOWN, PLACED, Permission, read_permissions
from server.texts import text

INTRODUCTION = """\
# Who may do what

Written from `server/permissions.csv` by `python -m server.access_page > docs/access.md`; the doors read
the same table, and `tests/server/test_access.py` tries each route with each role from each place. A route
without a row lets nobody in.

Somebody has one or more posts: a role at a place. A village's role reaches its village with the groups in
it, a role of the town all its villages. What lies elsewhere, in another village or town, is answered as
if it were not there. The column *reach* says what an address is about: something of the own *place*, of
the own *town*, or one's *own*.
"""
DOORS = {
    "desk": "At the desk, signed in",
    "phone": "From a phone that is enrolled",
    "any phone": "From a phone, also a revoked one: it hands in what it holds",
    "desk or phone": "From the desk or a phone",
    "open": "Without signing in",
}


def page(app: Flask) -> str:
    """The whole page."""
    parts = [INTRODUCTION, *roles()]
    for door, heading in DOORS.items():
        rows = [row for row in read_permissions().values() if row.door == door]
        parts += [f"\n## {heading}\n", *(open_table(app, rows) if door == "open" else table(app, rows))]
    return "\n".join(parts) + "\n"


def roles() -> Iterator[str]:
    yield "| | role | 角色 |\n|---|---|---|"
    for letter, role in letters().items():
        yield f"| {letter} | `{role}` {text(f'role_{role}', 'en')} | {text(f'role_{role}', 'zh')} |"


def letters() -> dict[str, str]:
    """A capital letter for each role, for narrow columns."""
    return dict(zip("ABCDEFGHI", ROLES, strict=True))


def table(app: Flask, rows: list[Permission]) -> Iterator[str]:
    marks = letters()
    yield f"| route | what it does | reach | {' | '.join(marks)} |\n|---|---|---|{'---|' * len(marks)}"
    for row in rows:
        cells = " | ".join("●" if role in row.roles else "" for role in marks.values())
        yield f"| {addresses(app, row)} | {told(app, row)} | {reach(row)} | {cells} |"


def open_table(app: Flask, rows: list[Permission]) -> Iterator[str]:
    yield "| route | what it does |\n|---|---|"
    for row in rows:
        yield f"| {addresses(app, row)} | {told(app, row)} |"


def addresses(app: Flask, row: Permission) -> str:
    found = []
    for rule in app.url_map.iter_rules(row.endpoint):
        methods = sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}) or ["HEAD"]
        found.append(f"`{'/'.join(methods)} {rule.rule}`")
    return ", ".join(dict.fromkeys(found))


def told(app: Flask, row: Permission) -> str:
    """What the route says of itself; the framework's own route for static files says too much."""
    return (app.view_functions[row.endpoint].__doc__ or "").partition("\n")[0].strip(" .")


def reach(row: Permission) -> str:
    kinds = {"place": PLACED, "town": OF_TOWN, "own": OF_PERSON}
    return next((name for name, about in kinds.items() if row.about in about), "")


def main() -> None:
    with TemporaryDirectory() as folder:
        sys.stdout.write(page(create_app(Config(data=Path(folder)))))


if __name__ == "__main__":
    main()
