"""What all parts of an emitted checker share: expressions printed in their place, flags, frames, comments."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from forms import definition as d
from forms import typed as t
from forms.expression import Call, Expression, walk
from forms.functions import FUNCTIONS
from forms.lower import Lowering
from forms.order import inserted
from forms.py_expression import Context, Printer
from forms.py_layout import Layout
from forms.py_lines import Lines
from forms.py_lookups import Lookups
from forms.py_shared import shared

_UNSAFE = re.compile(r"[^\w .-]", re.ASCII)


def harmless(text: str) -> str:
    """Leave of an author's text what may stand in a comment."""
    return _UNSAFE.sub("_", text)


class Writer:
    """The form, its layout, and the lines written so far."""

    def __init__(self, definition: d.Definition, lookups: Collection[str] = ()) -> None:
        """Start a checker; `lookups` are those that several nodes share."""
        self.form = definition
        self.layout = Layout(definition)
        self.printer = Printer(self.layout, lookups=Lookups(lookups))
        self.lines = Lines(self.layout)
        self._external = {each.name for each in definition.lists}
        self._inserted = inserted(definition)

    def finish(self, made: Lines, flag: str = "") -> None:
        """Add the lines of a node, under a condition, after the look-ups that they share with others."""
        self.lines.extend(self.printer.lookups.fill(self.lines.loop))
        with self.lines.when(flag):
            self.lines.extend(made.written)

    def text(self, expression: Expression, own: int, home: int) -> str:
        """Print an expression as text, seen from `home`."""
        return self.printed(Lowering(self.form.nodes, own).text(expression), home)

    def computed(self, expression: Expression, own: int, home: int) -> list[str]:
        """Write `t = …` for an expression as text, after `n1 = …` for what stands in it more than once."""
        tree = Lowering(self.form.nodes, own).text(expression)
        lines = []
        for part in shared(tree):
            variable = self.printer.fresh("n")
            lines.append(f"{variable} = {self.printed(part, home)}")
            self.printer.shared[repr(part)] = variable
        lines.append(f"t = {self.printed(tree, home)}")
        self.printer.shared.clear()
        return lines

    def number(self, expression: Expression, own: int, home: int) -> str:
        """Print an expression as a number."""
        return self.printed(Lowering(self.form.nodes, own).number(expression), home)

    def boolean(self, expression: Expression, own: int, home: int) -> str:
        """Print a condition."""
        return self.printed(Lowering(self.form.nodes, own).boolean(expression), home)

    def printed(self, tree: t.Typed, home: int) -> str:
        """Print a typed tree in the loop over the instances of `home`."""
        frames = {repeat: f"f{repeat}" for repeat in self.layout.home_chain(home)}
        return self.printer.print(tree, Context((frames,))).text

    def home(self, node: d.Node) -> int:
        """The repeat whose instances hold a node."""
        return self.layout.homes[node.id]

    def frame(self, node: d.Node) -> str:
        """The instance that holds a node, `None` for the form itself."""
        home = self.home(node)
        return f"f{home}" if home else "None"

    def place(self, node: d.Node) -> str:
        """Where a node's text, instances or relevance is kept."""
        return self.layout.at(node.id, self.frame(node))

    def flag(self, node: int, frame: str) -> str:
        """Whether what stands at a node is relevant, '' when nothing within its instance decides that."""
        guard = self.layout.guards[node]
        return self.printer.relevance(guard, frame) if guard >= 0 else ""

    def reads_lists(self, *expressions: Expression | None) -> bool:
        """Whether a list that may be unavailable is read."""
        return any(
            isinstance(part, d.Rows) and part.list_name in self._external
            for expression in expressions
            for part in _walk(expression)
        )

    def is_volatile(self, expression: Expression) -> bool:
        """Whether the value can't be computed again: it changes each time, or is a label as shown."""
        return any(self._changes(part) for part in walk(expression))

    def _changes(self, part: Expression) -> bool:
        if isinstance(part, Call):
            is_unseeded = part.name == "randomize" and len(part.arguments) == 1
            return is_unseeded or FUNCTIONS[part.name].is_volatile
        if not isinstance(part, d.Rows) or part.list_name in self._external:
            return False
        return part.column == "label" and (len(self.form.languages) > 1 or part.list_name in self._inserted)

    def comment(self, node: d.Node) -> str:
        """Say where a node was written."""
        place = next(iter(node.places.values()), None)
        return f"# {node.id}: {harmless(place.sheet)} {place.row}" if place else f"# {node.id}"


def _walk(expression: Expression | None) -> Iterator[Expression]:
    if expression is not None:
        yield from walk(expression)
