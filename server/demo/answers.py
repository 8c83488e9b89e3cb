"""What the demo's cadres answer: flat values by question name, put into a form's shape.

`shape` knows only the form's outline, so regrouping a form does not touch this file.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from server.demo.businesses import Business
from server.demo.households import Household, Member, per_capita

Answers = dict[str, Any]
LINE_YUAN = 6_000  # domain.md 2.1: the province's line
CENTRE = (32.76, 120.16)  # of the demo's town, in degrees
STEP_DEGREES = 0.0007  # about 75 m from one house to the next


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


def register(household: Household, key: str, row_keys: list[str], second_mentor: str) -> Answers:
    """Answer the household register; `key` and `row_keys` are the ids the phone made for the rows."""
    return {
        "today": f"{household.registered_year}-11-20",
        "hh_id": key,
        "village": household.village,
        "group": household.group,
        "address": f"{household.group}{household.ordinal % 40 + 1}号",
        "head_name": household.head.name,
        "head_id": household.head.number,
        "phone": household.phone,
        "gps": place(household),
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
        "land_rented_out": "0",
        "house_area": "86",
        "house_struct": "brick_c",
        "house_year": 1996,
        "house_grade": "b",
        "house_type": "own",
        "water_src": "tap",
        "water_safe": "ok",
        "water_hard": "no",
        "elec_live": "yes",
        "elec_prod": "yes",
        "tv": "yes",
        "toilet": "flush",
        "fuel": "gas",
        "road_km": "0.6",
        "r25_why": "按实际情况填写",
    }


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
        "r15_why": "仍能正常劳动",
        "r16_why": "照顾家人,暂未务工",
        "r17_why": "从事轻便工作",
    }


def check(
    household: Household, key: str, row_keys: list[str], on: date, checkers: tuple[str, str]
) -> Answers:
    """Answer the exit check of a registered household; signatures are added by the caller."""
    income = {name: str(amount) for name, amount in household.income.items() if amount}
    return {
        "hh": key,
        "check_year": on.year,
        "period_end": f"{on.year}-09-30",
        "gps": place(household) if household.ordinal % 9 else None,  # some phones find no satellite
        "visit_time": f"{on.isoformat()}T09:40:00.000+08:00",
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
        **income,
        **_reasons(),
        **_criteria(),
        "conclusion": "exit" if per_capita(household) >= LINE_YUAN else "delay",
        "has_problem": "no",
        "help_next": ["job"] if any(member.labour == "normal" for member in household.members) else ["care"],
        "mingbai_posted": "no",
        "hh_refuse": "no",
    }


def place(household: Household) -> list[float]:
    """Give where a house stands: latitude, longitude, height and accuracy in metres."""
    east, north = household.ordinal % 20, household.ordinal // 20
    lat, lon = CENTRE[0] + north * STEP_DEGREES, CENTRE[1] + east * STEP_DEGREES
    return [round(lat, 6), round(lon, 6), 3.0, 8.0]


def _reasons() -> Answers:
    """Give the reason each warning asks for; those that are not asked are dropped as not relevant."""
    names = ("r20_why", "r32_why", "r33_why", "r34_why", "r35_why", "r36_why", "stable_why")
    return dict.fromkeys(names, "已逐项核实,与实际情况一致")


def _criteria() -> Answers:
    items = ("food", "clothing", "water", "electricity", "education", "medical", "housing", "agree")
    return {**dict.fromkeys(items, "ok"), "house_grade": "b"}


def business(row: Business, key: str) -> Answers:
    """Answer the business register."""
    return {
        "biz_id": key,
        "name": row.name,
        "kind": row.kind,
        "id_scheme": row.id_scheme,
        "uscc": row.code if row.id_scheme == "uscc" else "",
        "reg15": row.code if row.id_scheme == "reg15" else "",
        "legal_rep": row.owner,
        "phone": row.phone,
        "village": row.village,
        "industry_letter": row.industry[0],
        "industry_digits": row.industry[1:],
        "chain": row.chain,
        "established": row.established.isoformat(),
        "status": "open",
        "scale": "small" if row.staff >= 20 else "micro",
        "above_scale": "yes" if row.sales_wan >= 2_000 else "no",
        "staff_n": row.staff,
        "staff_local_n": row.staff * 2 // 3,
        "staff_lowinc_n": row.staff // 12,
        "started_by": row.started_by,
        "party_org": "no",
        "key": "yes" if row.is_key else "no",
        "contact_cadre": row.contact,
    }


def visit(row: Business, key: str, on: date, visitors: list[str], demand: str) -> Answers:
    """Answer an enterprise visit by telephone or on site; figures grow with the year."""
    part = on.month / 12
    sales = round(row.sales_wan * part)
    return {
        "biz": key,
        "visit_date": on.isoformat(),
        "visitors": visitors,
        "mode": "office",
        "purpose": ["routine", "data"],
        "met": row.owner,
        "met_post": "负责人",
        "met_phone": row.phone,
        "output_ytd": str(round(sales * 1.05)),
        "sales_ytd": str(sales),
        "tax_ytd": str(round(sales * 0.04)),
        "v06_why": "已与企业财务核对",
        "v07_why": "生产按季节集中,已核对报表",
        "order_state": "ok",
        "capacity": 80,
        "staff_now": row.staff,
        "trend": "grow" if row.ordinal % 3 else "flat",
        "safety_ok": "ok",
        "env_ok": "ok",
        "has_demand": "yes" if demand else "no",
        "demands": [{"kind": "hire", "text": demand, "urgent": "normal"}] if demand else [],
    }
