"""The body of an XForm and its actions, by path: which control shows a node, what repeats, what sets what."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from lxml import etree

from forms.definition import Place
from forms.errors import ErrorList
from forms.xml import attribute, child, children, line_of, local

CONTROLS = {
    "input": "input",
    "secret": "input",
    "textarea": "input",
    "select1": "select_one",
    "select": "select_multiple",
    "rank": "rank",
    "upload": "upload",
    "range": "range",
    "trigger": "trigger",
}
_EVENTS = {
    "odk-instance-first-load": "first-load",
    "odk-instance-load": "load",
    "xforms-ready": "first-load",
    "odk-new-repeat": "new-repeat",
    "jr-insert": "new-repeat",
    "xforms-value-changed": "changed",
}
_NOT_PARAMETERS = frozenset(
    ("ref", "nodeset", "bind", "appearance", "mediatype", "query", "class", "count", "template")
)


@dataclass(frozen=True, slots=True)
class Shown:
    """What the body says of one path; `wrapper` is the group around a repeat, which holds its label."""

    element: etree._Element
    control: str  # as in Node.control; group, repeat for containers
    wrapper: etree._Element | None = None

    @property
    def appearance(self) -> tuple[str, ...]:
        """Appearance words of the element and its wrapper."""
        words = attribute(self.element, "appearance").split()
        if self.wrapper is not None:
            words += attribute(self.wrapper, "appearance").split()
        return tuple(dict.fromkeys(words))

    @property
    def parameters(self) -> dict[str, str]:
        """Every other attribute: start, end, step, rows, accuracyThreshold …"""
        items = ((str(key).rpartition("}")[2], str(value)) for key, value in self.element.attrib.items())
        return {key: value for key, value in items if key not in _NOT_PARAMETERS}

    def labelled(self, name: str) -> etree._Element | None:
        """The `<label>` or `<hint>` of the element, or of its wrapper."""
        own = child(self.element, name)
        return own if own is not None or self.wrapper is None else child(self.wrapper, name)


@dataclass(frozen=True, slots=True)
class SetValue:
    """A `<setvalue>`: `event` in our words, absolute paths; `trigger` is the control or repeat around it."""

    event: str
    target: str
    trigger: str
    element: etree._Element


@dataclass
class Body:
    """Everything of the body and the model's actions, by absolute path."""

    shown: dict[str, Shown] = field(default_factory=dict)
    positions: dict[str, etree._Element] = field(default_factory=dict)  # which a client would take by itself
    setvalues: list[SetValue] = field(default_factory=list)

    @cached_property
    def _ranks(self) -> dict[str, int]:
        """The place of each path in the body, and of what holds it the place of its first."""
        ranks: dict[str, int] = {}
        for rank, path in enumerate(self.shown):
            while path and path not in ranks:
                ranks[path] = rank
                path = path.rpartition("/")[0]
        return ranks

    def rank(self, path: str) -> int:
        """Where the body shows a path, or the first of what is in it; -1 for nowhere."""
        return self._ranks.get(path, -1)

    @property
    def repeats(self) -> frozenset[str]:
        """Paths of the repeats."""
        return frozenset(path for path, shown in self.shown.items() if shown.control == "repeat")


@dataclass(slots=True)
class _BodyReader:
    root: str
    bind_ids: dict[str, str]
    errors: ErrorList
    body: Body = field(default_factory=Body)

    def container(self, element: etree._Element, path: str) -> None:
        for each in children(element):
            name = local(each)
            if name == "group":
                self.group(each, path)
            elif name == "repeat":
                wrapper = element if local(element) == "group" else None
                self.repeat(each, path, wrapper)
            elif name in CONTROLS:
                self.control(each, path)
            elif name not in ("label", "hint", "help"):
                self.action(each, path)

    def group(self, element: etree._Element, path: str) -> None:
        own = self.path_of(element, path)
        if own:
            self.body.shown.setdefault(own, Shown(element, "group"))
        elif child(element, "label") is not None and child(element, "repeat") is None:
            self.errors.warn("ignored_xform", _line(element), what="<group><label>")
        self.container(element, own or path)

    def repeat(self, element: etree._Element, path: str, wrapper: etree._Element | None) -> None:
        own = self.path_of(element, path)
        self.body.shown[own] = Shown(element, "repeat", wrapper)
        self.container(element, own)

    def control(self, element: etree._Element, path: str) -> None:
        own = self.path_of(element, path)
        kind = "select_one" if attribute(element, "query") else CONTROLS[local(element)]
        if own in self.body.shown:
            self.errors.warn("ignored_xform", _line(element), what=f"<{local(element)} ref='{own}'> (twice)")
            return
        self.body.shown[own] = Shown(element, kind)
        for each in children(element):
            if local(each) not in ("label", "hint", "help", "itemset", "item", "alert", "value"):
                self.action(each, own)

    def action(self, element: etree._Element, trigger: str) -> None:
        if local(element) == "setgeopoint":
            self.body.positions.setdefault(self.path_of(element, trigger), element)
            return
        if local(element) != "setvalue":
            self.errors.warn("ignored_xform", _line(element), what=f"<{local(element)}>")
            return
        target = self.path_of(element, trigger)
        for word in attribute(element, "event").split():
            if event := _EVENTS.get(word):
                self.body.setvalues.append(SetValue(event, target, trigger, element))
            else:
                self.errors.warn("ignored_xform", _line(element), what=f"event='{word}'")

    def path_of(self, element: etree._Element, context: str) -> str:
        if identifier := attribute(element, "bind"):
            return self.bind_ids.get(identifier, "")
        reference = attribute(element, "ref") or attribute(element, "nodeset")
        return absolute(reference, context) if reference else ""


def read_body(
    html: etree._Element, model: etree._Element, root: str, bind_ids: dict[str, str], errors: ErrorList
) -> Body:
    """Read body and model actions; `root` is the path of the primary instance's root, such as `/data`."""
    reader = _BodyReader(root, bind_ids, errors)
    for each in children(model):
        if local(each) not in ("instance", "bind", "itext", "submission"):
            reader.action(each, root)
    body = child(html, "body")
    if body is None:
        errors.add("xform_incomplete", what="<h:body>")
    else:
        reader.container(body, root)
    return reader.body


def absolute(reference: str, context: str) -> str:
    """A reference as an absolute path without prefixes: `../a` in `/data/g/b` is `/data/g/a`."""
    reference = reference.strip()
    steps = [] if reference.startswith("/") else context.strip("/").split("/")
    for step in reference.strip("/").split("/"):
        if step == "..":
            steps = steps[:-1]
        elif step not in (".", "", "current()"):
            steps.append(step if step.startswith("@") else step.rpartition(":")[2])
    return "/" + "/".join(steps)


def _line(element: etree._Element) -> Place:
    return Place("xform", line_of(element), "")
