"""One expression with paths -> the same with references; `resolve.py` runs it over a whole form."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from forms import definition as d
from forms.errors import ErrorList
from forms.expression import (
    Binary,
    Call,
    Expression,
    ExpressionError,
    Name,
    Negate,
    Number,
    Path,
    Step,
    String,
    parse,
)
from forms.function import Function
from forms.functions import FUNCTIONS
from forms.functions_dialects import REFUSED, refusal
from forms.lookups import has_place, indexed
from forms.lower import type_of
from forms.paths import Around, Entry, PathError, bind, first_unbound, follow, written
from forms.rewrites import rewritten
from forms.special_dialects import SPECIAL
from forms.tree import Tree
from forms.uses import Uses, hints

_NOTHING = String("")  # stands for what could not be resolved; the form is refused anyway
_NULL = Path(False, (Step("child", "null"),))  # authors write it for "no value", which to XPath it is
_SAVED_BEFORE = "last-saved#"
_ROW_STEPS = 2  # instance('x')/root/item


@dataclass(frozen=True, slots=True)
class Resolver:
    """Resolves the expressions written at one place of one node."""

    tree: Tree
    definition: d.Definition
    uses: Uses
    errors: ErrorList
    place: d.Place
    own: int

    def condition(self, expression: Expression, around: Around) -> Expression:
        """Resolve what is used as true or false."""
        made = self.resolve(expression, around)
        self._warn_always(expression, made)
        return made

    def resolve(self, expression: Expression, around: Around) -> Expression:
        """Resolve one expression; a mistake is noted and '' put in its place."""
        try:
            return self._resolve(expression, around)
        except PathError as error:
            self.errors.add(error.code, self.place, **error.values)
            return _NOTHING

    def _resolve(self, expression: Expression, around: Around) -> Expression:
        match expression:
            case Number() | String():
                return expression
            case Negate():
                return Negate(self.resolve(expression.operand, around))
            case Binary(operator="|"):
                raise PathError("unsupported_path", path="|", reason="union")
            case Binary():
                return self._binary(expression, around)
            case Call():
                return self._call(expression, around)
            case Path():
                return self._path(expression, around)
            case Name() if expression.value.startswith(_SAVED_BEFORE):
                return self._last_saved(self._named(Name(expression.value.removeprefix(_SAVED_BEFORE))))
            case Name():
                return self._reference(self._named(expression), around)
        raise TypeError(f"not an expression: {expression!r}")

    def _binary(self, expression: Binary, around: Around) -> Expression:
        if expression.operator in ("and", "or"):
            left, right = self.condition(expression.left, around), self.condition(expression.right, around)
        else:
            left, right = self.resolve(expression.left, around), self.resolve(expression.right, around)
        return Binary(expression.operator, left, right)

    def _warn_always(self, expression: Expression, made: Expression) -> None:
        if isinstance(made, d.Ref):
            name = f"${{{self.tree.nodes[made.node].name}}}"
            self.errors.warn("always_true", self.place, path=name)
        elif isinstance(made, d.Column):
            self.errors.warn("always_true", self.place, path=made.name)

    # Functions.

    def _call(self, call: Call, around: Around) -> Expression:
        function = FUNCTIONS.get(call.name)
        if call.name in REFUSED:
            raise PathError("unsupported_function", **refusal(call.name))
        if function is None:
            raise PathError("unknown_function", name=call.name, **hints(call.name, FUNCTIONS))
        self._check_arity(call, function)
        if (instead := rewritten(call)) is not None:
            return self._resolve(instead, around)
        special = _SPECIAL.get(call.name)
        if special is not None:
            return special(self, call, around)
        return Call(call.name, tuple(self._arguments(call, function, around)))

    def _check_arity(self, call: Call, function: Function) -> None:
        found, most = len(call.arguments), function.most
        if found >= function.fewest and (most is None or found <= most):
            return
        expected = str(function.fewest) if most == function.fewest else f"{function.fewest}–{most or '∞'}"
        raise PathError("wrong_arity", name=call.name, expected=expected, found=found)

    def _arguments(self, call: Call, function: Function, around: Around) -> Iterator[Expression]:
        if not call.arguments and call.name in _OF_CONTEXT:
            yield self._path(Path(False, (Step("self", "*"),)), around)
        for index, argument in enumerate(call.arguments):
            wanted = function.arguments[index] if index < len(function.arguments) else function.rest
            if wanted == "nodes":
                yield self._nodes(argument, around)
            elif wanted == "boolean":
                yield self.condition(argument, around)
            else:
                yield self._one(argument, around, wanted)

    def _one(self, argument: Expression, around: Around, wanted: str) -> Expression:
        made = self.resolve(argument, around)
        if (type_of(made) == "rows") != (wanted == "rows"):
            raise PathError("unsupported_path", path=_written(argument), reason="rows of a list")
        return made

    def _nodes(self, argument: Expression, around: Around) -> Expression:
        """Resolve an argument that may also be a group or a repeat."""
        if isinstance(argument, Name):
            return self._reference(self._named(argument), around, may_be_group=True)
        if isinstance(argument, Path):
            return self._path(argument, around, may_be_group=True)
        return self.resolve(argument, around)

    def _position(self, call: Call, around: Around) -> Expression:
        if not call.arguments:
            return self._placed(call, around)
        path = self._target(call.arguments[0])
        if isinstance(path, Path) and path.base is None and around.row_of:
            raise PathError("misplaced_function", name="position", reason="[…]")
        entries, level = self._entries(path, around, with_last=True)
        if first_unbound(entries) < len(entries) or any(entry.predicates for entry in entries):
            raise PathError("misplaced_function", name="position", reason=_written(call.arguments[0]))
        if self.tree.is_repeat(entries[-1].node):
            return d.Position(entries[-1].node, level)
        return Number(1.0)

    def _placed(self, call: Call, around: Around) -> Expression:
        """`position()` and `last()` only mean something in a predicate."""
        if not around.in_predicate:
            raise PathError("misplaced_function", name=call.name, reason="[…]")
        return call

    def _count(self, call: Call, around: Around) -> Expression:
        made = self._nodes(call.arguments[0], around)
        if isinstance(made, d.Ref) and self.tree.nodes[made.node].kind != "question":
            return Number(1.0)
        return Call(call.name, (made,))

    def _current(self, call: Call, around: Around) -> Expression:
        return self._path(Path(False, (Step("self", "*"),), call), around)

    def _version(self, call: Call, around: Around) -> Expression:
        return String(self.definition.version)

    def _bare_instance(self, call: Call, around: Around) -> Expression:
        raise PathError("unsupported_path", path="instance()", reason="/root/item[…]")

    def _pulldata(self, call: Call, around: Around) -> Expression:
        list_name, column, key = (self._literal(each, "pulldata") for each in call.arguments[:3])
        value = self.resolve(call.arguments[3], around)
        self._declared(list_name)
        self.uses.read(list_name, column, self.place, self.errors)
        self.uses.read(list_name, key, self.place, self.errors, is_key=True)
        return d.Rows(list_name, column, ((key, Call("string", (value,))),))

    def _literal(self, argument: Expression, name: str) -> str:
        if not isinstance(argument, String):
            raise PathError("misplaced_function", name=name, reason="'…'")
        return argument.value.strip()

    def _choice_name(self, call: Call, around: Around) -> Expression:
        value = self.resolve(call.arguments[0], around)
        target = self._path_in(self._literal(call.arguments[1], call.name), around)
        itemset = self.tree.nodes[target].itemset
        if itemset is None:
            raise PathError("misplaced_function", name=call.name, reason=self.tree.nodes[target].name)
        self.uses.read(itemset.list_name, itemset.label, self.place, self.errors)
        self.uses.read(itemset.list_name, itemset.value, self.place, self.errors, is_key=True)
        return d.Rows(itemset.list_name, itemset.label, ((itemset.value, Call("string", (value,))),))

    def _path_in(self, text: str, around: Around) -> int:
        """Read the path that `jr:choice-name` has in quotes; gives the node it ends at."""
        try:
            path = parse(text)
        except ExpressionError as error:
            raise PathError("unknown_path", path=text) from error
        return self._entries(self._target(path), around)[0][-1].node

    def _itext(self, call: Call, around: Around) -> Expression:
        made = self.resolve(call.arguments[0], around)
        if isinstance(made, d.Rows) and made.column == "itextId":
            return d.Rows(made.list_name, "label", made.equals, made.predicates)
        raise PathError("misplaced_function", name=call.name, reason="itextId")

    def _indexed_repeat(self, call: Call, around: Around) -> Expression:
        if len(call.arguments) % 2 == 0:
            raise PathError("wrong_arity", name=call.name, expected="3, 5, 7", found=len(call.arguments))
        target = self._entries(self._target(call.arguments[0]), around)[0]
        nodes = [entry.node for entry in target]
        indices: dict[int, Expression] = {}
        for repeat, index in zip(call.arguments[1::2], call.arguments[2::2], strict=True):
            node = self._entries(self._target(repeat), around)[0][-1].node
            if node not in nodes or not self.tree.is_repeat(node):
                raise PathError("misplaced_function", name=call.name, reason=_written(repeat))
            indices[node] = Call("number", (self.resolve(index, around),))
        first = min(nodes.index(node) for node in indices)
        anchor = max((each.node for each in target[:first] if self.tree.is_repeat(each.node)), default=0)
        predicates = tuple(
            (node, Binary("=", Call("position", ()), indices[node])) for node in nodes if node in indices
        )
        return d.Nodes(nodes[-1], anchor, predicates, 0)

    # Paths.

    def _path(self, path: Path, around: Around, *, may_be_group: bool = False) -> Expression:
        base = path.base
        if isinstance(base, Call) and base.name == "instance":
            return self._rows(path, base, around)
        if around.row_of and base is None and not path.is_absolute:
            return self._column(path, around)
        if path == _NULL and self.tree.child(around.node, "null") is None:
            self.errors.warn("unknown_path", self.place, path="null")
            return _NOTHING
        return self._reference(path, around, may_be_group=may_be_group)

    def target_of(self, expression: Expression, around: Around) -> tuple[list[Entry], int]:
        """Walk the path or the name that an argument is; gives its entries and the level of its scope."""
        return self._entries(self._target(expression), around)

    def _target(self, expression: Expression) -> Path | int:
        """Give the path, or the node of a name; anything else is no path."""
        if isinstance(expression, Name):
            return self._named(expression)
        if isinstance(expression, Call) and expression.name == "current":
            return Path(False, (Step("self", "*"),), expression)
        if not isinstance(expression, Path):
            raise PathError("unsupported_path", path=_written(expression), reason="()")
        return expression

    def _entries(
        self, path: Path | int, around: Around, *, with_last: bool = False
    ) -> tuple[list[Entry], int]:
        """Walk a path; gives its entries with the right ones bound, and the level of its scope."""
        if isinstance(path, int):
            entries = [Entry(node, not self.tree.is_repeat(node)) for node in self.tree.chains[path]]
            return bind(self.tree, entries, around.own, with_last=with_last), 0
        if path.is_absolute:
            return bind(self.tree, follow(self.tree, path, 0), around.own, with_last=with_last), 0
        if path.base is None:
            return follow(self.tree, path, around.node), around.level
        if isinstance(path.base, Call) and path.base.name == "current":
            return follow(self.tree, path, around.own), 0
        return self._filtered(path, around)

    def _filtered(self, path: Path, around: Around) -> tuple[list[Entry], int]:
        """`${member}[…]/age`: a name, or a path in brackets, with more steps."""
        if not isinstance(path.base, Name | Path):
            raise PathError("unsupported_path", path=written(path), reason="()")
        if isinstance(path.base, Path):
            joined = Path(path.base.is_absolute, path.base.steps + path.steps, path.base.base)
            return self._entries(joined, around)
        names = [self.tree.nodes[node].name for node in self.tree.chains[self._named(path.base)]]
        steps = tuple(Step("child", name) for name in names)
        return self._entries(Path(True, steps + path.steps), around)

    def _named(self, name: Name) -> int:
        found = self.tree.named(name.value)
        if not found:
            raise PathError("unknown_name", name=name.value, **hints(name.value, self.tree.names))
        own = set(self.tree.chains[self.own])
        return max(found, key=lambda node: len(own.intersection(self.tree.chains[node])))

    def _reference(self, path: Path | int, around: Around, *, may_be_group: bool = False) -> Expression:
        entries, level = self._entries(path, around)
        target = self.tree.nodes[entries[-1].node]
        if target.kind != "question" and not may_be_group:
            raise PathError("group_as_value", path=self.tree.path(target.id) or target.name)
        first = first_unbound(entries)
        if first == len(entries):
            if any(entry.predicates for entry in entries):
                raise PathError("unsupported_path", path=self.tree.path(target.id), reason="[…]")
            return d.Ref(target.id, level)
        anchor = max((each.node for each in entries[:first] if self.tree.is_repeat(each.node)), default=0)
        if any(entry.predicates for entry in entries[:first]):
            raise PathError("unsupported_path", path=self.tree.path(target.id), reason="[…]")
        predicates = tuple(self._predicates(entries[first:], Around(self.own, 0, level)))
        return d.Nodes(target.id, anchor, predicates, level)

    def _predicates(self, entries: Sequence[Entry], around: Around) -> Iterator[tuple[int, Expression]]:
        """Pair each predicate with the repeat whose instances it tries: for a question the one around it."""
        repeat = entries[0].node
        for entry in entries:
            is_repeat = self.tree.is_repeat(entry.node)
            repeat = entry.node if is_repeat else repeat
            for predicate in entry.predicates:
                made = self.condition(predicate, around.testing(entry.node))
                if not is_repeat and (type_of(made) == "number" or has_place(made)):
                    raise PathError("unsupported_path", path=self.tree.path(entry.node), reason="position()")
                yield repeat, made

    # Lists.

    def _declared(self, list_name: str) -> None:
        if not self.uses.declares(list_name):
            raise PathError("unknown_instance", list=list_name, **hints(list_name, self.uses.names))

    def _rows(self, path: Path, base: Call, around: Around) -> Expression:
        if len(base.arguments) != 1 or not isinstance(base.arguments[0], String):
            raise PathError("misplaced_function", name="instance", reason="'…'")
        list_name = base.arguments[0].value
        if list_name == self.definition.last_saved:
            return self._last_saved(Path(True, path.steps))
        self._declared(list_name)
        steps = path.steps
        is_plain = all(step.axis == "child" and step.name != "*" for step in steps)
        others = [step for index, step in enumerate(steps) if step.predicates and index != 1]
        if not is_plain or others or not _ROW_STEPS <= len(steps) <= _ROW_STEPS + 1:
            raise PathError("unsupported_path", path=f"instance('{list_name}'){written(path)[1:]}", reason="")
        column = steps[_ROW_STEPS].name if len(steps) > _ROW_STEPS else ""
        if column:
            self.uses.read(list_name, column, self.place, self.errors)
        inside = around.testing_rows(list_name)
        equals, rest = indexed([self.condition(predicate, inside) for predicate in steps[1].predicates])
        for key, _ in equals:
            self.uses.read(list_name, key, self.place, self.errors, is_key=True)
        return d.Rows(list_name, column, equals, rest)

    def _last_saved(self, path: Path | int) -> Expression:
        """A question of the record saved before is a column of its one row, named by its path."""
        entries = self._entries(path, Around(0, 0))[0]
        node = entries[-1].node
        name = self.tree.path(node)
        if any(entry.predicates for entry in entries):
            raise PathError("unsupported_path", path=name, reason="last-saved […]")
        if self.tree.nodes[node].kind != "question":
            raise PathError("group_as_value", path=name)
        if self.tree.repeats(node):
            self.errors.warn("last_saved_repeat", self.place, path=name)
        self.uses.read(d.LAST_SAVED, name, self.place, self.errors)
        return d.Rows(d.LAST_SAVED, name)

    def _column(self, path: Path, around: Around) -> Expression:
        steps = [step for step in path.steps if step.axis != "self" or step.predicates]
        if len(steps) != 1 or steps[0].axis != "child" or steps[0].predicates or steps[0].name == "*":
            raise PathError("unsupported_path", path=written(path), reason="current()/…")
        self.uses.read(around.row_of, steps[0].name, self.place, self.errors)
        return d.Column(steps[0].name)


def _written(expression: Expression) -> str:
    if isinstance(expression, Path):
        return written(expression)
    if isinstance(expression, Name):
        return f"${{{expression.value}}}"
    return f"{expression.name}()" if isinstance(expression, Call) else str(getattr(expression, "value", "…"))


# Without an argument these take the context node (XPath 1.0, 4.2 and 4.4).
_OF_CONTEXT = frozenset(("number", "string", "string-length", "normalize-space"))

_SPECIAL: dict[str, Callable[[Resolver, Call, Around], Expression]] = {
    **SPECIAL,
    "position": Resolver._position,
    "last": Resolver._placed,
    "count": Resolver._count,
    "count-non-empty": Resolver._count,
    "current": Resolver._current,
    "version": Resolver._version,
    "instance": Resolver._bare_instance,
    "pulldata": Resolver._pulldata,
    "indexed-repeat": Resolver._indexed_repeat,
    "jr:choice-name": Resolver._choice_name,
    "jr:itext": Resolver._itext,
}
