"""Chinese texts are punctuated as Chinese: a half-width comma between two figures reads as one figure."""

import csv
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
HALF_WIDTH = re.compile(r"[\u4e00-\u9fff][,;:]|(?<!:)[,;:][\u4e00-\u9fff]|”[,;:]")


def test_problems_are_punctuated_as_chinese() -> None:
    with (ROOT / "server" / "problems.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["code"] for row in rows if HALF_WIDTH.search(row["message_zh"] + row["fix_zh"])] == []


@pytest.mark.parametrize(
    "path",
    sorted(
        str(path.relative_to(ROOT))
        for pattern in ("forms/*.py", "server/*texts.py", "server/tables.py")
        for path in ROOT.glob(pattern)
    ),
)
def test_texts_are_punctuated_as_chinese(path: str) -> None:
    assert HALF_WIDTH.findall((ROOT / path).read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "form", sorted((ROOT / "forms" / "library").glob("*.md")), ids=lambda path: path.stem
)
def test_forms_are_punctuated_as_chinese(form: Path) -> None:
    assert HALF_WIDTH.findall(form.read_text(encoding="utf-8")) == []
