"""What an author may use, whether phone and server do it, and the test that shows it; for docs/xlsform.md.

Every row compiles; `shown` is on the phone, `checked` on the server.
"""

from __future__ import annotations

from dataclasses import dataclass

_WALK = "tests/corpus/test_walks.py"  # with the form of tests/corpus/small that has the feature
_WIDGETS = "server/phone/test/widgets.test.tsx"
_APPEARANCES = "server/phone/test/appearances.test.tsx"


@dataclass(frozen=True, slots=True)
class Proof:
    """One feature: `shown` and `checked` are yes, no, or what happens instead."""

    feature: str
    shown: str
    checked: str
    test: str


PROOFS: tuple[Proof, ...] = (
    Proof("groups, `field-list`, `style: pages`", "yes", "yes", "server/phone/test/pagination.test.ts"),
    Proof("nested repeats", "yes", "yes", _WALK),
    Proof("`repeat_count`, also of what is in the repeat", "yes", "yes", "tests/conformance/repeats.json"),
    Proof("`position(..)`, `indexed-repeat`, `count`, `sum`", "yes", "yes", "tests/conformance/repeats.json"),
    Proof(
        "relative paths, `current()`, predicates, `*`, unions", "yes", "yes", "tests/conformance/paths.json"
    ),
    Proof("cascades by `choice_filter`", "yes", "yes", _WALK),
    Proof("lists from CSV, XML and GeoJSON; `itemsets.csv`", "yes", "yes", "tests/forms/test_paths.py"),
    Proof("`pulldata`", "yes", "yes", _WALK),
    Proof("choices from a repeat", "yes", "yes", "tests/conformance/repeats.json"),
    Proof("`or_other`", "yes", "yes", _WALK),
    Proof("`rank`", "by tapping in order", "yes", _APPEARANCES),
    Proof("`range`", "slider, stars, list, vertical", "yes", _APPEARANCES),
    Proof("`likert`, `label`, `list-nolabel`, `columns-…`, `quick`", "yes", "-", _APPEARANCES),
    Proof("`minimal`, `autocomplete`, `search` with pinyin", "yes", "-", _APPEARANCES),
    Proof("`date`, `time`, `dateTime`, `month-year`, `year`", "yes", "yes", _APPEARANCES),
    Proof("`geopoint`", "with accuracy, retried", "yes", "server/phone/test/places.test.ts"),
    Proof("`geotrace`, `geoshape`", "walked or tapped, no map", "yes", "server/phone/test/places.test.ts"),
    Proof(
        "`image` with `signature`, `draw`, `new`, `max-pixels`",
        "yes",
        "type and size",
        "tests/browser/test_chain.py",
    ),
    Proof("`audio`, `video`, `file`", "recorded or chosen", "type and size", "tests/browser/test_widgets.py"),
    Proof("`barcode`", "scanned or typed", "yes", "server/phone/test/scan.test.ts"),
    Proof("`acknowledge`, `trigger`", "yes", "yes", _WALK),
    Proof("`note` with markdown", "yes", "-", "server/phone/test/markup.test.tsx"),
    Proof("pictures and sounds in labels and choices", "yes", "-", "server/phone/test/media.test.tsx"),
    Proof("dynamic `label`, `hint`; `guidance_hint` folded", "yes", "-", _WIDGETS),
    Proof("`default`, static and dynamic", "yes", "-", _WALK),
    Proof("`last-saved`", "yes", "taken as sent", "server/phone/test/lastsaved.test.ts"),
    Proof("`setvalue`, `trigger`, events", "yes", "taken as sent", "server/phone/test/opening.test.ts"),
    Proof("`once()`, `random()`, `uuid()`, `now()`", "yes", "taken as sent", _WALK),
    Proof("`randomize` with and without seed", "yes", "-", _WALK),
    Proof("`relevant`, `read_only`", "yes", "yes", _WALK),
    Proof("`required`, `constraint`, dynamic messages", "yes", "yes", _WALK),
    Proof("metadata (`start`, `end`, `today`, `deviceid`, …)", "unasked", "taken as sent", _WALK),
    Proof("`start-geopoint`", "a question with its purpose", "yes", "server/phone/test/opening.test.ts"),
    Proof("`instance_name`", "yes", "yes", _WALK),
    Proof("several languages", "yes", "-", _WALK),
    Proof("entities: create, update, in repeats, offline", "yes", "yes", "server/phone/test/newrows.test.ts"),
    Proof("functions of XPath and ODK", "yes", "yes", "tests/conformance/forms.json"),
    Proof("functions of SurveyCTO, CHT, PMA", "yes", "yes", "tests/conformance/dialects.json"),
    Proof("hostile texts in expressions", "as text", "as text", "tests/forms/test_fuzz.py"),
)
