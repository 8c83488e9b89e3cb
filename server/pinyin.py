"""Chinese names as Latin letters, so that a name is found by its initials or its sound."""

from __future__ import annotations

import os
import re
from functools import lru_cache
from itertools import product

HAN = re.compile(r"[一-鿿㐀-䶿]+")
# Surnames that are read otherwise than the character usually is; both readings are indexed.
SURNAMES = {
    "单": "shan", "曾": "zeng", "解": "xie", "仇": "qiu", "区": "ou", "朴": "piao", "查": "zha", "盖": "ge",
    "任": "ren", "华": "hua", "燕": "yan", "尉": "yu", "乐": "yue", "翟": "zhai", "覃": "qin", "缪": "miao",
    "宁": "ning", "万": "wan", "冼": "xian", "逄": "pang", "召": "shao", "尹": "yin", "纪": "ji", "折": "she",
}  # fmt: skip
MAX_LETTERS = 30  # a village's or firm's long name: initials of the beginning are enough


def index_label(label: str) -> str:
    """Initials and full readings of a label, space separated: 单建国 -> "djg danjianguo sjg shanjianguo"."""
    letters = "".join(HAN.findall(label))[:MAX_LETTERS]
    return read_letters(letters) if letters else ""


@lru_cache(maxsize=4096)
def read_letters(letters: str) -> str:
    readings = [plain_reading(letter) for letter in letters]
    firsts = dict.fromkeys([readings[0], SURNAMES.get(letters[0], readings[0])])
    found: list[str] = []
    for first in product(firsts):
        syllables = [*first, *readings[1:]]
        found += ["".join(syllable[:1] for syllable in syllables), "".join(syllables)]
    return " ".join(found)


@lru_cache(maxsize=8192)
def plain_reading(letter: str) -> str:
    # Single characters need no phrase dictionary, and without it the library costs 13 MB instead of 55.
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "1")
    from pypinyin import lazy_pinyin

    return str(lazy_pinyin(letter)[0])
