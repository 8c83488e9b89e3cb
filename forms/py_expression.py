"""Typed tree -> Python expression text over the variables of `py_layout.py`; `literal` lets author text in.

Every name that is written is generated: `v12` a text, `s12` instances, `r12` relevance, `f12` the current
instance of repeat 12, `p1` `q1` `i1` `n1` what a predicate tries (instance, row, position, size), `l1` rows
that were looked up, `h_…` a helper, `x` the run.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from forms import typed as t
from forms.functions import FUNCTIONS
from forms.py_layout import INDEX, Layout
from forms.py_lookups import Lookups
from forms.runtime import XML_SPACES

_OPERATORS = {"=": "=="}
_MAX_NESTING = 40  # CPython refuses 200 nested brackets; what is deeper becomes a function of its own
_NAMES = re.compile(r"\b(?:[vsrfpqinl]\d+|x)\b")

_CHANGING = {each.helper for each in FUNCTIONS.values() if each.is_volatile}

Frames = dict[int, str]


def literal(value: str | float | bool) -> str:
    """Write author text, or a number, as a Python literal: the only door for it."""
    if isinstance(value, float) and not math.isfinite(value):
        return "h_divide(1.0, 0.0)" if value > 0 else "h_divide(-1.0, 0.0)"
    return ascii(value)


@dataclass(frozen=True, slots=True)
class Code:
    """Expression text, the variables it reads, and how deep its brackets nest."""

    text: str
    names: frozenset[str] = frozenset()
    depth: int = 0

    def __str__(self) -> str:
        return self.text


def join(template: str, *parts: Code) -> Code:
    """Fill `{}` with parts; the template is ours and may name variables itself."""
    names = frozenset(_NAMES.findall(template)).union(*(part.names for part in parts))
    depth = 1 + max((part.depth for part in parts), default=0)
    return Code(template.format(*(part.text for part in parts)), names, depth)


def listed(parts: Iterable[Code]) -> Code:
    """Write `a, b, c`."""
    made = list(parts)
    return join(", ".join(["{}"] * len(made)), *made)


@dataclass(frozen=True, slots=True)
class Context:
    """Where an expression is written: instances in reach per level, what the innermost predicate tries."""

    levels: tuple[Frames, ...]
    row: str = ""
    index: str = ""
    size: str = ""


@dataclass(slots=True)
class Printer:
    """Prints typed trees; what is nested too deeply is put into `functions`, named `e1`, `e2` …"""

    layout: Layout
    functions: list[str] = field(default_factory=list)
    # The variable of a part that is computed already, by its repr.
    shared: dict[str, str] = field(default_factory=dict)
    lookups: Lookups = field(default_factory=Lookups)
    _count: int = 0

    def print(self, tree: t.Typed, context: Context) -> Code:
        """Write one tree."""
        if self.shared and len(context.levels) == 1 and not context.row:
            variable = self.shared.get(repr(tree))
            if variable is not None:
                return _named(variable)
        made = self._print(tree, context)
        return self._hoist(made) if made.depth > _MAX_NESTING else made

    def fresh(self, letter: str) -> str:
        """Give a variable name not used before."""
        self._count += 1
        return f"{letter}{self._count}"

    def _hoist(self, code: Code) -> Code:
        name = f"e{len(self.functions) + 1}"
        parameters = ", ".join(sorted(code.names))
        self.functions.append(f"def {name}({parameters}):\n    return {code.text}\n")
        return Code(f"{name}({parameters})", code.names, 1)

    def _print(self, tree: t.Typed, context: Context) -> Code:
        match tree:
            case t.Constant():
                return Code(literal(tree.value))
            case t.Value():
                return self._value(tree, context)
            case t.Texts() | t.Count():
                return self._nodes(tree, context)
            case t.Rows():
                return self._rows(tree, context)
            case t.Cell():
                return join(f"h_cell({context.row}, {{}})", Code(literal(tree.column)))
            case t.Index():
                return self._index(tree, context)
            case t.Place():
                return _named(context.size if tree.is_last else context.index)
            case t.Helper():
                return self._helper(tree, context)
            case t.Gather():
                return join("[{}]", listed(self._item(spread, each, context) for spread, each in tree.items))
        return self._operation(tree, context)

    def _operation(self, tree: t.Typed, context: Context) -> Code:
        match tree:
            case t.Arithmetic():
                rest = [self.print(each, context) for _, each in tree.rest]
                signs = "".join(f" {sign} {{}}" for sign, _ in tree.rest)
                return join(f"({{}}{signs})", self.print(tree.first, context), *rest)
            case t.Compare():
                sign = _OPERATORS.get(tree.operator, tree.operator)
                sides = self._compared(tree.left, context), self._compared(tree.right, context)
                return join(f"({{}} {sign} {{}})", *sides)
            case t.Every() | t.Either():
                sign = " and " if isinstance(tree, t.Every) else " or "
                parts = [self.print(each, context) for each in tree.operands]
                return join(f"({sign.join(['{}'] * len(parts))})", *parts)
            case t.Not():
                return join("(not {})", self.print(tree.operand, context))
            case t.Negative():
                return join("(-{})", self.print(tree.operand, context))
            case t.Choose():
                parts = [self.print(each, context) for each in (tree.then, tree.condition, tree.otherwise)]
                return join("({} if {} else {})", *parts)
        raise TypeError(f"not typed: {tree!r}")

    def _item(self, is_spread: bool, item: t.Typed, context: Context) -> Code:
        return join("*{}" if is_spread else "{}", self.print(item, context))

    # Nodes.

    def _value(self, tree: t.Value, context: Context) -> Code:
        home = self.layout.homes[tree.node]
        frames = context.levels[tree.level]
        if home == 0:
            return _named(self.layout.holds(tree.node))
        if home not in frames:  # seen from outside: the first instance, as a node-set is taken as text
            anchor = max((each for each in self.layout.home_chain(home) if each in frames), default=0)
            return join("h_first({})", self._nodes(t.Texts(tree.node, anchor, tree.level), context))
        place = self.layout.at(tree.node, frames[home])
        return _named(f"({place} or '')" if self._may_be_hidden(tree.node) else place)

    def _may_be_hidden(self, node: int) -> bool:
        return self.layout.guards[node] >= 0

    def _index(self, tree: t.Index, context: Context) -> Code:
        frame = context.levels[tree.level].get(tree.repeat)
        return _named(f"{frame}[{INDEX}]") if frame else Code("1.0")

    def _nodes(self, tree: t.Texts | t.Count, context: Context, count: str = "h_count({})") -> Code:
        """Write `[p1[5] for p1 in s4 if …]`, for a count `h_count([…])`."""
        clauses, frames = self._clauses(tree, context)
        outer = set(context.levels[tree.level].values())
        node, is_count = tree.node, isinstance(tree, t.Count)
        if self.layout.form.nodes[node].kind == "repeat":
            taken, kept = "1", ""
        else:
            taken, kept = self._taken(node, frames)
        if not clauses:
            single = f"([{taken}] if {kept} else [])" if kept else f"[{taken}]"
            made = _named(single)
        else:
            loops = " ".join("{}" for _ in clauses)
            made = join(f"[{taken} {loops}{f' if {kept}' if kept else ''}]", *clauses)
            made = replace(made, names=made.names - set(frames.values()) | made.names & outer)
        return join(count, made) if is_count else made

    def _taken(self, node: int, frames: Frames) -> tuple[str, str]:
        """What to take of an instance, and under which condition: what is not relevant is left out."""
        layout = self.layout
        frame = frames.get(layout.homes[node], "")
        is_group = layout.form.nodes[node].kind == "group"
        guard = layout.guards[node]
        place = "1" if is_group else layout.at(node, frame)
        if guard < 0:
            return place, ""
        if layout.homes[node] and not is_group:
            return place, f"{place} is not None"
        return place, self.relevance(guard, frame)

    def relevance(self, guard: int, frame: str) -> str:
        """Write the flag that says whether a condition holds; in a repeat a question's own is its text."""
        if self.layout.homes[guard] == 0:
            return f"r{guard}"
        place = self.layout.at(guard, frame)
        return place if self.layout.form.nodes[guard].kind == "group" else f"{place} is not None"

    def _clauses(self, tree: t.Texts | t.Count, context: Context) -> tuple[list[Code], Frames]:
        """Write `for p1 in s4 if …` for each repeat between the anchor and the node."""
        layout = self.layout
        target = tree.node if layout.tree.is_repeat(tree.node) else layout.homes[tree.node]
        chain = layout.home_chain(target)
        below = chain[chain.index(tree.anchor) + 1 :] if tree.anchor in chain else chain
        frames = dict(context.levels[tree.level])
        outer = context.levels[: tree.level + 1]
        clauses = []
        for repeat in below:
            source = _named(layout.at(repeat, frames.get(layout.homes[repeat], "")))
            tests = [test for of, test in tree.tests if of == repeat]
            clause, frames = self._clause(repeat, source, tests, frames, outer)
            clauses.append(clause)
        return clauses, frames

    def _clause(
        self, repeat: int, source: Code, tests: Sequence[t.Typed], frames: Frames, outer: tuple[Frames, ...]
    ) -> tuple[Code, Frames]:
        variable = self.fresh("p")
        inner = {**frames, repeat: variable}
        levels = (*outer, inner)
        if not any(asks_place(test) for test in tests):
            inside = Context(levels)
            conditions = [join(" if {}", self.print(test, inside)) for test in tests]
            return join(
                f"for {variable} in h_going(x, {{}}){'{}' * len(conditions)}", source, *conditions
            ), inner
        for test in tests:
            source = self._where(variable, source, test, Context(levels))
        return join(f"for {variable} in h_going(x, {{}})", source), inner

    def _where(self, variable: str, source: Code, test: t.Typed, context: Context) -> Code:
        index, size = self.fresh("i"), self.fresh("n")
        condition = self.print(test, replace(context, index=index, size=size))
        bound = {variable, index, size}
        made = join(f"h_where(x, {{}}, lambda {variable}, {index}, {size}: {{}})", source, condition)
        return replace(made, names=made.names - bound | source.names)

    # Lists.

    def _rows(self, tree: t.Rows, context: Context) -> Code:
        """Write `h_rows(x, 'household', (('village', v3),))`, with `[q1 for q1 in … if …]` around it."""
        name = Code(literal(tree.list_name))
        shared, self.shared = (
            self.shared,
            {},
        )  # those variables are filled after rows that are looked up ahead
        pairs = [
            join("({}, {}), ", Code(literal(column)), self.print(value, context))
            for column, value in tree.equals
        ]
        self.shared = shared
        arguments = join(f"x, {{}}, ({'{}' * len(pairs)})", name, *pairs)
        made = join("h_rows({})", arguments)
        if _is_settled(tree) and len(context.levels) == 1 and not context.row:
            variable = self.lookups.ask(arguments.text)
            made = _named(variable) if variable else made
        for test in tree.tests:
            made = self._where_rows(made, test, context)
        return made

    def _where_rows(self, rows: Code, test: t.Typed, context: Context) -> Code:
        variable = self.fresh("q")
        inside = replace(context, row=variable)
        if asks_place(test):
            return self._where(variable, rows, test, inside)
        made = join(
            f"[{variable} for {variable} in h_going(x, {{}}) if {{}}]", rows, self.print(test, inside)
        )
        return replace(made, names=made.names - {variable})

    # Helpers.

    def _helper(self, tree: t.Helper, context: Context) -> Code:
        match tree:
            case t.Helper("first", (t.Helper("column", (t.Rows(tests=()) as rows, t.Constant() as column)),)):
                found = self._rows(rows, context)
                return join("h_first_cell({}, {})", found, Code(literal(column.value)))
        inline = self._inline(tree, context)
        if inline is not None:
            return inline
        scope = "x, " if tree.needs_scope else ""
        arguments = listed(self.print(each, context) for each in tree.arguments)
        return join(f"h_{tree.name}({scope}{{}})", arguments)

    def _inline(self, tree: t.Helper, context: Context) -> Code | None:
        """Write what Python has an operator for: a call would cost more than what it does."""
        match tree:
            case t.Helper("coalesce", (one, other)):
                return join("({} or {})", self.print(one, context), self.print(other, context))
            case t.Helper("contains", (text, needle)):
                return join("({} in {})", self.print(needle, context), self.print(text, context))
            case t.Helper("selected", (chosen, t.Constant(str() as choice))) if choice.strip(XML_SPACES):
                word = Code(literal(choice.strip(XML_SPACES)))
                return join("({} in h_words({}))", word, self.print(chosen, context))
            case t.Helper("divide", (dividend, t.Constant(float() as divisor))) if 0 < divisor < math.inf:
                return join("({} / {})", self.print(dividend, context), Code(literal(divisor)))
        return None

    def _compared(self, tree: t.Typed, context: Context) -> Code:
        """Write one side of a comparison: a length need not become a double for that."""
        match tree:
            case t.Helper("string_length" | "count", (counted,)):
                return join("h_len({})", self.print(counted, context))
            case t.Count():
                return self._nodes(tree, context, "h_len({})")
        return self.print(tree, context)


def asks_place(test: t.Typed) -> bool:
    """Whether a test asks for its own position or the size of what is tried."""
    if isinstance(test, t.Place):
        return True
    if isinstance(test, t.Texts | t.Count | t.Rows):
        # Tests inside are of another predicate; values a list is looked up by are of this one.
        return isinstance(test, t.Rows) and any(asks_place(value) for _, value in test.equals)
    return any(asks_place(part) for part in parts(test))


def _is_settled(rows: t.Rows) -> bool:
    """Whether what a list is looked up by stays what it is once it was computed."""
    waiting = [value for _, value in rows.equals]
    while waiting:
        part = waiting.pop()
        if isinstance(part, t.Value) and part.is_held:
            return False
        if isinstance(part, t.Helper) and part.name in _CHANGING:
            return False
        waiting.extend(parts(part))
    return True


def parts(tree: t.Typed) -> Iterable[t.Typed]:
    """Give the parts that belong to the same predicate; what a predicate inside tests is not among them."""
    match tree:
        case t.Helper():
            return tree.arguments
        case t.Gather():
            return [item for _, item in tree.items]
        case t.Arithmetic():
            return [tree.first, *(each for _, each in tree.rest)]
        case t.Compare():
            return (tree.left, tree.right)
        case t.Every() | t.Either():
            return tree.operands
        case t.Not() | t.Negative():
            return (tree.operand,)
        case t.Choose():
            return (tree.condition, tree.then, tree.otherwise)
    return ()


def _named(text: str) -> Code:
    return Code(text, frozenset(_NAMES.findall(text)))
