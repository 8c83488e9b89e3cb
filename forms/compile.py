"""The compiler on one screen: workbook or XForm -> definition -> XForm, JavaScript, checker, outline."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import PurePath
from typing import Any

from forms import javascript, python
from forms.attachments import Attached, read_attachments
from forms.definition import Definition, Place
from forms.directions import warn_of_right_to_left
from forms.errors import ErrorList, FormError
from forms.lint import lint, lint_settings
from forms.media import warn_of_missing, warn_of_unshown
from forms.missing_lists import tell_searches, unmet
from forms.order import arrange
from forms.outline import outline, plain
from forms.resolve import resolve
from forms.survey import read_survey
from forms.workbook import read_workbook, to_xform
from forms.xform import read_xform, with_version
from forms.xform_binds import Places


@dataclass(frozen=True, slots=True)
class CompiledForm:
    """One form, ready to publish; `digest` is the SHA-256 of the JavaScript module's bytes.

    `unmet` says for each list that didn't come along what is wrong where nobody else has it either.
    """

    form_id: str
    version: str
    title: dict[str, str]
    digest: str
    xform: str
    javascript: str
    python: str
    outline: dict[str, Any]
    warnings: list[FormError]
    unmet: dict[str, FormError] = field(default_factory=dict)

    @property
    def blockers(self) -> list[FormError]:
        """Of the warnings those with which a draft can be tried out, but not published."""
        return [warning for warning in self.warnings if warning.severity == "blocker"]

    def as_json(self) -> dict[str, Any]:
        """Everything, as JSON can hold it."""
        return asdict(self)

    @classmethod
    def of_json(cls, packed: dict[str, Any]) -> CompiledForm:
        """The form that `as_json` packed."""
        warnings = [FormError(**each) for each in packed["warnings"]]
        nowhere = {name: FormError(**each) for name, each in packed["unmet"].items()}
        return cls(**{**packed, "warnings": warnings, "unmet": nowhere})


def compile_form(
    source: bytes,
    name: str,
    attachments: Mapping[str, bytes] | None = None,
    *,
    is_draft: bool = False,
    default_version: str = "",
    version: str = "",
) -> CompiledForm:
    """Compile a form whose file name says what it is: .md .xlsx .xls .csv .xml.

    Args:
        attachments: files that came along, by name; one of a list is named after it.
        is_draft: a draft needs no version, purpose and retention, which publishing requires.
        default_version: the version of a draft that names none.
        version: the version to have whatever the author named.

    Raises:
        FormErrors: everything that is wrong, with its place.
    """
    errors = ErrorList(is_draft=is_draft)
    attached = read_attachments(attachments or {}, errors)
    if PurePath(name).suffix.lower() == ".xml":
        xform, places = _plain_xform(source), None
        definition = read_xform(source, errors, None, attached)
        if definition is not None:
            _lint_xform(definition, errors)
    else:
        xform, places, attached = _convert(source, name, attached, errors)
        definition = read_xform(xform.encode(), errors, places, attached)
    errors.stop_if_any()
    if definition is None:
        raise AssertionError("read_xform gave neither a definition nor an error")
    warn_of_missing(definition, (attachments or {}).keys(), errors)
    warn_of_unshown(definition, errors)
    warn_of_right_to_left(definition, errors)
    if named := version or ("" if definition.version else default_version):
        definition = replace(definition, version=named)
        xform = with_version(xform, named)
    tell_searches(definition, errors)
    return _emit(definition, xform, attached, errors)


def _convert(source: bytes, name: str, attached: Attached, errors: ErrorList) -> tuple[str, Places, Attached]:
    """Workbook -> XForm, the place of every cell, all lists that came along; stops after a bad pass."""
    book = read_workbook(source, name, errors)
    errors.stop_if_any()
    attached = attached.beside(book.lists())
    survey = read_survey(book)
    lint(book, survey, attached.columns(), errors)
    errors.stop_if_any()
    xform = to_xform(book, errors)
    errors.stop_if_any()
    return xform, survey.places(), attached


def _emit(definition: Definition, xform: str, attached: Attached, errors: ErrorList) -> CompiledForm:
    resolved = resolve(definition, errors, attached.columns())
    errors.stop_if_any()
    order = arrange(resolved, errors)
    errors.stop_if_any()
    module = javascript.emit(resolved, order)
    return CompiledForm(
        form_id=definition.form_id,
        version=definition.version,
        title=plain(definition.title),
        digest=hashlib.sha256(module.encode()).hexdigest(),
        xform=xform,
        javascript=module,
        python=python.emit(resolved, order),
        outline=outline(resolved),
        warnings=errors.warnings,
        unmet=unmet(definition, resolved, errors),
    )


def _plain_xform(source: bytes) -> str:
    """The XForm as text; read_xform decides whether the bytes are XML at all."""
    return source.decode("utf-8", "replace").removeprefix("\ufeff")


def _lint_xform(definition: Definition, errors: ErrorList) -> None:
    def setting(name: str) -> str:
        return definition.extra.get(name, "")

    lint_settings(setting, lambda name: Place("xform", 0, name), errors)
