"""Texts of reminders, in Chinese and in English."""

from __future__ import annotations

REMINDER_TEXTS: dict[str, tuple[str, str]] = {
    "page_inbox": ("提醒", "Reminders"),
    "page_reminders": ("提醒设置", "Reminder settings"),
}
