"""One expression with paths -> the same with references; `resolve.py` runs it over a whole form.

The functions are here; paths over form nodes are in `node_paths.py`, those over lists in `row_paths.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from forms import definition as d
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
    walk,
)
from forms.function import Function
from forms.functions import FUNCTIONS
from forms.functions_dialects import refusal, refused
from forms.lower import spine, type_of
from forms.node_paths import NOTHING, words_of
from forms.paths import ONE, Around, Chain, PathError, first_unbound
from forms.rewrites import plain, rewritten, told_as
from forms.row_paths import SAVED_BEFORE, RowPaths
from forms.special_dialects import SPECIAL
from forms.uses import hints

_ORDERED = ("join", "concat")  # the order of a node-set shows in what they give
_FAILED = String("")  # stands for what could not be resolved; the form is refused anyway
# Authors write it for "no value", which to XPath it is.
_NULLS = tuple(Path(False, (Step("child", word),)) for word in ("null", "NULL", "Null"))


@dataclass(frozen=True, slots=True)
class Resolver(RowPaths):
    """Resolves the expressions written at one place of one node."""

    def condition(self, expression: Expression, around: Around) -> Expression:
        """Resolve what is used as true or false."""
        is_path = isinstance(expression, Path | Name)
        made = self._attempt(self._nodes if is_path else self._resolve, expression, around)
        self._warn_always(made)
        return made

    def resolve(self, expression: Expression, around: Around) -> Expression:
        """Resolve one expression; a mistake is noted and '' put in its place."""
        return self._attempt(self._resolve, expression, around)

    def _attempt(
        self, resolve: Callable[[Expression, Around], Expression], expression: Expression, around: Around
    ) -> Expression:
        try:
            return resolve(expression, around)
        except PathError as error:
            self.errors.add(error.code, self.place, **error.values)
            return _FAILED

    def _resolve(self, expression: Expression, around: Around) -> Expression:
        match expression:
            case Number() | String():
                return expression
            case Negate():
                return Negate(self.resolve(expression.operand, around))
            case Binary(operator="|"):
                return self._union(expression, around)
            case Binary():
                return self._binary(expression, around)
            case Call():
                return self.valued(self._call(expression, around))
            case Path():
                return self.valued(self._path(expression, around))
            case Name():
                return self._name(expression, around)
        raise TypeError(f"not an expression: {expression!r}")

    def _binary(self, expression: Binary, around: Around) -> Expression:
        if expression.operator in ("and", "or"):
            left, right = self.condition(expression.left, around), self.condition(expression.right, around)
        else:
            left, right = self.resolve(expression.left, around), self.resolve(expression.right, around)
        return Binary(expression.operator, left, right)

    def _name(
        self, name: Name, around: Around, *, may_be_group: bool = False, is_set: bool = False
    ) -> Expression:
        if name.value.startswith(SAVED_BEFORE):
            return self.saved_before(name)
        return self.reference(self.named(name), around, may_be_group=may_be_group, is_set=is_set)

    def _union(self, expression: Binary, around: Around, *, may_be_group: bool = False) -> Expression:
        """Several node-sets as one, in document order as far as it matters: by what they are sets of."""
        parts: list[Expression] = []
        for each in spine(expression, ("|",)):
            made = self._member(each, around, may_be_group=may_be_group)
            parts.extend(made.parts if isinstance(made, d.Union) else [made])
        ordered = sorted(dict.fromkeys(parts), key=lambda part: part.node if isinstance(part, d.Nodes) else 0)
        return d.Union(tuple(ordered))

    def _member(self, expression: Expression, around: Around, *, may_be_group: bool) -> Expression:
        if isinstance(expression, Name):
            return self._name(expression, around, may_be_group=may_be_group, is_set=True)
        if isinstance(expression, Path):
            made = self._path(expression, around, may_be_group=may_be_group, is_set=True)
            if type_of(made) == "nodes":
                return made
        raise PathError("unsupported_path", path=words_of(expression), reason="|")

    def _warn_always(self, made: Expression) -> None:
        if isinstance(made, d.Ref):
            name = f"${{{self.tree.nodes[made.node].name}}}"
            self.errors.warn("always_true", self.place, path=name)
        elif isinstance(made, d.Column):
            self.errors.warn("always_true", self.place, path=made.name)

    # Functions.

    def _call(self, call: Call, around: Around) -> Expression:
        if name := refused(call):
            raise PathError("unsupported_function", **refusal(name))
        function = FUNCTIONS.get(call.name)
        if function is None:
            raise PathError("unknown_function", name=call.name, **hints(call.name, FUNCTIONS))
        if (made := plain(call)) is not call:
            self.errors.warn("repaired_expression", self.place, found=told_as(call), taken=told_as(made))
            return self._call(made, around)
        self._check_arity(call, function)
        if (instead := rewritten(call)) is not None:
            return self._resolve(instead, around)
        special = _SPECIAL.get(call.name)
        if special is not None:
            return special(self, call, around)
        arguments = tuple(self._arguments(call, function, around))
        if call.name in _ORDERED and any(self._is_mixed(each) for each in arguments):
            raise PathError("unsupported_path", path=f"{call.name}(… | …)", reason="|")
        return Call(call.name, arguments)

    def _is_mixed(self, argument: Expression) -> bool:
        """Whether a union takes turns in a repeat: its parts stand here one after the other."""
        if not isinstance(argument, d.Union):
            return False
        around = [self.tree.repeats(part.node)[:1] for part in argument.parts if isinstance(part, d.Nodes)]
        return any(repeat and around.count(repeat) > 1 for repeat in around)

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
                yield self._attempt(self._nodes, argument, around)
            elif wanted == "boolean":
                yield self.condition(argument, around)
            else:
                yield self._argument(argument, around, wanted)

    def _argument(self, argument: Expression, around: Around, wanted: str) -> Expression:
        if wanted == "rows":
            return self._attempt(self._row_set, argument, around)
        return self.resolve(argument, around)

    def row_set(self, expression: Expression, around: Around) -> Expression:
        """Resolve the rows that a select offers."""
        return self._attempt(self._row_set, expression, around)

    def instances(self, expression: Expression, value: str, label: str, around: Around) -> Expression:
        """Resolve the choices of a select from a repeat, shuffled or not."""

        def offered(path: Expression, around: Around) -> Expression:
            if isinstance(path, Call) and path.name == "randomize":
                seeds = (self.resolve(each, around) for each in path.arguments[1:])
                return Call(path.name, (offered(path.arguments[0], around), *seeds))
            if not isinstance(path, Path):
                raise PathError("choices_path", path=words_of(path))
            return self.offered(path, value, label, around)

        return self._attempt(offered, expression, around)

    def _row_set(self, expression: Expression, around: Around) -> Expression:
        if isinstance(expression, Path):
            return self._path(expression, around)
        if isinstance(expression, Call):
            return self._call(expression, around)
        return self._resolve(expression, around)

    def _nodes(self, argument: Expression, around: Around) -> Expression:
        """Resolve an argument that may also be a group or a repeat."""
        if isinstance(argument, Name):
            return self._name(argument, around, may_be_group=True)
        if isinstance(argument, Path):
            return self._path(argument, around, may_be_group=True)
        if isinstance(argument, Binary) and argument.operator == "|":
            return self._union(argument, around, may_be_group=True)
        return self._resolve(argument, around)

    def _position(self, call: Call, around: Around) -> Expression:
        if not call.arguments:
            return self._placed(call, around)
        path = self.target(call.arguments[0])
        if isinstance(path, Path) and path.base is None and around.row_of:
            raise PathError("misplaced_function", name="position", reason="[…]")
        entries, level = self.chain(path, around, with_last=True)
        if first_unbound(entries) < len(entries) or any(entry.predicates for entry in entries):
            raise PathError("misplaced_function", name="position", reason=words_of(call.arguments[0]))
        if self.tree.is_repeat(entries[-1].node):
            return d.Position(entries[-1].node, level)
        return Number(1.0)

    def _placed(self, call: Call, around: Around) -> Expression:
        """`position()` and `last()` only mean something in a predicate; of what is there once they are 1."""
        if around.place == ONE:
            return Number(1.0)
        if not around.place:
            raise PathError("misplaced_function", name=call.name, reason="[…]")
        return call

    def _count(self, call: Call, around: Around) -> Expression:
        made = self._nodes(call.arguments[0], around)
        if isinstance(made, d.Ref) and self.tree.nodes[made.node].kind != "question":
            return Number(1.0)
        if call.name != "count" and isinstance(made, d.Union) and any(map(self._is_repeat, made.parts)):
            raise PathError("group_as_value", path=words_of(call.arguments[0]))
        return Call(call.name, (made,))

    def _is_repeat(self, part: Expression) -> bool:
        return isinstance(part, d.Nodes) and self.tree.is_repeat(part.node)

    def _current(self, call: Call, around: Around) -> Expression:
        return self._path(Path(False, (Step("self", "*"),), call), around)

    def _version(self, call: Call, around: Around) -> Expression:
        return String(self.definition.version)

    def _bare_instance(self, call: Call, around: Around) -> Expression:
        raise PathError("unsupported_path", path="instance()", reason="/root/item[…]")

    def _pulldata(self, call: Call, around: Around) -> Expression:
        list_name, key = (self._of_list(call.arguments[at]) for at in (0, 2))
        value = Call("string", (self.resolve(call.arguments[3], around),))
        self.declared(list_name)
        if not self.uses.read(list_name, key, self.place, self.errors, is_key=True):
            return NOTHING
        column = call.arguments[1]
        if isinstance(column, String):
            return self._pulled(list_name, column.value.strip(), (key, value))
        return self._pulled_by(list_name, column, (key, value), around)

    def _pulled(self, list_name: str, column: str, key: tuple[str, Expression]) -> Expression:
        if not self.uses.read(list_name, column, self.place, self.errors):
            return NOTHING
        return d.Rows(list_name, column, (key,))

    def _pulled_by(
        self, list_name: str, column: Expression, key: tuple[str, Expression], around: Around
    ) -> Expression:
        """A column that is computed, as `concat('phone_', ${n})`: one of those that it can name."""
        parts = column.arguments if isinstance(column, Call) and column.name == "concat" else (column,)
        first, last = (part.value if isinstance(part, String) else "" for part in (parts[0], parts[-1]))
        fits = [
            each for each in self.uses.columns(list_name) if each.startswith(first) and each.endswith(last)
        ]
        if not fits:
            raise PathError("computed_list", found=words_of(column))
        wanted = Call("string", (self.resolve(column, around),))
        made: Expression = String("")
        for each in sorted(fits):
            made = Call("if", (Binary("=", wanted, String(each)), self._pulled(list_name, each, key), made))
        return made

    def _of_list(self, argument: Expression) -> str:
        if not isinstance(argument, String):
            raise PathError("computed_list", found=words_of(argument))
        return argument.value.strip()

    def _literal(self, argument: Expression, name: str) -> str:
        if not isinstance(argument, String):
            raise PathError("literal_argument", name=name, found=words_of(argument))
        return argument.value.strip()

    def _choice_name(self, call: Call, around: Around) -> Expression:
        value = Call("string", (self.resolve(call.arguments[0], around),))
        target = self._path_in(self._literal(call.arguments[1], call.name), around)
        itemset = self.tree.nodes[target].itemset
        if itemset is None:
            raise PathError("misplaced_function", name=call.name, reason=self.tree.nodes[target].name)
        if not itemset.list_name:
            return self._instance_name(itemset, value, Around(target, target))
        self.uses.read(itemset.list_name, itemset.label, self.place, self.errors)
        self.uses.read(itemset.list_name, itemset.value, self.place, self.errors, is_key=True)
        return d.Rows(itemset.list_name, itemset.label, ((itemset.value, value),))

    def _instance_name(self, itemset: d.Itemset, value: Expression, around: Around) -> Expression:
        """The label of the instance of a repeat that has this value."""
        paths = (part for part in walk(itemset.rows) if isinstance(part, Path))
        offered = self.offered(next(paths), itemset.value, itemset.label, around)
        repeat = self.tree.nearest_repeat(offered.names.node)
        same = Binary("=", d.Ref(offered.names.node, 1), value)
        return d.Nodes(offered.labels.node, offered.labels.anchor, ((repeat, same),), 0)

    def _path_in(self, text: str, around: Around) -> int:
        """Read the path that `jr:choice-name` has in quotes; gives the node it ends at."""
        try:
            path = parse(text)
        except ExpressionError as error:
            raise PathError("unknown_path", path=text, hint="", hint_en="") from error
        return self.chain(self.target(path), around)[0][-1].node

    def _itext(self, call: Call, around: Around) -> Expression:
        made = self.resolve(call.arguments[0], around)
        if isinstance(made, d.Rows) and made.column == "itextId":
            return d.Rows(made.list_name, "label", made.equals, made.predicates)
        if self.uses.declares(d.ITEXT):
            return d.Rows(d.ITEXT, "label", (("id", Call("string", (made,))),))
        raise PathError("misplaced_function", name=call.name, reason="itextId")

    def _indexed_repeat(self, call: Call, around: Around) -> Expression:
        if len(call.arguments) % 2 == 0:
            raise PathError("wrong_arity", name=call.name, expected="3, 5, 7", found=len(call.arguments))
        target = self.chain(self.target(call.arguments[0]), around)[0]
        nodes = [entry.node for entry in target]
        indices: dict[int, Expression] = {}
        for repeat, index in zip(call.arguments[1::2], call.arguments[2::2], strict=True):
            node = self.chain(self.target(repeat), around)[0][-1].node
            if node not in nodes or not self.tree.is_repeat(node):
                raise PathError("misplaced_function", name=call.name, reason=words_of(repeat))
            indices[node] = Call("number", (self.resolve(index, around),))
        first = min(nodes.index(node) for node in indices)
        anchor = max((each.node for each in target[:first] if self.tree.is_repeat(each.node)), default=0)
        predicates = tuple(
            (node, Binary("=", Call("position", ()), indices[node])) for node in nodes if node in indices
        )
        return d.Nodes(nodes[-1], anchor, predicates, 0)

    # Paths.

    def target_of(self, expression: Expression, around: Around) -> tuple[Chain, int]:
        """Walk the path or the name that an argument is; gives its entries and the level of its scope."""
        return self.chain(self.target(expression), around)

    def _path(
        self, path: Path, around: Around, *, may_be_group: bool = False, is_set: bool = False
    ) -> Expression:
        base = path.base
        if isinstance(base, Call) and base.name == "instance":
            return self.rows(path, base, around)
        if around.row_of and base is None and not path.is_absolute:
            return self.column(path, around)
        if path in _NULLS and self.tree.child(around.node, "null") is None:
            self.errors.warn("path_to_nothing", self.place, path="null")
            return NOTHING
        return self.reference(path, around, may_be_group=may_be_group, is_set=is_set)


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
