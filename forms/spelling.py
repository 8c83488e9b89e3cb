"""Did-you-mean: the closest known word, as the words of an error want it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def closest(word: str, known: Iterable[str]) -> str:
    """The most similar of the known words, '' when none is similar."""
    lower = {each.lower(): each for each in known}
    found = difflib.get_close_matches(word.lower(), lower, n=1, cutoff=0.7)
    return lower[found[0]] if found else ""


def hint(word: str, known: Iterable[str]) -> dict[str, str]:
    """`hint` and `hint_en` for a message: empty, or the closest known word."""
    suggestion = closest(word, known)
    if not suggestion:
        return {"hint": "", "hint_en": ""}
    return {"hint": f"，也许是“{suggestion}”", "hint_en": f"; perhaps '{suggestion}' is meant"}
