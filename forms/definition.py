"""What a form is after parsing: nodes, texts, lists, actions, entities, and resolved references.

`xform.py` builds it with plain expressions; `resolve.py` gives the same shape with every `Path` replaced.
Both emitters and nothing else read it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from forms.expression import Expression

if TYPE_CHECKING:
    from forms.instances import Instance

ITEXT = "__itext"  # the list of all texts by their id, for `jr:itext()` of an id that is computed
LAST_SAVED = "__last-saved"  # the list whose one row is the record of the form that was saved before


@dataclass(frozen=True, slots=True)
class Place:
    """Where an author wrote something; row is 1-based as Excel shows it, 0 when there is no workbook."""

    sheet: str
    row: int
    column: str


@dataclass(frozen=True, slots=True)
class Text:
    """A text in several languages: language -> parts, each a literal string or an expression (an output)."""

    by_language: dict[str, tuple[str | Expression, ...]]
    # language -> image/big-image/audio/video -> file name
    media: dict[str, dict[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Itemset:
    """The choices of a select: a list, a filter over its rows, and which columns are value and label."""

    list_name: str
    rows: Expression  # after resolve: Rows
    value: str = "name"
    label: str = "label"


@dataclass(frozen=True, slots=True)
class Node:
    """A question, group or repeat; `id` is its index in `Definition.nodes`, in document order, 0 the root."""

    id: int
    name: str
    kind: str  # group, repeat, question
    parent: int  # -1 for the root
    # string int decimal boolean date time dateTime geopoint geotrace geoshape select_one select_multiple rank
    # file barcode trigger
    type: str = ""
    # input select_one select_multiple rank upload range trigger; empty: no control (calculate, hidden, meta)
    control: str = ""
    media_type: str = ""  # upload: image/* audio/* video/* application/*
    appearance: tuple[str, ...] = ()
    label: Text | None = None
    hint: Text | None = None
    guidance: Text | None = None
    relevant: Expression | None = None
    required: Expression | None = None
    read_only: Expression | None = None
    constraint: Expression | None = None
    calculation: Expression | None = None
    required_message: Text | None = None
    constraint_message: Text | None = None
    default: str = ""  # static default, as text
    itemset: Itemset | None = None
    count: Expression | None = None  # repeat: how many instances; None: the user adds
    # repeat: the instances a filling begins with, of each the texts that differ from the defaults, by path;
    # None: one, as it comes
    instances: tuple[dict[str, str], ...] | None = None
    parameters: dict[str, str] = field(default_factory=dict)
    preload: str = ""  # start end today deviceid username phonenumber email uid
    save_to: str = ""
    extra: dict[str, str] = field(default_factory=dict)  # ly:subject ly:rule ly:level ly:purpose ly:class ...
    places: dict[str, Place] = field(default_factory=dict)  # column -> where the author wrote it


@dataclass(frozen=True, slots=True)
class Action:
    """A setvalue: on `event` (first-load, load, new-repeat, changed) put `value` into `target`."""

    event: str
    target: int
    value: Expression
    trigger: int = -1  # the node whose change fires it; for new-repeat the repeat; -1 for first-load and load


@dataclass(frozen=True, slots=True)
class EntityDeclaration:
    """One entity a filling creates or updates, per instance of `container` (a repeat, or the root 0).

    Expressions are read from the container. A condition is None when that never happens (`true()`: always);
    `entity_id` is None where the form names no row; an id that a client makes is an answer, see xform.py.
    """

    list_name: str
    container: int
    entity_id: Expression | None
    create_if: Expression | None
    update_if: Expression | None
    label: Expression | None
    save_to: dict[str, int]  # property -> node


@dataclass(frozen=True, slots=True)
class ListUse:
    """A list that expressions read: the columns they name and the columns compared for equality."""

    name: str
    columns: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    place: Place = Place("survey", 0, "")  # where it is read first


@dataclass(frozen=True, slots=True)
class Definition:
    """A whole form."""

    form_id: str
    version: str
    title: Text
    languages: tuple[str, ...]
    default_language: str
    nodes: tuple[Node, ...]
    # rows; `label` is a Text, other columns plain text
    choice_lists: dict[str, tuple[dict[str, str | Text], ...]]
    actions: tuple[Action, ...] = ()
    entities: tuple[EntityDeclaration, ...] = ()
    lists: tuple[ListUse, ...] = ()  # external lists (entity lists, attached csv); filled by resolve
    instance_name: Expression | None = None
    # secondary instances by name, where the form itself or an attached file holds their XML
    instances: Mapping[str, Instance] = field(default_factory=dict)
    last_saved: str = ""  # what the form calls the instance that holds the record saved before
    style: str = ""
    # settings in the ly namespace: ly:purpose ly:retention_days ly:key ...
    extra: dict[str, str] = field(default_factory=dict)
    # ly:key, ly:village as expressions; filled by resolve
    derived: dict[str, Expression] = field(default_factory=dict)


# What resolve.py puts where an author wrote a path.


@dataclass(frozen=True, slots=True)
class Ref:
    """One node, in the nearest enclosing scope of its repeat; its value is text, '' when empty or irrelevant.

    `level` counts predicates over form nodes around it: 0 is the scope the expression belongs to (also for
    `current()` inside predicates), 1 the instance that the outermost predicate is trying, and so on.
    """

    node: int
    level: int = 0
    is_held: bool = False  # the answer that stands there, whether relevant or not


@dataclass(frozen=True, slots=True)
class Nodes:
    """A node-set: every instance of `node` below the scope of `anchor`, in document order.

    `anchor` is the repeat whose current instance bounds the search (0: the whole form). `predicates` pairs a
    repeat on the way down with a predicate evaluated in each of its instances (position() is its 1-based
    place in the current set). `node` may be a repeat itself (count(${member})).
    """

    node: int
    anchor: int
    predicates: tuple[tuple[int, Expression], ...] = ()
    level: int = 0  # of the anchor's scope, as in Ref


@dataclass(frozen=True, slots=True)
class Group:
    """A group as a value: `text` is all answers in it, one after the other; `nodes` is what counts it."""

    nodes: Nodes
    text: Expression


@dataclass(frozen=True, slots=True)
class Union:
    """Several node-sets as one, in document order; of nothing: the empty set."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of a list. `equals` are indexed lookups column = expression; `predicates` the rest, in order.

    `column` is the column taken, '' for the rows themselves (count, itemsets). As text: the first row's.
    """

    list_name: str
    column: str
    equals: tuple[tuple[str, Expression], ...] = ()
    predicates: tuple[Expression, ...] = ()


@dataclass(frozen=True, slots=True)
class Offered:
    """The instances of a repeat as choices of a select: a question in it names them, one labels them."""

    names: Nodes
    labels: Nodes


@dataclass(frozen=True, slots=True)
class Column:
    """Inside a predicate of `Rows`: a column of the row being tried."""

    name: str


@dataclass(frozen=True, slots=True)
class Position:
    """`position(..)`: the 1-based index of the current instance of `repeat`."""

    repeat: int
    level: int = 0
