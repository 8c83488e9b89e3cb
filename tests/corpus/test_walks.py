"""Forms walked at random: phone, checker and ODK Web Forms agree but for docs/differences.md."""

import re
from pathlib import Path

import pytest

from forms import compile_form
from tests.corpus.folder import ROOT, SMALL, Entry, read_folder, real_folder
from tests.corpus.walking import Form, Pace, walk
from tests.forms.running import PHONE

DIFFERENCES = ROOT / "docs" / "differences.md"
# Real forms of some length with nested repeats, cascades, calculations, languages, lists that came along.
REAL = (
    "collect__all-widgets.xml",
    "collect__entity-update-pulldata.xml",
    "enketocore__exclude-non-relevant-cascade-across-repeats.xml",
    "formhub__Water_2011_03_17.xml",
    "pyxform__UCL_Biomass_Plot_Form.xlsx",
    "webforms__socio-economic-survey-v20240515.xlsx",
)

pytestmark = pytest.mark.skipif(
    not (PHONE / "node_modules" / "@getodk").is_dir(), reason="npm ci in server/phone comes first"
)


def compiled(path: Path) -> Form:
    entry = Entry(path)
    return entry, compile_form(entry.source, entry.name, entry.attachments, is_draft=True)


@pytest.mark.parametrize("path", [each.path for each in read_folder(SMALL)], ids=lambda path: path.stem)
def test_small_form_agrees(path: Path) -> None:
    for one in walk(compiled(path), Pace(seeds=(1, 2), steps=120)):
        assert one.refusal == ""
        assert one.steps == 120
        assert one.faults == []


@pytest.mark.parametrize("name", REAL)
def test_real_form_agrees(name: str) -> None:
    folder = real_folder()
    if folder is None or not (folder / name).exists():
        pytest.skip("no folder of real forms: CORPUS=/path/to/forms names one")
    for one in walk(compiled(folder / name), Pace(seeds=(1,), steps=50)):
        assert one.faults == []


def test_each_row_of_the_differences_is_recognised_and_each_that_is_recognised_explained() -> None:
    rows = re.findall(r"^\| `([a-z-]+)` \|", DIFFERENCES.read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(rows) == sorted(set(rows))
    code = [*(PHONE / "test" / "walks").glob("*.ts"), *Path(__file__).parent.glob("*.py")]
    told = {
        name
        for file in code
        for name in re.findall(r"['`]([a-z]+(?:-[a-z]+)*)['`]", file.read_text(encoding="utf-8"))
    }
    recognised = re.search(
        r"ROWS = \[(.*?)\]", (PHONE / "test/walks/known.ts").read_text(encoding="utf-8"), re.DOTALL
    )
    assert recognised is not None
    assert set(re.findall(r"'([a-z-]+)'", recognised[1])) <= set(rows)
    assert set(rows) <= told
