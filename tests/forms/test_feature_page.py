"""docs/xlsform.md says what the compiler and the phone do, as they are now."""

import ast
import json
import re
from pathlib import Path

from forms import columns, question_types, repair_cells
from forms.feature_page import page, proofs
from forms.feature_texts import APPEARANCES, ENTITIES, OURS, PARAMETERS, SETTINGS, SURVEY
from forms.functions import FUNCTIONS
from forms.readers import EXTENSIONS

ROOT = Path(__file__).parents[2]
PHONE = ROOT / "server" / "phone" / "src"
SMALL = ROOT / "tests" / "corpus" / "small"
PAGE = (ROOT / "docs" / "xlsform.md").read_text(encoding="utf-8")


def test_the_page_is_what_the_tables_say() -> None:
    assert page() == PAGE, "python -m forms.feature_page > docs/xlsform.md"


def test_every_column_of_ours_is_told() -> None:
    assert OURS.keys() == columns.OUR_BINDS | columns.OUR_SETTINGS
    for sheet, told in (("survey", SURVEY), ("settings", SETTINGS), ("entities", ENTITIES)):
        assert told.keys() <= columns.known_columns(sheet)


def test_every_parameter_is_told() -> None:
    kinds = repair_cells.PARAMETERS.items()
    taken = {word for kind, words in kinds if kind not in question_types.IGNORED for word in words.split()}
    assert PARAMETERS.keys() == taken | set(repair_cells.OF_FILE.split())


def test_every_function_is_told_with_its_arguments() -> None:
    told = dict(re.findall(r"^\| `([\w:-]+)\(\)` \| ([^|]*) \|", PAGE, re.MULTILINE))
    assert told.keys() == FUNCTIONS.keys()
    assert (told["if"], told["round"], told["sum"], told["pi"].strip()) == (
        "boolean, any, [any]",
        "number, [number]",
        "number, …",
        "",
    )


# Of ODK's documentation (docs.getodk.org, August 2026): types, appearances, parameters, columns, settings.
ODK = """
text integer decimal date time dateTime select_one select_multiple select_one_from_file
select_multiple_from_file rank geopoint geotrace geoshape start-geopoint background-geopoint image audio
background-audio video file barcode range note trigger acknowledge calculate hidden begin_group end_group
begin_repeat end_repeat csv-external xml-external start end today deviceid phonenumber username email audit
multiline numbers hidden-answer masked thousands-sep counter no-calendar month-year year bikram-sambat
buddhist coptic ethiopian islamic myanmar persian minimal quick search autocomplete columns columns-pack
no-buttons likert map image-map maps placement-map bearing annotate new new-front draw signature vertical
no-ticks picker rating url printer field-list label list-nolabel list table-list
rows randomize seed value capture-accuracy warning-accuracy allow-mock-accuracy incremental max-pixels app
quality start step tick_interval tick_labelset placeholder
type name hint guidance_hint required required_message relevant constraint constraint_message calculation
default read_only appearance parameters choice_filter repeat_count save_to big-image autoplay or_other intent
form_title form_id version instance_name default_language public_key submission_url style auto_send
auto_delete allow_choice_duplicates list_name entity_id create_if update_if repeat ex:…
"""
ODK_FUNCTIONS = """
if position once selected selected-at count-selected jr:choice-name indexed-repeat count count-non-empty sum
max min regex contains starts-with ends-with substr substring-before substring-after translate string-length
normalize-space concat join boolean-from-string string digest base64-decode extract-signed round int number
pow log log10 abs sin cos tan asin acos atan atan2 sqrt exp exp10 pi today now decimal-date-time date
decimal-time format-date format-date-time area distance geofence intersects random randomize uuid boolean not
coalesce checklist weighted-checklist true false current instance pulldata jr:itext
"""


def test_all_that_odk_documents_is_told() -> None:
    assert [word for word in ODK.split() if f"`{word}`" not in PAGE] == []
    told = {word.removesuffix("()") for word in re.findall(r"^\| `([\w:().-]+)` \|", PAGE, re.MULTILINE)}
    assert set(ODK_FUNCTIONS.split()) - told == set()


def test_every_kind_of_file_is_told() -> None:
    told = re.findall(r"(?<=[ (])\.\w+(?=[,)])", PAGE.partition("This page")[0])
    assert set(told) == EXTENSIONS | {".xml"}


def test_appearances_are_those_the_phone_looks_at() -> None:
    paths = [*PHONE.glob("widgets/*.ts*"), PHONE / "pagination.ts"]
    quoted = {word for path in paths for word in re.findall(r"'([a-z-]+)'", path.read_text(encoding="utf-8"))}
    looked_at = quoted & question_types.APPEARANCES
    # pyxform makes selects with `label` and `list-nolabel` of it.
    assert looked_at | {"table-list"} == APPEARANCES.keys()


def is_there(test: str) -> bool:
    """Whether the file has a test of this name, or a case in its table."""
    python, mark, name = test.partition("::")
    path, _, title = test.partition(": ")
    if mark:
        return is_function(ROOT / python, *name.removesuffix("]").split("["))
    text = (ROOT / path).read_text(encoding="utf-8")
    if path.endswith(".json"):
        return title in [case["name"] for case in json.loads(text)]
    return re.search(rf"\btest(\.each\(.+?\))?\(\s*'{re.escape(title)}',", text, re.DOTALL) is not None


def is_function(path: Path, name: str, case: str = "") -> bool:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    return name in names and (not case or any(SMALL.glob(f"{case}.*")))


def test_every_proof_is_a_test_that_is_there() -> None:
    tests = [test for row in proofs() for test in row["test"].splitlines()]
    assert [test for test in tests if not is_there(test)] == []
    assert not is_there("tests/forms/test_both.py::test_nothing")
    assert not is_there("tests/corpus/test_walks.py::test_small_form_agrees[nothing]")
    assert not is_there("server/phone/test/kinds.test.tsx: a tick")


def test_every_function_is_called_in_a_case_of_both_sides() -> None:
    cases = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests/conformance").glob("*.json"))
    small = "".join(path.read_text(encoding="utf-8") for path in SMALL.iterdir() if path.is_file())
    called = set(re.findall(r"([\w:.-]*\w) ?\(", cases + small))
    assert FUNCTIONS.keys() - called == set()
