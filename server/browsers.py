"""What a browser calls itself, made short enough to tell one's sessions apart."""

from __future__ import annotations

import re

# The first that is named counts: most browsers also name those they descend from.
BROWSERS = (
    ("WeChat", r"MicroMessenger/(\d+)"),
    ("DingTalk", r"DingTalk/(\d+)"),
    ("QQ", r"QQBrowser/(\d+)"),
    ("UC", r"UCBrowser/(\d+)"),
    ("Edge", r"Edg(?:A|iOS)?/(\d+)"),
    ("Opera", r"OPR/(\d+)"),
    ("Firefox", r"(?:Firefox|FxiOS)/(\d+)"),
    ("Chrome", r"(?:Chrome|CriOS)/(\d+)"),
    ("Safari", r"Version/(\d+).*Safari/"),
)
SYSTEMS = (
    ("HarmonyOS", r"HarmonyOS|OpenHarmony"),
    ("Android", r"Android"),
    ("iPhone", r"iPhone"),
    ("iPad", r"iPad"),
    ("Windows", r"Windows"),
    ("macOS", r"Mac OS X"),
    ("Linux", r"Linux"),
)
LONGEST = 40


def browser_name(told: str) -> str:
    """`Edge 126 · Windows`; of a browser nobody knows the beginning of what it says."""
    browser = next((f"{name} {found[1]}" for name, form in BROWSERS if (found := re.search(form, told))), "")
    system = next((name for name, form in SYSTEMS if re.search(form, told)), "")
    return (" · ".join(filter(None, (browser, system))) if browser else told)[:LONGEST]
