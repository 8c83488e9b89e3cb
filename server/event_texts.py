"""Texts of events and check-in, in Chinese and in English."""

from __future__ import annotations

EVENT_TEXTS: dict[str, tuple[str, str]] = {
    "page_events": ("活动", "Events"),
}
