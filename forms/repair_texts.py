"""The words of what was repaired, all warnings; see `error_texts.py` for their form."""

from __future__ import annotations

REPAIR_TEXTS: dict[str, tuple[str, str, str, str]] = {
    "renamed_file": (
        "扩展名是 {extension}，内容却是 {found}，已按内容读取。",
        "The file is called {extension}, but its content is {found}; it was read as that.",
        "请把扩展名改为 {found}。",
        "Name it {found}.",
    ),
    "merged_column": (
        "列“{column}”与“{kept}”意思相同，已并入后者。",
        "The column '{column}' means the same as '{kept}'; the two were merged.",
        "请删去其中一列。",
        "Remove one of them.",
    ),
    "foreign_column": (
        "列“{column}”是别的软件用的({prefix})，不会起作用。",
        "The column '{column}' is for another program ({prefix}); it has no effect here.",
        "可以保留；在那个软件里用它做的设置，请改用这里有的写法。",
        "It may stay; what it sets there, say here in another way.",
    ),
    "repaired_type": (
        "题型“{type}”按“{taken}”处理{note}。",
        "The type '{type}' was taken as '{taken}'{note_en}.",
        "请改写题型，或确认这样可以。",
        "Write the type so, or make sure that this will do.",
    ),
    "repaired_name": (
        "名称“{name}”不能用，已改为“{taken}”。",
        "The name '{name}' can't be used; it became '{taken}'.",
        "请改掉名称，数据里会用新的名称。",
        "Rename it: the records will have the new name.",
    ),
    "repaired_duplicate": (
        "名称“{name}”在同一个组里已用过(第 {other} 行)，这一题已改为“{taken}”。",
        "The name '{name}' is used in the same group already (row {other}); this question became '{taken}'.",
        "请给这一题另起名称。",
        "Give this question another name.",
    ),
    "dropped_row": (
        "这一行与第 {other} 行完全相同，已略去。",
        "This row is the same as row {other}; it was left out.",
        "请删去其中一行。",
        "Remove one of them.",
    ),
    "repaired_reference": (
        "“{found}”已按“{taken}”处理。",
        "'{found}' was taken as '{taken}'.",
        "请照题目名称原样书写。",
        "Write names exactly as the questions have them.",
    ),
    "repaired_expression": (
        "“{found}”已按“{taken}”处理。",
        "'{found}' was taken as '{taken}'.",
        "请照此改写。",
        "Write it so.",
    ),
    "default_as_text": (
        "默认值“{found}”按文字处理，不计算。",
        "The default '{found}' is taken as text, nothing is computed.",
        "如果就是文字，不必修改；如果要计算，请检查公式。",
        "If text is meant, leave it; if it is to be computed, check the expression.",
    ),
    "unused_count": (
        "这一行不是重复组，repeat_count 不会起作用。",
        "This row is no repeat; its repeat_count has no effect.",
        "请清空这一格。",
        "Clear the cell.",
    ),
    "idle_list": (
        "没有题目用到的选项列表“{list}”引用了不存在的题目 ${{{name}}}，已略去这个列表。",
        "The choice list '{list}', which no question uses, refers to ${{{name}}}, which isn't there; the list"
        " was left out.",
        "请删去这个列表。",
        "Remove the list.",
    ),
    "repaired_list_name": (
        "列表名“{found}”已按“{taken}”处理。",
        "The list name '{found}' was taken as '{taken}'.",
        "请用同一种写法。",
        "Write it the same way everywhere.",
    ),
    "allowed_choice": (
        "列表“{list}”里选项“{name}”有两个(另一处在第 {other} 行)，都会显示，存的值相同。",
        "The list '{list}' has the choice '{name}' twice (also in row {other}); both are shown.",
        "请改掉其中一个，或在 settings 里写 allow_choice_duplicates。",
        "Rename one of them, or say allow_choice_duplicates in the settings.",
    ),
    "unused_filter": (
        "这一题没有选项，choice_filter 不会起作用。",
        "This question has no choices; its choice_filter has no effect.",
        "请清空这一格。",
        "Clear the cell.",
    ),
    "unused_parameter": (
        "参数“{parameter}”对题型“{type}”不会起作用。",
        "The parameter '{parameter}' has no effect on the type '{type}'.",
        "可以删去这个参数。",
        "It may be removed.",
    ),
    "stray_choice": (
        "这一行没有列表名，已略去。",
        "This row names no list; it was left out.",
        "请填写 list_name 列，或清空这一行。",
        "Fill in the list_name column, or clear the row.",
    ),
    "repaired_language": (
        "语言“{found}”已按“{taken}”处理。",
        "The language '{found}' was taken as '{taken}'.",
        "请用同一种写法。",
        "Write it the same way everywhere.",
    ),
}
