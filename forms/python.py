"""Resolved definition and its order -> source of one Python checker, which `checker.py` audits and runs.

Straight-line code in four parts: load every answer, compute in order, check in document order, conclude. It
decides nothing: `lower.py` did. Author text enters only through `literal`; comments say where a rule stands.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from forms.definition import Definition
from forms.py_checks import Checks
from forms.py_compute import Computer, Loader
from forms.py_conclude import Conclusion
from forms.py_expression import literal
from forms.py_facts import Facts
from forms.py_writer import Writer, harmless

RUNTIME = 1
PARTS = ("read", "compute", "check", "conclude")


class Plan(Protocol):
    """What `order.py` found."""

    @property
    def sequence(self) -> Sequence[int]:
        """All nodes, each after what it reads."""


def emit(definition: Definition, plan: Plan) -> str:
    """Write the facts of a form and `def check(x, answers): …`; the same form gives the same text."""
    asked = _written(Writer(definition), plan)[0].printer.lookups.repeated()
    return _joined(*_written(Writer(definition, asked), plan))


def _written(writer: Writer, plan: Plan) -> tuple[Writer, Checks]:
    definition, checks = writer.form, Checks(writer)
    writer.lines.add(f"# {PARTS[0]}")
    Loader(writer).write()
    writer.lines.add(f"# {PARTS[1]}")
    computer = Computer(writer)
    for node in plan.sequence[1:]:
        computer.write(definition.nodes[node])
    writer.lines.close()
    writer.lines.add(f"# {PARTS[2]}")
    for each in definition.nodes:
        checks.write(each)
    writer.lines.close()
    writer.lines.add(f"# {PARTS[3]}")
    Conclusion(writer).write()
    return writer, checks


def _joined(writer: Writer, checks: Checks) -> str:
    form, facts = writer.form, Facts(writer)
    constants = {
        "RUNTIME": str(RUNTIME),
        "NODES": _lines(facts.nodes()),
        "GENERIC": data(facts.generic()),
        "TABLES": data(facts.tables()),
        **{name: source for source, name in checks.sets.items()},
    }
    head = "".join(f"{name} = {value}\n" for name, value in constants.items())
    body = "".join(f"    {line}\n" for line in writer.lines.written)
    functions = "\n".join(writer.printer.functions)
    title = f"# {harmless(form.form_id)} {harmless(form.version)}"
    return f"{title}\n{head}\n{functions}\ndef check(x, answers):\n{body}"


def data(value: Any) -> str:
    """Write nested tuples, dicts and texts; every leaf goes through `literal`."""
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{data(key)}: {data(item)}' for key, item in value.items())}}}"
    if isinstance(value, tuple):
        return f"({''.join(f'{data(item)}, ' for item in value)})"
    return literal(value)


def _lines(nodes: Mapping[int, Any]) -> str:
    """Write one node a line, so that two versions can be compared."""
    return "{\n" + "".join(f"    {data(key)}: {data(value)},\n" for key, value in nodes.items()) + "}"
