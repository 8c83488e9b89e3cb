"""Uploads made to harm whoever reads them: by name, with the code of the error that each must meet."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.bad_inputs.workbooks import (
    HEADER,
    LAUGHING,
    MAIN,
    MIB,
    calculated,
    cells,
    choices,
    declared,
    excel,
    linked,
    million_choices,
    nested,
    questions,
    sheet,
)


@dataclass(frozen=True)
class Hostile:
    """What makes its bytes, the error it must meet, its name, and whether it comes beside a good form."""

    make: Callable[[], bytes]
    code: str
    name: str = "form.xlsx"
    is_beside: bool = False


def excel_of(*rows: str, **more: bytes | str) -> Callable[[], bytes]:
    return lambda: excel(sheet(HEADER, *rows), **more)


def markdown(make: Callable[[], bytes], code: str) -> Hostile:
    return Hostile(make, code, "form.md")


def wide_list() -> bytes:
    return b",".join(b"c%d" % n for n in range(500_000)) + b"\nx" * 9


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
HOSTILE: dict[str, Hostile] = {
    # The archive of an Excel workbook.
    "unpacks to 200 MiB": Hostile(lambda: excel(" " * (200 * MIB)), "file_too_large"),
    "unpacks to 120 MiB of nothing": Hostile(lambda: excel(" " * (120 * MIB)), "unreadable_file"),
    "two million empty rows": Hostile(excel_of(*[""] * 2_000_000), "too_many_rows"),
    "600,000 cells in rows": Hostile(excel_of(*[cells("x")] * 600_000), "too_many_rows"),
    "600,000 cells in columns": Hostile(excel_of(*[cells("x") * 400] * 1_500), "too_many_cells"),
    "2,001 parts": Hostile(excel_of(**{f"xl/{n}.xml": "" for n in range(2_001)}), "too_many_parts"),
    "600,000 texts": Hostile(
        excel_of(**{"xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{"<si><t>a</t></si>" * 600_000}</sst>'}),
        "too_many_cells",
    ),
    "400,000 styles": Hostile(
        excel_of(**{"xl/styles.xml": f'<styleSheet xmlns="{MAIN}">{"<xf/>" * 400_000}</styleSheet>'}),
        "too_many_parts",
    ),
    "all rows and columns declared, 99,000 filled": Hostile(lambda: declared(99_000), "too_many_rows"),
    "a million choices": Hostile(million_choices, "too_many_rows"),
    "encrypted": Hostile(
        lambda: OLE + "EncryptedPackage".encode("utf-16-le") + bytes(4096), "file_disguised"
    ),
    "macros": Hostile(excel_of(**{"xl/vbaProject.bin": b"x"}), "file_with_macros"),
    "macros by name": Hostile(excel_of(), "file_with_macros", "form.xlsm"),
    "links to another workbook": Hostile(linked, "file_with_links"),
    "billion laughs": Hostile(
        lambda: excel(sheet(HEADER, cells("&a9;"), doctype=LAUGHING)), "file_with_entities"
    ),
    "billion laughs among the styles": Hostile(
        excel_of(**{"xl/styles.xml": f"{LAUGHING}<styleSheet>&a9;</styleSheet>"}), "file_with_entities"
    ),
    "an attribute of 50 MiB": Hostile(excel_of(f'<c x="{"y" * 50 * MIB}"/>'), "unreadable_file"),
    # Sheets that are only too much.
    "four million lines": markdown(lambda: b"|\n" * 4_000_000, "too_many_parts"),
    "400 sheets": markdown(lambda: b"".join(b"| s%d |\n| | a |\n" % n for n in range(400)), "too_many_parts"),
    "99,000 rows of an unknown type": markdown(
        lambda: questions(99_000, "| | nosuch | q{n} | Q |"), "too_many_rows"
    ),
    "4,999 rows of an unknown type": markdown(
        lambda: questions(4_999, "| | nosuch | q{n} | Q |"), "unknown_type"
    ),
    "4,999 rows without a name": markdown(lambda: questions(4_999, "| | text | | Q {n} |"), "missing_name"),
    "700,000 choices": markdown(lambda: choices(700_000, "| | c | n{n} | |"), "too_many_rows"),
    "49,000 choices without a name": markdown(
        lambda: choices(49_000, "| | c | | N {n} |"), "missing_choice_name"
    ),
    "a cell of 15 MiB": markdown(
        lambda: questions(1, f"| | text | q | {'x' * 15 * MIB} |"), "too_many_characters"
    ),
    "a cell of 100,000 characters": markdown(
        lambda: questions(1, f"| | text | q | {'x' * 100_000} |"), "cell_too_long"
    ),
    "a name of 30,000 characters": markdown(
        lambda: questions(1, f"| | text | {'x' * 30_000} | Q |"), "name_too_long"
    ),
    "2,000 groups in groups": markdown(lambda: nested(2_000), "nested_too_deep"),
    # Expressions.
    "10,000 ifs in ifs": markdown(
        lambda: calculated("if(1," * 10_000 + "1" + ",2)" * 10_000), "cell_too_long"
    ),
    "a sum of 16,000": markdown(lambda: calculated("+".join("1" * 16_000)), "too_deep"),
    "idok() in idok(), 30 deep": markdown(
        lambda: calculated("idok(" * 30 + "." + ")" * 30), "expanded_too_long"
    ),
    "6,000 idok() that never close": markdown(lambda: calculated("idok(" * 6_000), "unexpected_end"),
    "references that never close": markdown(lambda: calculated(*["${" * 16_000] * 3), "syntax"),
    "2 million references": markdown(lambda: calculated(*["${" * 16_000] * 120), "too_many_references"),
    "a circle of 3,000": markdown(
        lambda: calculated(*(f"${{c{(n + 1) % 3_000}}} + 1" for n in range(3_000))), "cycle"
    ),
    # Beside a form, and in its place.
    "a list of 8 million rows": Hostile(lambda: b"a\n" * (8 * MIB - 1_000), "list_too_long", "l.csv", True),
    "a list of 500,000 columns": Hostile(wide_list, "list_too_long", "l.csv", True),
    "a GeoJSON of 4 million features": Hostile(
        lambda: b'{"features":[' + b"{}," * 4_000_000 + b"{}]}", "list_too_long", "l.geojson", True
    ),
    "a GeoJSON of 150,000 features": Hostile(
        lambda: b'{"features":[' + b"{}," * 150_000 + b"{}]}", "list_too_long", "l.geojson", True
    ),
    "a GeoJSON of a million properties": Hostile(
        lambda: b'{"features":[{"properties":{%s}}]}' % b",".join(b'"%d":1' % n for n in range(1_100_000)),
        "list_too_long",
        "l.geojson",
        True,
    ),
    "a number of 4,000 digits": Hostile(
        lambda: b'{"features":[{"properties":{"a":%s}}]}' % (b"9" * 4_000),
        "bad_attachment",
        "l.geojson",
        True,
    ),
    "a list nested 100,000 deep": Hostile(lambda: b"[" * 100_000, "bad_attachment", "l.geojson", True),
    "an XML list of a million elements": Hostile(
        lambda: b"<root>" + b"<a></a>" * 1_000_000 + b"</root>", "too_many_parts", "l.xml", True
    ),
    "an XForm of 4 million elements": Hostile(
        lambda: b"<h>" + b"<a/>" * 4_000_000 + b"</h>", "too_many_parts", "f.xml"
    ),
    "an XForm nested 100,000 deep": Hostile(lambda: b"<a>" * 100_000, "xform_not_xml", "f.xml"),
    "an XForm with entities": Hostile(lambda: f"{LAUGHING}<w>&a9;</w>".encode(), "xform_not_xml", "f.xml"),
}
GOOD = b"| survey |\n| | type | name | label |\n| | text | a | A |\n"


def files_of(hostile: Hostile) -> dict[str, bytes]:
    """What is dropped on the desk's page."""
    content = hostile.make()
    return {"form.md": GOOD, hostile.name: content} if hostile.is_beside else {hostile.name: content}
