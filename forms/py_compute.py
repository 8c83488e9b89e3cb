"""The first parts of an emitted checker: load every answer as text, compute relevance and calculations."""

from __future__ import annotations

from forms import definition as d
from forms.expression import Call, Expression, walk
from forms.functions import FUNCTIONS
from forms.itself import reads
from forms.order import read_by
from forms.py_expression import literal
from forms.py_lines import Lines
from forms.py_writer import Writer


class Loader:
    """Writes `v3 = …` for every question and builds the instances of repeats."""

    def __init__(self, writer: Writer) -> None:
        """Write into `writer.lines`."""
        self.writer = writer
        self.lines = writer.lines
        self.children: dict[int, list[d.Node]] = {}
        for node in writer.form.nodes:
            self.children.setdefault(node.parent, []).append(node)

    def write(self) -> None:
        """Write the loading of a whole form."""
        self.lines.add("g0 = h_open(x, 0, None, answers)")
        self._group(0)

    def _group(self, group: int) -> None:
        for node in self.children.get(group, ()):
            answer = f"g{group}({literal(node.name)})"
            told = f"g{group}({literal(node.name)}, '')"
            if node.kind == "question":
                self._question(node, told)
            elif node.kind == "group":
                self.lines.add(f"g{node.id} = h_open(x, {node.id}, {self.writer.frame(node)}, {answer})")
                self._group(node.id)
            else:
                self._repeat(node, answer)

    def _question(self, node: d.Node, answer: str) -> None:
        """Texts are taken as they are, `h_told` turns everything else into text."""
        told = f"h_told(x, {node.id}, {self.writer.frame(node)}, t)"
        self.lines.add(f"t = {answer}")
        self.lines.add(f"{self.writer.place(node)} = t if h_kind(t) is h_str else {told}")

    def _repeat(self, node: d.Node, answer: str) -> None:
        """Write `for i6, g6 in h_each(…):`, which adds one instance after the other."""
        repeat, frame = node.id, self.writer.frame(node)
        if not self.writer.home(node):
            self.lines.add(f"s{repeat} = []")
        self.lines.add(f"for i{repeat}, g{repeat} in h_each(x, {repeat}, {frame}, {answer}):")
        with self.lines.indented():
            self.lines.add(f"f{repeat} = {self.writer.layout.blank(repeat, frame, f'i{repeat}')}")
            self.lines.add(f"{self.writer.place(node)} += [f{repeat}]")
            self._group(repeat)


def _is_held(condition: Expression) -> bool:
    return any(isinstance(part, d.Ref) and part.is_held for part in walk(condition))


class Computer:
    """Writes relevance and calculation of each node, in a loop over its instances."""

    def __init__(self, writer: Writer) -> None:
        """Write into `writer.lines`."""
        self.writer = writer

    def write(self, node: d.Node) -> None:
        """Write one node; those before it in the order are written already."""
        writer = self.writer
        made = Lines(writer.layout)
        {"group": self._group, "repeat": self._repeat, "question": self._question}[node.kind](node, made)
        if not made.written:
            return
        deciding = [each for each in (node.relevant, node.calculation, node.count) if each is not None]
        reads = read_by(deciding, writer.layout.tree)
        chain = {0, *writer.layout.home_chain(writer.home(node))}
        from_outside = {each for each in reads.near if writer.layout.homes[each] not in chain}
        writer.lines.within(writer.home(node), node.id, reads.wide | from_outside)
        writer.lines.add(writer.comment(node))
        writer.finish(made)

    def _outer(self, node: d.Node) -> str:
        """Flag of the conditions around a node within its instance."""
        if node.parent < 0 or self.writer.layout.tree.is_repeat(node.parent):
            return ""
        return self.writer.flag(node.parent, self.writer.frame(node))

    def _decide(self, node: d.Node, flag: str, made: Lines) -> None:
        """Write `flag = condition`; where a list is unavailable what was sent decides."""
        outer, own = self._outer(node), ""
        if node.relevant is not None:
            own = self.writer.boolean(node.relevant, node.id, self.writer.home(node))
        if node.relevant is not None and _is_held(node.relevant):
            # What decides isn't sent while it is not relevant.
            own = f"{self._sent(node)} and {self._believed(node, own)}"
        rescue = f"{flag} = {self._sent(node)}", self._skip(node)
        with made.attempt(self.writer.reads_lists(node.relevant), *rescue):
            made.add(f"{flag} = {' and '.join(filter(None, (outer, own)))}")

    def _believed(self, node: d.Node, own: str) -> str:
        """The condition; it holds, too, where an answer in it is missing that may not be relevant itself."""
        layout = self.writer.layout
        held = {part.node for part in walk(node.relevant) if isinstance(part, d.Ref) and part.is_held}
        guarded = [
            each
            for each in sorted(held)
            if any(layout.form.nodes[inner].relevant for inner in layout.tree.chains[each] if inner > node.id)
        ]
        missing = [f"not {self.writer.place(layout.form.nodes[each])}" for each in guarded]
        return f"({' or '.join([own, *missing])})" if missing else own

    def _sent(self, node: d.Node) -> str:
        """Whether anything was sent for a node, or for what is in it."""
        layout, home = self.writer.layout, self.writer.home(node)
        below = [each for each in layout.form.nodes if node.id in layout.tree.chains[each.id]]
        held = [each for each in below if each.kind != "group" and self.writer.home(each) == home]
        return f"h_is_any([{', '.join(self.writer.place(each) for each in held)}])"

    def _skip(self, node: d.Node) -> str:
        return f"h_skip(x, {node.id})"

    def _group(self, node: d.Node, made: Lines) -> None:
        if node.relevant is not None:
            self._decide(node, self.writer.place(node), made)

    def _repeat(self, node: d.Node, made: Lines) -> None:
        flag, place, frame = self._outer(node), self.writer.place(node), self.writer.frame(node)
        if node.relevant is not None:
            flag = "u"
            self._decide(node, flag, made)
        if flag:
            made.add(f"if not {flag}:")
            with made.indented():
                made.add(f"{place} = h_extra_rows(x, {node.id}, {frame}, {place})")
        if node.count is not None and not self.writer.is_volatile(node.count):
            with made.when(flag):
                self._count(node, node.count, made)

    def _count(self, node: d.Node, count: Expression, made: Lines) -> None:
        with made.attempt(self.writer.reads_lists(count), self._skip(node)):
            number = self.writer.number(count, node.id, self.writer.home(node))
            made.add(f"h_size(x, {node.id}, {self.writer.frame(node)}, {self.writer.place(node)}, {number})")

    def _question(self, node: d.Node, made: Lines) -> None:
        flag = self._outer(node)
        if node.relevant is not None:
            flag = "u" if self.writer.home(node) else f"r{node.id}"
            self._decide(node, flag, made)
        if node.calculation is not None and not self._is_editable(node):
            with made.when(flag):
                self._calculation(node, node.calculation, made)
        if flag:
            self._drop(node, flag, made)

    def _is_editable(self, node: d.Node) -> bool:
        """Whether a person may change what was calculated: then it is an answer like any other."""
        return bool(node.control) and node.read_only != Call("true", ())

    def _calculation(self, node: d.Node, calculation: Expression, made: Lines) -> None:
        place, frame = self.writer.place(node), self.writer.frame(node)
        if self.writer.is_volatile(calculation) or reads(calculation, node.id) or _is_held(calculation):
            made.add(f"if {place}: {self._skip(node)}")
            return
        parts = walk(calculation)
        is_inexact = any(isinstance(part, Call) and FUNCTIONS[part.name].is_inexact for part in parts)
        is_number = is_inexact or node.type == "geopoint"  # of which several writings are the same place
        differs = f"not h_is_close(t, {place})" if is_number else f"t != {place}"
        with made.attempt(self.writer.reads_lists(calculation), self._skip(node)):
            made.extend(self.writer.computed(calculation, node.id, self.writer.home(node)))
            made.add(f"if {differs}: {place} = h_differs(x, {node.id}, {frame}, {place}, t)")

    def _drop(self, node: d.Node, flag: str, made: Lines) -> None:
        """Take out the answer of what is not relevant; in a repeat None leaves it out of node-sets."""
        place = self.writer.place(node)
        made.add(f"if not {flag}:")
        with made.indented():
            made.add(f"if {place}: h_extra(x, {node.id}, {self.writer.frame(node)})")
            made.add(f"{place} = {'None' if self.writer.home(node) else repr('')}")
