"""Signed codes that must be refused: `codes/<name>.json` holds a text and what it must be refused as."""

import json
from datetime import datetime
from pathlib import Path

import pytest

from server.codes import CodeRefused, read
from tests.bad_inputs.write_codes import BAD, files, written
from tests.server.test_codes import RING

CASES = sorted(BAD.glob("*.json"))


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_bad_code_is_refused(path: Path) -> None:
    case = json.loads(path.read_text(encoding="ascii"))
    with pytest.raises(CodeRefused) as refused:
        read(case["text"], case["purpose"], RING, datetime.fromisoformat(case["now"]))
    assert refused.value.why == case["expect"]


def test_all_six_refusals_are_tried() -> None:
    whys = {json.loads(path.read_text(encoding="ascii"))["expect"] for path in CASES}
    assert len(whys) == 6
    assert len(CASES) >= 25


def test_the_files_are_those_that_the_module_writes() -> None:
    made = files()
    assert {path for path in made if path.parent == BAD} == set(CASES)
    for path, content in made.items():
        assert path.read_text(encoding="ascii") == written(content)
