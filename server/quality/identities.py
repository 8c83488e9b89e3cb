"""R04: an ID number belongs to one row of a list only; rows of people who left don't count."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import bindparam, select

from server.database import fetch
from server.models import EntityIdentifier
from server.quality.case import Case, Context

MESSAGE = {"zh": "该身份证已登记在其他户", "en": "This ID is registered in another household"}
Mark = tuple[str, str]  # list and number
ID_LENGTH = 18
CERTIFICATE_LENGTHS = (20, 22)  # a disability certificate begins with the ID number
OWNERS = select(EntityIdentifier.list_name, EntityIdentifier.value, EntityIdentifier.entity_id).where(
    EntityIdentifier.town_id == bindparam("town_id"),
    EntityIdentifier.value.in_(bindparam("values", expanding=True)),
)


def bare_number(number: str) -> str:
    """The ID number as it is compared: capitals, half-width, without spaces and a certificate's end."""
    text = "".join(unicodedata.normalize("NFKC", number).upper().split())
    return text[:ID_LENGTH] if len(text) in CERTIFICATE_LENGTHS else text


def raise_known_identities(cases: Sequence[Case], context: Context) -> None:
    """Compare what is saved to id_number columns with all rows of the list, and within the batch."""
    numbers = [(case, list(numbers_of(case, context))) for case in cases]
    owners = find_owners(context.town_id, {mark for _, found in numbers for mark, _, _ in found})
    for case, found in numbers:
        for mark, entity_id, path in found:
            holders = owners.setdefault(mark, set())
            if holders - {entity_id}:
                case.add(path, "R04", "Q", MESSAGE)
            holders.add(entity_id)


def numbers_of(case: Case, context: Context) -> Iterator[tuple[Mark, str, str]]:
    """(list, number), the row it is for, and where it stands."""
    checked = case.prepared.checked
    for write in checked.entities if checked else ():
        kinds = context.kinds.get(write.list_name, {})
        if has_left(write.data, kinds):
            continue
        for column, kind in kinds.items():
            number = bare_number(write.data.get(column, ""))
            if kind == "id_number" and number and "*" not in number:
                yield (write.list_name, number), write.entity_id, write.path


def has_left(row: Mapping[str, str], kinds: Mapping[str, str]) -> bool:
    """Whether the row is of somebody who left: died, moved away, split off."""
    return any(kind == "removed" and row.get(column) == "1" for column, kind in kinds.items())


def find_owners(town_id: str, marks: set[Mark]) -> dict[Mark, set[str]]:
    owners: dict[Mark, set[str]] = {}
    where = {"town_id": town_id, "values": list({number for _, number in marks})}
    for list_name, value, entity_id in fetch(OWNERS, where) if marks else ():
        owners.setdefault((list_name, value), set()).add(entity_id)
    return owners
