"""Outcomes of a corpus as a table for the terminal, and what they come to."""

from collections import Counter
from collections.abc import Iterable, Sequence

from forms import FormError
from forms.repair_texts import REPAIR_TEXTS
from tests.corpus.compiling import Outcome
from tests.corpus.walking import Walk

HEADER = ("form", "s", "module", "brotli", "features", "repairs", "warnings", "refusals")
SHOWN_ERRORS = 2
_FAULT = 300
_NAME = 52
_REASON = 60


def table(outcomes: Sequence[Outcome]) -> str:
    """One line a form; beneath a refused one its first reasons."""
    rows = [row(outcome) for outcome in outcomes]
    widths = [max(map(len, column)) for column in zip(HEADER, *rows, strict=True)]
    lines = [_line(HEADER, widths)]
    for outcome, cells in zip(outcomes, rows, strict=True):
        lines += [_line(cells, widths), *reasons(outcome.errors)]
    return "\n".join(lines)


def row(outcome: Outcome) -> tuple[str, ...]:
    raw, packed = outcome.sizes
    warnings = outcome.form.warnings if outcome.form else ()
    repairs = [each for each in warnings if each.code in REPAIR_TEXTS]
    return (
        outcome.entry.name[:_NAME],
        f"{outcome.seconds:.1f}",
        f"{raw:,}" if raw else "",
        f"{packed:,}" if packed else "",
        " ".join(outcome.features),
        _codes(repairs).replace("repaired_", ""),
        _codes(each for each in warnings if each not in repairs),
        _codes(outcome.errors) if outcome.state == "refused" else outcome.state.replace("compiled", ""),
    )


def reasons(errors: Sequence[FormError]) -> list[str]:
    """The first errors, and how many more there are."""
    more = len(errors) - SHOWN_ERRORS
    return [
        *(f"    {error}" for error in errors[:SHOWN_ERRORS]),
        *([f"    and {more} more"] if more > 0 else []),
    ]


def summary(outcomes: Sequence[Outcome]) -> str:
    """The share that compiles, and the refusals by kind: how many forms each kind stands in the way of."""
    states = Counter(outcome.state for outcome in outcomes)
    kinds = Counter(code for outcome in outcomes for code in {error.code for error in outcome.errors})
    alone = Counter(
        codes.pop() for outcome in outcomes if len(codes := {e.code for e in outcome.errors}) == 1
    )
    share = (
        f"{states['compiled']} of {len(outcomes)} forms compile ({states['compiled'] / len(outcomes):.0%})"
    )
    rest = ", ".join(f"{number} {state}" for state, number in states.items() if state != "compiled")
    lines = [f"{share}{'; ' if rest else ''}{rest}"]
    lines += [f"  {code}: {number} forms, {alone[code]} by it alone" for code, number in kinds.most_common()]
    return "\n".join(lines)


def walk_table(walks: Sequence[Walk]) -> str:
    """One line a form: how far it was walked, rows of docs/differences.md met; its faults beneath."""
    lines = []
    for one in walks:
        said = [f"{one.steps} steps", *one.known, alone(one.refusal)]
        lines.append(f"{one.name[:_NAME]:<{_NAME}}  {'  '.join(filter(None, said))}")
        lines += [f"    {fault[:_FAULT]}" for fault in one.faults[:SHOWN_ERRORS]]
    return "\n".join(lines)


def alone(refusal: str) -> str:
    """Why only phone and checker were compared, '' where ODK Web Forms walked along."""
    reason = refusal.removeprefix("Error: ")[:_REASON]
    return reason and f"phone and checker only: {reason}"


def walk_summary(walks: Sequence[Walk]) -> str:
    """How many forms agree, and with whom."""
    rows = Counter(row for one in walks for row in one.known)
    faulty = sum(bool(one.faults) for one in walks)
    lonely = sum(bool(one.refusal) for one in walks)
    steps = sum(one.steps for one in walks)
    told = f"{len(walks)} forms walked, {steps:,} steps; {faulty} with a difference that nothing explains"
    more = f"{lonely} of them phone and checker only: ODK Web Forms can't open them or lacks a function"
    return "\n".join([told, more, *(f"  {row}: {number} forms" for row, number in rows.most_common())])


def _codes(errors: Iterable[FormError]) -> str:
    return " ".join(f"{code}:{number}" for code, number in Counter(e.code for e in errors).items())


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    numbers = {1, 2, 3}
    padded = (
        cell.rjust(width) if place in numbers else cell.ljust(width)
        for place, (cell, width) in enumerate(zip(cells, widths, strict=True))
    )
    return "  ".join(padded).rstrip()
