"""Texts of pairings and tasks, in Chinese and in English."""

from __future__ import annotations

PAIRING_TEXTS: dict[str, tuple[str, str]] = {
    "page_tasks": ("任务", "Tasks"),
    "page_pairings": ("结对", "Pairings"),
}
