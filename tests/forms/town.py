"""A fictional town for tests of the library: its lists, a family as a phone would answer for it, a visit."""

from __future__ import annotations

import csv
import functools
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from forms import Checked, CompiledForm, Equals, compile_form, load_checker

LIBRARY = Path(__file__).parents[2] / "forms" / "library"
VILLAGE = "320981100901"
MORNING = {  # 2016-10-15 09:40 in the town
    "started_at": "2016-10-15T01:40:00Z",
    "ended_at": "2016-10-15T02:20:00Z",
    "utc_offset_min": 480,
    "lists_cursor": 1,
}
PHOTO = {"sha256": "0" * 64, "name": "a.jpg", "bytes": 1, "type": "image/jpeg"}
Flat = dict[str, Any]
Rows = dict[str, list[dict[str, str]]]


class Lists:
    """The town's lists in memory."""

    def __init__(self, tables: Rows) -> None:
        self.tables = tables

    def rows(self, list_name: str, equals: Equals) -> Sequence[Mapping[str, str]]:
        """Rows whose columns are equal to what is asked."""
        found = self.tables.get(list_name, [])
        return [row for row in found if all(row.get(key, "") == value for key, value in equals)]


@functools.cache
def library(name: str) -> CompiledForm:
    """One compiled form of the library."""
    return compile_form((LIBRARY / f"{name}.md").read_bytes(), f"{name}.md")


@functools.cache
def _checker(name: str) -> Any:
    return load_checker(library(name).python)


def check(name: str, flat: Flat, tables: Rows | None = None) -> Checked:
    """Check flat answers after nesting them as the form nests its questions."""
    answers = nest(library(name).outline["nodes"], flat)
    checked: Checked = _checker(name).check(answers, Lists(tables or town()), MORNING)
    # What once() gave is taken as sent and marked so, in every record.
    checked.violations = [each for each in checked.violations if each.level != "N"]
    return checked


def nest(nodes: Sequence[Mapping[str, Any]], flat: Flat, container: str = "") -> Flat:
    """Put values by question name into groups and repeats; what is empty stays out."""
    nested: Flat = {}
    for node in nodes:
        if node["parent"] != container or not node["path"]:
            continue
        if node["kind"] == "group":
            value: Any = nest(nodes, flat, node["path"])
        elif node["kind"] == "repeat":
            value = [nest(nodes, row, node["path"]) for row in flat.get(node["name"], [])]
        else:
            value = flat.get(node["name"])
        if value not in (None, "", {}, []):
            nested[node["name"]] = value
    return nested


def rules(checked: Checked) -> set[tuple[str, str]]:
    """Which rules were broken, with their level."""
    return {(violation.rule, violation.level) for violation in checked.violations if violation.rule}


def calculated(checked: Checked, name: str) -> str | None:
    """What the checker computed for a calculation that wasn't sent."""
    found = (text for path, text in checked.calculated.items() if path.split("/")[-1] == name)
    return next(found, None)


def id_number(birth: str, order: int) -> str:
    """A valid number of the unassigned area 320999; an odd `order` is a man's."""
    body = f"320999{birth.replace('-', '')}{order:03d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(digit) * weight for digit, weight in zip(body, weights, strict=True))
    return body + "10X98765432"[total % 11]


# key, name, relation, birth, sex, order in the ID, then what both forms ask.
FAMILY: list[dict[str, Any]] = [
    {
        "key": "m1",
        "m_name": "王建军",
        "m_rel": "head",
        "m_birth": "1968-03-15",
        "m_sex": "M",
        "m_edu": "junior",
    }
    | {"m_labour": "normal", "m_work_place": "town", "m_work_months": 10, "m_pension": "res"},
    {
        "key": "m2",
        "m_name": "陈秀兰",
        "m_rel": "spouse",
        "m_birth": "1970-05-02",
        "m_sex": "F",
        "m_edu": "primary",
    }
    | {"m_labour": "normal", "m_work_place": "none", "m_pension": "res"},
    {
        "key": "m3",
        "m_name": "王子涵",
        "m_rel": "son",
        "m_birth": "2004-06-01",
        "m_sex": "M",
        "m_student": "g7",
    }
    | {"m_labour": "none", "m_pension": "none"},
    {
        "key": "m4",
        "m_name": "王德明",
        "m_rel": "father",
        "m_birth": "1940-01-20",
        "m_sex": "M",
        "m_edu": "none",
    }
    | {"m_labour": "none", "m_pension": "res"},
]
COMMON = {"m_health": ["ok"], "m_med_ins": "ncms", "m_serious_ins": "yes", "m_dibao": "no"}


def town() -> Rows:
    """Two registered families of one village, cadres, two businesses, and the lists the library brings."""
    listed = {file.stem: _read(file) for file in sorted((LIBRARY / "lists").glob("*.csv"))}
    people = [
        {"name": f"p{number}", "label": f"干部{number}", "username": f"cadre{number}"}
        for number in range(1, 5)
    ]
    strangers = [{"name": "x1", "label": "李红", "household": "h2", "m_rel": "head", "m_removed": ""}]
    return listed | {
        "village": [{"name": VILLAGE, "label": "草舍", "group_names": ""}],
        "person": people,
        "household": [_household(), {"name": "h2", "label": "李红", "village": VILLAGE, "mentor_1": "p2"}],
        "member": strangers + [_member(member) for member in FAMILY],
        "business": [_business("b1", "91320999MA1DEM015B", "yes"), _business("b2", "", "no")],
        "pairing": [_pairing("r1", "hand_in_hand", "p1", "h1", "王建军")],
    }


def _read(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _household() -> dict[str, str]:
    return {
        "name": "h1",
        "label": "王建军",
        "village": VILLAGE,
        "mentor_1": "p1",
        "mentor_2": "",
        "status": "candidate",
        "attr": "general",
        "registered_year": "2014",
        "lat": "32.75",
        "lon": "120.2",
        "land_rented_out": "1.5",
        "house_grade": "b",
        "water_safe": "ok",
        "elec_live": "yes",
        "last_year": "2015",
        "last_wage": "28000",
        "last_operating_net": "6000",
        "last_property": "1600",
        "last_transfer": "4000",
        "last_per_capita": "9900",
    }


def _member(member: Mapping[str, Any]) -> dict[str, str]:
    row = {key: str(value) for key, value in member.items() if key not in ("key", "m_name")}
    common = {key: value[0] if isinstance(value, list) else value for key, value in COMMON.items()}
    hidden = {"m_id": "320999********1017"}  # masked for a cadre who is not the mentor
    return {
        "name": member["key"],
        "label": member["m_name"],
        "household": "h1",
        "m_removed": "",
        **row,
        **common,
    } | hidden


def _business(name: str, uscc: str, key: str) -> dict[str, str]:
    return {
        "name": name,
        "label": "溱明电子(演示)",
        "village": VILLAGE,
        "uscc": uscc,
        "reg15": "" if uscc else "320999000000123",
        "key": key,
        "last_visit_year": "2016",
        "last_output_ytd": "300",
        "last_sales_ytd": "280",
        "last_tax_ytd": "12",
        "last_invest_ytd": "50",
    }


def _pairing(name: str, kind: str, mentor: str, mentee: str, label: str) -> dict[str, str]:
    return {
        "name": name,
        "label": label,
        "kind": kind,
        "mentor": mentor,
        "mentor_2": "",
        "mentee": mentee,
        "village": VILLAGE,
        "start_on": "2016-02-01",
        "last_content": "查看虾塘，送去养殖技术资料，约好下月再来",
    }


def register() -> Flat:
    """A household register without any fault."""
    members = [
        {"m_ent": member["key"], "m_id": id_number(member["m_birth"], 101 if member["m_sex"] == "M" else 102)}
        | {key: value for key, value in member.items() if key.startswith("m_")}
        | COMMON
        | {"m_nation": "01"}
        for member in FAMILY
    ]
    return {
        "today": "2016-10-15",
        "hh_id": "h9",
        "village": VILLAGE,
        "group": "3组",
        "head_name": "王建军",
        "head_id": members[0]["m_id"],
        "phone": "10030000001",
        "std": "province",
        "attr": "general",
        "registered_year": 2014,
        "main_cause": "study",
        "status": "candidate",
        "mentor_1": "p1",
        "members_n": len(members),
        "member": members,
        "land_mu": "3.2",
        "land_rented_out": "1.5",
        "house_area": "86",
        "house_year": 1996,
        "house_grade": "b",
        "water_src": "tap",
        "water_safe": "ok",
        "elec_live": "yes",
    }


INCOME = {"w1": "9600", "w2": "21000", "o1": "5200", "o2": "8000", "c1": "1900", "c2": "4300"} | {
    "p1": "1600",
    "t1": "0",
    "t3": "3720",
    "t4": "480",
    "n1": "6000",
}  # the worked example of domain.md


def exit_check() -> Flat:
    """An exit check of the first family with the worked example's income, without any fault."""
    asked = (
        "m_name",
        "m_rel",
        "m_edu",
        "m_student",
        "m_labour",
        "m_work_place",
        "m_work_months",
        "m_pension",
    )
    members = [
        {"m_key": member["key"], "m_ent": member["key"], **COMMON}
        | {key: member[key] for key in asked if key in member}
        for member in FAMILY
    ]
    criteria = ("food", "clothing", "water", "electricity", "education", "medical", "housing", "agree")
    return {
        "hh": "h1",
        "check_year": 2016,
        "period": "2015-10-01 — 2016-09-30",
        "period_end": "2016-09-30",
        "visit_time": "2016-10-15T09:40:00.000+08:00",
        "checker_1": "p2",
        "checker_2": "p3",
        "respondent": "head",
        "respondent_name": "王建军",
        "added": 0,
        "member": members,
        **INCOME,
        **dict.fromkeys(criteria, "ok"),
        "house_grade": "b",
        "conclusion": "exit",
        "has_problem": "no",
        "hh_refuse": "no",
        **dict.fromkeys(("hh_sign", "c1_sign", "c2_sign"), PHOTO),
    }


def newborn(birth: str = "2016-09-01") -> Flat:
    """A daughter added to the family in an exit check."""
    return {
        "m_ent": "n1",
        "m_name": "王小宝",
        "m_id": id_number(birth, 6),
        "m_rel": "daughter",
        "m_change": "birth",
        "m_change_date": birth,
        "m_student": "baby",
        "m_labour": "none",
        "m_pension": "none",
        **COMMON,
    }


def business() -> Flat:
    """A business register without any fault."""
    return {
        "biz_id": "b9",
        "name": "东溱不锈钢(演示)",
        "kind": "enterprise",
        "id_scheme": "uscc",
        "uscc": "92320999MA1DEM0233",
        "legal_rep": "李国强",
        "village": VILLAGE,
        "phone": "0515-85212345",
        "industry_letter": "C",
        "industry_digits": "33",
        "established": "2010-05-01",
        "status": "open",
        "staff_n": 30,
        "staff_local_n": 20,
        "staff_lowinc_n": 4,
        "started_by": "mass",
        "key": "no",
    }


def visit() -> Flat:
    """An on-site visit of the key enterprise, without any fault."""
    return {
        "biz": "b1",
        "visit_date": "2016-10-15",
        "visitors": ["p1", "p2"],
        "mode": "onsite",
        "purpose": ["routine"],
        "met": "李国强",
        "gps": [32.75, 120.2, 3.0, 8.0],
        "photo": PHOTO,
        "output_ytd": "420",
        "sales_ytd": "400",
        "tax_ytd": "16",
        "trend": "flat",
        "has_demand": "no",
    }


def pairing() -> Flat:
    """Two cadres take up the second family, which nobody has yet, without any fault."""
    return {
        "kind": "hand_in_hand",
        "mentor_person": "p1",
        "mentor_2": "p2",
        "mentee_household": "h2",
        "start_on": "2016-10-15",
        "end_plan_on": "2017-10-15",
        "cadence_n": 1,
        "goal": "养殖龙虾3亩，年内增收",
        "mentee_agreed": "yes",
        "posted": "no",
    }


def contact_log() -> Flat:
    """A visit of the first family's mentor, without any fault."""
    return {
        "pair": "r1",
        "contact_on": "2016-10-15",
        "way": "visit",
        "present": "mentee",
        "gps": [32.7501, 120.2, 3.0, 8.0],
        "photo": PHOTO,
        "content": "查看虾塘长势，商量秋季销路和明年扩塘",
        "four_ones": ["learn"],
        "four_ones_evidence": "参加镇农技站龙虾养殖班",
    }
