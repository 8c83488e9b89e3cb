"""What the demo's cadres answer about households: flat values by question name, put into a form's shape.

`shape` knows only the form's outline, so regrouping a form does not touch this file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from server.demo.households import Household, Member
from server.demo.incomes import LINE, Items, net
from server.demo.places import Position, house_at, near

Answers = dict[str, Any]

YARD_KM = ("0.3", "0.6", "1.1", "1.8")
STRUCTURES = ("brick_c", "brick_w", "brick_c", "rc")
# The reason each warning asks for; those that are not asked for are dropped as not relevant.
REASONS = {
    "r10_why": "非亲生子女，户口簿与实际一致",
    "r15_why": "身体尚好，仍能正常劳动",
    "r16_why": "照顾家中病人，暂未务工",
    "r17_why": "在村内从事保洁等轻便工作",
    "r20_why": "工资由雇主年底结清，尚未发放",
    "r23_why": "当年新迁入，正在补办",
    "r25_why": "主要成员长期外出，按实际情况填写",
    "r32_why": "低保金由民政代管，已核对存折",
    "r33_why": "养老金由子女代领，已核对存折",
    "r34_why": "地租由亲戚代收，年底结算",
    "r35_why": "自留地收成，自给自用，未购农资",
    "r36_why": "上年因病停工，今年全年在岗，已核对工资条",
    "stable_why": "收入刚过标准线，已落实公益岗位和产业帮扶",
}


def shape(outline: Mapping[str, Any], flat: Answers, container: str = "") -> Answers:
    """Nest flat values as the form nests its questions; repeats are lists of flat values under their name."""
    shaped: Answers = {}
    for node in outline["nodes"]:
        if node["parent"] != container or not node["path"]:
            continue
        value = _value(outline, node, flat)
        if value not in (None, "", {}, []):
            shaped[node["name"]] = value
    return shaped


def _value(outline: Mapping[str, Any], node: Mapping[str, Any], flat: Answers) -> Any:
    if node["kind"] == "group":
        return shape(outline, flat, node["path"])
    if node["kind"] == "repeat":
        return [shape(outline, row, node["path"]) for row in flat.get(node["name"], [])]
    return flat.get(node["name"])


def register(
    household: Household, key: str, row_keys: Sequence[str], second_mentor: str, let: bool
) -> Answers:
    """Answer the household register; `key` and `row_keys` are the ids the phone made for the rows."""
    variety = household.ordinal % 4
    return {
        "today": household.registered_on.isoformat(),
        "hh_id": key,
        "village": household.village,
        "group": household.group,
        "address": f"{household.group}{household.ordinal % 40 + 1}号",
        "gps": home_of(household),
        "head_name": household.head.name,
        "head_id": household.head.number,
        "phone": household.phone,
        "std": "province",
        "attr": household.attribute,
        "registered_year": household.registered_year,
        "main_cause": household.cause,
        "cause_note": "家庭变故" if household.cause == "other" else "",
        "status": "candidate",
        "mentor_1": household.mentor,
        "mentor_2": second_mentor,
        "members_n": len(household.members),
        "member": [_member(member, row) for member, row in zip(household.members, row_keys, strict=True)],
        "land_mu": "3.2",
        "land_rented_out": "1.5" if let else "0",
        "house_area": str(60 + household.ordinal % 7 * 8),
        "house_struct": STRUCTURES[variety],
        "house_year": 1986 + household.ordinal % 22,
        "house_grade": "a" if variety == 3 else "b",
        "house_type": "own",
        "water_src": "tap",
        "water_safe": "ok",
        "water_hard": "no",
        "elec_live": "yes",
        "elec_prod": "yes",
        "tv": "yes",
        "toilet": "flush" if variety else "dry_h",
        "fuel": "gas",
        "road_km": YARD_KM[variety],
        **REASONS,
    }


def home_of(household: Household) -> Position:
    return house_at(household.village, f"household {household.ordinal}")


def _member(member: Member, key: str) -> Answers:
    return {
        "m_ent": key,
        "m_name": member.name,
        "m_id": member.number,
        "m_rel": member.rel,
        "m_nation": "01",
        "m_politics": "mass",
        **_condition(member),
    }


def _condition(member: Member) -> Answers:
    """Answer what both the register and the check ask of a member."""
    return {
        "m_edu": member.edu,
        "m_student": member.student,
        "m_health": [member.health],
        "m_dis_type": "4" if member.health == "disab" else "",
        "m_dis_grade": "3" if member.health == "disab" else "",
        "m_labour": member.labour,
        "m_work_place": member.work_place,
        "m_work_months": member.work_months or None,
        "m_med_ins": member.medical,
        "m_serious_ins": "yes",
        "m_pension": member.pension,
        "m_dibao": "yes" if member.dibao else "no",
        "r15_why": REASONS["r15_why"],
        "r16_why": REASONS["r16_why"],
        "r17_why": REASONS["r17_why"],
    }


def check(
    household: Household,
    key: str,
    row_keys: Sequence[str],
    begun: datetime,
    checkers: tuple[str, str],
    items: Items,
    *,
    is_last: bool,
) -> Answers:
    """Answer the exit check of a registered household; pictures are added by the caller.

    Args: is_last: this year's check; nobody leaves the register with the first one.
    """
    year = begun.year
    return {
        "hh": key,
        "check_year": year,
        "period_end": f"{year}-09-30",
        "visit_time": begun.isoformat(timespec="milliseconds"),
        "gps": near(home_of(household), f"{key} {year}"),
        "checker_1": checkers[0],
        "checker_2": checkers[1],
        "respondent": "head",
        "respondent_name": household.head.name,
        "home_n": len(household.members),
        "added": 0,
        "member": [
            {"m_key": row, "m_ent": row, "m_name": member.name, "m_rel": member.rel, **_condition(member)}
            for member, row in zip(household.members, row_keys, strict=True)
        ],
        **{name: str(amount) for name, amount in items.items() if amount},
        "e_med": str(1_800 if household.cause == "ill" else 300),
        **REASONS,
        **dict.fromkeys(CRITERIA, "ok"),
        "house_grade": "a" if household.ordinal % 4 == 3 else "b",
        **conclude(household, is_last and net(items) >= LINE * len(household.members), year),
        "mingbai_posted": "no",
        "hh_refuse": "no",
    }


CRITERIA = ("food", "clothing", "water", "electricity", "education", "medical", "housing", "agree")


def conclude(household: Household, is_out: bool, year: int) -> Answers:
    """Propose the exit, or name what is lacking, who sees to it and until when."""
    works = any(member.labour == "normal" for member in household.members)
    measures = ["job", "industry"] if works else ["care", "dibao"]
    if is_out:
        return {"conclusion": "exit", "has_problem": "no", "help_next": measures}
    problem = {
        "kind": "income",
        "text": "收入来源单一且不稳定，落实公益岗位或产业帮扶",
        "responsible": household.mentor,
        "due": f"{year + 1}-06-30",
    }
    return {
        "conclusion": "delay",
        "has_problem": "yes",
        "problem_list": [problem],
        "help_next": [*measures, "post"],
    }
