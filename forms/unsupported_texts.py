"""What is knowingly not supported, each with a form that has it; for docs/xlsform.md.

The page compiles them, so what it says of each is what an author sees.
"""

from __future__ import annotations

from dataclasses import dataclass

Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Unsupported:
    """One thing; `rows` are of the survey, by column, `setting` one of the settings sheet."""

    what: str
    code: str  # of what is said
    rows: tuple[Row, ...]
    setting: tuple[str, str] = ("", "")


def _question(type_: str = "text", **cells: str) -> tuple[Row, ...]:
    return ({"type": type_, "name": "q", "label": "Q", **cells},)


def _calculation(expression: str) -> tuple[Row, ...]:
    return ({"type": "calculate", "name": "q", "calculation": expression},)


def _group(**cells: str) -> tuple[Row, ...]:
    return ({"type": "begin_group", "name": "g", "label": "G", **cells}, *_question(), {"type": "end_group"})


UNSUPPORTED: tuple[Unsupported, ...] = (
    Unsupported("`public_key`: encrypted records", "public_key", _question(), ("public_key", "M")),
    Unsupported(
        "the appearance `search(…)`",
        "unsupported_search",
        _question("select_one l", appearance="search('households')"),
    ),
    Unsupported(
        "`z-score()` and other functions above",
        "unsupported_function",
        _calculation("z-score('w', 'm', 3, 9)"),
    ),
    Unsupported(
        "axes beside or above a node", "unsupported_axis", _calculation("/data/q/preceding-sibling::a")
    ),
    Unsupported("patterns that look back or around", "bad_regex", _question(constraint="regex(., '(a)\\1')")),
    Unsupported(
        "patterns that are computed", "dynamic_regex", _question(constraint="regex(., concat(., 'a'))")
    ),
    Unsupported(
        "`audit`: a log of what is filled when", "ignored_type", ({"type": "audit", "name": "audit"},)
    ),
    Unsupported("`background-audio`", "ignored_type", _question("background-audio")),
    Unsupported(
        "`start-geopoint` without a purpose", "position_without_purpose", _question("start-geopoint")
    ),
    Unsupported("`simserial`, `subscriberid`", "ignored_type", _question("simserial")),
    Unsupported("`annotate`", "missed_appearance", _question("image", appearance="annotate")),
    Unsupported("`image-map`", "missed_appearance", _question("select_one l", appearance="image-map")),
    Unsupported(
        "maps: `map`, `maps`, `placement-map`, `streets`",
        "missed_appearance",
        _question("geopoint", appearance="placement-map"),
    ),
    Unsupported(
        "`bikram-sambat`, `buddhist`, `coptic`, `ethiopian`, `islamic`, `myanmar`, `persian`",
        "missed_appearance",
        _question("date", appearance="buddhist"),
    ),
    Unsupported("`bearing`", "missed_appearance", _question("decimal", appearance="bearing")),
    Unsupported("`printer`", "missed_appearance", _question(appearance="printer")),
    Unsupported("`ex:…`: other apps", "missed_appearance", _question(appearance="ex:org.example.count")),
    Unsupported("`intent`: other apps", "idle_column", _question(**{"body::intent": "org.example.count"})),
    Unsupported(
        "`default` of a picture, sound or file", "idle_column", _question("image", default="sketch.png")
    ),
    Unsupported("`autoplay`", "idle_column", _question(autoplay="audio")),
    Unsupported(
        "`submission_url`, `auto_send`, `auto_delete`", "idle_column", _question(), ("auto_send", "true")
    ),
    Unsupported(
        "`app`, `incremental`, `allow-mock-accuracy`",
        "unused_parameter",
        _question("geotrace", parameters="incremental=true"),
    ),
    Unsupported(
        "pictures and sounds of hints", "unshown_media", _question(**{"hint": "H", "hint::image": "a.png"})
    ),
    Unsupported("languages from right to left", "right_to_left", _question(**{"label::Arabic (ar)": "س"})),
    Unsupported("a constraint on a group", "container_constraint", _group(constraint="${q} != ''")),
)
