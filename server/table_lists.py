"""Lists that are views of tables: forms and phones read them like any list, only our own actions write them.

Each row is written in the transaction that writes the table's row, so that a phone's lists, what they were
at a cursor, scope and masks hold for them as for imported lists.
"""

from __future__ import annotations

from collections.abc import Mapping

from server.rows import RowWriter, Write

SIGNING_KEYS, REVOKED_CARDS = "signing_key", "revoked_card"
TABLE_LISTS = frozenset({"pairing", "task", "event", SIGNING_KEYS, REVOKED_CARDS})


def show_row(writer: RowWriter, list_name: str, row_id: str, label: str, data: Mapping[str, str]) -> None:
    """Let the list's row say what the table's row says now."""
    key = (list_name, row_id)
    writer.fetch([key])
    kind = "update" if writer.living(key) else "create"
    writer.apply(Write(key, kind, {"label": label, **data}))


def hide_row(writer: RowWriter, list_name: str, row_id: str) -> None:
    """Take the row off the list; phones hear of a removal."""
    key = (list_name, row_id)
    writer.fetch([key])
    if writer.living(key):
        writer.apply(Write(key, "delete", {}))
