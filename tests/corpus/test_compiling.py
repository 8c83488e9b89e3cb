"""Real forms and our own small ones: they compile, or say where and what to do; none crashes the compiler."""

from collections.abc import Iterable

import pytest

from tests.corpus.compiling import KEPT, Outcome, compile_all
from tests.corpus.folder import SMALL, read_folder, real_folder
from tests.corpus.table import reasons


@pytest.fixture(scope="module")
def real() -> list[Outcome]:
    folder = real_folder()
    if folder is None:
        pytest.skip("no folder of real forms: CORPUS=/path/to/forms names one")
    return list(compile_all(read_folder(folder)))


def test_every_small_form_compiles() -> None:
    outcomes = list(compile_all(read_folder(SMALL)))
    assert len(outcomes) > 15
    assert told(outcome for outcome in outcomes if outcome.form is None) == ""


def test_what_compiled_before_still_does(real: list[Outcome]) -> None:
    kept = KEPT.read_text(encoding="utf-8").splitlines()
    assert told(one for one in real if one.form is None and one.entry.name in kept) == ""


def test_no_real_form_crashes_the_compiler(real: list[Outcome]) -> None:
    assert told(one for one in real if one.state == "crashed") == ""


def test_each_refusal_says_where_and_what_to_do(real: list[Outcome]) -> None:
    vague = [
        f"{outcome.entry.name}: {error}"
        for outcome in real
        for error in outcome.errors
        if not (error.sheet and error.remedy["zh"] and error.remedy["en"])
    ]
    assert vague == []


def told(outcomes: Iterable[Outcome]) -> str:
    """Which forms, with their first errors: '' when there are none."""
    lines = [line for one in outcomes for line in (one.entry.name, *reasons(one.errors))]
    return "\n".join(lines)
