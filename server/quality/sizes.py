"""R39: a family whose number of members differs from the register gives the reason."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from forms import ListUnavailable
from server.quality.case import Case, Context, find_answers

MESSAGE = {"zh": "人口有增减但未填原因", "en": "Family size changed without reason"}


def raise_changed_sizes(cases: Sequence[Case], context: Context) -> None:
    for case in cases:
        reasons = case.declaring("R39")
        if reasons and not any(case.answers_to(reasons)):
            examine(case, context)


def examine(case: Case, context: Context) -> None:
    """Compare each repeat that saves rows of the subject with the rows the phone knew."""
    payload, checked = case.prepared.payload, case.prepared.checked
    if payload is None or checked is None or checked.subject is None:
        return
    subject_list, subject_id = checked.subject
    for entity in case.outline["entities"]:
        container = entity["container"].strip("/")
        if not container or subject_list not in entity["properties"]:
            continue
        removed = [
            column for column, kind in context.kinds.get(entity["list_name"], {}).items() if kind == "removed"
        ]
        try:
            rows = context.lists_at(payload.meta.lists_cursor).rows(
                entity["list_name"], {subject_list: subject_id}
            )
        except ListUnavailable:
            continue
        registered = sum(1 for row in rows if not any(row.get(column) == "1" for column in removed))
        if count_instances(case.answers, container) != registered:
            case.add(container, "R39", "Q", MESSAGE)


def count_instances(answers: Any, container: str) -> int:
    *outer, last = container.split("/")
    scopes = [answers] if not outer else [value for _, value in find_answers(answers, outer)]
    return sum(len(scope.get(last, ())) for scope in scopes if isinstance(scope, dict))
