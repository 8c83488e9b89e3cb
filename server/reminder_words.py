"""What a reminder says: templates with gaps in both languages, filled with names and days only."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from server.clock import TOWN_ZONE

GAP = re.compile(r"\{([^{}]*)\}")
# A gap's name in each language; what fills it is kept under the English one.
GAPS = {
    "mentee": "对象",
    "mentor": "帮扶人",
    "date": "日期",
    "days": "天数",
    "form": "表单",
    "reason": "原因",
    "count": "数量",
    "task": "任务",
    "person": "姓名",
    "business": "企业",
    "event": "活动",
    "time": "时间",
    "place": "地点",
}
ENGLISH = {chinese: english for english, chinese in GAPS.items()}
# Kind -> (Chinese, English). Source: domain.md 5.4, whose manner those it lacks follow.
TEMPLATES: dict[str, tuple[str, str]] = {
    "remind": (
        "您结对帮扶的{对象}本期尚未走访，请于{日期}前完成。",
        "{mentee} has not been contacted this period; please do so by {date}.",
    ),
    "due": ("今天是{对象}本期走访的最后一天。", "Today is the last day to contact {mentee} this period."),
    "overdue": (
        "{对象}的走访已逾期{天数}天，请尽快补访并说明原因。",
        "Contact with {mentee} is {days} days overdue; please make it up and say why.",
    ),
    "escalate": (
        "{帮扶人}对{对象}的走访已逾期{天数}天，请督促。",
        "{mentor} is {days} days overdue with {mentee}; please follow up.",
    ),
    "returned": (
        "您提交的《{表单}》被退回：{原因}，请于{日期}前修改后重新提交。",
        "Your {form} was returned: {reason}. Please correct it by {date}.",
    ),
    "returned_due": (
        "今天是修改《{表单}》的最后一天。",
        "Today is the last day to correct {form}.",
    ),
    "returned_overdue": (
        "《{表单}》的修改已逾期{天数}天，请尽快重新提交。",
        "The correction of {form} is {days} days overdue; please send it again.",
    ),
    "returned_escalate": (
        "{姓名}对《{表单}》的修改已逾期{天数}天，请督促。",
        "{person} is {days} days overdue correcting {form}; please follow up.",
    ),
    "assigned": (
        "您有{数量}项新任务：{任务}，截止{日期}。",
        "You have {count} new tasks: {task}, due {date}.",
    ),
    "task_remind": (
        "任务《{任务}》尚未完成，请于{日期}前完成。",
        "The task {task} is not done; please do it by {date}.",
    ),
    "task_due": ("今天是完成任务《{任务}》的最后一天。", "Today is the last day for the task {task}."),
    "task_overdue": (
        "任务《{任务}》已逾期{天数}天，请尽快完成并说明原因。",
        "The task {task} is {days} days overdue; please do it and say why.",
    ),
    "task_escalate": (
        "{姓名}的任务《{任务}》已逾期{天数}天，请督促。",
        "{person} is {days} days overdue with the task {task}; please follow up.",
    ),
    "ticket": (
        "{企业}的诉求已交办给您，请于{日期}前答复。",
        "A demand from {business} is assigned to you; answer by {date}.",
    ),
    "ticket_due": (
        "今天是答复{企业}诉求的最后一天。",
        "Today is the last day to answer the demand from {business}.",
    ),
    "ticket_overdue": (
        "{企业}的诉求已逾期{天数}天，请尽快办理并说明原因。",
        "The demand from {business} is {days} days overdue; please settle it and say why.",
    ),
    "ticket_escalate": (
        "{姓名}办理{企业}的诉求已逾期{天数}天，请督促。",
        "{person} is {days} days overdue with the demand from {business}; please follow up.",
    ),
    "event": (
        "{活动}将于{时间}在{地点}举行，请准时扫码签到。",
        "{event} is at {time}, {place}; please check in by QR.",
    ),
}
LANGUAGES = ("zh", "en")
# What each template may name, so that an edited one names nothing that isn't there.
ALLOWED = {kind: frozenset(name for name in GAP.findall(english)) for kind, (_, english) in TEMPLATES.items()}
MONTHS = "January February March April May June July August September October November December".split()


def render(kind: str, words: Mapping[str, Any], language: str, template: str = "") -> str:
    """The text of a reminder; without a template of the office's our own."""
    template = template or TEMPLATES[kind][LANGUAGES.index(language)]
    return GAP.sub(lambda gap: in_words(ENGLISH.get(gap[1], gap[1]), words, language), template)


def in_words(name: str, words: Mapping[str, Any], language: str) -> str:
    value = str(words.get(name, ""))
    if name == "date":
        return day_in_words(date.fromisoformat(value), language)
    if name == "time":
        return moment_in_words(datetime.fromisoformat(value), language)
    return value


def day_in_words(day: date, language: str) -> str:
    return f"{day.month}月{day.day}日" if language == "zh" else f"{day.day} {MONTHS[day.month - 1]}"


def moment_in_words(moment: datetime, language: str) -> str:
    local = moment.astimezone(TOWN_ZONE)
    return f"{day_in_words(local.date(), language)}{'' if language == 'zh' else ' '}{local:%H:%M}"


def unknown_gaps(kind: str, template: str) -> list[str]:
    """The gaps of an edited template that nothing would fill; a brace without its fellow counts too."""
    bare = GAP.sub("", template)
    strays = [letter for letter in "{}" if letter in bare]
    return strays + [gap for gap in GAP.findall(template) if ENGLISH.get(gap, gap) not in ALLOWED[kind]]
