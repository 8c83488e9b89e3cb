"""The end of an emitted checker: name, subject, key, village and the rows a filling writes."""

from __future__ import annotations

from forms import definition as d
from forms.expression import Call, Expression
from forms.py_expression import literal
from forms.py_lines import Lines
from forms.py_writer import Writer

_NEVER = Call("false", ())


class Conclusion:
    """Writes what is known of a record once its values are settled."""

    def __init__(self, writer: Writer) -> None:
        """Write into `writer.lines`."""
        self.writer = writer
        self.lines = writer.lines

    def write(self) -> None:
        """Write name, subject, keys, village and entities."""
        form = self.writer.form
        self._text("h_name", form.instance_name)
        self._text("h_key", form.derived.get("ly:key"))
        self._text("h_village", form.derived.get("ly:village"))
        for node in form.nodes:
            if (list_name := node.extra.get("ly:subject")) and not self.writer.home(node):
                self.lines.add(f"h_subject(x, {literal(list_name)}, {self.writer.place(node)})")
        for entity in form.entities:
            self._entity(entity)

    def _text(self, helper: str, expression: Expression | None) -> None:
        if expression is None:
            return
        made = Lines(self.writer.layout)
        with made.attempt(self.writer.reads_lists(expression), "pass"):
            made.add(f"{helper}(x, {self.writer.text(expression, 0, 0)})")
        self.writer.finish(made)

    def _entity(self, entity: d.EntityDeclaration) -> None:
        container = self.writer.form.nodes[entity.container]
        conditions = [("create", entity.create_if), ("update", entity.update_if)]
        home = entity.container
        for kind, condition in conditions:
            if condition is None or condition == _NEVER:
                continue
            self.lines.close()
            self.lines.within(home, container.id)
            read = (condition, entity.entity_id, entity.label)
            made = Lines(self.writer.layout)
            with made.attempt(self.writer.reads_lists(*read), f"h_skip(x, {container.id})"):
                self._write(entity, kind, condition, made)
            self.writer.finish(made)
        self.lines.close()

    def _write(self, entity: d.EntityDeclaration, kind: str, condition: Expression, made: Lines) -> None:
        home = own = entity.container
        texts = [
            self.writer.text(each, own, home) if each is not None else repr("")
            for each in (entity.entity_id, entity.label)
        ]
        values = (f"{literal(name)}: {self._value(node, home)}" for name, node in entity.save_to.items())
        frame = f"f{home}" if home else "None"
        arguments = f"{own}, {frame}, {literal(entity.list_name)}, {literal(kind)}, {', '.join(texts)}"
        made.add(f"if {self.writer.boolean(condition, own, home)}:")
        with made.indented():
            made.add(f"h_entity(x, {arguments}, {{{', '.join(values)}}})")

    def _value(self, node: int, home: int) -> str:
        """Write a property's text, or None when its question is not relevant and so says nothing."""
        layout = self.writer.layout
        frame = f"f{layout.homes[node]}" if layout.homes[node] else ""
        place = layout.at(node, frame)
        guard = layout.guards[node]
        if layout.homes[node] or guard < 0:
            return place
        return f"({place} if {self.writer.printer.relevance(guard, frame)} else None)"
