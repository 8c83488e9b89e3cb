"""The words of errors of a file as a whole and of what is over a limit; they stand in `error_texts.py`."""

from __future__ import annotations

FILE_TEXTS: dict[str, tuple[str, str, str, str]] = {
    "unreadable_file": (
        "这个文件打不开：{reason}。",
        "This file can't be read: {reason}.",
        "请重新保存为 .xlsx 后再上传。",
        "Save it again as .xlsx and upload it again.",
    ),
    "unknown_file_type": (
        "不认识的文件类型“{name}”。",
        "The file type of '{name}' is not known.",
        "请用 .xlsx、.xls、.csv、.md 或 .xml。",
        "Use .xlsx, .xls, .csv, .md or .xml.",
    ),
    "formula_without_value": (
        "这个单元格是公式，文件里没有存它的值。",
        "This cell holds a formula, and the file has no value of it.",
        "请用 Excel 或 WPS 打开文件，保存后重新上传；或把公式换成文字。",
        "Open the file in Excel, save it and upload it again; or write the text itself.",
    ),
    "file_with_macros": (
        "文件带有宏。",
        "The file holds macros.",
        "请另存为不带宏的 .xlsx 后再上传。",
        "Save it as .xlsx without macros and upload it again.",
    ),
    "file_disguised": (
        "扩展名是 {extension}，内容却是 {found}(或已加密)。",
        "The file is called {extension}, but its content is {found} (or encrypted).",
        "请用 Excel 另存为 .xlsx，不设密码。",
        "Save it in Excel as .xlsx, without a password.",
    ),
    "file_too_large": (
        "文件太大：{size}，上限是 {limit}。",
        "The file is too large: {size}, the limit is {limit}.",
        "请删去多余的工作表、图片和空行。",
        "Remove sheets, pictures and empty rows that are not needed.",
    ),
    "conversion_timeout": (
        "处理这个表单超过了 {seconds} 秒。",
        "Compiling this form took more than {seconds} seconds.",
        "请把表单拆小，或把长的选项列表改成名册。",
        "Split the form, or make long choice lists entity lists.",
    ),
    "conversion_memory": (
        "处理这个表单需要的内存超过 {mebibytes} MiB。",
        "Compiling this form needs more than {mebibytes} MiB of memory.",
        "请把表单拆小，或把长的选项列表改成名册。",
        "Split the form, or make long choice lists entity lists.",
    ),
    "conversion_died": (
        "处理这个表单时出错。",
        "Compiling this form crashed.",
        "请把表单拆小；如果还是不行，请把文件发给管理员。",
        "Split the form; if that doesn't help, send the file to the administrator.",
    ),
    "xform_not_xml": (
        "不是正确的 XML:{reason}。",
        "This is not well-formed XML: {reason}.",
        "请用表单工具重新导出。",
        "Export it again from the form tool.",
    ),
    "xform_doctype": (
        "XForm 里不能有 DOCTYPE。",
        "An XForm must not have a DOCTYPE.",
        "请删去 <!DOCTYPE …>。",
        "Remove <!DOCTYPE …>.",
    ),
    "xform_incomplete": (
        "XForm 缺少 {what}。",
        "The XForm has no {what}.",
        "请用表单工具重新导出。",
        "Export it again from the form tool.",
    ),
    "file_with_entities": (
        "文件里有 XML 实体或 DOCTYPE，只有攻击才会用到。",
        "The file holds XML entities or a DOCTYPE, which only attacks do.",
        "请用 Excel 另存为 .xlsx 后再上传。",
        "Save it in Excel as .xlsx and upload it again.",
    ),
    "file_with_links": (
        "有单元格取自其他工作簿，取到的内容可能已过时。",
        "Cells take their values from another workbook, which may have changed since.",
        "请在 Excel 中点“数据”“编辑链接”“断开链接”，保存后再上传。",
        "In Excel choose Data, Edit Links, Break Link, then save and upload again.",
    ),
    "too_many_parts": (
        "文件内部零件太多(上限 {limit} 个)。",
        "The file has too many parts inside (the limit is {limit}).",
        "请只把需要的工作表复制到新文件，再上传。",
        "Copy the sheets that are needed into a new file and upload that.",
    ),
    "too_many_rows": (
        "工作表“{sheet}”超过 {limit} 行。",
        "The sheet '{sheet}' has more than {limit} rows.",
        "请把表单拆小；长的选项列表请存为 CSV，或改成名册。",
        "Split the form; bring long choice lists as CSV, or make them entity lists.",
    ),
    "too_many_cells": (
        "填写的单元格超过 {limit} 个。",
        "More than {limit} cells are filled.",
        "请把表单拆小；长的选项列表请存为 CSV，或改成名册。",
        "Split the form; bring long choice lists as CSV, or make them entity lists.",
    ),
    "too_many_characters": (
        "全部单元格的文字超过 {limit} 字。",
        "All cells together hold more than {limit} characters.",
        "请把表单拆小；长的选项列表请存为 CSV，或改成名册。",
        "Split the form; bring long choice lists as CSV, or make them entity lists.",
    ),
    "too_many_references": (
        "全部单元格里引用题目超过 {limit} 次。",
        "Questions are referred to more than {limit} times in all.",
        "请用 calculate 题把公用的部分算一次，再引用它；或把表单拆小。",
        "Compute what is shared once in a calculate row and refer to that, or split the form.",
    ),
    "cell_too_long": (
        "单元格内容超过 {limit} 字。",
        "This cell holds more than {limit} characters.",
        "请缩短，或分成几道题。",
        "Shorten it or split it over several questions.",
    ),
    "name_too_long": (
        "名称超过 {limit} 个字符。",
        "This name has more than {limit} characters.",
        "请换一个短的名称。",
        "Choose a shorter name.",
    ),
    "nested_too_deep": (
        "分组嵌套超过 {limit} 层。",
        "Groups are nested more than {limit} deep.",
        "请减少分组的层次。",
        "Nest groups less deeply.",
    ),
    "expanded_too_long": (
        "公式里的简写函数展开后太长(上限 {limit} 个字符)。",
        "The shorthand functions here become too long a text (the limit is {limit} characters).",
        "请用几个 calculate 题分开计算。",
        "Split it over several calculate rows.",
    ),
    "list_too_long": (
        "附件“{name}”超过 {rows} 行或 {cells} 个单元格。",
        "The attachment '{name}' has more than {rows} rows or {cells} cells.",
        "请分成几个文件，或改成名册。",
        "Split it into several files, or make it an entity list.",
    ),
    "too_many_errors": (
        "错误超过 {limit} 处，此后不再检查。",
        "There are more than {limit} errors; the check stopped here.",
        "请先改正列出的错误，再上传。",
        "Correct those above, then upload again.",
    ),
    "more_warnings": (
        "有的提醒超过 {limit} 处，每种只列出前 {limit} 处。",
        "Some warnings come more than {limit} times; only the first {limit} of each kind are listed.",
        "请检查同类的其他行。",
        "Look at other rows of the same kind too.",
    ),
}
