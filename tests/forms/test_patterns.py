"""Regular expressions: plain ones mean the same in both engines, and none takes long however it is made."""

from __future__ import annotations

import pytest
import re2
from hypothesis import given
from hypothesis import strategies as st

from forms import runtime
from forms.patterns import matcher

LONG = "a" * 100_000
PLAIN = [
    "^[0-9]{1,9}([.][0-9]{1,2})?$",
    "[1-9][0-9]{16}[0-9X]",
    "(ab)?c{2}",
    "[\u4e00-\u9fff]{2,4}",
    "a?b?",
    "-?[0-9]",
]
EXPLODING = [
    "^(a+)+$",
    "(a|a)*b",
    "(a*)*b",
    "(.*)(.*)(.*)b",
    "(a?){60}a{60}",
    "a?" * 30 + "a" * 30,
    "a{1,99}" * 9 + "b",
]


@pytest.mark.parametrize("pattern", PLAIN)
@given(st.text("0123456789.abcX-\u4e00\u9fff\n\u0660", max_size=12))
def test_a_plain_pattern_means_the_same_in_both_engines(pattern: str, text: str) -> None:
    assert runtime.regex(text, pattern) is (re2.fullmatch(pattern, text) is not None)


@pytest.mark.parametrize("pattern", PLAIN)
def test_a_plain_pattern_runs_in_pythons_engine(pattern: str) -> None:
    assert getattr(matcher(pattern), "__name__", "") == "fullmatch"


@pytest.mark.parametrize("pattern", EXPLODING)
def test_no_pattern_explodes_over_a_long_text(pattern: str) -> None:
    assert runtime.regex(f"{LONG}!", pattern) is False


@pytest.mark.parametrize("pattern", ["[z-a]", "a{9,3}", "(", "[", "a{1001}", "(?=a)"])
def test_a_bad_pattern_never_matches(pattern: str) -> None:
    assert runtime.regex("a", pattern) is False
