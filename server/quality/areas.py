"""R02: an ID number's first six digits name a county that exists or once did."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from server.quality.case import Case, Context

TABLE = Path(__file__).parent / "area_codes.txt"
DEMO_AREA = "320999"  # not assigned, so no number of the demo can be a living person's
VALID_ID_RULE = "R01"  # questions declaring it hold an ID number
MESSAGE = {"zh": "身份证地区码不存在", "en": "Unknown area code in the ID"}


@cache
def area_codes() -> frozenset[str]:
    lines = TABLE.read_text(encoding="ascii").splitlines()
    rows = [line.split() for line in lines if line and not line.startswith("#")]
    return frozenset(head + tail for head, *tails in rows for tail in tails)


def raise_unknown_areas(cases: Sequence[Case], context: Context) -> None:
    for case in cases:
        for path, number in case.answers_to(case.declaring(VALID_ID_RULE)):
            if not is_known(str(number)[:6], context.is_demo):
                case.add(path, "R02", "W", MESSAGE)


def is_known(area: str, is_demo: bool) -> bool:
    """Whether the code is in the table; a masked number can't be told and passes."""
    if not (area.isascii() and area.isdecimal()):
        return True
    return area in area_codes() or (is_demo and area == DEMO_AREA)
