"""The columns of the lists that show pairings and tasks, and rows of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from server.access import read_lists
from server.actions.forms import define_list
from server.rows import RowWriter
from server.table_lists import show_row


def column(zh: str, en: str, privacy: str = "public", kind: str = "") -> dict[str, Any]:
    return {"class": privacy, "kind": kind, "label": {"zh": zh, "en": en}}


# A contact's words are for those who look after the family; others of the village see that there was one.
COLUMNS: dict[str, dict[str, dict[str, Any]]] = {
    "pairing": {
        "pairing_no": column("结对编号", "Pairing no.", kind="serial"),
        "kind": column("结对类型", "Kind"),
        "mentor": column("帮扶人", "Mentor"),
        "mentor_2": column("第二帮扶人", "Second mentor"),
        "mentor_name": column("帮扶人姓名", "Mentor's name"),
        "mentee_list": column("对象所在名单", "List of the mentee"),
        "mentee": column("帮扶对象", "Mentee"),
        "mentee_name": column("帮扶对象姓名", "Mentee's name"),
        "village": column("行政村", "Village"),
        "start_on": column("结对日期", "Since"),
        "end_plan_on": column("计划结束", "Planned end"),
        "cadence": column("走访频次", "Cadence"),
        "supervisor": column("督促人", "Supervisor"),
        "state": column("状态", "State"),
        "last_contact_on": column("上次走访", "Last contact"),
        "due_on": column("本期截止", "Due"),
        "last_content": column("上次走访内容", "Last contact's words", "sensitive"),
        "goal": column("帮扶目标", "Goal"),
    },
    "task": {
        "title": column("任务", "Task"),
        "form_id": column("表单", "Form"),
        "list_name": column("名单", "List"),
        "entity_id": column("对象", "Row"),
        "village": column("行政村", "Village"),
        "person": column("办理人", "Person"),
        "due_on": column("截止日期", "Due"),
        "state": column("状态", "State"),
    },
}
MENTOR_COLUMNS = {"pairing": ("mentor", "mentor_2"), "task": ("person",)}


def define(town_id: str, list_name: str) -> None:
    """Make the list or extend it; inside a write transaction."""
    define_list(town_id, list_name, COLUMNS[list_name], MENTOR_COLUMNS[list_name])


def show(writer: RowWriter, list_name: str, row_id: str, label: str, data: Mapping[str, str]) -> None:
    """Let the list's row say what the table's row says, the list made when it is first needed."""
    if list_name not in writer.access:
        define(writer.town_id, list_name)
        writer.access = read_lists(writer.town_id)
    show_row(writer, list_name, row_id, label, data)
