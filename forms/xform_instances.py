"""Repeats of the primary instance -> the instances a filling begins with, where that isn't one."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from forms.xml import children, local, text_of


def instances_of(first: etree._Element, *, is_nested: bool) -> tuple[dict[str, str], ...] | None:
    """Read the elements of one repeat, of which `first` gives the defaults.

    Args:
        is_nested: within another repeat, whose instances all begin alike: only whether there is one is read.

    Returns: for each but the template the texts that differ, by path; None for one without a difference.
    """
    if is_nested:
        same = [each for each in first.getroottree().iter(first.tag) if _path(each) == _path(first)]
        return () if all(map(_is_template, same)) else None
    parent = first.getparent()
    same = [first] if parent is None else [each for each in children(parent) if local(each) == local(first)]
    defaults = dict(_texts(first))
    found = tuple(
        {path: text for path, text in _texts(each) if defaults.get(path, "") != text}
        for each in same
        if not _is_template(each)
    )
    return None if found == ({},) else found


def _path(element: etree._Element) -> list[str]:
    return [local(each) for each in (element, *element.iterancestors())]


def _is_template(element: etree._Element) -> bool:
    return any(str(name).rpartition("}")[2] == "template" for name in element.attrib)


def _texts(element: etree._Element, prefix: str = "") -> Iterator[tuple[str, str]]:
    """Path and text of every leaf, the first of each name."""
    seen: set[str] = set()
    for each in children(element):
        path = f"{prefix}{local(each)}"
        if path in seen:
            continue
        seen.add(path)
        if len(each):
            yield from _texts(each, f"{path}/")
        else:
            yield path, text_of(each)
