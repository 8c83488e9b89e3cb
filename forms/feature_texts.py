"""What docs/xlsform.md says of each thing the compiler's tables name; the tables decide what there is."""

from __future__ import annotations

INTRODUCTION = """
# What authors may write

Forms are [XLSForm](https://xlsform.org/en/): Excel (.xlsx, .xls), CSV (.csv), markdown tables as in
`forms/library/` (.md), or an XForm (.xml). This page is made from the compiler's tables by
`forms/feature_page.py`, and a test fails when it is stale.

A form is compiled once, when it is published. Whatever can't be compiled is refused, with sheet, row,
column, what is wrong and what to do, all errors at once; `flask --app wsgi forms check FILE` says them
without publishing.

A form has the sheets `survey`, `choices`, `settings` and, where it writes lists, `entities`. Any other
sheet is a list that came along, as is a CSV file beside the form. Texts take a language, `label::中文 (zh)`
and `label::English (en)`. Full-width brackets, commas and operators, and curly quotes, in expressions are
taken as the plain ones.
"""

# By media type, by type of node, and `note` or `unasked`.
ANSWERS = {
    "string": "text, as entered",
    "int": "a JSON number, whole, up to 15 digits",
    "decimal": "text, exactly as entered; without exponent",
    "date": "`2016-10-15`",
    "time": "`08:30:00.000`",
    "dateTime": "`2016-10-15T08:30:00.000+08:00`",
    "geopoint": "`[latitude, longitude, altitude_m, accuracy_m]`; give `ly:purpose`",
    "geotrace": "text: positions between semicolons, recorded by walking or point by point, without a map",
    "geoshape": "the same, its first position again at the end",
    "barcode": "text; scanned or typed. Where the browser reads no codes itself, QR codes only",
    "trigger": "`OK` once it was acknowledged",
    "note": "none: only text is shown, with what its calculation gives",
    "unasked": "computed or filled in, never asked",
    "image/*": "a file; photos are scaled down to 1,600 pixels; give `ly:purpose`",
    "audio/*": "a file",
    "video/*": "a file",
    "application/*": "a file: PDF, picture, recording or video",
    "osm/*": "a file; there is no editor for it here",
}

SELECTS = """
`select_one list`, `select_multiple list` and `rank list` take a list of the `choices` sheet;
`select_one_from_file list.csv` and `select_multiple_from_file list.csv` one that came along, or an entity
list. A list that came along is a CSV, a GeoJSON file (each feature a row, with its `geometry` as ODK writes
it) or an XML file; `itemsets.csv` holds those of `select_one_external`, as does the sheet `external_choices`.
`start-geopoint` and `background-geopoint` with a `bind::ly:purpose` are asked like any position; without one
they have no effect. `or_other` adds a choice. A `range` with fractions is answered as a `decimal`.
`csv-external` and `xml-external` declare a list that expressions read by `instance('list')/root/item[…]`.
`begin_group` … `end_group` and `begin_repeat` … `end_repeat` nest, repeats up to eight deep. An answer of
`select_one` is the choice's name, of the others an array of names.
"""

DIALECT_TYPES = """
Workbooks written for other tools publish as well. Capitals, hyphens and blanks in a type don't matter
(`Select-One yn`, `Begin Group`). KoboToolbox's `begin_score`, `begin_rank` and `begin_kobomatrix` become
groups: a table of choices, a choice for each level of which none is taken twice, and the questions for each
row of the list.
"""

REPAIRS = """
What has one safe meaning is mended, and each repair is a warning with sheet and row. Besides types and
expressions: columns that mean the same, languages, names and lists written with other capitals or blanks,
a name without its sign, ticks for yes and no. The workbook stays as it is; only what is published from it is
mended.
"""

SURVEY = {
    "type": "See above.",
    "name": "Letters, digits, underscores, hyphens and dots; begins with a letter or underscore.",
    "label": "What is asked; may hold `${name}`, and `**bold**`.",
    "hint": "A line below it.",
    "guidance_hint": "For training; folds out below the question.",
    "image": "A picture of the label, by the name of a file that came along; also `media::image`.",
    "big-image": "The picture that shows once the other is tapped.",
    "audio": "A sound of the label, played by a tap.",
    "video": "A film of the label, played by a tap.",
    "relevant": "Asked only while this holds; what is not relevant isn't sent.",
    "constraint": "What an answer must satisfy; never asked of an empty one.",
    "constraint_message": "Said when it doesn't.",
    "required": "Must be answered; `yes` for always.",
    "required_message": "Said when it isn't.",
    "read_only": "Shown, not asked.",
    "calculation": "Computed; recomputed only when what it names changes.",
    "default": "What stands there at first; with `${…}` or a call it is computed once."
    " `${last-saved#name}` is the answer of the record of this form that the same person finished before on"
    " the same phone; the server takes what comes of it as sent.",
    "choice_filter": "Which rows of the list are offered; an equality with a column is looked up.",
    "appearance": "See below.",
    "parameters": "See below.",
    "rows": "As the parameter.",
    "accuracythreshold": "`body::accuracyThreshold`, as the parameter `capture-accuracy`.",
    "mediatype": "`body::mediatype` of a `file`: `image/*`, `audio/*` or `video/*` alone is chosen.",
    "repeat_count": "How many instances; without it people add them, at most 1,000.",
    "trigger": "A calculation that is computed only when the named question changes.",
    "save_to": "`list#property`, or `property` where the form writes one list.",
    "disabled": "`yes`: the row is skipped.",
}

PARAMETERS = {
    "rows": "How many lines a text has, up to twelve; a `multiline` one has four if nothing is said.",
    "start": "Where the scale begins.",
    "end": "Where it ends.",
    "step": "From one of its numbers to the next.",
    "tick_interval": "From one mark to the next.",
    "tick_labelset": "A list of the choices sheet: the words at the marks.",
    "placeholder": "Where the knob stands before there is an answer.",
    "randomize": "`true`: the choices in an order by chance.",
    "seed": "What the order follows from; without it, it is another in each filling.",
    "value": "The column that is the answer; `name` if nothing is said.",
    "label": "The column that is shown; `label` if nothing is said.",
    "capture-accuracy": "How good a position ends the search, in metres; 15 if nothing is said.",
    "warning-accuracy": "From where on a position is shown as rough, in metres; 100 if nothing is said.",
    "max-pixels": "A photo's longer side; 1,600 if nothing is said.",
    "quality": "Of a recording: `voice-only`, `low` or `normal`; `external`: no recorder, a file is chosen.",
    "allow-mock-accuracy": "None, with a warning.",
    "incremental": "None, with a warning.",
    "app": "None, with a warning.",
}

CHOICES = {
    "list_name": "Which list the choice is of.",
    "name": "What is kept of it; of `select_multiple` without blanks.",
    "label": "What is shown; may hold `${name}`.",
    "image": "A picture of it; `audio` and `video` are alike.",
    "anything else": "A column for `choice_filter` and expressions.",
}

SETTINGS = {
    "form_id": "Known by it for ever. Needed.",
    "version": "Another content needs another version. Needed.",
    "form_title": "The name people see.",
    "default_language": "`中文 (zh)`",
    "instance_name": "What a record is called: an expression.",
    "style": "`pages`: each question on a page of its own; other words are left to other clients.",
    "allow_choice_duplicates": "`yes` allows a name twice in a list.",
    "name": "What the form's root is called in paths; `data` if nothing is said.",
    "namespaces": "For columns of other namespaces than `ly:`.",
    "clean_text_values": "`no` keeps blanks that stand twice in a cell.",
    "public_key": "Stops publication, see below.",
}

ENTITIES = {
    "list_name": "Which list it writes.",
    "entity_id": "Which row; left out, a new one: its id is made once and sent as `_entity_id`.",
    "create_if": "When a row is made.",
    "update_if": "When the row is changed.",
    "label": "How the row is called; needed to create it.",
    "repeat": "The repeat of which each instance is a row.",
}

UNSUPPORTED_PROSE = """
Each row is a form that the compiler was given when this page was made, and what it said.
"""

OURS = {
    "ly:class": "`public`, `personal` or `sensitive`, which is masked until opened with a reason.",
    "ly:level": "What a broken rule is: E error; W a question that is a flag once shown; Q a calculation"
    " that is one unless empty, `0` or `false`; N not checked.",
    "ly:purpose": "Of a question: why the photo or position is asked, which is shown. Of the form: why it is"
    " filled; needed.",
    "ly:purpose_en": "The same in English.",
    "ly:rule": "The rule's number, such as R30; several with spaces. Needs `ly:level`.",
    "ly:subject": "On the question that names the list row the filling is about: that list's name.",
    "ly:title_en": "The form's name in English.",
    "ly:retention_days": "How long records are kept. Needed.",
    "ly:entities_when": "`receipt` or `approval`: when what it writes to lists takes effect.",
    "ly:key": "An expression; two records with the same value are shown as a pair.",
    "ly:village": "An expression: the code of the village the record belongs to.",
    "ly:starts_from": "A list: a filling begins at one of its rows.",
    "ly:writes": "What a record makes in tables: `pairing`, `contact`, `event`, `check_in` or `leave`.",
    "ly:review": "Who reviews its records, in order: `village`, `town` (if nothing is said) or both,"
    " `village town county`, `town county`; `none`: nobody.",
    "ly:find": "Columns of that list, with spaces: what Find searches and shows besides names.",
}

APPEARANCES = {
    "multiline": "a text of several lines; `rows` says how many",
    "numbers": "a text that is typed with the digit keys",
    "thousands-sep": "a number whose thousands are set off while nobody types in it",
    "counter": "a whole number with a button for one more and one less",
    "masked": "a text that shows as dots",
    "url": "an answer nobody may change opens as a link",
    "signature": "an image that is drawn",
    "draw": "an image that is drawn, in four colours",
    "new": "an image is taken with the camera, not chosen",
    "new-rear": "as `new`",
    "new-front": "as `new`, with the camera that looks at whoever holds the phone",
    "front": "as `new-front`",
    "selfie": "as `new-front`",
    "month-year": "a date without its day, typed",
    "year": "a date without month and day, typed",
    "no-calendar": "a date typed as year, month and day",
    "rating": "a range as stars, up to ten",
    "picker": "a range as a list of its numbers, up to 200",
    "vertical": "a range from below to above",
    "no-ticks": "a range with marks at its ends only",
    "quick": "a tap on a choice goes on to the next question",
    "likert": "up to five choices side by side as a scale; more stand below each other",
    "columns": "choices beside each other, as many as fit; `columns-2` to `columns-10`: at most so many",
    "columns-pack": "choices beside each other, each as wide as its words",
    "no-buttons": "choices without their round or square buttons",
    "horizontal": "as `columns`",
    "horizontal-compact": "as `columns-pack`",
    "compact": "as `columns-pack`; `compact-2` and so on as `columns-2`",
    "quickcompact": "as `columns` with `quick`",
    "table-list": "a group whose selects share one row of labels, up to six; more show their own",
    "label": "the labels of choices alone, above selects with `list-nolabel`",
    "list-nolabel": "choices without labels, in the columns of the `label` above",
    "list": "up to six choices side by side",
    "minimal": "choices behind a field, with a search from twelve on",
    "search": "choices behind a field, with a search by words, codes and pinyin initials",
    "autocomplete": "as `search`",
    "spinner": "as `minimal`",
    "field-list": "a group stays on one page, however long",
}

PATHS = """
XPath 1.0 with the functions of ODK XForms. A path may climb (`../../a`), name any child (`*`) or anything
below (`//a`), filter with `[…]` at every step, by place or condition, and be joined to others by `|`. A group
as a value is all answers in it; `/data/@version` is the form's. What leads nowhere is an empty set, with a
warning, or refused where it looks mistyped. `instance('list')/…` reads lists of any shape; what stands around
a row is `../name`, an attribute `@name`. Not read: axes that look beside or above a node.

`nodes` is a node-set such as a question inside a repeat, `rows`
those of a list; other arguments are converted as XPath does. Brackets mark what may be left out.
"""

REGEXES = """
`regex()` matches the whole text, of at most 10,000 characters, in linear time: no back references, no
look-around, and its pattern is literal text.

These macros become standard XPath when a form is published, so that it runs in other clients:
"""

PROOF = """
What is shown on the phone and checked again on the server, and where a test shows it. `tests/corpus`
walks through forms of our own, and through real ones where they are at hand, with seeded random answers:
phone, checker and ODK Web Forms have to agree at each step, except where `docs/differences.md` says why
not. What is taken as sent can't be known on the server; it is marked so.
"""
