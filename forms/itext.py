"""Labels, hints and messages of an XForm -> `Text`: itext of every language, outputs parsed, media."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TypeAlias

from lxml import etree

from forms.definition import Place, Text
from forms.errors import ErrorList
from forms.expression import Expression, ExpressionError, parse
from forms.xml import attribute, children, line_of, local

DEFAULT = "default"
_CODE = re.compile(r"\(([A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)\)\s*$")
_ITEXT = re.compile(
    r"""^\s*jr:itext\(\s*(?:'(.*)'|"(.*)"|([\w.\-:/]+))\s*\)\s*$"""
)  # quotes may stand in an id
FILLER = "-"  # what pyxform writes where a translation is missing
_MEDIA = ("image", "big-image", "audio", "video")
_WORDS = ("", "long", "short")  # forms of a text, the best first

Parts: TypeAlias = "tuple[str | Expression, ...]"


@dataclass(slots=True)
class Texts:
    """All translations of a form, and how a label element finds its own."""

    errors: ErrorList
    languages: tuple[str, ...] = (DEFAULT,)
    default_language: str = DEFAULT
    by_id: dict[str, dict[str, list[etree._Element]]] = field(
        default_factory=dict
    )  # id -> language -> values

    def of_element(self, element: etree._Element | None, form: str = "") -> Text | None:
        """Text of a `<label>` or `<hint>`, or its `guidance` form; None when there is none."""
        if element is None:
            return None
        reference = attribute(element, "ref")
        if reference:
            return self.of_reference(reference, form)
        return None if form else self._single(self._parts(element))

    def of_reference(self, reference: str, form: str = "") -> Text | None:
        """Text of `jr:itext('id')`; anything else is itself an expression."""
        identifier = itext_id(reference)
        if identifier is None:
            return None if form else self._single((self._parse(reference, None),))
        return self.of_id(identifier, form)

    def of_message(self, words: str) -> Text | None:
        """Text of a bind's message: an itext reference or plain words."""
        if not words:
            return None
        identifier = itext_id(words)
        return self.of_id(identifier) if identifier is not None else self._single((words.strip(),))

    def of_id(self, identifier: str, form: str = "") -> Text | None:
        """Text of one itext id, None when no language says anything."""
        by_language: dict[str, Parts] = {}
        media: dict[str, dict[str, str]] = {}
        for language, values in self.by_id.get(identifier, {}).items():
            by_form = {attribute(value, "form"): value for value in values}
            wanted = [name for name in ((form,) if form else _WORDS) if name in by_form]
            if wanted:
                by_language[language] = self._parts(by_form[wanted[0]])
            named = {kind: _file_name(by_form[kind]) for kind in _MEDIA if kind in by_form}
            files = {kind: name for kind, name in named.items() if name not in ("", FILLER)}
            if files and not form:
                media[language] = files
        by_language = _without_fillers(by_language)
        return Text(by_language, media) if by_language or media else None

    def by_computed_id(self) -> tuple[dict[str, str | Text], ...]:
        """Every text that isn't that of one question, as rows for `jr:itext()` of an id that is computed."""
        names = (name for name in self.by_id if not name.startswith("/"))
        texts = ((name, self.of_id(name)) for name in names)
        return tuple({"id": name, "label": text} for name, text in texts if text is not None)

    def _single(self, parts: Parts) -> Text | None:
        return Text({self.default_language: parts}) if parts else None

    def _parts(self, element: etree._Element) -> Parts:
        """Mixed content: literal text and `<output value="…"/>`."""
        parts: list[str | Expression] = [element.text or ""]
        for child in children(element):
            if local(child) == "output":
                parts.append(self._parse(attribute(child, "value") or attribute(child, "ref"), child))
            parts.append(child.tail or "")
        return _stripped([part for part in parts if part != ""])

    def _parse(self, text: str, element: etree._Element | None) -> Expression:
        try:
            return parse(text.strip())
        except ExpressionError as error:
            self.errors.add(error.code, Place("xform", line_of(element), "output"), **error.values)
            return parse("''")


def read_texts(model: etree._Element, errors: ErrorList) -> Texts:
    """Read `<itext>`; a form without it has one language, called `default`."""
    itext = next((child for child in children(model) if local(child) == "itext"), None)
    translations = [] if itext is None else [each for each in children(itext) if local(each) == "translation"]
    if not translations:
        return Texts(errors)
    names = [attribute(translation, "lang") for translation in translations]
    codes = _codes(names)
    default = next((i for i, each in enumerate(translations) if each.get("default") is not None), 0)
    texts = Texts(errors, tuple(codes), codes[default])
    for code, translation in zip(codes, translations, strict=True):
        for text in children(translation):
            values = [value for value in children(text) if local(value) == "value"]
            texts.by_id.setdefault(attribute(text, "id"), {})[code] = values
    return _without_unused_default(texts)


def language_code(name: str) -> str:
    """`中文 (zh)` -> `zh`; a language without a code keeps its name."""
    found = _CODE.search(name)
    return found[1] if found else name.strip()


def itext_id(reference: str) -> str | None:
    """The id in `jr:itext('id')`, None for anything else."""
    found = _ITEXT.match(reference)
    return next((group for group in found.groups() if group is not None), None) if found else None


def _file_name(value: etree._Element) -> str:
    """`jr://images/a.png` -> `a.png`."""
    return (value.text or "").strip().rpartition("/")[2]


def _codes(names: list[str]) -> list[str]:
    codes = [language_code(name) for name in names]
    return [code if codes.count(code) == 1 else name for code, name in zip(codes, names, strict=True)]


def _without_unused_default(texts: Texts) -> Texts:
    """Drop the language `default` that pyxform adds with nothing but fillers in it."""
    if DEFAULT not in texts.languages or len(texts.languages) == 1:
        return texts
    values = [value for by_language in texts.by_id.values() for value in by_language.get(DEFAULT, [])]
    if any((value.text or "").strip() not in ("", "-") or len(value) for value in values):
        return texts
    texts.languages = tuple(language for language in texts.languages if language != DEFAULT)
    if texts.default_language == DEFAULT:
        texts.default_language = texts.languages[0]
    for by_language in texts.by_id.values():
        by_language.pop(DEFAULT, None)
    return texts


def _without_fillers(by_language: dict[str, Parts]) -> dict[str, Parts]:
    """Drop what is empty and what only fills a gap."""
    filled = {language: parts for language, parts in by_language.items() if parts}
    real = {language: parts for language, parts in filled.items() if parts != (FILLER,)}
    return real or filled


def _stripped(parts: list[str | Expression]) -> Parts:
    if parts and isinstance(parts[0], str):
        parts[0] = parts[0].lstrip()
    if parts and isinstance(parts[-1], str):
        parts[-1] = parts[-1].rstrip()
    return tuple(part for part in parts if part != "")
