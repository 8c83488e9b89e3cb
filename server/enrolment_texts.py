"""Texts of enrolment and devices, in Chinese and in English."""

from __future__ import annotations

ENROLMENT_TEXTS: dict[str, tuple[str, str]] = {
    "page_devices": ("手机", "Phones"),
}
