"""Paths over form nodes -> references: one node, a set of them, or a group as a value.

It knows neither functions nor lists; `references.py` builds upon it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches

from forms import definition as d
from forms.errors import ErrorList
from forms.expression import Binary, Call, Expression, Name, Number, Path, Step, String, parse
from forms.lower import type_of
from forms.paths import Around, Chain, Entry, Missing, PathError, bind, first_unbound, follow, written
from forms.tree import Tree
from forms.uses import Uses, hints

NOTHING = d.Union(())  # an empty node-set
_MAX_PARTS = 1_000  # of a set by wildcard; beyond, every answer would look at half the form again
_NEAR = 0.75  # how like another a name must be to be taken for a slip
_NEAR_BARE = 0.85  # when it stands alone at a question, where it may be a word that isn't meant as a path


@dataclass(frozen=True, slots=True)
class NodePaths(ABC):
    """Resolves paths written at one place of one node; what their predicates say, the layers above."""

    tree: Tree
    definition: d.Definition
    uses: Uses
    errors: ErrorList
    place: d.Place
    own: int

    @abstractmethod
    def resolve(self, expression: Expression, around: Around) -> Expression:
        """Resolve any expression."""

    @abstractmethod
    def condition(self, expression: Expression, around: Around) -> Expression:
        """Resolve what is used as true or false."""

    def reference(
        self, path: Path | int, around: Around, *, may_be_group: bool = False, is_set: bool = False
    ) -> Expression:
        """Resolve a path over form nodes; what leads nowhere is an empty set, unless it looks like a slip."""
        try:
            return self._found(path, around, may_be_group=may_be_group, is_set=is_set)
        except Missing as missing:
            near = self._slip(missing, path, around)
            if near is not None:
                raise PathError("unknown_path", path=missing.values["path"], **near) from missing
            self.errors.warn("path_to_nothing", self.place, path=missing.values["path"])
            return NOTHING

    def _found(self, path: Path | int, around: Around, *, may_be_group: bool, is_set: bool) -> Expression:
        if isinstance(path, Path) and path.steps[-1].axis == "attribute":
            return self._attribute(path, around)
        chains, level = self.chains(path, around)
        if len(chains) == 1 and not is_set:
            return self._one(chains[0], level, may_be_group=may_be_group)
        if len(chains) > _MAX_PARTS and isinstance(path, Path):
            raise PathError("unsupported_path", path=written(path), reason=f"> {_MAX_PARTS}")
        parts = (self._part(chain, level, may_be_group=may_be_group) for chain in chains)
        return d.Union(tuple(parts))

    def _slip(self, missing: Missing, path: Path | int, around: Around) -> dict[str, str] | None:
        """Hints where a path is surely mistyped: a question's name alone, or a name much like another.

        Other clients take a path that leads nowhere for an empty set; forms rely on it where a client puts
        nodes in that the form doesn't declare.
        """
        is_bare = isinstance(path, Path) and not path.is_absolute and path.base is None
        if isinstance(path, Path) and (path.steps[0].axis != "child" or self.tree.children(around.node)):
            is_bare = False
        if is_bare and self.tree.named(missing.name):
            meant = f"${{{missing.name}}}"
            return {"hint": f"，是不是“{meant}”", "hint_en": f"; did you mean {meant}"}
        # A form that came as XForm runs elsewhere as it is: there a path to nothing is only told.
        is_written = self.place.sheet != "xform"
        others = list(self.tree.names) if is_bare else missing.others
        near = get_close_matches(missing.name, others, cutoff=_NEAR_BARE if is_bare else _NEAR)
        near += [name for name in others if name.lower() == missing.name.lower()]
        return hints(near[0], others) if near and (is_bare or is_written) else None

    def _attribute(self, path: Path, around: Around) -> Expression:
        """Of attributes only those of the form itself are known: its id and version."""
        name = path.steps[-1].name.rpartition(":")[2]
        known = {"id": self.definition.form_id, "version": self.definition.version}
        chains, _ = self.chains(Path(path.is_absolute, path.steps[:-1], path.base), around)
        if name in known and [chain[-1].node for chain in chains] == [0]:
            return String(known[name])
        raise Missing(written(path), f"@{name}", ())

    # Chains.

    def target(self, expression: Expression) -> Path | int:
        """Give the path, or the node of a name; anything else is no path."""
        if isinstance(expression, Name):
            return self.named(expression)
        if isinstance(expression, Call) and expression.name == "current":
            return Path(False, (Step("self", "*"),), expression)
        if not isinstance(expression, Path):
            raise PathError("unsupported_path", path=words_of(expression), reason="()")
        return expression

    def chains(self, path: Path | int, around: Around, *, with_last: bool = False) -> tuple[list[Chain], int]:
        """Walk a path; gives a chain for each node it leads to, the right entries bound, and their scope."""
        if isinstance(path, int):
            entries = [Entry(node, not self.tree.is_repeat(node)) for node in self.tree.chains[path]]
            return [bind(self.tree, entries, around.own, with_last=with_last)], 0
        if path.is_absolute:
            found = follow(self.tree, path, 0)
            return [bind(self.tree, chain, around.own, with_last=with_last) for chain in found], 0
        if path.base is None:
            return follow(self.tree, path, around.node), around.level
        if isinstance(path.base, Call) and path.base.name == "current":
            return follow(self.tree, path, around.own), 0
        return self._filtered(path, around)

    def chain(self, path: Path | int, around: Around, *, with_last: bool = False) -> tuple[Chain, int]:
        """Walk a path that must lead to one node."""
        chains, level = self.chains(path, around, with_last=with_last)
        if len(chains) > 1:
            raise PathError(
                "unsupported_path", path=written(path) if isinstance(path, Path) else "", reason="*"
            )
        return chains[0], level

    def _filtered(self, path: Path, around: Around) -> tuple[list[Chain], int]:
        """`${member}[…]/age`: a name, or a path in brackets, with more steps."""
        if not isinstance(path.base, Name | Path):
            raise PathError("unsupported_path", path=written(path), reason="()")
        if isinstance(path.base, Path):
            joined = Path(path.base.is_absolute, path.base.steps + path.steps, path.base.base)
            return self.chains(joined, around)
        names = [self.tree.nodes[node].name for node in self.tree.chains[self.named(path.base)]]
        steps = tuple(Step("child", name) for name in names)
        return self.chains(Path(True, steps + path.steps), around)

    def named(self, name: Name) -> int:
        """Find the node of a name; of several the one nearest to the expression."""
        found = self.tree.named(name.value)
        if not found:
            raise PathError("unknown_name", name=name.value, **hints(name.value, self.tree.names))
        own = set(self.tree.chains[self.own])
        return max(found, key=lambda node: len(own.intersection(self.tree.chains[node])))

    # What a chain stands for.

    def _one(self, entries: Chain, level: int, *, may_be_group: bool) -> Expression:
        target = self.tree.nodes[entries[-1].node]
        first = first_unbound(entries)
        if first < len(entries):
            return self._part(entries, level, may_be_group=may_be_group)
        made: Expression = d.Ref(target.id, level)
        if target.kind != "question" and not may_be_group:
            made = self._whole(target, level)
        return self._where(made, entries, level)

    def _part(self, entries: Chain, level: int, *, may_be_group: bool) -> Expression:
        """A node-set, which leaves out what is not relevant."""
        target = self.tree.nodes[entries[-1].node]
        first = first_unbound(entries)
        if first == len(entries):
            nodes = d.Nodes(target.id, self.tree.nearest_repeat(target.id), (), level)
            made = nodes if target.kind == "question" else self._whole(target, level)
            return self._where(made, entries, level)
        if target.kind != "question" and not may_be_group:
            raise PathError("group_as_value", path=self.tree.path(target.id) or target.name)
        anchor = max((each.node for each in entries[:first] if self.tree.is_repeat(each.node)), default=0)
        predicates = tuple(self._predicates(entries[first:], Around(self.own, 0, level)))
        return self._where(d.Nodes(target.id, anchor, predicates, level), entries[:first], level)

    def _where(self, made: Expression, entries: Sequence[Entry], level: int) -> Expression:
        """Keep what is there once, as in `/data/a[. > 5]`, only while its predicates hold."""
        for entry in entries:
            for predicate in entry.predicates:
                around = Around(self.own, entry.node, level).testing_one(entry.node)
                made = Call("if", (self._test(predicate, around), made, NOTHING))
        return made

    def _test(self, predicate: Expression, around: Around) -> Expression:
        """Resolve a predicate over what is there once: its position is 1."""
        made = self.condition(predicate, around)
        return Binary("=", Number(1.0), made) if type_of(made) == "number" else made

    def _predicates(self, entries: Sequence[Entry], around: Around) -> Iterator[tuple[int, Expression]]:
        """Pair each predicate with the repeat whose instances it tries: for a question the one around it."""
        repeat = entries[0].node
        for entry in entries:
            is_repeat = self.tree.is_repeat(entry.node)
            repeat = entry.node if is_repeat else repeat
            for predicate in entry.predicates:
                inside = around.testing(entry.node, is_repeat=is_repeat)
                made = self.condition(predicate, inside) if is_repeat else self._test(predicate, inside)
                yield repeat, made

    def _whole(self, group: d.Node, level: int) -> d.Group:
        """A group, or an instance of a repeat, as a value: all answers in it, one after the other."""
        path = self.tree.path(group.id) or group.name
        home = self.tree.nearest_repeat(group.id)
        texts: list[Expression] = []
        for each in self.tree.below(group.id):
            if self.tree.nodes[each].kind != "question" or each == self.own:
                continue
            if self.tree.nearest_repeat(each) != home:
                raise PathError("group_as_value", path=path)
            texts.append(d.Ref(each, level))
        self.errors.warn("group_text", self.place, path=path)
        anchor = self.tree.nearest_repeat(group.parent) if group.parent > 0 else 0
        return d.Group(d.Nodes(group.id, anchor, (), level), Call("concat", tuple(texts) or (String(""),)))

    def offered(self, path: Path, value: str, label: str, around: Around) -> d.Offered:
        """The choices of a select from a repeat: `/data/m[./age > 17]`, named and labelled from within."""
        entries, level = self.chain(path, around)
        made = self._part(entries, level, may_be_group=True)
        if not isinstance(made, d.Nodes) or not self.tree.is_repeat(made.node):
            raise PathError("choices_path", path=written(path))
        names, labels = (self._inside(made.node, each) for each in (value, label))
        return d.Offered(replace(made, node=names), replace(made, node=labels))

    def _inside(self, repeat: int, written_path: str) -> int:
        found = follow(self.tree, _path_of(written_path), repeat)[0][-1].node
        if self.tree.nodes[found].kind != "question" or self.tree.nearest_repeat(found) != repeat:
            raise PathError("choices_path", path=written_path)
        return found


def _path_of(text: str) -> Path:
    path = parse(text)
    if not isinstance(path, Path) or path.is_absolute or path.base is not None:
        raise PathError("choices_path", path=text)
    return path


def words_of(expression: Expression) -> str:
    """Write what stands where a path should, for a message."""
    if isinstance(expression, Path):
        return written(expression)
    if isinstance(expression, Name):
        return f"${{{expression.value}}}"
    return f"{expression.name}()" if isinstance(expression, Call) else str(getattr(expression, "value", "…"))
