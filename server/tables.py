"""Tables people upload, CSV or XLSX, as rows of text; what can't be read exactly is an error."""

from __future__ import annotations

import csv
import io
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from server.archives import refuse_bomb
from server.problems import Problem

MAX_ROWS = 100_000
LAST_ROW = 2 * MAX_ROWS  # empty ones between the others counted; a row may say that it is far below
MAX_COLUMNS = 200
MAX_CELL = 10_000  # characters
EXACT = 10**15  # Excel keeps 15 digits of a number; an ID number that is not text has lost its end
ENCODINGS = ("utf-8-sig", "gb18030")  # Excel in Chinese saves CSV as GBK, a part of GB 18030
SEPARATORS = ",;\t"
# What the reader of workbooks says of a damaged one; both XML parsers' errors are syntax errors.
BROKEN = (zipfile.BadZipFile, zlib.error, SyntaxError, LookupError, TypeError, ValueError, OSError)

TEXTS = {
    "header_missing": ("没有表头", "There is no header row"),
    "header_invalid": ("列名“{text}”不能用", "The column name '{text}' can't be used"),
    "header_twice": ("列名“{text}”重复", "The column '{text}' comes twice"),
    "name_column_missing": ("缺少 name 列", "The column 'name' is missing"),
    "village_missing": ("村为空", "The village is empty"),
    "village_unknown": ("没有村“{text}”", "There is no village '{text}'"),
    "kind_unknown": ("没有结对类型“{text}”", "There is no kind of pairing '{text}'"),
    "row_unknown": (
        "名单 {list} 中没有“{text}”，或不止一行",
        "The list {list} has no row '{text}', or several",
    ),
    "column_unknown": ("没有“{text}”列；可用：{known}", "There is no column '{text}'; use {known}"),
    "rows_missing": ("没有人员", "There is nobody in it"),
    "too_many_people": (
        "超过 {limit} 人，请分成几个文件",
        "There are more than {limit} people; split the file",
    ),
    "text_too_long": ("超过 {limit} 字", "There are more than {limit} characters"),
    "username_missing": (
        "没有用户名，也没有手机号可用",
        "There is no user name, and no mobile number to use",
    ),
    "username_taken": ("用户名“{text}”已有人使用", "The user name '{text}' is taken"),
    "role_missing": ("角色为空", "The role is empty"),
    "role_unknown": ("没有角色“{text}”；可用：{known}", "There is no role '{text}'; use {known}"),
    "county_gives_role": (
        "县级角色只能由县级人员授予",
        "Only somebody of the county gives the county's role",
    ),
    "role_needs_village": ("此角色须填行政村", "This role needs a village"),
    "role_without_village": ("此角色属于全镇，不能填村", "This role is of the whole town and has no village"),
    "village_ambiguous": (
        "不止一个村叫“{text}”，请填编码",
        "Several villages are called '{text}'; give its code",
    ),
    "person_unknown": ("人员名册中没有“{text}”", "The list of persons has no row '{text}'"),
    "person_other": ("人员名册中“{text}”不是此人", "In the list of persons '{text}' is somebody else"),
    "person_ambiguous": (
        "人员名册中不止一行是此人，请填 person",
        "Several rows of the list of persons are this person; say which in person",
    ),
    "has_account": ("此人已有账号“{text}”", "This person has the account '{text}' already"),
    "phone_invalid": ("手机号或电话不对", "This is no phone number"),
    "id_number_invalid": ("身份证号不对", "This is no valid ID number"),
    "id_number_taken": ("此身份证号已登记为他人", "This ID number is somebody else's"),
    "twice": ("与第 {first} 行重复", "Row {first} says the same"),
    "day_invalid": ("“{text}”不是日期(如 2016-10-15)", "'{text}' is no date such as 2016-10-15"),
    "count_invalid": ("“{text}”不是次数", "'{text}' is no number"),
    "name_taken": ("已有结对“{text}”", "There is a pairing '{text}' already"),
    "already_paired": ("“{text}”已有同类结对", "'{text}' is already paired in this kind"),
    "too_many_pairings": ("“{text}”的帮扶户数超过上限", "'{text}' has too many pairings"),
    "cell_without_column": ("此列没有列名", "This column has no name"),
    "name_missing": ("name 为空", "The name is empty"),
    "name_twice": (
        "name“{text}”重复，首次在第 {first} 行",
        "The name '{text}' was used in row {first} already",
    ),
    "number_imprecise": (
        "长数字以数值保存，末尾已丢失；请设为文本格式",
        "A long number stored as a number has lost its last digits; store it as text",
    ),
    "cell_error": ("单元格是错误值 {text}", "The cell holds the error {text}"),
    "cell_too_long": ("超过 10000 字", "There are more than 10,000 characters"),
    "char_invalid": ("含有控制字符", "There is a control character"),
    "too_many_rows": ("超过 100000 行", "There are more than 100,000 rows"),
    "too_many_columns": ("超过 200 列", "There are more than 200 columns"),
}


@dataclass(frozen=True)
class TableError:
    """Something wrong with one cell; row as the sheet shows it, column by its name."""

    code: str
    row: int
    column: str
    message: dict[str, str]


@dataclass(frozen=True)
class Row:
    """One row: its number as the sheet shows it, and its cells by column."""

    number: int
    cells: dict[str, str]


def table_error(code: str, row: int, column: str = "", **words: object) -> TableError:
    zh, en = TEXTS[code]
    return TableError(code, row, column, {"zh": zh.format(**words), "en": en.format(**words)})


class CellError(ValueError):
    """A cell without an exact text."""

    def __init__(self, code: str, text: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.text = text


def read_table(name: str, content: bytes) -> tuple[list[Row], list[TableError]]:
    """Rows by column name, and every error; rows with errors are left out.

    Raises: Problem list_file_type if the file is neither CSV nor XLSX.
    """
    lines = iter(read_lines(name, content))
    header, errors = read_header(next(lines, (1, [])))
    rows: list[Row] = []
    for number, cells in lines if header else ():
        if len(rows) == MAX_ROWS or number > LAST_ROW:
            return rows, [*errors, table_error("too_many_rows", number)]
        row = read_row(number, header, cells, errors)
        if row is not None:
            rows.append(row)
    return rows, errors


def read_lines(name: str, content: bytes) -> Iterator[tuple[int, Sequence[Any]]]:
    """The sheet's lines with their numbers."""
    suffix = name.lower().rpartition(".")[2]
    if suffix == "csv":
        return read_csv(content)
    if suffix == "xlsx":
        return read_xlsx(content)
    raise Problem("list_file_type")


def read_csv(content: bytes) -> Iterator[tuple[int, Sequence[Any]]]:
    text = decode(content)
    first = text.partition("\n")[0]
    separator = max(SEPARATORS, key=first.count)
    try:
        yield from enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=separator), 1)
    except csv.Error as error:
        raise Problem("list_file_type") from error


def decode(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    for encoding in ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Problem("list_file_type")


def read_xlsx(content: bytes) -> Iterator[tuple[int, Sequence[Any]]]:
    refuse_bomb(content)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        with closing(book):
            yield from enumerate(book.worksheets[0].iter_rows(values_only=True, max_col=MAX_COLUMNS + 1), 1)
    except BROKEN as error:
        raise Problem("list_file_type") from error


def read_header(line: tuple[int, Sequence[Any]]) -> tuple[list[str], list[TableError]]:
    number, cells = line
    names = ["" if cell is None else str(cell).strip() for cell in cells]
    while names and not names[-1]:
        names.pop()
    if not names:
        return [], [table_error("header_missing", number)]
    if len(names) > MAX_COLUMNS:
        return [], [table_error("too_many_columns", number)]
    errors = [table_error("header_invalid", number, name, text=name) for name in names if not is_column(name)]
    twice = {name for name in names if names.count(name) > 1}
    errors += [table_error("header_twice", number, name, text=name) for name in sorted(twice)]
    if "name" not in names:
        errors.append(table_error("name_column_missing", number))
    return ([] if errors else names), errors


def is_column(name: str) -> bool:
    """A property's name; `__` and `pinyin` are the server's own."""
    return name.isidentifier() and not name.startswith("__") and name != "pinyin"


def read_row(number: int, header: list[str], cells: Sequence[Any], errors: list[TableError]) -> Row | None:
    """The row as text; None if it is empty or has an error, which is added to `errors`."""
    found: dict[str, str] = {}
    n_before = len(errors)
    for column, cell in zip(header, cells, strict=False):
        try:
            found[column] = as_text(cell)
        except CellError as error:
            errors.append(table_error(error.code, number, column, text=error.text))
    for at in range(len(header), len(cells)):
        if cells[at] not in (None, ""):
            errors.append(table_error("cell_without_column", number, get_column_letter(at + 1)))
    if not any(found.values()) or len(errors) > n_before:
        return None
    return Row(number, found)


def as_text(cell: Any) -> str:
    """A cell as the text a person sees in it."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, int | float):
        return number_as_text(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time(0) else cell.isoformat(timespec="seconds")
    if isinstance(cell, date | time):
        return cell.isoformat()
    text = str(cell).strip()
    if text.startswith("#") and text.rstrip("!?").isupper() and text.endswith(("!", "?", "#N/A")):
        raise CellError("cell_error", text)
    if len(text) > MAX_CELL:
        raise CellError("cell_too_long")
    if any(ord(letter) < 32 and letter not in "\t\n\r" for letter in text):
        raise CellError("char_invalid")
    return text


def number_as_text(number: float) -> str:
    if abs(number) >= EXACT:
        raise CellError("number_imprecise")
    return str(int(number)) if float(number).is_integer() else repr(number)
