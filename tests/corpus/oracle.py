"""An XForm as ODK Web Forms' engine has to be told it, where it means the same by other words.

The rows `blank-answer`, `default-file`, `empty-cell`, `empty-sum`, `first-as-template`, `output-ref`,
`relative-bind`, `short-text`, `unnamed-language` and `whole-regex` of docs/differences.md.
"""

import re
from copy import deepcopy

from lxml import etree

# A sum of plain paths; one with predicates or calls inside stays as it is.
_SUM = re.compile(r"\bsum\(([\w\s./:-]+)\)")
_REGEX = re.compile(r"(\bregex\([^'\"]*,[\s(]*)(['\"])(.*?)\2")

_TEMPLATE = "{http://openrosa.org/javarosa}template"
_SHOWN = (None, "long", "guidance", "image", "big-image", "audio", "video")


def for_oracle(xform: str) -> str:
    """Give each row of a list all its columns; let each regular expression mean the whole text."""
    root = etree.fromstring(xform.encode())
    for items in root.iterfind(".//{*}instance/{*}root"):
        _fill(items)
    for node in root.iter(etree.Element):
        for name, text in node.attrib.items():
            whole = _REGEX.sub(r"\1\2^(?:\3)$\2", str(text))
            node.attrib[name] = _SUM.sub(r"if(count(\1) = 0, 0, sum(\1))", whole)
    for output in root.iterfind(".//{*}output"):
        output.set("value", output.get("value", output.get("ref", "")))
    _empty_blanks(root)
    _name_whole_paths(root)
    for bind in root.iterfind(".//{*}model/{*}bind[@type='binary']"):
        for node in _nodes(root, bind.get("nodeset", "")):
            node.text = None
    for repeat in root.iterfind(".//{*}repeat"):
        _add_template(root, repeat.get("nodeset", ""))
    for translation in root.iterfind(".//{*}itext/{*}translation"):
        translation.set("lang", translation.get("lang", "default"))
        for text in translation:
            _drop_short(text)
    return etree.tostring(root, encoding="unicode")


def _fill(items: etree._Element) -> None:
    rows = [[*row.iterchildren(etree.Element)] for row in items.iterchildren(etree.Element)]
    columns = dict.fromkeys(cell.tag for row in rows for cell in row)
    for row, cells in zip(items.iterchildren(etree.Element), rows, strict=True):
        present = {cell.tag for cell in cells}
        for column in columns:
            if column not in present:
                etree.SubElement(row, column)


def _empty_blanks(root: etree._Element) -> None:
    """Of the answers that a form begins with."""
    instance = root.find(".//{*}model/{*}instance")
    for node in instance.iter(etree.Element) if instance is not None else ():
        if len(node) == 0:
            node.text = (node.text or "").strip() or None


def _name_whole_paths(root: etree._Element) -> None:
    """Of the nodes that binds are about."""
    top = root.find(".//{*}model/{*}instance/*")
    for bind in root.iterfind(".//{*}model/{*}bind") if top is not None else ():
        nodeset = bind.get("nodeset", "")
        if not nodeset.startswith("/"):
            bind.set("nodeset", f"/{etree.QName(top).localname}/{nodeset}")


def _nodes(root: etree._Element, path: str) -> list[etree._Element]:
    """What a form begins with at a whole path."""
    steps = "/".join(f"{{*}}{step.rpartition(':')[2]}" for step in path.split("/")[2:])
    return root.findall(f".//{{*}}model/{{*}}instance/*/{steps}") if steps else []


def _add_template(root: etree._Element, nodeset: str) -> None:
    """Give a repeat without a template its first instance as one."""
    first = next(iter(_nodes(root, nodeset)), None)
    if first is None or any(_TEMPLATE in each.attrib for each in (first, *first.iterancestors())):
        return
    template = deepcopy(first)
    template.set(_TEMPLATE, "")
    first.addprevious(template)


def _drop_short(text: etree._Element) -> None:
    """Leave one text, where there is a long one, and the media."""
    values = [*text.iterchildren(etree.Element)]
    if {None, "long"} & {value.get("form") for value in values}:
        for value in values:
            if value.get("form") not in _SHOWN:
                text.remove(value)
