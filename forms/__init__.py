"""The form language: an author's workbook or XForm -> a JavaScript module for phones and a server's checker.

This is its face; nothing else is imported from outside. Pure: no Flask, no database, no clock.
"""

from forms.checked import Checked, EntityWrite, Equals, Lists, ListUnavailable, Violation
from forms.checker import Checker, UnsafeSource, load_checker
from forms.child import MEMORY_BYTES, TIMEOUT_S, compile_in_child
from forms.compile import CompiledForm, compile_form
from forms.differences import Change, Difference, compare
from forms.errors import FormError, FormErrors
from forms.patience import GivenUp

__all__ = [
    "MEMORY_BYTES",
    "TIMEOUT_S",
    "Change",
    "Checked",
    "Checker",
    "CompiledForm",
    "Difference",
    "EntityWrite",
    "Equals",
    "FormError",
    "FormErrors",
    "GivenUp",
    "ListUnavailable",
    "Lists",
    "UnsafeSource",
    "Violation",
    "compare",
    "compile_form",
    "compile_in_child",
    "load_checker",
]
