"""What one function of the expression language is: a row of the tables in `functions.py` and beside it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Function:
    """One function; `helper` is empty where `lower.py` writes an operator or a constant instead of a call."""

    name: str
    helper: str
    arguments: tuple[str, ...] = ()
    result: str = "text"
    least: int = -1  # fewest arguments; -1: all of `arguments`
    rest: str = ""  # type of any further arguments
    needs_scope: bool = False  # the helper's first argument is the scope
    is_volatile: bool = False  # gives another answer each time: the server takes what was sent
    is_inexact: bool = False  # engines differ in the last digit: the server compares with a tolerance
    dialect: str = ""  # whose addition to the ODK XForms functions it is
    remark: str = ""  # what it does that its name doesn't say

    @property
    def fewest(self) -> int:
        return len(self.arguments) if self.least < 0 else self.least

    @property
    def most(self) -> int | None:
        return None if self.rest else len(self.arguments)
