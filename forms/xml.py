"""Read XML that strangers wrote: no entities, no network, no huge trees; names without prefixes."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from forms.errors import ErrorList

MAX_XFORM_BYTES = 64 * 1024 * 1024


def read_xml(source: bytes, errors: ErrorList, max_tags: int = 0) -> etree._Element | None:
    """Parse, or note why not; a DOCTYPE is refused, since only attacks have one.

    Args:
        max_tags: how many a stranger's file may have; our own conversion is bounded by what it converts.
    """
    if len(source) > MAX_XFORM_BYTES:
        errors.add("file_too_large", size=f"{len(source)} bytes", limit=f"{MAX_XFORM_BYTES} bytes")
        return None
    if max_tags and source.count(b"<") > max_tags:
        errors.add("too_many_parts", limit=f"{max_tags:,}")
        return None
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(source, parser)
    except etree.XMLSyntaxError as error:
        # lxml reports exhausted memory as a syntax error without words or line.
        if not error.lineno:
            raise MemoryError from error
        errors.add("xform_not_xml", reason=str(error)[:200])
        return None
    if root.getroottree().docinfo.internalDTD is not None:
        errors.add("xform_doctype")
        return None
    return root


def local(element: etree._Element) -> str:
    """An element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def children(element: etree._Element) -> Iterator[etree._Element]:
    """Child elements, without entities and the like."""
    return (child for child in element if isinstance(child.tag, str))


def child(element: etree._Element, name: str) -> etree._Element | None:
    """The first child element of a local name."""
    return next((each for each in children(element) if local(each) == name), None)


def attribute(element: etree._Element, name: str) -> str:
    """An attribute by local name, in whatever namespace; '' when it isn't there."""
    for key, value in element.attrib.items():
        if str(key).rpartition("}")[2] == name:
            return str(value)
    return ""


def attributes_in(element: etree._Element, namespace: str) -> dict[str, str]:
    """The attributes of one namespace, by local name."""
    prefix = f"{{{namespace}}}"
    items = ((str(key), str(value)) for key, value in element.attrib.items())
    return {key[len(prefix) :]: value for key, value in items if key.startswith(prefix)}


def text_of(element: etree._Element | None) -> str:
    """All text inside an element, trimmed."""
    return "" if element is None else "".join(str(part) for part in element.itertext()).strip()


def line_of(element: etree._Element | None) -> int:
    """The line an element begins on, 0 when unknown."""
    line = None if element is None else element.sourceline
    return line if isinstance(line, int) else 0
