"""The audit log: who looked at what or changed it, when and why."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import render_template, request

from server.actions.audit_log import (
    ROWS_PER_PAGE,
    actions_seen,
    count_rows,
    list_rows,
    name_subjects,
    people_seen,
    read_audit_filters,
)
from server.models import Audit
from server.pages.door import count_pages, desk_blueprint, page_number, say, visitor
from server.texts import TEXTS

audit_pages = desk_blueprint("audit", "audit")

# What administrators read in full. Of all other acts they see that they were done, not to whom or why.
ADMINISTERED = frozenset({"town", "desk", "user", "device", "form", "list"})
PRIVATE_ACTIONS = frozenset({"export", "reveal"})


@audit_pages.get("/audit")
def show() -> str:
    """The log under the filters of the address."""
    user = visitor().user
    filters = read_audit_filters(request.args)
    n_rows = count_rows(user.town_id, filters)
    n_pages = count_pages(n_rows, ROWS_PER_PAGE)
    filters = replace(filters, page=page_number(n_pages))
    people, rows = people_seen(user.town_id), list_rows(user.town_id, filters)
    return render_template(
        "desk/audit.html",
        rows=rows,
        filters=filters,
        n_rows=n_rows,
        n_pages=n_pages,
        people=people,
        names=dict(people),
        actions=[(action, words_of("act", action)) for action in actions_seen(user.town_id)],
        words_of=words_of,
        reason_of=reason_of,
        subjects=name_subjects(user.town_id, rows),
        is_private=lambda row: visitor().scope.has({"admin"}) and is_private(row),
    )


def is_private(row: Audit) -> bool:
    return row.subject_kind not in ADMINISTERED or row.action in PRIVATE_ACTIONS


def words_of(prefix: str, code: str) -> str:
    """An act's or a subject's words; the code itself for what has none."""
    key = f"{prefix}_{code}"
    return say(key) if key in TEXTS else code


def reason_of(row: Audit) -> str:
    """Why, and what else the row says: `version 2 · rows 13`."""
    detail: dict[str, Any] = dict(row.detail)
    reason = str(detail.pop("reason", "") or detail.pop("comment", ""))
    detail["filters"] = " ".join(map(str, detail.get("filters", {}).values()))
    rest = (tell(name, value) for name, value in detail.items())
    return " · ".join(filter(None, (reason, *rest)))


def tell(name: str, value: Any) -> str:
    """A word for yes, nothing for no; anything else with its word before it."""
    if value in ("", None) or value is False:
        return ""
    return words_of("detail", name) if value is True else f"{words_of('detail', name)} {value}"
