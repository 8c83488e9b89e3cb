"""XForm XML -> Definition: tree, binds, labels, choice lists, actions, entities; paths stay as written.

Resolves nothing and orders nothing. Workbooks come here too, through pyxform, with the places of their cells.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from lxml import etree

from forms.definition import Action, Definition, Itemset, ListUse, Node, Place, Text
from forms.errors import ErrorList
from forms.expression import Call, Expression, ExpressionError, String, parse
from forms.itext import Parts, Texts, read_texts
from forms.repair_expressions import mended
from forms.workbook import LY_NAMESPACE
from forms.xform_body import Body, SetValue, Shown, absolute, read_body
from forms.xform_entities import ENTITIES_NAMESPACE, EntityReader, rebase
from forms.xform_lists import ChoiceLists, read_itemset, read_lists, tick_labels
from forms.xml import attribute, attributes_in, child, children, line_of, local, read_xml, text_of

# path without the root's name -> canonical column -> cell
Places = Mapping[str, Mapping[str, Place]]

_TYPES = {
    "": "string",
    "integer": "int",
    "long": "int",
    "short": "int",
    "float": "decimal",
    "double": "decimal",
    "number": "decimal",
    "datetime": "dateTime",
    "dateTime": "dateTime",
    "binary": "file",
    "intent": "string",
    "select": "string",
    "select1": "string",
    **{
        name: name
        for name in "string int decimal boolean date time geopoint geotrace geoshape rank barcode".split()
    },
}
_CONTROL_TYPES = ("select_one", "select_multiple", "rank", "trigger")
_TRIVIAL = {"relevant": "true", "required": "false", "readonly": "false", "constraint": "true"}
_COLUMNS = {"readonly": "read_only", "calculate": "calculation", "count": "repeat_count"}
_BIND_PARAMETERS = ("max-pixels", "quality")


def read_xform(
    source: bytes,
    errors: ErrorList,
    places: Places | None = None,
    attached: Mapping[str, Sequence[Mapping[str, str]]] | None = None,
) -> Definition | None:
    """Read a form; None, with errors noted, when it isn't one.

    Args:
        places: where the author wrote each column of each path, when there is a workbook.
        attached: rows of lists that came as files or sheets, by list name.
    """
    html = read_xml(source, errors)
    head = None if html is None else child(html, "head")
    model = None if head is None else child(head, "model")
    instance = None if model is None else child(model, "instance")
    root = None if instance is None else next(children(instance), None)
    if html is None or head is None or model is None or root is None:
        if html is not None:
            errors.add("xform_incomplete", what="<model><instance>")
        return None
    return _Reader(html, head, model, root, errors, places, attached or {}).definition()


def with_version(xform: str, version: str) -> str:
    """Write a version into an XForm that names none; it was read without errors before."""
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
    places: Places | None
    attached: Mapping[str, Sequence[Mapping[str, str]]]
    nodes: list[Node] = field(default_factory=list)
    ids: dict[str, int] = field(default_factory=dict)
    binds: dict[str, etree._Element] = field(default_factory=dict)
    texts: Texts = field(init=False)
    body: Body = field(init=False)
    lists: ChoiceLists = field(default_factory=dict)

    def definition(self) -> Definition:
        self.texts = read_texts(self.model, self.errors)
        self.refuse_encryption()
        secondary = read_lists(self.model, self.texts, self.attached)
        self.lists = secondary.lists
        root = f"/{local(self.root)}"
        self.body = read_body(self.html, self.model, root, self.read_binds(root), self.errors)
        self.read_node(self.root, root, -1)
        nodes = tuple(self.nodes)
        # Old forms have their id as the namespace of the root.
        is_own = etree.QName(self.root).namespace != etree.QName(self.model).namespace
        form_id = attribute(self.root, "id") or (
            str(etree.QName(self.root).namespace or "") if is_own else ""
        )
        if not form_id:
            self.errors.add("xform_incomplete", what="id")
        return Definition(
            form_id=form_id,
            version=attribute(self.root, "version"),
            title=self.title(form_id),
            languages=self.texts.languages,
            default_language=self.texts.default_language,
            nodes=nodes,
            choice_lists=self.lists,
            actions=tuple(action for each in self.body.setvalues if (action := self.action(each))),
            entities=EntityReader(nodes, self.ids, lambda path: self.bound(path, "calculate")).read(
                self.root
            ),
            lists=tuple(ListUse(name, (), ()) for name in secondary.external),
            instance_name=self.instance_name(root),
            last_saved=secondary.last_saved,
            style=self.style(),
            extra=_prefixed(attributes_in(self.model, LY_NAMESPACE)),
        )

    def refuse_encryption(self) -> None:
        """Sending what was to be encrypted in the clear would be silently wrong."""
        submission = child(self.model, "submission")
        if submission is not None and attribute(submission, "base64RsaPublicKey"):
            self.errors.add("public_key", Place("xform", line_of(submission), "submission"))

    def read_binds(self, root: str) -> dict[str, str]:
        """Fill `binds`; give the paths of those with an id."""
        ids: dict[str, str] = {}
        for bind in children(self.model):
            if local(bind) == "bind":
                path = absolute(attribute(bind, "nodeset"), root)
                self.binds.setdefault(path, bind)
                if identifier := attribute(bind, "id"):
                    ids[identifier] = path
        return ids

    def read_node(self, element: etree._Element, path: str, parent: int) -> None:
        shown = self.body.shown.get(path)
        kind = "repeat" if shown and shown.control == "repeat" else "question"
        inner = [each for each in children(element) if self.is_node(each, path)]
        if kind == "question" and (parent < 0 or len(element) or (shown and shown.control == "group")):
            kind = "group"
        node = (
            self.question(path, parent, element) if kind == "question" else self.container(path, parent, kind)
        )
        self.nodes.append(node)
        self.ids[path] = node.id
        for each in inner:
            inner_path = f"{path}/{local(each)}"
            # A repeat stands twice: its template, and the instance a new filling begins with.
            if inner_path not in self.ids:
                self.read_node(each, inner_path, node.id)

    def is_node(self, element: etree._Element, parent: str) -> bool:
        """False for `meta` and what is in it, which clients fill themselves, unless a formula reads it."""
        name, root = local(element), f"/{local(self.root)}"
        if name == "meta" and parent == root:
            return self.reads_instance_id()
        if name == "meta" and child(element, "entity") is not None:
            return False
        return name == "instanceID" if parent == f"{root}/meta" else True

    def reads_instance_id(self) -> bool:
        values = (
            str(value)
            for element in self.html.iter("{*}bind", "{*}setvalue", "{*}output")
            for key, value in element.attrib.items()
            if key not in ("nodeset", "ref")
        )
        return any("instanceID" in value for value in values)

    def container(self, path: str, parent: int, kind: str) -> Node:
        shown = self.body.shown.get(path)
        fixed = shown is not None and attribute(shown.element, "noAddRemove").startswith("true")
        return Node(
            id=len(self.nodes),
            name=path.rpartition("/")[2],
            kind=kind,
            parent=parent,
            appearance=shown.appearance if shown else (),
            label=self.texts.of_element(shown.labelled("label")) if shown else None,
            hint=self.texts.of_element(shown.labelled("hint")) if shown else None,
            relevant=self.bound(path, "relevant"),
            read_only=self.bound(path, "readonly"),
            count=self.count(path, shown) if kind == "repeat" else None,
            constraint_message=self.message(self.binds.get(path), "constraintMsg"),
            parameters={"no_add_remove": "true"} if fixed else {},
            extra=self.ours(path),
            places=self.places_of(path),
        )

    def question(self, path: str, parent: int, element: etree._Element) -> Node:
        shown = self.body.shown.get(path)
        bind = self.binds.get(path)
        label, hint = (shown.labelled("label"), shown.labelled("hint")) if shown else (None, None)
        return Node(
            id=len(self.nodes),
            name=path.rpartition("/")[2],
            kind="question",
            parent=parent,
            type=self.type_of(path, bind, shown),
            control=shown.control if shown else "",
            media_type=attribute(shown.element, "mediatype") if shown and shown.control == "upload" else "",
            appearance=shown.appearance if shown else (),
            # pyxform keeps the label of a calculation, which nothing shows: there a flag says its message.
            label=self.texts.of_element(label) if shown else self.texts.of_id(f"{path}:label"),
            hint=self.texts.of_element(hint),
            guidance=self.texts.of_element(hint, "guidance"),
            relevant=self.bound(path, "relevant"),
            required=self.bound(path, "required"),
            read_only=self.bound(path, "readonly"),
            constraint=self.bound(path, "constraint"),
            calculation=self.bound(path, "calculate"),
            required_message=self.message(bind, "requiredMsg"),
            constraint_message=self.message(bind, "constraintMsg"),
            default=text_of(element),
            itemset=self.itemset(path, shown),
            parameters=self.parameters(bind, shown),
            preload=_preload(bind),
            save_to=attributes_in(bind, ENTITIES_NAMESPACE).get("saveto", "") if bind is not None else "",
            extra=self.ours(path),
            places=self.places_of(path),
        )

    def type_of(self, path: str, bind: etree._Element | None, shown: Shown | None) -> str:
        if shown and shown.control in _CONTROL_TYPES:
            return shown.control
        name = attribute(bind, "type").rpartition(":")[2] if bind is not None else ""
        if name not in _TYPES:
            self.errors.warn("unknown_type", self.place(path, "type", bind), type=name, hint="", hint_en="")
        return "file" if shown and shown.control == "upload" else _TYPES.get(name, "string")

    def itemset(self, path: str, shown: Shown | None) -> Itemset | None:
        if shown is None or shown.control not in ("select_one", "select_multiple", "rank"):
            return None
        try:
            return read_itemset(shown.element, path, self.texts, self.lists, self.errors)
        except ExpressionError as error:
            self.syntax_error(error, self.place(path, "choice_filter", shown.element))
            return None

    def parameters(self, bind: etree._Element | None, shown: Shown | None) -> dict[str, str]:
        own = shown.parameters if shown else {}
        if shown and shown.control == "range" and (labels := tick_labels(shown.element)):
            own = {**own, "tick-labelset": labels}
        bound = {name: attribute(bind, name) for name in _BIND_PARAMETERS} if bind is not None else {}
        return {**own, **{name: value for name, value in bound.items() if value}}

    def message(self, bind: etree._Element | None, name: str) -> Text | None:
        return None if bind is None else self.texts.of_message(attribute(bind, name))

    def count(self, path: str, shown: Shown | None) -> Expression | None:
        written = attribute(shown.element, "count") if shown else ""
        return self.parsed(written, self.place(path, "repeat_count", shown.element if shown else None))

    def bound(self, path: str, name: str) -> Expression | None:
        """The expression a bind gives a path, None when there is none or it says nothing."""
        bind = self.binds.get(path)
        written = "" if bind is None else attribute(bind, name)
        expression = self.parsed(written, self.place(path, _COLUMNS.get(name, name), bind))
        trivial = _TRIVIAL.get(name)
        return None if trivial and expression == Call(trivial, ()) else expression

    def parsed(self, text: str, place: Place) -> Expression | None:
        if not text.strip():
            return None
        written = mended(text.strip())
        if written != text.strip():
            self.errors.warn("repaired_expression", place, found=text.strip()[:60], taken=written[:60])
        try:
            return parse(written)
        except ExpressionError as error:
            self.syntax_error(error, place)
            return None

    def syntax_error(self, error: ExpressionError, place: Place) -> None:
        self.errors.add(error.code, place, **error.values)

    def action(self, setvalue: SetValue) -> Action | None:
        target = self.ids.get(setvalue.target)
        if target is None:  # an entity's id: made by whoever fills, see EntityDeclaration
            return None
        place = self.place(setvalue.target, "default", setvalue.element)
        written = attribute(setvalue.element, "value")
        value = self.parsed(written, place) if written else String((setvalue.element.text or "").strip())
        if value is None:
            return None
        trigger = -1 if setvalue.event == "first-load" else self.ids.get(setvalue.trigger, -1)
        return Action(setvalue.event, target, value, trigger)

    def instance_name(self, root: str) -> Expression | None:
        path = f"{root}/meta/instanceName"
        found = self.bound(path, "calculate")
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

    def ours(self, path: str) -> dict[str, str]:
        bind = self.binds.get(path)
        return {} if bind is None else _prefixed(attributes_in(bind, LY_NAMESPACE))

    def places_of(self, path: str) -> dict[str, Place]:
        if self.places is not None:
            return dict(self.places.get(path.partition("/")[2].partition("/")[2], {}))
        bind = self.binds.get(path)
        if bind is None:
            return {}
        names = (str(key).rpartition("}")[2] for key in bind.attrib)
        return {_COLUMNS.get(name, name): Place("xform", line_of(bind), name) for name in names}

    def place(self, path: str, column: str, element: etree._Element | None) -> Place:
        """Where a column of a path was written; without a workbook the line of the XML."""
        if self.places is not None:
            known = self.places.get(path.partition("/")[2].partition("/")[2], {})
            return known.get(column) or known.get("type") or Place("survey", 0, column)
        return Place("xform", line_of(element), column)


def _prefixed(attributes: Mapping[str, str]) -> dict[str, str]:
    return {f"ly:{name}": value.strip() for name, value in attributes.items()}


def _preload(bind: etree._Element | None) -> str:
    """`start end today deviceid username phonenumber email uid`, or ''."""
    kind = "" if bind is None else attribute(bind, "preload")
    parameter = "" if bind is None else attribute(bind, "preloadParams")
    return "uid" if kind == "uid" else parameter.removeprefix("uri:") if kind else ""
