"""An author's regular expression -> whether a whole text matches, in time linear in the text.

RE2 runs them all. A plain one, of single characters, classes and counts that end, goes through Python's own
engine instead, a tenth of the time: there are only so many ways to try it, however long the text is.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

import re2

Match = Callable[[str], object]

_CHARACTER = r"[0-9A-Za-z ,:@/_=\u4e00-\u9fff-]"
_CLASS = r"\[(?:[0-9A-Za-z\u4e00-\u9fff]-[0-9A-Za-z\u4e00-\u9fff]|[0-9A-Za-z .,:@/_=+*()\u4e00-\u9fff])+\]"
_COUNT = r"(?:\?|\{[0-9]{1,2}(?:,[0-9]{1,2})?\})?"
_ONE = f"(?:{_CHARACTER}|{_CLASS}){_COUNT}"
_PLAIN = re.compile(rf"\^?(?:{_ONE}|\((?:{_ONE})+\)\??)*\$?")
_CHOICE = re.compile(r"\?|\{([0-9]+),([0-9]+)\}")
_MAX_WAYS = 1000
MAX_TRIED = 10_000  # characters; a longer text matches no pattern, as on the phone


@lru_cache(maxsize=1024)
def matcher(pattern: str) -> Match:
    """Give what says whether a text matches, None for no; a bad pattern never matches."""
    try:
        if _PLAIN.fullmatch(pattern) and _ways(pattern) <= _MAX_WAYS:
            return re.compile(pattern.removeprefix("^").removesuffix("$")).fullmatch
        return _linear(pattern)
    except (re.error, re2.error):
        return lambda text: None


def _ways(pattern: str) -> int:
    """Count in how many ways a plain pattern may be tried at most."""
    ways = 1
    for least, most in _CHOICE.findall(pattern):
        ways *= int(most) - int(least) + 1 if most else 2
    return ways


def _linear(pattern: str) -> Match:
    options = re2.Options()
    options.log_errors = False
    compiled = re2.compile(pattern, options)
    # Linear, but in text times pattern: of 400,000 characters some pattern takes minutes.
    # Over bytes re2's Python layer is three times as fast: it need not count characters.
    return lambda text: (
        compiled.fullmatch(text.encode("utf-8", "replace")) if len(text) <= MAX_TRIED else None
    )
