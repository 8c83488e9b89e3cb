"""Typed tree -> the parts that stand in it more than once; the emitter computes each once, ahead of it."""

from __future__ import annotations

from collections import Counter

from forms import typed as t
from forms.py_expression import parts


def shared(tree: t.Typed) -> list[t.Typed]:
    """Find parts worth a variable, each after those that it contains.

    Computing one that then isn't needed does no harm, since helpers raise nothing. Lists may be unavailable,
    so what reads one stays where it is, and what is inside a predicate differs with each thing tried.
    """
    seen: Counter[str] = Counter()
    found: dict[str, t.Typed] = {}

    def visit(part: t.Typed) -> None:
        key = repr(part)  # two trees may be equal and not the same: 1.0 and True, 0.0 and -0.0
        seen[key] += 1
        if seen[key] == 1:
            for each in parts(part):
                visit(each)
            found[key] = part

    visit(tree)
    return [part for key, part in found.items() if seen[key] > 1 and _is_worth_it(part) and _is_plain(part)]


def _is_worth_it(part: t.Typed) -> bool:
    return isinstance(part, t.Helper | t.Arithmetic)


def _is_plain(part: t.Typed) -> bool:
    """Whether a part neither reads a list nor tries anything."""
    if isinstance(part, t.Rows):
        return False
    if isinstance(part, t.Texts | t.Count) and part.tests:
        return False
    return all(_is_plain(each) for each in parts(part))
