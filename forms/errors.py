"""What an author can do wrong: the errors, a collector for them, and one table of their words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from forms.definition import Place
from forms.error_texts import TEXTS
from forms.limits import MAX_ERRORS, MAX_WARNINGS

NOWHERE = Place("", 0, "")


@dataclass(frozen=True, slots=True)
class FormError:
    """One mistake (or warning): where it is, what is wrong and what to do, in Chinese and English.

    `cells` is the row it stands in, by header, as far as there is one.
    """

    code: str
    sheet: str
    row: int
    column: str
    message: dict[str, str]
    remedy: dict[str, str]
    # error; blocker: a draft can be tried out, publishing refuses it; warning
    severity: str = "error"
    cells: dict[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """All fields, as JSON can hold them."""
        return asdict(self)

    def __str__(self) -> str:
        """The line a terminal shows."""
        where = " ".join(filter(None, (self.sheet, f"row {self.row}" if self.row else "", self.column)))
        return f"{where or 'form'}: {self.message['en']} {self.remedy['en']} [{self.code}]"


class FormErrors(Exception):
    """A form can't be published; `errors` holds every reason, in sheet order."""

    def __init__(self, errors: list[FormError]) -> None:
        """Keep the list; the text is one line per error."""
        super().__init__("\n".join(map(str, errors)))
        self.errors = errors


@dataclass(slots=True)
class ErrorList:
    """Collects errors while passes run; the same error at the same place counts once.

    With too many errors the passes end there: nobody reads more, and a bad sheet can have 100,000 of them.
    `quote` gives the cells of a row: (sheet, row, column of the error) -> header -> text. A draft has
    blockers where a form that is to be published has errors.
    """

    found: dict[tuple[str, str, int, str, str], FormError] = field(default_factory=dict)
    quote: Callable[[str, int, str], dict[str, str]] = lambda _sheet, _row, _column: {}
    is_draft: bool = False
    _n_of: Counter[str] = field(default_factory=Counter)

    def add(self, code: str, place: Place | None = None, **values: object) -> None:
        """Note an error of this code; `values` fill the words of its message.

        Raises:
            FormErrors: there are too many.
        """
        self._note(form_error(code, place or NOWHERE, values))
        if self._n_of["error"] >= MAX_ERRORS:
            self._note(form_error("too_many_errors", NOWHERE, {"limit": MAX_ERRORS}))
            raise FormErrors(self.errors)

    def block(self, code: str, place: Place | None = None, **values: object) -> None:
        """Note what stops publication, though not that a draft is tried out."""
        if self.is_draft:
            self._list("blocker", code, place, values)
        else:
            self.add(code, place, **values)

    def warn(self, code: str, place: Place | None = None, **values: object) -> None:
        """Note a warning: the form can be published."""
        self._list("warning", code, place, values)

    def _list(self, severity: str, code: str, place: Place | None, values: Mapping[str, object]) -> None:
        if self._n_of[code] >= MAX_WARNINGS:
            code, place, values = "more_warnings", None, {"limit": MAX_WARNINGS}
        self._note(form_error(code, place or NOWHERE, values, severity))

    def _note(self, error: FormError) -> None:
        key = (error.code, error.sheet, error.row, error.column, error.message["en"])
        if key not in self.found:
            self.found[key] = error
            self._n_of["error" if error.severity == "error" else error.code] += 1

    def __iter__(self) -> Iterator[FormError]:
        """Errors and warnings in the order of the sheets, rows and columns."""
        for error in sorted(self.found.values(), key=_reading_order):
            yield self.quoted(error)

    def quoted(self, error: FormError) -> FormError:
        """The same with the row it stands in."""
        return replace(error, cells=self.quote(error.sheet, error.row, error.column))

    @property
    def errors(self) -> list[FormError]:
        """What stops compilation."""
        return [error for error in self if error.severity == "error"]

    @property
    def warnings(self) -> list[FormError]:
        """What doesn't, blockers too."""
        return [error for error in self if error.severity != "error"]

    def stop_if_any(self) -> None:
        """Raise `FormErrors` with all errors so far, if there are any."""
        if self.errors:
            raise FormErrors(self.errors)


def form_error(
    code: str, place: Place, values: Mapping[str, object] | None = None, severity: str = "error"
) -> FormError:
    """Build the error of a code from the table."""
    words = [text.format(**(values or {})) for text in TEXTS[code]]
    message = {"zh": words[0], "en": words[1]}
    remedy = {"zh": words[2], "en": words[3]}
    return FormError(code, place.sheet, place.row, place.column, message, remedy, severity)


_SHEETS = ("survey", "choices", "entities", "settings")


def _reading_order(error: FormError) -> tuple[int, str, int, str, str]:
    rank = _SHEETS.index(error.sheet) if error.sheet in _SHEETS else len(_SHEETS)
    return (rank, error.sheet, error.row, error.column, error.code)
