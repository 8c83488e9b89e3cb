"""Choices of an XForm: secondary instances, lists that came as files, and the itemset of each select."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePath

from lxml import etree

from forms.attachments import Attached
from forms.definition import Itemset, Place, Text
from forms.errors import ErrorList
from forms.expression import Call, Expression, String, mapped, parse, walk
from forms.instances import Instance, columns_of
from forms.itext import Texts
from forms.xml import attribute, child, children, local

ChoiceRow = dict[str, str | Text]
ChoiceLists = dict[str, tuple[ChoiceRow, ...]]
_LAST_SAVED_SOURCE = "jr://instance/last-saved"


@dataclass(slots=True)
class Secondary:
    """What secondary instances hold: lists, names of lists elsewhere, the record saved before."""

    lists: ChoiceLists = field(default_factory=dict)
    external: list[str] = field(default_factory=list)
    instances: dict[str, Instance] = field(default_factory=dict)
    last_saved: str = ""
    queried: dict[str, str] = field(default_factory=dict)  # of select_one_external -> its name in `lists`
    text_ids: frozenset[str] = frozenset()  # columns by which selects find the texts of choices


def read_lists(model: etree._Element, texts: Texts, attached: Attached) -> Secondary:
    """Read the secondary instances of a form, and the lists that controls query without declaring them."""
    found = Secondary(text_ids=frozenset(_text_ids(model)))
    for instance in [each for each in children(model) if local(each) == "instance"][1:]:
        name, source = attribute(instance, "id"), attribute(instance, "src")
        root = next(children(instance), None)
        if source == _LAST_SAVED_SOURCE:
            found.last_saved = name
        elif source and root is None:
            _read_attached(name, PurePath(source).stem, texts, attached, found)
        else:
            _read_document(name, instance if root is None else root, texts, found)
    for name in sorted(_queried(model)):
        # A list of external_choices may have the name of one of the choices sheet.
        own = f"external/{name}" if name in found.lists and name in attached.rows else name
        found.queried[name] = own
        if own not in found.lists and own not in found.external:
            _read_attached(own, name, texts, attached, found)
    return found


def _read_attached(name: str, stem: str, texts: Texts, attached: Attached, found: Secondary) -> None:
    key = name if name in attached.rows or name in attached.documents else stem
    if key in attached.documents:
        _read_document(name, attached.documents[key], texts, found)
    elif key in attached.rows:
        found.lists[name] = tuple(_plain_row(row, texts) for row in attached.rows[key])
    else:
        found.external.append(name)


def _read_document(name: str, root: etree._Element, texts: Texts, found: Secondary) -> None:
    found.instances[name] = Instance(root, lambda row: _named_text(row, texts, found.text_ids))
    found.lists[name] = tuple(_item_row(item, texts, found.text_ids) for item in children(root))


def _text_ids(model: etree._Element) -> Iterator[str]:
    """Columns of which a select's label is `jr:itext(column)`."""
    for itemset in model.getroottree().getroot().iter("{*}itemset"):
        label = child(itemset, "label")
        if match := _TEXT_ID.fullmatch("" if label is None else attribute(label, "ref")):
            yield match[1]


_TEXT_ID = re.compile(r"\s*jr:itext\(\s*([\w.-]+)\s*\)\s*")


def _queried(model: etree._Element) -> set[str]:
    """Lists of select_one_external, which no instance declares."""
    found = model.getroottree().getroot().iter("{*}input")
    return {match[1] for each in found if (match := _QUERY.match(attribute(each, "query")))}


_QUERY = re.compile(r"""\s*instance\(\s*['"]([^'"]+)""")


def _item_row(item: etree._Element, texts: Texts, text_ids: Collection[str]) -> ChoiceRow:
    row: ChoiceRow = {}
    for column, value in columns_of(item):
        if column == "itextId":
            row["label"] = texts.of_id(value) or Text({texts.default_language: (value,)})
        elif column == "label":
            row["label"] = Text({texts.default_language: (value,)})
        else:
            row.setdefault(column, value)
            if column in text_ids and (text := texts.of_id(value)):
                row["label"] = text
    return row


def _named_text(row: etree._Element, texts: Texts, text_ids: Collection[str]) -> Text | None:
    """The text of which one of a row's columns is the id."""
    named = (each.text or "" for each in children(row) if local(each) in ("itextId", *text_ids))
    return next(filter(None, (texts.of_id(each.strip()) for each in named)), None)


def _plain_row(row: Mapping[str, str], texts: Texts) -> ChoiceRow:
    result: ChoiceRow = dict(row)
    label = row.get("label", "")
    result["label"] = Text({texts.default_language: (label,)})
    return result


def read_itemset(
    select: etree._Element, path: str, texts: Texts, secondary: Secondary, errors: ErrorList, place: Place
) -> Itemset | None:
    """The choices of one select; choices written inside it become a list named after its path.

    Raises: ExpressionError where the nodeset can't be read.
    """
    itemset = child(select, "itemset")
    if itemset is not None:
        value, label = child(itemset, "value"), child(itemset, "label")
        return _itemset(
            attribute(itemset, "nodeset"),
            "name" if value is None else attribute(value, "ref"),
            "label" if label is None else attribute(label, "ref"),
        )
    if query := attribute(select, "query"):
        made = _itemset(query, "name", "label")
        own = secondary.queried.get(made.list_name, made.list_name)
        return made if own == made.list_name else _renamed(made, own)
    items = [each for each in children(select) if local(each) == "item"]
    if not items:
        errors.add("missing_list_name", place)
        return None
    name = "choices" + path.replace("/", "_")
    secondary.lists[name] = tuple(_inline_row(item, texts) for item in items)
    return Itemset(name, parse(f"instance('{name}')/root/item"))


def tick_labels(scale: etree._Element) -> str:
    """The list whose labels stand at the ticks of a range, '' when there is none."""
    itemset = child(scale, "itemset")
    return "" if itemset is None else _itemset(attribute(itemset, "nodeset"), "name", "label").list_name


def _inline_row(item: etree._Element, texts: Texts) -> ChoiceRow:
    value = child(item, "value")
    label = texts.of_element(child(item, "label"))
    name = "" if value is None else (value.text or "").strip()
    return {"name": name, "label": label or Text({texts.default_language: (name,)})}


def _itemset(nodeset: str, value: str, label: str) -> Itemset:
    rows = parse(nodeset.strip())
    column = "label" if label.strip().startswith("jr:itext") else label.strip()
    names = (_instance_name(node) for node in walk(rows))
    return Itemset(next(filter(None, names), ""), rows, value.strip(), column)


def _renamed(itemset: Itemset, name: str) -> Itemset:
    old = Call("instance", (String(itemset.list_name),))
    new = Call("instance", (String(name),))
    rows = mapped(itemset.rows, lambda part: new if part == old else part)
    return Itemset(name, rows, itemset.value, itemset.label)


def _instance_name(node: Expression) -> str:
    if isinstance(node, Call) and node.name == "instance" and len(node.arguments) == 1:
        argument = node.arguments[0]
        return argument.value if isinstance(argument, String) else ""
    return ""
