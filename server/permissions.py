"""Who may do what: permissions.csv, a row for each route; guards, tests and docs/access.md come from it."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from server.access import OFFICE_ROLES, RECORD_ROLES, ROLES, SENDING_ROLES, Scope

TABLE = Path(__file__).parent / "permissions.csv"
DOORS = ("open", "desk", "phone", "any phone", "desk or phone")
GROUPS: Mapping[str, frozenset[str]] = {
    "everybody": frozenset(ROLES),
    "records": RECORD_ROLES,
    "office": OFFICE_ROLES,
    "runners": SENDING_ROLES,  # of an event: those of its place, and whom it names
}
# What an address is about, and how far it reaches from where the person has the role.
PLACED = frozenset(
    {"list", "record", "pair", "held", "file", "event", "mute", "pairing", "ticket", "batch"}
)  # the own place and what lies below it
OF_TOWN = frozenset({"user", "device", "code", "message"})  # the own town
OF_PERSON = frozenset({"own", "workbook", "table", "people"})  # one's own only
OF_SERVER = frozenset({"", "form", "draft", "form_file", "kind"})  # the same for every town


@dataclass(frozen=True)
class Permission:
    """One row: by which door a route is reached, who may, and what its address is about."""

    endpoint: str
    door: str
    roles: frozenset[str]
    about: str


@cache
def read_permissions() -> Mapping[str, Permission]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = [read_permission(row) for row in csv.DictReader(file)]
    if len({row.endpoint for row in rows}) < len(rows):
        raise ValueError("permissions.csv names a route twice")
    return {row.endpoint: row for row in rows}


def read_permission(row: Mapping[str, str]) -> Permission:
    roles: frozenset[str] = frozenset().union(*(GROUPS.get(who) or {who} for who in row["who"].split()))
    is_known = row["door"] in DOORS and row["about"] in PLACED | OF_TOWN | OF_PERSON | OF_SERVER
    if not is_known or roles - set(ROLES) or (row["door"] == "open") != (not roles):
        raise ValueError(f"permissions.csv: {dict(row)}")
    return Permission(row["endpoint"], row["door"], roles, row["about"])


def may_use(scope: Scope, endpoint: str) -> bool:
    """Whether one of somebody's roles may use a route; what has no row nobody may."""
    found = read_permissions().get(endpoint)
    return found is not None and scope.has(found.roles)
