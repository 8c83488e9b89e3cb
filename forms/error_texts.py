"""The words of every form error: code -> (what is wrong zh, en, what to do zh, en); codes are permanent."""

from __future__ import annotations

from forms.expression_texts import EXPRESSION_TEXTS
from forms.file_texts import FILE_TEXTS
from forms.repair_texts import REPAIR_TEXTS

TEXTS: dict[str, tuple[str, str, str, str]] = {
    **EXPRESSION_TEXTS,
    **REPAIR_TEXTS,
    **FILE_TEXTS,
    # sheets and columns
    "missing_sheet": (
        "没有“{sheet}”工作表。",
        "There is no sheet '{sheet}'.",
        "请添加名为“{sheet}”的工作表{hint}。",
        "Add a sheet named '{sheet}'{hint_en}.",
    ),
    "unknown_sheet": (
        "不认识的工作表“{sheet}”，是不是“{suggestion}”？",
        "The sheet '{sheet}' is not known; did you mean '{suggestion}'?",
        "请改名；如果是备注，请在名字前加下划线。",
        "Rename it; if it holds notes, begin its name with an underscore.",
    ),
    "missing_column": (
        "缺少“{column}”列。",
        "The column '{column}' is missing.",
        "请在第一行加上这一列。",
        "Add this column in the first row.",
    ),
    "unknown_column": (
        "不认识的列“{column}”{hint}，内容不会起作用。",
        "The column '{column}' is not known{hint_en}; it has no effect.",
        "请检查拼写。",
        "Check its spelling.",
    ),
    "duplicate_column": (
        "列“{column}”与“{kept}”意思相同，这一行两处填的不一样。",
        "The columns '{column}' and '{kept}' mean the same, and in this row the two differ.",
        "请删去其中一列，或把内容改成一样。",
        "Remove one of them, or let both say the same.",
    ),
    "missing_setting": (
        "缺少设置“{setting}”。",
        "The setting '{setting}' is missing.",
        "请在 settings 工作表里填上{what}。",
        "Fill it in on the settings sheet: {what_en}.",
    ),
    "missing_purpose": (
        "没有写明收集目的。",
        "The form doesn't say why it collects these data.",
        "请在 settings 工作表的 ly:purpose 列写一句话。",
        "Write one sentence in the column ly:purpose of the settings sheet.",
    ),
    "missing_retention": (
        "没有写明保存期限(或不是正整数)：“{value}”。",
        "The form doesn't say for how many days records are kept (a whole number above 0): '{value}'.",
        "请在 settings 工作表的 ly:retention_days 列写天数。",
        "Write the days in the column ly:retention_days of the settings sheet.",
    ),
    "bad_setting": (
        "设置“{setting}”的值“{value}”不对。",
        "The setting '{setting}' can't be '{value}'.",
        "可用的值：{allowed}。",
        "It may be: {allowed}.",
    ),
    # rows
    "missing_type": (
        "这一行没有类型。",
        "This row has no type.",
        "请填写 type 列，或清空这一行。",
        "Fill in the type column, or clear the row.",
    ),
    "unknown_type": (
        "不认识的题型“{type}”{hint}。",
        "The type '{type}' is not known{hint_en}.",
        "请从题型表中选一个，例如 text、integer、select_one 列表名。",
        "Use a type of the XLSForm table, such as text, integer, select_one list_name.",
    ),
    "type_as_text": (
        "没有题型“{type}”，答案按文字处理。",
        "There is no type '{type}'; the answer is taken as text.",
        "如果文字可以，不必修改；否则请换成别的题型。",
        "If text will do, leave it; otherwise use another type.",
    ),
    "ignored_type": (
        "题型“{type}”不会起作用。",
        "The type '{type}' has no effect here.",
        "可以删去这一行。",
        "The row may be removed.",
    ),
    "position_without_purpose": (
        "“{type}”没有写明用途，不会记录位置。",
        "'{type}' doesn't say why, so no position is recorded.",
        "请在 bind::ly:purpose 列(XForm 是 bind 的 ly:purpose)写一句话说明用途；不需要位置就删去。",
        "Write one sentence in the column bind::ly:purpose (in an XForm ly:purpose of the bind), or remove it"
        " if no position is needed.",
    ),
    "missing_name": (
        "这一行没有名称(name)。",
        "This row has no name.",
        "请在 name 列写一个英文名，例如 head_name。",
        "Write a name in the name column, such as head_name.",
    ),
    "duplicate_name": (
        "名称“{name}”在同一个组里用了两次(另一处在第 {other} 行)。",
        "The name '{name}' is used twice in the same group (also in row {other}).",
        "请改掉其中一个。",
        "Rename one of them.",
    ),
    "ambiguous_name": (
        "${{{name}}} 有 {count} 个题目同名，不知道指哪一个。",
        "${{{name}}} could be any of {count} questions of that name.",
        "请把题目改成不同的名称。",
        "Give the questions different names.",
    ),
    "missing_label": (
        "“{name}”没有题目文字(label)，会显示名称。",
        "'{name}' has no label; its name is shown.",
        "请填写 label 列。",
        "Fill in the label column.",
    ),
    "unmatched_begin": (
        "“{type}”没有对应的 end。",
        "'{type}' has no matching end.",
        "请在该组最后加一行“{end}”。",
        "Add a row '{end}' after its last question.",
    ),
    "unmatched_end": (
        "“{type}”没有对应的 begin。",
        "'{type}' has no matching begin.",
        "请删去这一行，或补上对应的 begin。",
        "Remove this row, or add the matching begin.",
    ),
    "empty_group": (
        "“{name}”里没有题目。",
        "'{name}' holds no questions.",
        "请加上题目，或删去这个组。",
        "Add questions, or remove the group.",
    ),
    "missing_calculation": (
        "计算题“{name}”没有公式，值为空。",
        "The calculation '{name}' has no expression; it stays empty.",
        "请填写 calculation 列。",
        "Fill in the calculation column.",
    ),
    "bad_parameter": (
        "参数“{parameter}”不对。",
        "The parameter '{parameter}' is wrong.",
        "写成 键=值，例如 start=1 end=5 step=1。",
        "Write key=value, such as start=1 end=5 step=1.",
    ),
    "unknown_appearance": (
        "不认识的外观“{appearance}”{rows}，会按默认显示。",
        "The appearance '{appearance}' is not known{rows_en}; the default is used.",
        "请检查拼写；只管颜色、字号的可以不改。",
        "Check its spelling; one that is for colour or size only may stay.",
    ),
    "missed_appearance": (
        "手机不支持外观“{appearance}”，会按默认显示：没有地图、外部应用、打印、标注和其他历法。",
        "The phone shows the default for the appearance '{appearance}': it has no maps, other apps, printing,"
        " marking of pictures or other calendars.",
        "请确认不用它也能填写。",
        "Make sure that the question can be answered without it.",
    ),
    "idle_column": (
        "列“{column}”在这里不会起作用。",
        "The column '{column}' has no effect here.",
        "请确认没有它也能填写和上报；可以删去这一列。",
        "Make sure that the form can be filled and sent without it; the column may be removed.",
    ),
    "right_to_left": (
        "语言“{language}”从右往左书写，手机仍按从左往右排版。",
        "The language '{language}' is written from right to left; the phone lays it out from left to right.",
        "请在手机上试填，确认看得明白。",
        "Try the form on a phone and see whether it can be read.",
    ),
    "unknown_level": (
        "规则级别“{level}”不对。",
        "The rule level '{level}' is not known.",
        "可用 E、W、Q、N。",
        "Use E, W, Q or N.",
    ),
    # choices and lists
    "missing_list": (
        "没有选项列表“{list}”{hint}。",
        "There is no choice list '{list}'{hint_en}.",
        "请在 choices 工作表里加上这个列表。",
        "Add this list to the choices sheet.",
    ),
    "missing_list_name": (
        "选择题没有写列表名。",
        "The select has no list.",
        "写成“select_one 列表名”。",
        "Write 'select_one list_name'.",
    ),
    "unshown_media": (
        "“{name}”：提示和消息里的图片、声音，手机不会显示。",
        "'{name}': the phone doesn't show pictures and sounds of hints and messages.",
        "请把它放到标签里，例如 media::image 列。",
        "Put it into the label, for example by the column media::image.",
    ),
    "list_nowhere": (
        "名册“{list}”没有附上，本镇也还没有。",
        "The list '{list}' did not come along, and the town doesn't have it yet.",
        "请把它的文件和工作簿一起上传，或先导入名册“{list}”，或先发布写入它的表单。",
        "Bring its file along, import the list '{list}', or first publish the form that makes it.",
    ),
    "unsupported_search": (
        "“{name}”的选项由 search() 从文件里取，这里还不支持，题目会没有选项。",
        "'{name}' takes its choices from a file by search(), which is not built in: it would have none.",
        "请改用 select_one_from_file 文件名.csv，筛选写在 choice_filter。",
        "Use select_one_from_file file.csv, with what it looks for in choice_filter.",
    ),
    "bad_list_file": (
        "“{file}”不是名单文件。",
        "'{file}' is no file of a list.",
        "请写文件名，以 .csv、.xml 或 .geojson 结尾。",
        "Write the file's name; it ends in .csv, .xml or .geojson.",
    ),
    "filtered_other": (
        "“{name}”不能既有 choice_filter 又有 or_other。",
        "'{name}' can't have a choice_filter and or_other.",
        "请把“其他”写成一个选项，另加一题填写。",
        "Make 'other' a choice of the list, and ask what it is in a question of its own.",
    ),
    "missing_choice_name": (
        "这个选项没有名称或列表名。",
        "This choice has no name or no list.",
        "请填写 list_name 和 name 列。",
        "Fill in the list_name and name columns.",
    ),
    "missing_choice_label": (
        "选项“{name}”没有文字(label)。",
        "The choice '{name}' has no label.",
        "请填写 label 列。",
        "Fill in the label column.",
    ),
    "choice_with_space": (
        "多选列表“{list}”的选项“{name}”含有空格。",
        "The choice '{name}' of the select_multiple list '{list}' has a space.",
        "请用下划线代替空格。",
        "Use an underscore instead.",
    ),
    "unused_list": (
        "有 {count} 个选项列表没有题目用到：{lists}。",
        "No question uses these choice lists ({count}): {lists}.",
        "可以保留，也可以删去。",
        "They may stay or be removed.",
    ),
    "unknown_instance": (
        "instance('{list}') 没有声明{hint}。",
        "instance('{list}') is not declared{hint_en}.",
        "请加一行：type 为 csv-external，name 为 {list}，并附上 {list}.csv。",
        "Add a row with the type csv-external and the name {list}, and attach {list}.csv.",
    ),
    "unknown_list_column": (
        "列表“{list}”没有“{column}”列{hint}。",
        "The list '{list}' has no column '{column}'{hint_en}.",
        "请检查拼写，或在列表中加上这一列。",
        "Check its spelling, or add the column to the list.",
    ),
    "bad_attachment": (
        "附件“{name}”读不了：{reason}。",
        "The attachment '{name}' can't be read: {reason}.",
        "请保存为 UTF-8 的 CSV，第一行是列名。",
        "Save it as a UTF-8 CSV whose first row names the columns.",
    ),
    "missing_media": (
        "表单用到的{n}个图片或声音文件没有一起上传：{names}。",
        "Pictures or sounds that the form shows did not come along ({n}): {names}.",
        "请与工作簿一起选择这些文件；不上传也能发布，填表时只显示文字。",
        "Choose them together with the workbook; a form published without them shows words only.",
    ),
    # entities
    "save_to_without_entity": (
        "save_to“{value}”没有对应的实体列表。",
        "The save_to '{value}' belongs to no entity list.",
        "请在 entities 工作表里加上这个列表。",
        "Add the list on the entities sheet.",
    ),
    "bad_save_to": (
        "save_to 不能是“{value}”。",
        "save_to may not be '{value}'.",
        "不能用 name、label，也不能以两个下划线开头。",
        "It may not be name or label, nor begin with two underscores.",
    ),
    "missing_entity_label": (
        "新建实体“{list}”要有 label。",
        "Creating entities of '{list}' needs a label.",
        "请填写 entities 工作表的 label 列。",
        "Fill in the label column of the entities sheet.",
    ),
    "missing_entity_id": (
        "更新实体“{list}”要有 entity_id。",
        "Updating entities of '{list}' needs an entity_id.",
        "请填写 entities 工作表的 entity_id 列。",
        "Fill in the entity_id column of the entities sheet.",
    ),
    # XForms and last resort
    "public_key": (
        "表单要求用公钥加密记录，这里不支持。",
        "The form asks to encrypt its records with a public key, which is not supported here.",
        "请删去 public_key(XForm 中的 base64RsaPublicKey)；记录在传输和存储时另有保护。",
        "Remove public_key (base64RsaPublicKey in an XForm); records are protected otherwise, when they are"
        " sent and where they are kept.",
    ),
    "ignored_xform": (
        "{what} 不会起作用。",
        "{what} has no effect here.",
        "可以删去。",
        "It may be removed.",
    ),
    "plain_repeat": (
        "这个重复组没有标题，各组只显示“第 1 项”“第 2 项”。",
        "This repeat has no label: its instances are only numbered.",
        "需要时请填写 label 列。",
        "Fill in the label column if they should be called something.",
    ),
    "skipped_row": (
        "这一行没有题型、名称和题目文字，已略去。",
        "This row has no type, name and label; it was left out.",
        "请补全这一行，或清空它。",
        "Complete the row, or clear it.",
    ),
    "plain_other": (
        "or_other 加的“其他”选项和填写框没有翻译，各种语言都显示英文。",
        "What or_other adds is not translated: it is English in every language.",
        "请在 choices 工作表里自己写“其他”选项，再加一道 text 题。",
        "Write a choice 'other' on the choices sheet and add a text question.",
    ),
    "pyxform": (
        "表单转换工具报告：{reason}",
        "The form converter says: {reason}",
        "请按提示修改。",
        "Correct what it names.",
    ),
    "pyxform_warning": (
        "表单转换工具提醒：{reason}",
        "The form converter remarks: {reason}",
        "可以不改。",
        "It may be left as it is.",
    ),
}
