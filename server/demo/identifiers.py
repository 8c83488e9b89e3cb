"""Names and numbers that are nobody's: area code 320999 is unassigned, no mobile number starts with 100."""

from __future__ import annotations

from datetime import date
from random import Random

from server.identifiers import check_character

SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙朱马胡郭林何高罗郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余叶蒋杜苏魏程吕丁沈任姚卢"
)
GIVEN_MALE = [
    "建军",
    "志华",
    "德明",
    "国强",
    "永福",
    "长根",
    "兆林",
    "文斌",
    "晓东",
    "海波",
    "宏兵",
    "正红",
    "春山",
    "学文",
    "云龙",
    "金宝",
]
GIVEN_FEMALE = [
    "秀兰",
    "桂英",
    "玉珍",
    "美华",
    "红梅",
    "翠萍",
    "小燕",
    "春花",
    "巧云",
    "月琴",
    "丽娟",
    "淑芳",
    "银凤",
    "爱珍",
    "晓霞",
    "冬梅",
]
GIVEN_YOUNG = ["子涵", "浩然", "欣怡", "宇轩", "雨桐", "嘉豪", "思琪", "俊杰", "梓萱", "天佑", "诗雨", "佳怡"]

AREA = "320999"
USCC_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)  # GB 32100-2015
USCC_DIGITS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def id_number(born_on: date, order: int, sex: str) -> str:
    """Give a valid 18-digit number; `order` 0..499 distinguishes people born on one day."""
    serial = (order % 500) * 2 + (1 if sex == "M" else 0)
    digits = f"{AREA}{born_on:%Y%m%d}{serial:03d}"
    return digits + check_character(digits)


def credit_code(kind: str, number: int) -> str:
    """Give a valid credit code; `kind` is its first two digits: 91 enterprise, 92 individual, 93 co-op."""
    body = f"{kind}{AREA}MA1D{number:05d}"
    total = sum(USCC_DIGITS.index(digit) * weight for digit, weight in zip(body, USCC_WEIGHTS, strict=True))
    return body + USCC_DIGITS[(31 - total % 31) % 31]


def mobile(number: int) -> str:
    """Give a number that no network has issued."""
    return f"100{number % 100_000_000:08d}"


def full_name(random: Random, sex: str, *, born: int, surname: str = "") -> str:
    """Give a plausible name; people born after 2000 get newer given names."""
    given = GIVEN_YOUNG if born > 2000 else GIVEN_MALE if sex == "M" else GIVEN_FEMALE
    return (surname or random.choice(SURNAMES)) + random.choice(given)
