"""Compiles the forms of a corpus as publishing does, each in a child process with limits; gives outcomes."""

import re
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from os import cpu_count
from pathlib import Path

import brotli

from forms import CompiledForm, FormError, FormErrors, compile_in_child
from tests.corpus.folder import Entry

# The real forms that compile: one that no longer does fails `make test`.
KEPT = Path(__file__).parent / "compiling.txt"
CRASHES = {"conversion_died", "conversion_timeout"}
# What makes a form hard, and how its XForm shows it.
_FEATURES = {
    "repeat": r"<repeat\b",
    "nested": r"<repeat\b(?:(?!</repeat>).)*<repeat\b",
    "cascade": r"<itemset[^>]*\[",
    "external": r"src=\"jr://file",
    "last-saved": r"jr://instance/last-saved",
    "date": r"type=\"date",
    "setvalue": r"setvalue\b[^>]*event",
    "once": r"\bonce\(",
    "random": r"\brandom(?:ize)?\(",
    "rank": r":rank\b",
    "range": r"<range\b",
    "entity": r"<(?:\w+:)?entity\b",
    "media": r"form=\"(?:image|audio|video|big-image)",
    "output": r"<output\b",
    "pages": r"class=\"[^\"]*\bpages\b",
}


@dataclass(frozen=True)
class Outcome:
    """What compiling one form gave: the form, or why not."""

    entry: Entry
    seconds: float
    form: CompiledForm | None
    errors: tuple[FormError, ...] = ()

    @property
    def state(self) -> str:
        if self.form is not None:
            return "compiled"
        return "crashed" if any(error.code in CRASHES for error in self.errors) else "refused"

    @property
    def sizes(self) -> tuple[int, int]:
        """Bytes of the module, as they are and as they travel."""
        module = self.form.javascript.encode() if self.form else b""
        return len(module), len(brotli.compress(module)) if module else 0

    @property
    def features(self) -> list[str]:
        """Of a refused workbook nothing is known: it has no XForm."""
        xform = self.form.xform if self.form else _own_xform(self.entry)
        found = [name for name, sign in _FEATURES.items() if re.search(sign, xform, re.DOTALL)]
        languages = len(re.findall(r"<translation\b", xform))
        return [*found, *([f"languages:{languages}"] if languages > 1 else [])]


def compile_all(entries: Iterable[Entry]) -> Iterator[Outcome]:
    """Compile them all, two at a time, in their order."""
    with ThreadPoolExecutor(cpu_count()) as pool:
        yield from pool.map(compile_one, entries)


def compile_one(entry: Entry) -> Outcome:
    """A draft, since forms from elsewhere state no purpose and no retention."""
    began = time.monotonic()
    try:
        form = compile_in_child(entry.source, entry.name, entry.attachments, is_draft=True)
    except FormErrors as refused:
        return Outcome(entry, time.monotonic() - began, None, tuple(refused.errors))
    return Outcome(entry, time.monotonic() - began, form)


def _own_xform(entry: Entry) -> str:
    return entry.source.decode("utf-8", "replace") if entry.path.suffix == ".xml" else ""
