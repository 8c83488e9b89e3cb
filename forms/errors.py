"""What an author did wrong: one `FormError` each, collected by every pass and raised together as `FormErrors`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FormError:
    """One mistake: where it stands in the workbook, what is wrong and what to do, in Chinese and English."""

    code: str
    sheet: str
    row: int  # as Excel shows it; 0 when there is no workbook
    column: str
    message: dict[str, str]
    remedy: dict[str, str]
    severity: str = "error"  # error, warning


class FormErrors(Exception):
    """A form that can't be compiled; `errors` holds every mistake found."""

    def __init__(self, errors: Sequence[FormError]) -> None:
        super().__init__("; ".join(f"{error.code} {error.sheet}:{error.row}" for error in errors))
        self.errors = list(errors)
