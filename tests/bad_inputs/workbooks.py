"""Workbooks written by hand, so that they may hold what no program writes."""

import io
import zipfile
from collections.abc import Iterable
from xml.sax.saxutils import escape

MIB = 1024 * 1024
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
CONTENT_TYPES = """<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Override PartName="/xl/workbook.xml"
 ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>
<Override PartName="/xl/worksheets/sheet1.xml"
 ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>"""
RELATION = f"""<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="r" Target="{{target}}" Type="{OFFICE}/{{kind}}"/></Relationships>"""
BOOK = f"""<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">
<sheets><sheet name="{{name}}" sheetId="1" r:id="r"/></sheets></workbook>"""
LAUGHS = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
LAUGHING = f'<!DOCTYPE w [<!ENTITY a0 "lol">{LAUGHS}]>'

MARKDOWN_HEAD = "| survey |\n| | type | name | label |\n"


def excel(sheet: bytes | str, title: str = "survey", **more: bytes | str) -> bytes:
    """A workbook of one sheet, with other parts beside it or in place of its own."""
    parts: dict[str, bytes | str] = {
        "[Content_Types].xml": CONTENT_TYPES,
        "_rels/.rels": RELATION.format(kind="officeDocument", target="xl/workbook.xml"),
        "xl/workbook.xml": BOOK.format(name=title),
        "xl/_rels/workbook.xml.rels": RELATION.format(kind="worksheet", target="worksheets/sheet1.xml"),
        "xl/worksheets/sheet1.xml": sheet,
        **more,
    }
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


def cells(*texts: str) -> str:
    return "".join(f'<c t="inlineStr"><is><t>{escape(text)}</t></is></c>' for text in texts)


def sheet(*rows: str, doctype: str = "") -> str:
    body = "".join(f"<row>{row}</row>" for row in rows)
    return f'{doctype}<worksheet xmlns="{MAIN}"><sheetData>{body}</sheetData></worksheet>'


HEADER = cells("type", "name", "label")


def table(head: str, rows: Iterable[str]) -> bytes:
    return (head + "\n".join(rows)).encode()


def questions(n: int, row: str) -> bytes:
    return table(MARKDOWN_HEAD, (row.format(n=n) for n in range(n)))


def choices(n: int, row: str) -> bytes:
    head = "| survey |\n| | type | name | label |\n| | select_one c | a | A |\n"
    return table(f"{head}| choices |\n| | list_name | name | label |\n", (row.format(n=n) for n in range(n)))


def calculated(*expressions: str) -> bytes:
    rows = (f"| | calculate | c{n} | | {expression} |" for n, expression in enumerate(expressions))
    return table("| survey |\n| | type | name | label | calculation |\n", rows)


def linked() -> bytes:
    """A cell that another workbook was asked for, as Excel writes it."""
    cell = '<c t="str"><f>[1]Sheet1!$A$1</f><v>text</v></c>'
    link = f'<externalLink xmlns="{MAIN}"><externalBook/></externalLink>'
    return excel(sheet(HEADER, f"{cell}{cells('a', 'A')}"), **{"xl/externalLinks/externalLink1.xml": link})


def declared(n_rows: int) -> bytes:
    """All of Excel's 1,048,576 rows and 16,384 columns are said to be in use."""
    rows = (cells("text", f"q{n}", f"Q {n}") for n in range(n_rows))
    size = '<dimension ref="A1:XFD1048576"/>'
    return excel(sheet(HEADER, *rows).replace("<sheetData>", f"{size}<sheetData>"))


def million_choices() -> bytes:
    return excel(sheet(*[cells("c", "name")] * 1_000_000), "choices")


def nested(n_groups: int) -> bytes:
    begin = [f"| | begin_group | g{n} | G |" for n in range(n_groups)]
    return table(MARKDOWN_HEAD, [*begin, "| | text | a | A |", *["| | end_group | | |"] * n_groups])


def every_reference() -> bytes:
    """No limit is passed and nothing is wrong, but it takes seconds: 350 sums of 140 answers each."""
    head = "| survey |\n| | type | name | label | calculation |\n"
    asked = [f"| | integer | a{n} | A | |" for n in range(500)]
    total = "+".join(f"${{a{n}}}" for n in range(140))
    return table(head, [*asked, *(f"| | calculate | c{n} | | {total} |" for n in range(350))])
