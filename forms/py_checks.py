"""The last parts of an emitted checker: check every answer, then say what the record is called and writes."""

from __future__ import annotations

from collections.abc import Iterator

from forms import definition as d
from forms import typed as t
from forms.expression import Call
from forms.lower import Lowering
from forms.py_expression import literal
from forms.py_facts import is_static, without_order
from forms.py_lines import Lines
from forms.py_writer import Writer

_NEVER = Call("false", ())
_TYPES = ("int", "decimal", "date", "time", "dateTime", "geopoint", "geotrace", "geoshape", "file")
_MULTIPLE = ("select_multiple", "rank")


class Checks:
    """Writes required, type, choice, constraint and the flags of W and Q rules."""

    def __init__(self, writer: Writer) -> None:
        """Write into `writer.lines`; `sets` collects the choice lists compared with, by their source."""
        self.writer = writer
        self.sets: dict[str, str] = {}

    def write(self, node: d.Node) -> None:
        """Write the checks of one question."""
        made = Lines(self.writer.layout)
        if node.kind == "question":
            self._question(node, made)
        if not made.written:
            return
        self.writer.lines.within(self.writer.home(node), node.id)
        self.writer.lines.add(self.writer.comment(node))
        self.writer.finish(made, self.writer.flag(node.id, self.writer.frame(node)))

    def _question(self, node: d.Node, made: Lines) -> None:
        checked = (node.required, node.constraint) if node.control else ()
        rows = node.itemset.rows if node.itemset is not None and node.control else None
        may_fail = self.writer.reads_lists(*checked, rows)
        conditions = list(self._conditions(node)) if node.control else []
        if conditions:
            with made.attempt(may_fail, f"h_skip(x, {node.id})"):
                self._answer(node, conditions, made)
        self._flag(node, made)

    def _answer(self, node: d.Node, conditions: list[tuple[str, str]], made: Lines) -> None:
        place = self.writer.place(node)
        made.add(f"if {place} == '':")
        with made.indented():
            self._required(node, made)
        for code, condition in conditions:
            if code != "required":
                made.add(f"elif {condition}: {self._broken(node, code)}")

    def _required(self, node: d.Node, made: Lines) -> None:
        if node.required is None or node.required == _NEVER:
            made.add("pass")
            return
        condition = self.writer.boolean(node.required, node.id, self.writer.home(node))
        made.add(f"if {condition}: {self._broken(node, 'required')}")

    def _conditions(self, node: d.Node) -> Iterator[tuple[str, str]]:
        """Yield each code with the condition under which it is broken."""
        place = self.writer.place(node)
        if node.required is not None and node.required != _NEVER:
            yield "required", ""
        if node.type in _TYPES and node.calculation is None:
            yield "type", f"not h_is_{node.type}({place})"
        if node.itemset is not None and node.calculation is None:
            yield "choice", f"not {self._is_offered(node, node.itemset)}"
        if node.constraint is not None:
            yield "constraint", f"not {self.writer.boolean(node.constraint, node.id, self.writer.home(node))}"

    def _is_offered(self, node: d.Node, itemset: d.Itemset) -> str:
        """Write `v3 in c1` for a list of the form, a lookup by name for one outside or filtered."""
        place = self.writer.place(node)
        is_multiple = node.type in _MULTIPLE
        own = self.writer.form.choice_lists.get(itemset.list_name)
        rows = without_order(itemset.rows)
        if own is not None and rows == d.Rows(itemset.list_name, ""):
            names = self._names(itemset, own)
            return f"h_all_in({place}, {names})" if is_multiple else f"({place} in {names})"
        made = Lowering(self.writer.form.nodes, node.id).rows(rows)
        words = f"h_words({place})" if is_multiple else f"({place},)"
        column = literal(itemset.value)
        if isinstance(made, t.Rows) and not made.tests:
            equals = self._equals(made, node)
            return f"h_offers(x, {literal(made.list_name)}, {equals}, {column}, {words})"
        return f"h_offered({self.writer.printed(made, self.writer.home(node))}, {column}, {words})"

    def _equals(self, rows: t.Rows, node: d.Node) -> str:
        home = self.writer.home(node)
        pairs = (f"({literal(name)}, {self.writer.printed(value, home)}), " for name, value in rows.equals)
        return f"({''.join(pairs)})"

    def _names(self, itemset: d.Itemset, rows: tuple[dict[str, str | d.Text], ...]) -> str:
        names = sorted({value for row in rows if isinstance(value := row.get(itemset.value, ""), str)})
        source = f"{{{', '.join(map(literal, names))}}}" if names else "()"
        return self.sets.setdefault(source, f"c{len(self.sets) + 1}")

    def _flag(self, node: d.Node, made: Lines) -> None:
        """A W question that is relevant, or a Q calculation that holds, is a flag."""
        level, place = node.extra.get("ly:level", ""), self.writer.place(node)
        if level == "W" and node.control:
            made.add(self._broken(node, "rule"))
        elif level == "Q" and not node.control:
            made.add(f"if {place} not in ('', '0', 'false'): {self._broken(node, 'rule')}")

    def _broken(self, node: d.Node, code: str) -> str:
        said = {"required": node.required_message, "constraint": node.constraint_message, "rule": node.label}
        message = self._message(said.get(code), node)
        return f"h_broken(x, {node.id}, {literal(code)}, {self.writer.frame(node)}{message})"

    def _message(self, text: d.Text | None, node: d.Node) -> str:
        """Write a message that answers show in; one that is the same every time is in `FORM`."""
        if text is None or is_static(text):
            return ""
        home = self.writer.home(node)
        lower = Lowering(self.writer.form.nodes, node.id)
        parts = []
        for language, written in text.by_language.items():
            said = [
                literal(part) if isinstance(part, str) else self.writer.printed(lower.text(part), home)
                for part in written
            ]
            parts.append(f"{literal(language)}: h_made(x, h_concat([{', '.join(said)}]))")
        return f", lambda: {{{', '.join(parts)}}}"
