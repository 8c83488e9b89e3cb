"""R39: who joined a family since the register says why, and nobody of the register is left out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from forms import EntityWrite, ListUnavailable
from server.quality.case import Case, Context
from server.quality.identities import has_left

MESSAGE = {"zh": "人口有增减但未填原因", "en": "Family size changed without reason"}


def raise_changed_sizes(cases: Sequence[Case], context: Context) -> None:
    for case in cases:
        for entity in case.outline["entities"]:
            container = entity["container"].strip("/")
            reasons = [
                node for node in case.declaring("R39") if node["path"].strip("/").startswith(f"{container}/")
            ]
            if container and reasons:
                examine(case, context, entity, reasons)


def examine(
    case: Case, context: Context, entity: Mapping[str, Any], reasons: Sequence[Mapping[str, Any]]
) -> None:
    """Look at each row the record adds, and for the rows the phone knew."""
    checked, container = case.prepared.checked, entity["container"].strip("/")
    writes = [one for one in checked.entities if is_of(one, entity)] if checked else []
    told = [path for path, _ in case.answers_to(reasons)]
    for write in writes:
        if write.kind == "create" and not any(path.startswith(f"{write.path}/") for path in told):
            case.add(write.path, "R39", "Q", MESSAGE)
    if set(registered(case, context, entity)) - {write.entity_id for write in writes}:
        case.add(container, "R39", "Q", MESSAGE)


def is_of(write: EntityWrite, entity: Mapping[str, Any]) -> bool:
    return write.list_name == entity["list_name"] and write.path.startswith(entity["container"].strip("/"))


def registered(case: Case, context: Context, entity: Mapping[str, Any]) -> Iterator[str]:
    """The rows of the record's subject as the phone had them, without those that had left."""
    payload, checked = case.prepared.payload, case.prepared.checked
    if payload is None or checked is None or checked.subject is None:
        return
    subject_list, subject_id = checked.subject
    if subject_list not in entity["properties"]:
        return
    kinds = context.kinds.get(entity["list_name"], {})
    try:
        rows = context.lists_at(payload.meta.lists_cursor).rows(
            entity["list_name"], ((subject_list, subject_id),)
        )
    except ListUnavailable:
        return
    yield from (row["name"] for row in rows if not has_left(row, kinds))
