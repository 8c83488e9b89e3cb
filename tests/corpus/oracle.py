"""An XForm as ODK Web Forms' engine has to be told it, where it means the same by other words.

The rows `empty-cell`, `empty-sum` and `whole-regex` of docs/differences.md.
"""

import re

from lxml import etree

# A sum of plain paths; one with predicates or calls inside stays as it is.
_SUM = re.compile(r"\bsum\(([\w\s./:-]+)\)")
_REGEX = re.compile(r"(\bregex\([^'\"]*,\s*)(['\"])(.*?)\2")


def for_oracle(xform: str) -> str:
    """Give each row of a list all its columns; let each regular expression mean the whole text."""
    root = etree.fromstring(xform.encode())
    for items in root.iterfind(".//{*}instance/{*}root"):
        _fill(items)
    for node in root.iter(etree.Element):
        for name, text in node.attrib.items():
            whole = _REGEX.sub(r"\1\2^(?:\3)$\2", str(text))
            node.attrib[name] = _SUM.sub(r"if(count(\1) = 0, 0, sum(\1))", whole)
    return etree.tostring(root, encoding="unicode")


def _fill(items: etree._Element) -> None:
    columns = dict.fromkeys(cell.tag for row in items for cell in row)
    for row in items:
        present = {cell.tag for cell in row}
        for column in columns:
            if column not in present:
                etree.SubElement(row, column)
