"""XForm XML -> Definition: tree, binds, labels, choice lists, actions, entities; paths stay as written.

Resolves nothing and orders nothing. Workbooks come here too, through pyxform, with the places of their cells.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from lxml import etree

from forms.attachments import Attached
from forms.definition import ITEXT, Action, Definition, Itemset, ListUse, Node, Place, Text
from forms.errors import ErrorList
from forms.expression import Expression, ExpressionError, String
from forms.itext import Parts, Texts, read_texts
from forms.limits import MAX_XML_TAGS
from forms.workbook import LY_NAMESPACE
from forms.xform_binds import Binds, Places, prefixed
from forms.xform_body import Body, SetValue, Shown, read_body
from forms.xform_entities import ENTITY_ID, OWN_ID, EntityReader, is_volatile, makes_entity, rebase
from forms.xform_instances import instances_of
from forms.xform_lists import Secondary, read_itemset, read_lists, tick_labels
from forms.xml import attribute, attributes_in, child, children, line_of, local, read_xml, text_of

_CONTROL_TYPES = ("select_one", "select_multiple", "rank", "trigger")
_COMPUTED_TEXT = re.compile(r"""jr:itext\(\s*(?!['"]|itextId)""")
_BIND_PARAMETERS = ("max-pixels", "quality")


def read_xform(
    source: bytes,
    errors: ErrorList,
    places: Places | None = None,
    attached: Attached | None = None,
) -> Definition | None:
    """Read a form; None, with errors noted, when it isn't one.

    Args:
        places: where the author wrote each column of each path, when there is a workbook.
        attached: lists that came as files or sheets.
    """
    html = read_xml(source, errors, MAX_XML_TAGS if places is None else 0)
    head = None if html is None else child(html, "head")
    model = None if head is None else child(head, "model")
    instance = None if model is None else child(model, "instance")
    root = None if instance is None else next(children(instance), None)
    if html is None or head is None or model is None or root is None:
        if html is not None:
            errors.add("xform_incomplete", what="<model><instance>")
        return None
    return _Reader(
        html, head, model, root, errors, Binds(errors, places), attached or Attached()
    ).definition()


def with_version(xform: str, version: str) -> str:
    """Write a version into an XForm; it was read without errors before."""
    html = read_xml(xform.encode(), ErrorList())
    primary = None if html is None else next(html.iter("{*}instance"), None)
    root = None if primary is None else next(children(primary), None)
    if html is None or root is None:
        return xform
    root.set("version", version)
    return etree.tostring(html, encoding="unicode")


@dataclass(slots=True)
class _Reader:
    html: etree._Element
    head: etree._Element
    model: etree._Element
    root: etree._Element
    errors: ErrorList
    binds: Binds
    attached: Attached
    nodes: list[Node] = field(default_factory=list)
    ids: dict[str, int] = field(default_factory=dict)
    texts: Texts = field(init=False)
    body: Body = field(init=False)
    secondary: Secondary = field(default_factory=Secondary)

    def definition(self) -> Definition:
        self.texts = read_texts(self.model, self.errors)
        self.refuse_encryption()
        self.secondary = secondary = read_lists(self.model, self.texts, self.attached)
        if any(_COMPUTED_TEXT.search(value) for value in self.written()):
            secondary.lists[ITEXT] = self.texts.by_computed_id()
        root = f"/{local(self.root)}"
        self.binds.read(self.model, root)
        self.body = read_body(self.html, self.model, root, self.binds.ids, self.errors)
        self.read_node(self.root, root, -1)
        self.tell_strangers()
        nodes = tuple(self.nodes)
        # Old forms have their id as the namespace of the root.
        is_own = etree.QName(self.root).namespace != etree.QName(self.model).namespace
        form_id = attribute(self.root, "id") or (
            str(etree.QName(self.root).namespace or "") if is_own else ""
        )
        if not form_id:
            self.errors.block("xform_incomplete", Place("xform", line_of(self.root), "id"), what="id")
            form_id = local(self.root)
        return Definition(
            form_id=form_id,
            version=attribute(self.root, "version"),
            title=self.title(form_id),
            languages=self.texts.languages,
            default_language=self.texts.default_language,
            nodes=nodes,
            choice_lists=secondary.lists,
            actions=tuple(action for each in self.body.setvalues if (action := self.action(each))),
            entities=EntityReader(
                nodes, self.ids, lambda path: self.binds.expression(path, "calculate")
            ).read(self.root),
            lists=tuple(ListUse(name) for name in secondary.external),
            instance_name=self.instance_name(root),
            instances=secondary.instances,
            last_saved=secondary.last_saved,
            style=self.style(),
            extra=prefixed(attributes_in(self.model, LY_NAMESPACE)),
        )

    def refuse_encryption(self) -> None:
        """Sending what was to be encrypted in the clear would be silently wrong; it may be tried out."""
        is_told = any(each.code == "public_key" for each in self.errors.found.values())  # of a workbook
        submission = child(self.model, "submission")
        if submission is not None and attribute(submission, "base64RsaPublicKey") and not is_told:
            self.errors.block("public_key", Place("xform", line_of(submission), "submission"))

    def tell_strangers(self) -> None:
        """A question that the instance lacks has no place for its answer: nobody is asked."""
        for path, shown in self.body.shown.items():
            if path not in self.ids and shown.control not in ("group", "repeat"):
                place = Place("xform", line_of(shown.element), "")
                self.errors.warn("ignored_xform", place, what=f"<{local(shown.element)} ref='{path}'>")

    def read_node(self, element: etree._Element, path: str, parent: int) -> None:
        kind = self.kind_of(element, path, parent)
        make = self.question if kind == "question" else self.container
        node = make(path, parent, element)
        self.nodes.append(node)
        self.ids[path] = node.id
        for each in self.as_shown([each for each in children(element) if self.is_node(each, path)], path):
            inner_path = f"{path}/{local(each)}"
            # A repeat stands twice: its template, and the instance a new filling begins with.
            if inner_path not in self.ids:
                self.read_node(each, inner_path, node.id)
        if makes_entity(element):
            made = self.binds.expression(f"{path}/{ENTITY_ID}", "calculate")
            if made is None or is_volatile(made):
                self.keep_entity_id(element, path, node.id, made)

    def keep_entity_id(
        self, element: etree._Element, path: str, parent: int, made: Expression | None
    ) -> None:
        """The id of a new row, which is made once, is an answer: drafts and the server keep it."""
        name = OWN_ID
        while child(element, name) is not None:
            name += "_"
        # It stands beside `meta`.
        calculation = made and rebase(made, f"{path}/{ENTITY_ID}", f"{path}/meta")
        node = Node(len(self.nodes), name, "question", parent, type="string", calculation=calculation)
        self.nodes.append(node)
        self.ids[f"{path}/{ENTITY_ID}"] = node.id

    def kind_of(self, element: etree._Element, path: str, parent: int) -> str:
        shown = self.body.shown.get(path)
        if shown and shown.control == "repeat":
            return "repeat"
        is_empty = parent >= 0 and not len(element)
        if shown and shown.control == "group" and is_empty and self.binds.attribute(path, "calculate"):
            # A group of the body alone, shown while a value is relevant: what is in it has its own relevance.
            place = self.binds.place(path, "type", shown.element)
            self.errors.warn("ignored_xform", place, what=f"<group ref='{path}'>")
            del self.body.shown[path]
            return "question"
        return "question" if is_empty and not (shown and shown.control == "group") else "group"

    def as_shown(self, elements: list[etree._Element], path: str) -> list[etree._Element]:
        """Put what the body shows in the body's order; the rest stays where it is."""
        ranks = {each: rank for each in elements if (rank := self.body.rank(f"{path}/{local(each)}")) >= 0}
        ordered = iter(sorted(ranks, key=lambda each: ranks[each]))
        return [next(ordered) if each in ranks else each for each in elements]

    def is_node(self, element: etree._Element, parent: str) -> bool:
        """False for `meta` and what is in it, which clients fill themselves, unless a formula reads it."""
        name, root = local(element), f"/{local(self.root)}"
        if name == "meta" and parent == root:
            return self.reads_instance_id()
        if name == "meta" and child(element, "entity") is not None:
            return False
        return name == "instanceID" if parent == f"{root}/meta" else True

    def reads_instance_id(self) -> bool:
        return any("instanceID" in value for value in self.written())

    def written(self) -> Iterator[str]:
        """What may be an expression: attributes of binds, actions and outputs."""
        for element in self.html.iter("{*}bind", "{*}setvalue", "{*}output"):
            yield from (str(text) for name, text in element.attrib.items() if name not in ("nodeset", "ref"))

    def container(self, path: str, parent: int, element: etree._Element) -> Node:
        shown = self.body.shown.get(path)
        fixed = shown is not None and attribute(shown.element, "noAddRemove").startswith("true")
        return Node(
            id=len(self.nodes),
            name=path.rpartition("/")[2],
            kind="repeat" if shown and shown.control == "repeat" else "group",
            parent=parent,
            appearance=shown.appearance if shown else (),
            label=self.texts.of_element(shown.labelled("label")) if shown else None,
            hint=self.texts.of_element(shown.labelled("hint")) if shown else None,
            relevant=self.binds.expression(path, "relevant"),
            read_only=self.binds.expression(path, "readonly"),
            count=self.count(path, shown),
            instances=self.instances(element, parent) if shown and shown.control == "repeat" else None,
            constraint_message=self.message(path, "constraintMsg"),
            parameters={"no_add_remove": "true"} if fixed else {},
            extra=self.binds.ours(path),
            places=self.binds.places_of(path),
        )

    def instances(self, element: etree._Element, parent: int) -> tuple[dict[str, str], ...] | None:
        around = parent
        while around >= 0 and self.nodes[around].kind != "repeat":
            around = self.nodes[around].parent
        return instances_of(element, is_nested=around >= 0)

    def question(self, path: str, parent: int, element: etree._Element) -> Node:
        shown = self.body.shown.get(path)
        label, hint = (shown.labelled("label"), shown.labelled("hint")) if shown else (None, None)
        made = Node(
            id=len(self.nodes),
            name=path.rpartition("/")[2],
            kind="question",
            parent=parent,
            type=self.type_of(path, shown),
            control=shown.control if shown else "",
            media_type=attribute(shown.element, "mediatype") if shown and shown.control == "upload" else "",
            appearance=shown.appearance if shown else (),
            # pyxform keeps the label of a calculation, which nothing shows: there a flag says its message.
            label=self.texts.of_element(label) if shown else self.texts.of_id(f"{path}:label"),
            hint=self.texts.of_element(hint),
            guidance=self.texts.of_element(hint, "guidance"),
            relevant=self.binds.expression(path, "relevant"),
            required=self.binds.expression(path, "required"),
            read_only=self.binds.expression(path, "readonly"),
            constraint=self.binds.expression(path, "constraint"),
            calculation=self.binds.expression(path, "calculate"),
            required_message=self.message(path, "requiredMsg"),
            constraint_message=self.message(path, "constraintMsg"),
            default=text_of(element),
            itemset=self.itemset(path, shown),
            parameters=self.parameters(path, shown),
            preload=self.binds.preload(path),
            save_to=self.binds.attribute(path, "saveto"),
            extra=self.binds.ours(path),
            places=self.binds.places_of(path),
        )
        if made.type == "file" and made.default:
            self.errors.warn("idle_column", self.binds.place(path, "default", element), column="default")
            made = replace(made, default="")
        return self.asked_for(made, path) if path in self.body.positions and shown is None else made

    def asked_for(self, node: Node, path: str) -> Node:
        """A position that other clients take unasked: here whoever fills sees why, and gives it."""
        if not node.extra.get("ly:purpose", ""):
            if self.binds.places is None:  # in a workbook it is a type, of which lint speaks
                place = self.binds.place(path, "type", self.body.positions[path])
                self.errors.warn("position_without_purpose", place, type="setgeopoint")
            return node
        said: dict[str, Parts] = {
            each: ("Position" if each.startswith("en") else "位置",) for each in self.texts.languages
        }
        return replace(node, control="input", label=node.label or Text(said))

    def type_of(self, path: str, shown: Shown | None) -> str:
        if shown and shown.control in _CONTROL_TYPES:
            return shown.control
        found = self.binds.type_of(path)
        return "file" if shown and shown.control == "upload" else found

    def itemset(self, path: str, shown: Shown | None) -> Itemset | None:
        if shown is None or shown.control not in ("select_one", "select_multiple", "rank"):
            return None
        try:
            place = self.binds.place(path, "type", shown.element)
            return read_itemset(shown.element, path, self.texts, self.secondary, self.errors, place)
        except ExpressionError as error:
            place = self.binds.place(path, "choice_filter", shown.element)
            self.errors.add(error.code, place, **error.values)
            return None

    def parameters(self, path: str, shown: Shown | None) -> dict[str, str]:
        own = shown.parameters if shown else {}
        if shown and shown.control == "range" and (labels := tick_labels(shown.element)):
            own = {**own, "tick-labelset": labels}
        bound = {name: self.binds.attribute(path, name) for name in _BIND_PARAMETERS}
        return {**own, **{name: value for name, value in bound.items() if value}}

    def message(self, path: str, name: str) -> Text | None:
        return self.texts.of_message(self.binds.attribute(path, name))

    def count(self, path: str, shown: Shown | None) -> Expression | None:
        if shown is None or shown.control != "repeat":
            return None
        place = self.binds.place(path, "repeat_count", shown.element)
        return self.binds.parsed(attribute(shown.element, "count"), place)

    def action(self, setvalue: SetValue) -> Action | None:
        target = self.ids.get(setvalue.target)
        if target is None:  # something in `meta`, which clients fill themselves
            return None
        place = self.binds.place(setvalue.target, "default", setvalue.element)
        written = attribute(setvalue.element, "value")
        value = (
            self.binds.parsed(written, place) if written else String((setvalue.element.text or "").strip())
        )
        if value is None:
            return None
        trigger = -1 if setvalue.event in ("first-load", "load") else self.ids.get(setvalue.trigger, -1)
        return Action(setvalue.event, target, value, trigger)

    def instance_name(self, root: str) -> Expression | None:
        path = f"{root}/meta/instanceName"
        found = self.binds.expression(path, "calculate")
        return None if found is None else rebase(found, path, root)

    def title(self, form_id: str) -> Text:
        element = child(self.head, "title")
        written = text_of(element)
        english = attributes_in(self.model, LY_NAMESPACE).get("title_en", "")
        titles: dict[str, Parts] = {self.texts.default_language: (written or form_id,)}
        if english:
            titles["en"] = (english,)
        return Text(titles)

    def style(self) -> str:
        body = child(self.html, "body")
        return "" if body is None else attribute(body, "class")
