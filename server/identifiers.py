"""ID and phone numbers as people type them: the form in which they are compared, and whether they can be."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from server.quality.areas import is_known

ID_NUMBER = re.compile(r"[1-9][0-9]{16}[0-9X]")
ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643-1999
ID_CHECKS = "10X98765432"
PHONE = re.compile(r"1[3-9][0-9]{9}|0[0-9]{2,3}-?[0-9]{7,8}")
DEMO_PHONE = re.compile(r"100[0-9]{8}")  # no network has issued them


def check_character(digits: str) -> str:
    """The last character of the ID number that begins with these 17 digits."""
    total = sum(int(digit) * weight for digit, weight in zip(digits, ID_WEIGHTS, strict=True))
    return ID_CHECKS[total % 11]


def is_id_number(number: str, on: date, is_demo: bool) -> bool:
    """Whether GB 11643 allows it: a county, a day up to `on`, the check character."""
    if not ID_NUMBER.fullmatch(number) or not is_known(number[:6], is_demo):
        return False
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    return born <= on and check_character(number[:17]) == number[17]


def bare_phone(phone: str) -> str:
    """The number as it is compared: half-width, without spaces, a mobile one without +86 and dashes."""
    text = "".join(unicodedata.normalize("NFKC", phone).split())
    return text if text.startswith("0") else text.removeprefix("+86").replace("-", "")


def is_phone(phone: str, is_demo: bool) -> bool:
    """Whether it is a mainland mobile number, or a landline with its area code."""
    return bool(PHONE.fullmatch(phone) or (is_demo and DEMO_PHONE.fullmatch(phone)))
