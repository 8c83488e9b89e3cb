"""Choices of an XForm: secondary instances, lists that came as files, and the itemset of each select."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from lxml import etree

from forms.definition import Itemset, Text
from forms.errors import ErrorList
from forms.expression import Call, Expression, String, parse, walk
from forms.itext import Texts
from forms.readers import Unreadable, decode
from forms.xml import attribute, child, children, local

ChoiceRow = dict[str, str | Text]
ChoiceLists = dict[str, tuple[ChoiceRow, ...]]
_LAST_SAVED_SOURCE = "jr://instance/last-saved"


@dataclass(slots=True)
class Secondary:
    """What secondary instances hold: lists, names of lists elsewhere, the record saved before."""

    lists: ChoiceLists = field(default_factory=dict)
    external: list[str] = field(default_factory=list)
    last_saved: str = ""


def read_lists(
    model: etree._Element, texts: Texts, attached: Mapping[str, Sequence[Mapping[str, str]]]
) -> Secondary:
    """Read the secondary instances of a form, and the lists that controls query without declaring them."""
    found = Secondary()
    lists, external = found.lists, found.external
    for instance in [each for each in children(model) if local(each) == "instance"][1:]:
        name = attribute(instance, "id")
        if attribute(instance, "src") == _LAST_SAVED_SOURCE:
            found.last_saved = name
        elif attribute(instance, "src") and child(instance, "root") is None:
            if name in attached:
                lists[name] = tuple(_plain_row(row, texts) for row in attached[name])
            else:
                external.append(name)
        else:
            root = next(children(instance), None)
            items = () if root is None else children(root)
            lists[name] = tuple(_item_row(item, texts) for item in items)
    for name in sorted(_queried(model) - lists.keys() - set(external)):
        if name in attached:
            lists[name] = tuple(_plain_row(row, texts) for row in attached[name])
        else:
            external.append(name)
    return found


def _queried(model: etree._Element) -> set[str]:
    """Lists of select_one_external, which no instance declares."""
    found = model.getroottree().getroot().iter("{*}input")
    return {match[1] for each in found if (match := _QUERY.match(attribute(each, "query")))}


_QUERY = re.compile(r"""\s*instance\(\s*['"]([^'"]+)""")


def _item_row(item: etree._Element, texts: Texts) -> ChoiceRow:
    row: ChoiceRow = {}
    for column in children(item):
        value = (column.text or "").strip()
        if local(column) == "itextId":
            row["label"] = texts.of_id(value) or Text({texts.default_language: (value,)})
        elif local(column) == "label":
            row["label"] = Text({texts.default_language: (value,)})
        else:
            row[local(column)] = value
    return row


def _plain_row(row: Mapping[str, str], texts: Texts) -> ChoiceRow:
    result: ChoiceRow = dict(row)
    label = row.get("label", "")
    result["label"] = Text({texts.default_language: (label,)})
    return result


def read_csv_rows(name: str, source: bytes, errors: ErrorList) -> list[dict[str, str]]:
    """Rows of an attached CSV; its first row names the columns."""
    try:
        rows = list(csv.DictReader(io.StringIO(decode(source), newline=""), strict=True))
    except (csv.Error, Unreadable) as error:
        errors.add("bad_attachment", name=name, reason=str(error))
        return []
    return [{key.strip(): (value or "").strip() for key, value in row.items() if key} for row in rows]


def read_itemset(
    select: etree._Element, path: str, texts: Texts, lists: ChoiceLists, errors: ErrorList
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
        return _itemset(query, "name", "label")
    items = [each for each in children(select) if local(each) == "item"]
    if not items:
        errors.add("missing_list_name")
        return None
    name = "choices" + path.replace("/", "_")
    lists[name] = tuple(_inline_row(item, texts) for item in items)
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


def _instance_name(node: Expression) -> str:
    if isinstance(node, Call) and node.name == "instance" and len(node.arguments) == 1:
        argument = node.arguments[0]
        return argument.value if isinstance(argument, String) else ""
    return ""
