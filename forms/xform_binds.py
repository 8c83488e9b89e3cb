"""The binds of an XForm by path: the expressions, types and preloads they give, and their places."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from lxml import etree

from forms.definition import Place
from forms.errors import ErrorList
from forms.expression import Call, Expression, ExpressionError, parse
from forms.repair_expressions import mended
from forms.workbook import LY_NAMESPACE
from forms.xform_body import absolute
from forms.xml import attribute, attributes_in, children, line_of, local

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
_PRELOADS = frozenset("start end today deviceid username phonenumber email uid".split())
_TRIVIAL = {"relevant": "true", "required": "false", "readonly": "false", "constraint": "true"}
_COLUMNS = {"readonly": "read_only", "calculate": "calculation", "count": "repeat_count"}


@dataclass(frozen=True, slots=True)
class Binds:
    """All binds of a form, and the places of its cells where it came as a workbook."""

    errors: ErrorList
    places: Places | None
    by_path: dict[str, etree._Element] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)  # a bind's id -> its path

    def read(self, model: etree._Element, root: str) -> Binds:
        """Take the binds of a model; paths are absolute, below `root`."""
        for bind in children(model):
            if local(bind) == "bind":
                path = absolute(attribute(bind, "nodeset"), root)
                self.by_path.setdefault(path, bind)
                if identifier := attribute(bind, "id"):
                    self.ids[identifier] = path
        return self

    def get(self, path: str) -> etree._Element | None:
        """The bind of a path."""
        return self.by_path.get(path)

    def attribute(self, path: str, name: str) -> str:
        """One attribute of the bind of a path, '' when there is none."""
        bind = self.by_path.get(path)
        return "" if bind is None else attribute(bind, name)

    def expression(self, path: str, name: str) -> Expression | None:
        """The expression a bind gives a path, None when there is none or it says nothing."""
        place = self.place(path, _COLUMNS.get(name, name), self.by_path.get(path))
        expression = self.parsed(self.attribute(path, name), place)
        trivial = _TRIVIAL.get(name)
        return None if trivial and expression == Call(trivial, ()) else expression

    def parsed(self, text: str, place: Place) -> Expression | None:
        """Read an expression; a mistake is noted."""
        if not text.strip():
            return None
        written = mended(text.strip())
        if written != text.strip():
            self.errors.warn("repaired_expression", place, found=text.strip()[:60], taken=written[:60])
        try:
            return parse(written)
        except ExpressionError as error:
            self.errors.add(error.code, place, **error.values)
            return None

    def type_of(self, path: str) -> str:
        """The type of the answer at a path, in the words of `Node.type`."""
        name = self.attribute(path, "type").rpartition(":")[2]
        if name not in _TYPES:
            place = self.place(path, "type", self.by_path.get(path))
            self.errors.warn("type_as_text", place, type=name)
        return _TYPES.get(name, "string")

    def preload(self, path: str) -> str:
        """`start end today deviceid username phonenumber email uid`, or ''."""
        kind, parameter = self.attribute(path, "preload"), self.attribute(path, "preloadParams")
        name = "uid" if kind == "uid" else parameter.removeprefix("uri:").lower() if kind else ""
        if not kind or name in _PRELOADS:
            return name
        if self.places is None:  # in a workbook it is a type, of which lint speaks
            place = self.place(path, "type", self.by_path.get(path))
            self.errors.warn("ignored_xform", place, what=f"jr:preload='{kind}' '{parameter}'")
        return ""

    def ours(self, path: str) -> dict[str, str]:
        """What a bind says in our own namespace, `ly:…`."""
        bind = self.by_path.get(path)
        return {} if bind is None else prefixed(attributes_in(bind, LY_NAMESPACE))

    def places_of(self, path: str) -> dict[str, Place]:
        """Where everything about a path was written, by column."""
        if self.places is not None:
            return dict(self.places.get(_below_root(path), {}))
        bind = self.by_path.get(path)
        if bind is None:
            return {}
        names = (str(key).rpartition("}")[2] for key in bind.attrib)
        return {_COLUMNS.get(name, name): Place("xform", line_of(bind), name) for name in names}

    def place(self, path: str, column: str, element: etree._Element | None) -> Place:
        """Where a column of a path was written; without a workbook the line of the XML."""
        if self.places is not None:
            known = self.places.get(_below_root(path), {})
            return known.get(column) or known.get("type") or Place("survey", 0, column)
        return Place("xform", line_of(element), column)


def _below_root(path: str) -> str:
    return path.partition("/")[2].partition("/")[2]


def prefixed(attributes: Mapping[str, str]) -> dict[str, str]:
    """Attributes of our namespace under the names that authors write."""
    return {f"ly:{name}": value.strip() for name, value in attributes.items()}
