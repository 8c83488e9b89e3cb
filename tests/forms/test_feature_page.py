"""docs/xlsform.md says what the compiler and the phone do, as they are now."""

import re
from pathlib import Path

from forms import columns, question_types
from forms.feature_page import page
from forms.feature_texts import APPEARANCES, OURS, SURVEY
from forms.functions import FUNCTIONS
from forms.proof_texts import PROOFS
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
        "boolean, any, [any]",
        "number, [number]",
        "number, …",
        "",
    )


def test_every_kind_of_file_is_told() -> None:
    told = re.findall(r"(?<=[ (])\.\w+(?=[,)])", PAGE.partition("This page")[0])
    assert set(told) == EXTENSIONS | {".xml"}


def test_appearances_are_those_the_phone_looks_at() -> None:
    paths = [*PHONE.glob("widgets/*.ts*"), PHONE / "pagination.ts"]
    quoted = {word for path in paths for word in re.findall(r"'([a-z-]+)'", path.read_text(encoding="utf-8"))}
    looked_at = quoted & question_types.APPEARANCES
    # pyxform makes selects with `label` and `list-nolabel` of it.
    assert looked_at | {"table-list"} == APPEARANCES.keys()


def test_every_proof_is_a_test_that_is_there() -> None:
    assert [row.feature for row in PROOFS if not (ROOT / row.test).is_file()] == []
