"""The same records through the phone's engine and the server's checker: they must not disagree."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from forms import load_checker
from tests.forms.running import PHONE, run_script
from tests.forms.town import MORNING, Lists, library, town

FILL = (Path(__file__).parent / "fill.mjs").as_uri()
SUBJECTS = {
    "exit_check": "h1",
    "household_register": "",
    "business_register": "",
    "enterprise_visit": "b1",
    "event": "",
    "check_in": "",
    "pairing": "",
    "contact_log": "r1",
    "leave": "",
}
PHONES_CODES = {"required", "type", "choice", "constraint"}
N_FILLINGS = 16

pytestmark = pytest.mark.skipif(
    not (PHONE / "node_modules" / "@preact" / "signals").is_dir(), reason="npm ci in server/phone comes first"
)


def fill(form: str, steps: int) -> list[dict[str, Any]]:
    given = {
        "javascript": library(form).javascript,
        "tables": town(),
        "subject": SUBJECTS[form],
        "now": MORNING["ended_at"],
        "seeds": list(range(N_FILLINGS)),
        "steps": steps,
    }
    filled: list[dict[str, Any]] = run_script(FILL, given)
    return filled


@pytest.fixture(scope="module", params=[*SUBJECTS], ids=[*SUBJECTS])
def records(request: pytest.FixtureRequest) -> list[tuple[dict[str, Any], Any]]:
    """Random fillings of one form, each with what the checker says of its answers."""
    checker = load_checker(library(request.param).python)
    filled = fill(request.param, steps=0)[:1] + fill(request.param, steps=150)
    return [(one, checker.check(one["answers"], Lists(town()), MORNING)) for one in filled]


def test_both_find_the_same_violations(records: list[tuple[dict[str, Any], Any]]) -> None:
    for filled, checked in records:
        found = [f"{one.path}:{one.code}" for one in checked.violations if one.code in PHONES_CODES]
        assert sorted(found) == sorted(filled["errors"]), filled["answers"]


def test_both_compute_the_same_values(records: list[tuple[dict[str, Any], Any]]) -> None:
    for filled, checked in records:
        assert checked.calculated == {}, filled["answers"]


def test_checker_finds_nothing_that_was_not_relevant(records: list[tuple[dict[str, Any], Any]]) -> None:
    for filled, checked in records:
        codes = {one.code for one in checked.violations}
        assert not codes & {"relevance", "calculation"}, filled["answers"]


def test_both_name_the_record_alike(records: list[tuple[dict[str, Any], Any]]) -> None:
    for filled, checked in records:
        assert checked.instance_name == filled["name"]


def test_both_write_the_same_rows(records: list[tuple[dict[str, Any], Any]]) -> None:
    for filled, checked in records:
        written = [asdict(one) for one in checked.entities]
        assert sorted(written, key=_as_text) == sorted(filled["entities"], key=_as_text)


def _as_text(row: dict[str, Any]) -> str:
    return json.dumps(row, sort_keys=True)


def test_draft_opens_as_it_was_left(records: list[tuple[dict[str, Any], Any]]) -> None:
    for filled, _ in records:
        assert filled["restored"] == filled["answers"]


def test_sent_answers_open_for_correction_as_they_were(records: list[tuple[dict[str, Any], Any]]) -> None:
    for filled, _ in records:
        assert filled["corrected"] == filled["answers"]
