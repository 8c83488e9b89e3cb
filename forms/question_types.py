"""What the type and appearance columns may say; one table each."""

from __future__ import annotations

import re
from dataclasses import dataclass

_SELECT = re.compile(
    r"^(?P<command>select[_ ]one[_ ]from[_ ]file|select[_ ]multiple[_ ]from[_ ]file|select_one_external"
    r"|select[_ ]one(?: from)?|select1|select[_ ]multiple(?: from)?|select all that apply(?: from)?|rank"
    r"|add select one prompt using|add select multiple prompt using)"
    r"(?:\s+(?P<list>\S+))?(?P<other>\s+(?:or specify other|or_other|or other))?$"
)

METADATA = frozenset(
    "start end today deviceid username phonenumber email audit simserial subscriberid".split()
) | {"device id", "imei", "start time", "end time", "get today", "phone number"}
INVISIBLE = frozenset(("calculate", "hidden", "csv-external", "xml-external", *METADATA)) - {"phone number"}
EXTERNAL_LISTS = frozenset(("csv-external", "xml-external"))
# Clients log or follow by themselves with these; ours don't, whoever fills shall know what is taken.
IGNORED = frozenset(
    "audit simserial subscriberid start-geopoint background-geopoint background-audio".split()
)
POSITIONS = ("start-geopoint", "background-geopoint")  # which are asked for once they say why
_PLAIN = frozenset(
    "text string int integer decimal date time datetime note geopoint geotrace geoshape gps location barcode"
    " image photo audio video file acknowledge trigger range percentage osm dateTime".split()
)
_LONG = re.compile(
    r"^(?:q|add) .+|^number of days in .+|^get .+|^date time$|^(?:uri:)?(?:subscriberid|simserial|phonenumber"
    r"|deviceid|username|email)$|^sim id$|^subscriber id$|^osm \S+$"
)
_UNSEEN = re.compile(r"uri:.+|get .+|(?:q|add) calculate( prompt)?|sim id|subscriber id")
_LISTED = frozenset("select_one select_multiple select_one_from_file select_multiple_from_file rank".split())
_NESTING = frozenset("begin_group end_group begin_repeat end_repeat".split())
SIMPLE = _PLAIN | METADATA | IGNORED | EXTERNAL_LISTS | {"calculate", "hidden"}
KNOWN = sorted(SIMPLE | _LISTED | _NESTING)

APPEARANCES = frozenset(
    "annotate autocomplete bearing bikram-sambat buddhist columns columns-flex columns-pack compact"
    " coptic counter draw dynamic ethiopian field-list front full-screen-table hidden-answer hide-input"
    " horizontal horizontal-compact image-map intent islamic label likert list list-nolabel map maps"
    " masked minimal month-year multiline myanmar new new-front new-rear no-buttons no-calendar no-ticks"
    " numbers pages persian picker placement-map printer quick quickcompact randomized rating"
    " required-asterisk search selfie signature spinner streets summary table-list thousands-sep url vertical"
    " watermark year".split()
)
# Other clients do something for these that whoever fills would miss: authors hear of it.
MISSED = frozenset(
    "annotate bearing bikram-sambat buddhist coptic ethiopian image-map intent islamic map maps myanmar"
    " persian placement-map printer streets watermark".split()
)
_MISSED_PATTERNS = re.compile(r"^(ex:.*|printer:.*)$")
_PATTERNS = re.compile(r"^(w\d+|columns-\d+|compact-\d+|quickcompact-\d+|ex:.*|search\(.*|randomize)$")


@dataclass(frozen=True, slots=True)
class Select:
    """What a select's type says: its list (or file, or `${repeat}`), and whether "other" is added."""

    list_name: str
    is_file: bool
    is_multiple: bool
    has_other: bool


def read_select(type_: str) -> Select | None:
    """None when the type is no select."""
    found = _SELECT.match(type_)
    if found is None:
        return None
    command = found["command"]
    return Select(
        found["list"] or "",
        "file" in command,
        "multiple" in command or "all that apply" in command,
        bool(found["other"]),
    )


def is_known(type_: str) -> bool:
    """Whether pyxform knows a question type that is no select and no group."""
    return type_.lower() in SIMPLE or bool(_LONG.match(type_))


def is_shown(type_: str) -> bool:
    """Whether a question of this type appears, so that it needs a label."""
    return type_ not in INVISIBLE | IGNORED and not _UNSEEN.fullmatch(type_)


def is_known_appearance(word: str) -> bool:
    """Whether some ODK client, or ours, does something for this appearance."""
    return word in APPEARANCES or bool(_PATTERNS.match(word)) or is_missed(word)


def is_missed(word: str) -> bool:
    """Whether other clients do for this appearance what ours doesn't, so that whoever fills misses it."""
    return word in MISSED or bool(_MISSED_PATTERNS.match(word))
