"""docs/words.md names what the code names: tables, outcomes, states, roles, kinds and classes."""

import re
from pathlib import Path

import pytest

from server.access import ROLES
from server.actions.imports import CLASSES, KINDS
from server.database import Base
from sync.decide import Outcome

PAGE = (Path(__file__).parents[1] / "docs" / "words.md").read_text(encoding="utf-8")
WORDS = set(re.findall(r"\w+", PAGE))
TERMS = " ".join(re.findall(r"^\| ([^|]+) \|", PAGE, re.MULTILINE))


@pytest.mark.parametrize("table", sorted(Base.metadata.tables))
def test_every_table_is_a_word(table: str) -> None:
    assert table.replace("_", " ") in PAGE.replace("_", " ")
    assert table.split("_")[0] in TERMS


def test_every_value_that_people_meet_is_a_word() -> None:
    values = {*ROLES, *CLASSES, *KINDS, *(outcome.value for outcome in Outcome)}
    assert values - WORDS == set()
