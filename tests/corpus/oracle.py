"""An XForm as ODK Web Forms' engine has to be told it, where it means the same by other words.

The rows `empty-cell` and `whole-regex` of docs/differences.md.
"""

import re

from lxml import etree

_REGEX = re.compile(r"(\bregex\([^'\"]*,\s*)(['\"])(.*?)\2")


def for_oracle(xform: str) -> str:
    """Give each row of a list all its columns; let each regular expression mean the whole text."""
    root = etree.fromstring(xform.encode())
    for items in root.iterfind(".//{*}instance/{*}root"):
        _fill(items)
    for node in root.iter(etree.Element):
        for name, text in node.attrib.items():
            node.attrib[name] = _REGEX.sub(r"\1\2^(?:\3)$\2", str(text))
    return etree.tostring(root, encoding="unicode")


def _fill(items: etree._Element) -> None:
    columns = dict.fromkeys(cell.tag for row in items for cell in row)
    for row in items:
        present = {cell.tag for cell in row}
        for column in columns:
            if column not in present:
                etree.SubElement(row, column)
