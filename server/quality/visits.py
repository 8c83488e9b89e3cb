"""R42: a visit far from the register's place, without a position, very short, or one of too many in a day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone
from math import asin, cos, radians, sin, sqrt
from typing import Any

from sqlalchemy import bindparam, func, select

from forms import ListUnavailable
from server.database import fetch
from server.models import Submission
from server.quality.case import Case, Context

FAR_KM = 2.0
SHORT = timedelta(minutes=10)
MANY_A_DAY = 15
EARTH_KM = 6371.0

NO_POSITION = {"zh": "核查轨迹异常：没有定位", "en": "Visit pattern looks unusual: no position"}
FAR = {
    "zh": "核查轨迹异常：距登记位置 {km} 公里",
    "en": "Visit pattern looks unusual: {km} km from the registered place",
}
TOO_SHORT = {
    "zh": "核查轨迹异常：用时不足 10 分钟",
    "en": "Visit pattern looks unusual: under 10 minutes",
}
TOO_MANY = {
    "zh": "核查轨迹异常：当天第 {n} 次，超过 15 次",
    "en": "Visit pattern looks unusual: number {n} on that day, over 15",
}


STORED = (
    select(func.count())
    .select_from(Submission)
    .where(
        Submission.town_id == bindparam("town_id"),
        Submission.user_id == bindparam("user_id"),
        Submission.form_id == bindparam("form_id"),
        Submission.started_at >= bindparam("day"),
        Submission.started_at < bindparam("next_day"),
        Submission.is_withdrawn.is_(False),
        Submission.duplicate_of == "",
    )
)


def raise_unusual_visits(cases: Sequence[Case], context: Context) -> None:
    counted: Counter[tuple[str, datetime]] = Counter()
    for case in cases:
        nodes = case.declaring("R42")
        if nodes:
            examine_position(case, context, [node for node in nodes if node.get("type") == "geopoint"])
            examine_length(case, nodes[0]["path"])
            examine_number(case, context, nodes[0]["path"], counted)


def examine_position(case: Case, context: Context, nodes: Sequence[Any]) -> None:
    if not nodes:
        return
    found = [(path, value) for path, value in case.answers_to(nodes) if is_position(value)]
    if not found:
        case.add(nodes[0]["path"], "R42", "Q", NO_POSITION)
    place = registered_place(case, context)
    for path, value in found if place else ():
        km = distance_km((float(value[0]), float(value[1])), place or (0.0, 0.0))
        if km > FAR_KM:
            case.add(path, "R42", "Q", {lang: text.format(km=f"{km:.1f}") for lang, text in FAR.items()})


def is_position(value: Any) -> bool:
    return (
        isinstance(value, list) and len(value) >= 2 and all(type(part) in (int, float) for part in value[:2])
    )


def registered_place(case: Case, context: Context) -> tuple[float, float] | None:
    """Where the subject's row says it is, by its columns of kind lat and lon."""
    payload, checked = case.prepared.payload, case.prepared.checked
    if payload is None or checked is None or checked.subject is None:
        return None
    list_name, entity_id = checked.subject
    columns = {kind: column for column, kind in context.kinds.get(list_name, {}).items()}
    if "lat" not in columns or "lon" not in columns:
        return None
    try:
        rows = context.lists_at(payload.meta.lists_cursor).rows(list_name, (("name", entity_id),))
        return (float(rows[0][columns["lat"]]), float(rows[0][columns["lon"]])) if rows else None
    except (ListUnavailable, KeyError, ValueError):
        return None


def distance_km(here: tuple[float, float], there: tuple[float, float]) -> float:
    """Great-circle distance. Source: the haversine formula."""
    (lat, lon), (other_lat, other_lon) = here, there
    half_lat, half_lon = radians(other_lat - lat) / 2, radians(other_lon - lon) / 2
    chord = sin(half_lat) ** 2 + cos(radians(lat)) * cos(radians(other_lat)) * sin(half_lon) ** 2
    return 2 * EARTH_KM * asin(sqrt(min(1.0, chord)))


def examine_length(case: Case, path: str) -> None:
    meta = case.prepared.payload.meta if case.prepared.payload else None
    if meta and meta.started_at and meta.ended_at and meta.ended_at - meta.started_at < SHORT:
        case.add(path, "R42", "Q", TOO_SHORT)


def examine_number(case: Case, context: Context, path: str, counted: Counter[tuple[str, datetime]]) -> None:
    """Count this person's records of the form begun on the same day, in the phone's zone."""
    meta = case.prepared.payload.meta if case.prepared.payload else None
    if meta is None or meta.started_at is None or case.prepared.item.deprecated_id:
        return
    zone = timezone(timedelta(minutes=meta.utc_offset_min))
    day = meta.started_at.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)
    key = (case.form_id, day)
    if key not in counted:
        counted[key] = count_stored(context, case.form_id, day)
    counted[key] += 1
    if counted[key] > MANY_A_DAY:
        case.add(path, "R42", "Q", {lang: text.format(n=counted[key]) for lang, text in TOO_MANY.items()})


def count_stored(context: Context, form_id: str, day: datetime) -> int:
    where = {
        "town_id": context.town_id,
        "user_id": context.user_id,
        "form_id": form_id,
        "day": day,
        "next_day": day + timedelta(days=1),
    }
    ((found,),) = fetch(STORED, where)
    return int(found)
