"""docs/xlsform.md says what the compiler and the phone do, as they are now."""

import re
from pathlib import Path

from forms import columns, question_types
from forms.feature_page import page
from forms.feature_texts import APPEARANCES, OURS, SURVEY
from forms.functions import FUNCTIONS
from forms.readers import EXTENSIONS

ROOT = Path(__file__).parents[2]
PHONE = ROOT / "server" / "phone" / "src"
PAGE = (ROOT / "docs" / "xlsform.md").read_text(encoding="utf-8")


def test_the_page_is_what_the_tables_say() -> None:
    assert page() == PAGE, "python -m forms.feature_page > docs/xlsform.md"


def test_every_column_of_ours_is_told() -> None:
    assert OURS.keys() == columns.OUR_BINDS | columns.OUR_SETTINGS
    assert SURVEY.keys() <= columns.known_columns("survey")


def test_every_function_is_told_with_its_arguments() -> None:
    told = dict(re.findall(r"^\| `([\w:-]+)\(\)` \| ([^|]*) \|", PAGE, re.MULTILINE))
    assert told.keys() == FUNCTIONS.keys()
    assert (told["if"], told["round"], told["sum"], told["pi"].strip()) == (
        "boolean, any, any",
        "number, [number]",
        "number, …",
        "",
    )


def test_every_kind_of_file_is_told() -> None:
    told = re.findall(r"(?<=[ (])\.\w+(?=[,)])", PAGE.partition("This page")[0])
    assert set(told) == EXTENSIONS | {".xml"}


def test_appearances_are_those_the_phone_looks_at() -> None:
    lines = [
        line
        for path in [*PHONE.glob("widgets/*.tsx"), PHONE / "pagination.ts"]
        for line in path.read_text(encoding="utf-8").splitlines()
        if re.search(r"appearance|look =>|look ===|DRAWN", line)
    ]
    quoted = set(re.findall(r"'([a-z-]+)'", "\n".join(lines)))
    assert quoted & question_types.APPEARANCES == APPEARANCES.keys()
