"""Column headers as authors write them -> a canonical name and a language; which columns hold expressions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

# XLSForm allows several spellings; the left side is lower case with underscores.
_ALIASES = {
    "survey": {
        "command": "type",
        "tag": "name",
        "value": "name",
        "caption": "label",
        "relevance": "relevant",
        "readonly": "read_only",
        "calculate": "calculation",
        "constraining_message": "constraint_message",
        "jr:constraintmsg": "constraint_message",
        "jr:requiredmsg": "required_message",
        "requiredmsg": "required_message",
        "count": "repeat_count",
        "jr:count": "repeat_count",
        "entities:saveto": "save_to",
        "jr:noapperrorstring": "no_app_error_string",
        "noapperrorstring": "no_app_error_string",
    },
    "choices": {"caption": "label", "value": "name", "list name": "list_name"},
    "external_choices": {"caption": "label", "value": "name", "list name": "list_name"},
    "settings": {
        "set_form_title": "form_title",
        "title": "form_title",
        "set_form_id": "form_id",
        "id_string": "form_id",
    },
    "entities": {"dataset": "list_name"},
}

# `bind::relevant` is the long spelling of `relevant`; the other prefixes are alike. What else stands behind a
# prefix is an attribute of its own: `bind::type`, `instance::tag`.
_PREFIXES = {"bind", "control", "body", "media", "instance", "attribute"}
_OF_BIND = frozenset(
    "relevant constraint constraint_message required required_message read_only calculation save_to"
    " no_app_error_string".split()
)

_KNOWN = {
    "survey": set(
        "type name label hint guidance_hint relevant constraint constraint_message required required_message"
        " read_only calculation default choice_filter appearance parameters repeat_count trigger save_to"
        " image big-image audio video autoplay rows disabled no_app_error_string intent query"
        " sms_field sms_option sms_separator compact_tag publishable minimum_seconds $given_name"
        " accuracythreshold mediatype noappversionerror hxl note notes comment comments response_note"
        " kobo--score-choices kobo--rank-items kobo--rank-constraint-message kobo--matrix_list".split()
    ),
    "settings": set(
        "form_title form_id version default_language public_key submission_url auto_send auto_delete style"
        " instance_name instance_id namespaces allow_choice_duplicates omit_instanceid clean_text_values name"
        " sms_keyword sms_separator sms_allow_media sms_date_format sms_datetime_format sms_response flat"
        " prefix delimiter add_none_option client_editable xform_root_node".split()
    ),
    "entities": set("list_name entity_id create_if update_if label repeat".split()),
}

# Other clients do something for these that authors count on: they hear that nothing comes of it here.
IDLE = {
    "survey": frozenset(("intent", "autoplay")),
    "settings": frozenset(("submission_url", "auto_send", "auto_delete")),
}

EXPRESSIONS = {
    "survey": frozenset(
        "relevant constraint required read_only calculation default choice_filter repeat_count".split()
    ),
    "settings": frozenset(("instance_name", "ly:key", "ly:village")),
    "entities": frozenset(("entity_id", "create_if", "update_if", "label")),
}

# Columns of texts that may hold `${name}`.
TEXTS = {
    "survey": frozenset("label hint guidance_hint constraint_message required_message".split()),
    "choices": frozenset(("label",)),
}

OUR_BINDS = frozenset(("ly:subject", "ly:rule", "ly:level", "ly:purpose", "ly:purpose_en", "ly:class"))
OUR_SETTINGS = frozenset(
    "ly:title_en ly:purpose ly:purpose_en ly:retention_days ly:entities_when ly:key ly:village"
    " ly:starts_from ly:find ly:writes ly:review".split()
)


@dataclass(frozen=True, slots=True)
class Column:
    """A header: `name` is canonical (`relevant`, `ly:rule`), `language` what follows `::` in texts."""

    header: str
    name: str
    language: str = ""
    is_known: bool = True

    @property
    def spelled(self) -> str:
        """The header as the converter reads it, in whatever spelling the author has it."""
        if not self.is_known or self.name.startswith(("ly:", "_")) or self.name in _ATTRIBUTES:
            return self.header
        return "::".join(filter(None, (self.name, self.language)))


_ATTRIBUTES = frozenset("accuracythreshold mediatype noappversionerror".split())


def read_column(sheet: str, header: str) -> Column:
    """Say what a header means on a sheet (`survey`, `choices`, `settings`, `entities`)."""
    words = [word.strip() for word in header.split("::")]
    if (
        len(words) == 1
        and ":" in header
        and not header.lower().startswith(("jr:", "ly:", "odk:", "entities:"))
    ):
        words = [word.strip() for word in header.split(":")]
    prefix = words[0].lower()
    if len(words) > 1 and prefix in _PREFIXES:
        return _prefixed(sheet, header, prefix, words[1], words[2:])
    name = _canonical(sheet, words[0])
    has_one_language = len(words) < 3  # more is two headers run into one
    return Column(header, name, "::".join(words[1:]), has_one_language and _is_known(sheet, name))


def _prefixed(sheet: str, header: str, prefix: str, word: str, rest: Sequence[str]) -> Column:
    name = _canonical(sheet, word)
    is_long = name in _OF_BIND if prefix == "bind" else prefix not in ("instance", "attribute")
    if name.startswith("ly:") or (is_long and _is_known(sheet, name)):
        return Column(header, name, "::".join(rest))
    # The converter can't write an attribute of this name; nothing here reads one.
    return Column(header, "::".join((prefix, word, *rest)), is_known=word.lower() != "tag")


def known_columns(sheet: str) -> frozenset[str]:
    """The canonical names of a sheet, to suggest a spelling."""
    return frozenset(_KNOWN.get(sheet, ()))


def aliases(sheet: str) -> dict[str, list[str]]:
    """The other spellings of each canonical name."""
    found: dict[str, list[str]] = {}
    for spelling, name in _ALIASES.get(sheet, {}).items():
        found.setdefault(name, []).append(spelling)
    return found


def _canonical(sheet: str, word: str) -> str:
    lower = "_".join(word.lower().split())
    spaced = word.lower()
    spellings = _ALIASES.get(sheet, {})
    name = spellings.get(lower) or spellings.get(spaced) or lower
    return name if sheet in _KNOWN or name in ("list_name", "name", "label") else spellings.get(lower, word)


def _is_known(sheet: str, name: str) -> bool:
    return sheet not in _KNOWN or name in _KNOWN[sheet] or name in OUR_SETTINGS or name.startswith("_")
