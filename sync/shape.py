"""Some questions of a form as nested names, so that a walk through answers visits nothing else."""

from __future__ import annotations

from collections.abc import Iterable

Shape = dict[str, "Shape | None"]  # shaped like the form without its positions; None at a question


def make_shape(paths: Iterable[str]) -> Shape:
    """Nest paths: "member/age" -> {"member": {"age": None}}."""
    shape: Shape = {}
    for path in paths:
        *outer, name = path.split("/")
        place = shape
        for step in outer:
            inner = place.setdefault(step, {})
            place = {} if inner is None else inner
        place[name] = None
    return shape
