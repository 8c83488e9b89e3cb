"""Mistakes an author can make in the sheets: tables, and the code, sheet, row and column that are told."""

Expected = tuple[str, str, int, str]

ONE_QUESTION = """
| survey |
| | type | name | label |
| | text | a | A |
"""


def survey(*rows: str, columns: str = "type | name | label") -> str:
    return "\n".join(["| survey |", f"| | {columns} |", *(f"| | {row} |" for row in rows)])


def choices(*rows: str, columns: str = "list_name | name | label") -> str:
    return "\n".join(["", "| choices |", f"| | {columns} |", *(f"| | {row} |" for row in rows)])


def entities(*rows: str, columns: str = "list_name | entity_id | create_if | update_if | label") -> str:
    return "\n".join(["", "| entities |", f"| | {columns} |", *(f"| | {row} |" for row in rows)])


def settings(row: str, columns: str = "form_id | version | ly:purpose | ly:retention_days") -> str:
    return "\n".join(["", "| settings |", f"| | {columns} |", f"| | {row} |"])


CALCULATIONS = "type | name | label | calculation"

ROWS: dict[str, tuple[str, Expected]] = {
    "type missing": (survey(" | a | A"), ("missing_type", "survey", 2, "type")),
    "type unknown": (survey("txt | a | A"), ("unknown_type", "survey", 2, "type")),
    "type without effect": (survey("text | a | A", "audit | |"), ("ignored_type", "survey", 3, "type")),
    "name missing": (survey("text | | A"), ("missing_name", "survey", 2, "name")),
    "group name twice": (
        survey(
            *("begin_group | g | G", "text | a | A", "end_group"),
            *("begin_group | g | G", "text | b | B", "end_group"),
            "calculate | n | | /data/g/a",
            columns=CALCULATIONS,
        ),
        ("duplicate_name", "survey", 5, "name"),
    ),
    "repeat name twice": (
        survey(
            *("begin_group | g | G |", "begin_repeat | r | R |", "text | a | A |", "end_repeat | | |"),
            *("end_group | | |", "begin_repeat | r | R |", "text | b | B |", "end_repeat | | |"),
            "calculate | n | | count(/data/g/r)",
            columns=CALCULATIONS,
        ),
        ("duplicate_name", "survey", 7, "name"),
    ),
    "label missing": (survey("text | a |"), ("missing_label", "survey", 2, "label")),
    "begin alone": (survey("begin_group | g | G", "text | a | A"), ("unmatched_begin", "survey", 2, "type")),
    "end alone": (survey("text | a | A", "end_repeat"), ("unmatched_end", "survey", 3, "type")),
    "ends crossed": (
        survey("begin_group | g | G", "begin_repeat | r | R", "text | a | A", "end_group"),
        ("unmatched_begin", "survey", 3, "type"),
    ),
    "group empty": (
        survey("text | a | A", "begin_group | g | G", "end_group"),
        ("empty_group", "survey", 3, "type"),
    ),
    "calculation missing": (
        survey("calculate | a | |", columns=CALCULATIONS),
        ("missing_calculation", "survey", 2, "calculation"),
    ),
    "parameter": (
        survey("range | a | A | start", columns="type | name | label | parameters"),
        ("bad_parameter", "survey", 2, "parameters"),
    ),
    "appearance": (
        survey("text | a | A | huge", columns="type | name | label | appearance"),
        ("unknown_appearance", "survey", 2, "appearance"),
    ),
    "appearance without effect": (
        survey("image | a | A | annotate", columns="type | name | label | appearance"),
        ("missed_appearance", "survey", 2, "appearance"),
    ),
    "another calendar": (
        survey("date | a | A | buddhist", columns="type | name | label | appearance"),
        ("missed_appearance", "survey", 2, "appearance"),
    ),
    "column without effect": (
        survey("text | a | A | org.example.count", columns="type | name | label | body::intent"),
        ("idle_column", "survey", 1, "body::intent"),
    ),
    "appearance of another app": (
        survey("text | a | A | ex:org.example.count", columns="type | name | label | appearance"),
        ("missed_appearance", "survey", 2, "appearance"),
    ),
    "function refused": (
        survey("calculate | a | | z-score('wfa', 'm', 3, 4)", columns=CALCULATIONS),
        ("unsupported_function", "survey", 2, "calculation"),
    ),
    "level": (
        survey("text | a | A | X", columns="type | name | label | bind::ly:level"),
        ("unknown_level", "survey", 2, "bind::ly:level"),
    ),
    "trigger": (
        survey("text | a | A | ${b}", columns="type | name | label | trigger"),
        ("unknown_name", "survey", 2, "trigger"),
    ),
    "constraint of a group": (
        survey(
            "begin_group | g | G | ${a} > 1",
            "integer | a | A |",
            "end_group",
            columns="type | name | label | constraint",
        ),
        ("container_constraint", "survey", 2, "constraint"),
    ),
}

LISTS: dict[str, tuple[str, Expected]] = {
    "file of no known kind": (
        survey("select_one_from_file a.txt | a | A"),
        ("bad_list_file", "survey", 2, "type"),
    ),
    "other beside a filter": (
        survey("select_one yn or_other | a | A | name = 'y'", columns="type | name | label | choice_filter")
        + choices("yn | y | Y"),
        ("filtered_other", "survey", 2, "choice_filter"),
    ),
    "list missing": (survey("select_one yn | a | A"), ("missing_list", "survey", 2, "type")),
    "list unnamed": (survey("select_one | a | A"), ("missing_list_name", "survey", 2, "type")),
    "choice without name": (
        survey("select_one yn | a | A") + choices("yn | y | Y", "yn | | N"),
        ("missing_choice_name", "choices", 3, "name"),
    ),
    "choice without label": (
        survey("select_one yn | a | A") + choices("yn | y | |"),
        ("missing_choice_label", "choices", 2, "label"),
    ),
    "choice with a space": (
        survey("select_multiple yn | a | A") + choices("yn | y n | Y"),
        ("choice_with_space", "choices", 2, "name"),
    ),
    "list unused": (ONE_QUESTION + choices("yn | y | Y"), ("unused_list", "choices", 2, "list_name")),
    "column of a list": (
        survey("select_one yn | a | A | kindd = 'x'", columns="type | name | label | choice_filter")
        + choices("yn | y | Y | x", columns="list_name | name | label | kind"),
        ("unknown_list_column", "survey", 2, "choice_filter"),
    ),
    "list undeclared": (
        survey("calculate | a | | instance('household')/root/item[name = 'x']/label", columns=CALCULATIONS),
        ("unknown_instance", "survey", 2, "calculation"),
    ),
    "save_to without a list": (
        survey("text | a | A | x", columns="type | name | label | save_to"),
        ("save_to_without_entity", "survey", 2, "save_to"),
    ),
    "save_to reserved": (
        survey("text | a | A | label", columns="type | name | label | save_to") + entities("h | | | | ${a}"),
        ("bad_save_to", "survey", 2, "save_to"),
    ),
    "entity without label": (
        ONE_QUESTION + entities("h | | | | "),
        ("missing_entity_label", "entities", 2, "label"),
    ),
    "entity without id": (
        ONE_QUESTION + entities("h | | | true() | ${a}"),
        ("missing_entity_id", "entities", 2, "entity_id"),
    ),
    "entity without list": (
        ONE_QUESTION + entities(" | | | | ${a}"),
        ("missing_choice_name", "entities", 2, "list_name"),
    ),
}

SHEETS: dict[str, tuple[str, Expected]] = {
    "no survey": (settings("t | 1 | p | 9"), ("missing_sheet", "survey", 0, "")),
    "sheet misspelt": (
        ONE_QUESTION.replace("survey", "survy") + settings("t | 1 | p | 9"),
        ("unknown_sheet", "survy", 0, ""),
    ),
    "column unknown": (
        survey("text | a | A | x", columns="type | name | label | relevent"),
        ("unknown_column", "survey", 1, "relevent"),
    ),
    "our column unknown": (
        survey("text | a | A | x", columns="type | name | label | bind::ly:rul"),
        ("unknown_column", "survey", 1, "bind::ly:rul"),
    ),
    "column twice": (
        survey("text | a | A | 1 | 2", columns="type | name | label | relevant | relevance"),
        ("duplicate_column", "survey", 2, "relevance"),
    ),
    "no type column": (survey("a | A", columns="name | label"), ("missing_column", "survey", 1, "type")),
    "no form_id": (ONE_QUESTION + settings(" | 1 | p | 9"), ("missing_setting", "settings", 2, "form_id")),
    "no version": (ONE_QUESTION + settings("t | | p | 9"), ("missing_setting", "settings", 2, "version")),
    "no purpose": (ONE_QUESTION + settings("t | 1 | | 9"), ("missing_purpose", "settings", 2, "ly:purpose")),
    "no retention": (
        ONE_QUESTION + settings("t | 1 | p | "),
        ("missing_retention", "settings", 2, "ly:retention_days"),
    ),
    "setting without effect": (
        ONE_QUESTION
        + settings(
            "t | 1 | p | 9 | https://example.org",
            "form_id | version | ly:purpose | ly:retention_days | submission_url",
        ),
        ("idle_column", "settings", 1, "submission_url"),
    ),
    "setting without effect left empty": (
        survey("text | | A")
        + settings("t | 1 | p | 9 | ", "form_id | version | ly:purpose | ly:retention_days | submission_url"),
        ("missing_name", "survey", 2, "name"),
    ),
    "public key": (
        ONE_QUESTION
        + settings("t | 1 | p | 9 | MIIB", "form_id | version | ly:purpose | ly:retention_days | public_key"),
        ("public_key", "settings", 2, "public_key"),
    ),
    "retention no number": (
        ONE_QUESTION + settings("t | 1 | p | long"),
        ("missing_retention", "settings", 2, "ly:retention_days"),
    ),
    "entities_when": (
        ONE_QUESTION
        + settings(
            "t | 1 | p | 9 | soon", "form_id | version | ly:purpose | ly:retention_days | ly:entities_when"
        ),
        ("bad_setting", "settings", 2, "ly:entities_when"),
    ),
}


def calculation(text: str) -> str:
    return survey("text | a | A | |", f"calculate | c | | {text}", columns=CALCULATIONS)


EXPRESSIONS: dict[str, tuple[str, Expected]] = {
    "syntax": (calculation("${a} + + 1"), ("syntax", "survey", 3, "calculation")),
    "end": (calculation("concat(${a}"), ("unexpected_end", "survey", 3, "calculation")),
    "axis": (calculation("ancestor::a"), ("unsupported_axis", "survey", 3, "calculation")),
    "depth": (calculation("1" + " + 1" * 200), ("too_deep", "survey", 3, "calculation")),
    "name": (calculation("${aa} + 1"), ("unknown_name", "survey", 3, "calculation")),
    "last-saved": (calculation("${last-saved#aa}"), ("unknown_name", "survey", 3, "calculation")),
    "function": (calculation("contcat(${a})"), ("unknown_function", "survey", 3, "calculation")),
    "macro with a wrong count": (
        calculation("idok(${a}, 1)"),
        ("unknown_function", "survey", 3, "calculation"),
    ),
    "arity": (calculation("contains(${a})"), ("wrong_arity", "survey", 3, "calculation")),
    "regex": (calculation("regex(${a}, '^(a')"), ("bad_regex", "survey", 3, "calculation")),
    "regex with look-ahead": (
        calculation("regex(${a}, '(?=a)b')"),
        ("bad_regex", "survey", 3, "calculation"),
    ),
    "regex computed": (calculation("regex(${a}, ${a})"), ("dynamic_regex", "survey", 3, "calculation")),
    "cycle of one": (calculation("${c} + 1"), ("cycle", "survey", 3, "calculation")),
    "name in a label": (survey("text | a | A ${b}"), ("unknown_name", "survey", 2, "label")),
    "name in one language": (
        survey("text | a | A | 甲${b}", columns="type | name | label::English (en) | label::中文 (zh)"),
        ("unknown_name", "survey", 2, "label::中文 (zh)"),
    ),
    "reference left open": (survey("text | a | A ${b"), ("bad_reference", "survey", 2, "label")),
    "name in a choice": (
        survey("select_one yn | a | A") + choices("yn | y | Y ${b}"),
        ("unknown_name", "choices", 2, "label"),
    ),
    "name twice elsewhere": (
        survey(
            "begin_group | g | G | |",
            "text | a | A | |",
            "end_group",
            "text | a | A | |",
            "calculate | c | | ${a}",
            columns=CALCULATIONS,
        ),
        ("ambiguous_name", "survey", 6, "calculation"),
    ),
    "relevant": (
        survey("text | a | A | ${b} = 1", columns="type | name | label | relevant"),
        ("unknown_name", "survey", 2, "relevant"),
    ),
    "bind::relevant": (
        survey("text | a | A | ${b} = 1", columns="type | name | label | bind::relevant"),
        ("unknown_name", "survey", 2, "bind::relevant"),
    ),
    "default": (
        survey("text | a | A | ${b}", columns="type | name | label | default"),
        ("unknown_name", "survey", 2, "default"),
    ),
    "repeat_count": (
        survey(
            "begin_repeat | r | R | ${b}",
            "text | a | A |",
            "end_repeat",
            columns="type | name | label | repeat_count",
        ),
        ("unknown_name", "survey", 2, "repeat_count"),
    ),
    "choice_filter": (
        survey("select_one yn | a | A | name = ${b}", columns="type | name | label | choice_filter")
        + choices("yn | y | Y"),
        ("unknown_name", "survey", 2, "choice_filter"),
    ),
    "entity": (ONE_QUESTION + entities("h | | | | ${b}"), ("unknown_name", "entities", 2, "label")),
    "instance_name": (
        ONE_QUESTION
        + settings(
            "t | 1 | p | 9 | ${b}", "form_id | version | ly:purpose | ly:retention_days | instance_name"
        ),
        ("unknown_name", "settings", 2, "instance_name"),
    ),
    "our key": (
        ONE_QUESTION
        + settings("t | 1 | p | 9 | ${b}", "form_id | version | ly:purpose | ly:retention_days | ly:key"),
        ("unknown_name", "settings", 2, "ly:key"),
    ),
}

CASES = {**ROWS, **LISTS, **SHEETS, **EXPRESSIONS}
