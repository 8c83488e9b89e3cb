"""Location path -> entries from the root down, each bound to the current instance or not; knows no functions.

A repeat on the way is *bound* when the current instance is meant: relative paths bind what they did not climb
out of, absolute paths bind the repeats around the expression, except one that is the target itself
(`count(/data/member)` counts all), as Collect does.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from forms.expression import Expression, Path, Step
from forms.tree import Tree

MANY, ONE, UP = "many", "one", "up"


@dataclass(frozen=True, slots=True)
class Around:
    """Where an expression stands.

    `own` is the node it belongs to, `node` the node that relative paths start from, `level` the number of
    predicates over form nodes around it; `row_of` names the list while inside a predicate over its rows, and
    `row_steps` how many steps above a row that predicate stands. `place` says what `position()` means:
    nothing outside of predicates, else whether what is tried is there many times, once, or holds the rows.
    """

    own: int
    node: int
    level: int = 0
    row_of: str = ""
    row_steps: int = 0
    place: str = ""

    def testing(self, node: int, *, is_repeat: bool = True) -> Around:
        """Step into a predicate over instances of `node`; one that isn't repeated has the first place."""
        place = MANY if is_repeat else ONE
        return replace(self, node=node, level=self.level + 1, row_of="", row_steps=0, place=place)

    def testing_one(self, node: int) -> Around:
        """Step into a predicate over a node that is there once, in the same scope."""
        return replace(self, node=node, row_of="", row_steps=0, place=ONE)

    def testing_rows(self, list_name: str, row_steps: int = 0) -> Around:
        """Step into a predicate over rows of a list, or over what holds them `row_steps` further up."""
        return replace(self, row_of=list_name, row_steps=row_steps, place=UP if row_steps else MANY)


@dataclass(frozen=True, slots=True)
class Entry:
    """A node on a path; `is_bound` says that its current instance is meant."""

    node: int
    is_bound: bool
    predicates: tuple[Expression, ...] = ()


Chain: TypeAlias = "list[Entry]"


class PathError(ValueError):
    """A path that leads nowhere or can't be compiled: a form error's code and its values."""

    def __init__(self, code: str, **values: object) -> None:
        """Keep what the message needs."""
        super().__init__(code)
        self.code = code
        self.values = values


class Missing(PathError):
    """A path to a node that isn't there; `name` is the step that fails, `others` what stands in its place."""

    def __init__(self, path: str, name: str, others: Sequence[str]) -> None:
        """Keep what tells a slip from a node that only other clients have."""
        super().__init__("unknown_path", path=path, hint="", hint_en="")
        self.name = name
        self.others = others


def follow(tree: Tree, path: Path, start: int) -> list[Chain]:
    """Walk the steps of a path from `start`, or from the root when it is absolute.

    Returns: a chain for each node that the path leads to, in document order; `*` and `//` lead to several.

    Raises: Missing where there is no such node.
    """
    chains: list[Chain] = [[Entry(node, True) for node in tree.chains[0 if path.is_absolute else start]]]
    steps = path.steps
    if path.is_absolute and steps[0].axis == "child":
        if steps[0].name not in (tree.nodes[0].name, "*") or steps[0].predicates:
            # Of another form; surely mistyped where this one has what it leads to.
            last = steps[-1].name
            raise Missing(written(path), last, [last] if tree.named(last) else ())
        steps = steps[1:]
    for step in steps:
        found = [made for chain in chains for made in _advance(tree, chain, step, path)]
        if not found:
            raise Missing(written(path), step.name, [tree.nodes[n].name for n in _below(tree, chains[-1])])
        chains = sorted({_last(chain): chain for chain in reversed(found)}.values(), key=_last)
    if not chains[0]:
        raise Missing(written(path), "..", ())
    return chains


def _last(chain: Chain) -> int:
    """The node a chain ends at; -1 for the document, above the root."""
    return chain[-1].node if chain else -1


def _below(tree: Tree, chain: Chain) -> Sequence[int]:
    return tree.children(chain[-1].node) if chain else [0]


def _advance(tree: Tree, entries: Chain, step: Step, path: Path) -> Iterator[Chain]:
    if not entries:
        if step.axis == "child" and _is_named(tree, 0, step) and not step.predicates:
            yield [Entry(0, True)]
        return
    last = entries[-1]
    if step.axis == "parent":
        if last.predicates or step.predicates:
            raise PathError("unsupported_path", path=written(path), reason="[…]/..")
        yield entries[:-1]
    elif step.axis == "self":
        yield [*entries[:-1], replace(last, predicates=last.predicates + step.predicates)]
    elif step.axis == "descendant":
        for node in tree.below(last.node):
            if _is_named(tree, node, step):
                way = tree.chains[node][len(entries) : -1]
                yield [*entries, *(_entry(tree, each) for each in way), _entry(tree, node, step)]
    elif step.axis == "child":
        is_any = step.name == "*"
        for child in tree.children(last.node) if is_any else tree.namesakes(last.node, _local(step)):
            yield [*entries, _entry(tree, child, step)]


def _is_named(tree: Tree, node: int, step: Step) -> bool:
    return step.name == "*" or tree.nodes[node].name == _local(step)


def _local(step: Step) -> str:
    """Elements are known by their local names: a prefix, as in `orx:meta`, says nothing more here."""
    return step.name.rpartition(":")[2]


def _entry(tree: Tree, node: int, step: Step | None = None) -> Entry:
    return Entry(node, not tree.is_repeat(node), step.predicates if step else ())


def bind(tree: Tree, entries: Chain, own: int, *, with_last: bool = False) -> Chain:
    """Bind the repeats of an absolute path that stand around `own`; with `with_last` the target too."""
    around = set(tree.chains[own])
    bound: Chain = []
    is_open = True
    for index, entry in enumerate(entries):
        is_target = index == len(entries) - 1 and not with_last
        is_open = is_open and entry.node in around and not entry.predicates
        bound.append(replace(entry, is_bound=entry.is_bound or (is_open and not is_target)))
    return bound


def first_unbound(entries: Chain) -> int:
    """Index of the first entry that stands for several instances; their number when none does."""
    return next((index for index, entry in enumerate(entries) if not entry.is_bound), len(entries))


def written(path: Path) -> str:
    """Write a path for a message, predicates shortened."""
    steps = "/".join(_step(step) for step in path.steps)
    if path.is_absolute:
        return "/" + steps
    return ("…/" if path.base is not None else "") + steps


def _step(step: Step) -> str:
    marks = {"parent": "..", "self": ".", "attribute": f"@{step.name}", "descendant": f"/{step.name}"}
    name = marks.get(step.axis, step.name)
    return name + "[…]" * len(step.predicates)
