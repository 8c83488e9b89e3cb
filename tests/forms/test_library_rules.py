"""Rules of the town's forms that a phone can decide: noticed where broken, silent where kept."""

from __future__ import annotations

import pytest

from tests.forms.test_library import FORMS, LEFT, OUT_OF_SCHOOL, changed
from tests.forms.town import (
    Flat,
    business,
    check,
    exit_check,
    id_number,
    newborn,
    register,
    rules,
    visit,
)

# Rules, each broken once. A reason given is itself the sign of a W rule.

UNEXPLAINED = {key: value for key, value in newborn().items() if not key.startswith("m_change")}
CERTIFICATE = {"m_id": id_number("1968-03-15", 101) + "43"}  # of a physical disability, grade 3
REGISTER_RULES: list[tuple[str, str, Flat]] = [
    ("R01", "E", changed(register(), {}, {"m_id": "320999197005020021"})),
    ("R01", "E", changed(register(), head_id="320999196803151018")),
    ("R03", "E", changed(register(), {}, {"m_id": id_number("1968-03-15", 101)})),
    ("R05", "E", changed(register(), {}, {"m_rel": "head"})),
    ("R05", "E", changed(register(), {"m_rel": "sibling"})),
    ("R06", "E", changed(register(), {}, {}, {}, {"m_rel": "spouse"})),
    ("R07", "E", changed(register(), {}, {"m_id": id_number("1970-05-02", 103)})),
    ("R08", "E", changed(register(), {}, {}, {"m_rel": "daughter"})),
    ("R08", "E", changed(register(), {}, {"m_rel": "father"})),
    ("R09", "E", changed(register(), phone="12345")),
    ("R10", "W", changed(register(), {}, {}, {"m_id": id_number("1980-06-01", 101)})),
    ("R10", "W", changed(register(), {}, {}, {}, {"m_id": id_number("1960-01-20", 101)})),
    (
        "R10",
        "W",
        changed(register(), {}, {}, {}, {"m_id": id_number("1960-01-20", 101), "m_rel": "w_father"}),
    ),
    ("R11", "E", changed(register(), {}, {}, {"m_edu": "primary"})),
    ("R11", "E", changed(register(), {"m_edu": ""})),
    ("R12", "W", changed(register(), {}, {}, OUT_OF_SCHOOL)),
    ("R13", "E", changed(register(), {}, {}, {**OUT_OF_SCHOOL, "m_dropout_reason": "ill"})),
    ("R14", "E", changed(register(), {}, {}, {"m_labour": "normal"})),
    ("R15", "W", changed(register(), {}, {}, {}, {"m_labour": "skilled"})),
    ("R16", "W", changed(register(), {}, {"m_labour": "weak"})),
    ("R17", "W", changed(register(), {"m_labour": "weak"})),
    ("R18", "E", changed(register(), {"m_work_months": 0})),
    ("R19", "E", changed(register(), {"m_work_months": 13})),
    ("R23", "W", changed(register(), {"m_serious_ins": "no"})),
    ("R24", "E", changed(register(), {"m_health": ["disab"]})),
    ("R24", "E", changed(register(), CERTIFICATE)),
    (
        "R24",
        "E",
        changed(register(), {**CERTIFICATE, "m_health": ["disab"], "m_dis_type": "1", "m_dis_grade": "3"}),
    ),
    ("R24", "E", changed(register(), {"m_id": id_number("1968-03-15", 103)})),
    ("R25", "W", changed(register(), main_cause="disab")),
    ("R25", "W", changed(register(), main_cause="ill")),
    ("R25", "W", changed(register(), {}, {}, {"m_student": "", "m_edu": "junior"}, main_cause="study")),
    ("R25", "W", changed(register(), main_cause="labour")),
    ("R26", "E", changed(register(), other_causes=["ill", "study"])),
    ("R26", "E", changed(register(), other_causes=["ill", "land", "fund"])),
    ("R27", "E", changed(register(), main_cause="other")),
    ("R38", "E", changed(register(), land_rented_out="4")),
    ("R38", "E", changed(register(), house_area="1200")),
    ("R38", "E", changed(register(), house_year=1890)),
    ("R45", "Q", changed(register(), attr="dibao")),
    ("R45", "Q", changed(register(), attr="wubao")),
    ("R44", "E", changed(register(), {}, {}, {}, {"m_change": "death", "m_change_date": "2016-01-01"})),
    ("R46", "E", changed(register(), exit_year=2013, status="announced")),
    ("8.4", "W", changed(register(), bank_acct="6228480000000000019")),
]

EXIT_RULES: list[tuple[str, str, Flat]] = [
    ("R03", "E", {**exit_check(), "added": 2, "member": [*exit_check()["member"], newborn(), newborn()]}),
    ("R05", "E", changed(exit_check(), {}, {"m_rel": "head"})),
    ("R06", "E", changed(exit_check(), {}, {}, {}, {"m_rel": "spouse"})),
    ("R08", "E", changed(exit_check(), {}, {}, {"m_rel": "mother"})),
    ("R14", "E", changed(exit_check(), {}, {}, {"m_labour": "weak"})),
    ("R20", "W", changed(exit_check(), w1="", w2="")),
    ("R20", "W", changed(exit_check(), {"m_work_place": "none", "m_work_months": None})),
    ("R22", "E", changed(exit_check(), {"m_med_ins": "none"})),
    ("R24", "E", changed(exit_check(), {"m_health": ["disab"]})),
    ("R28", "E", changed(exit_check(), electricity="no", electricity_why="未接通")),
    ("R29", "E", changed(exit_check(), house_grade="c", house_repaired="no")),
    ("R29", "E", changed(exit_check(), house_grade="")),
    ("R30", "E", changed(exit_check(), w2="0")),
    ("R31", "E", changed(exit_check(), water="no", water_why="水质不合格")),
    *(
        ("R31", "E", changed(exit_check(), **{item: "no", f"{item}_why": "未达到标准"}))
        for item in ("food", "clothing", "education", "medical", "housing", "electricity", "agree")
    ),
    ("R31", "E", changed(exit_check(), hh_sign=None, hh_refuse="yes", refuse_reason="不同意结论")),
    ("R32", "W", changed(exit_check(), {"m_dibao": "yes"})),
    ("R32", "W", changed(exit_check(), t1="4200")),
    ("R33", "W", changed(exit_check(), t3="0")),
    ("R34", "W", changed(exit_check(), p1="")),
    ("R35", "W", changed(exit_check(), c1="", c2="")),
    ("R35", "W", changed(exit_check(), c1="20000")),
    ("R36", "W", changed(exit_check(), w2="80000")),
    ("R36", "W", changed(exit_check(), w2="0")),
    ("R37", "Q", changed(exit_check(), w1="", w2="", t9="60000")),
    ("R40", "E", changed(exit_check(), checker_1="p1")),
    ("R39", "E", {**exit_check(), "added": 1, "member": [*exit_check()["member"], UNEXPLAINED]}),
    ("R40", "E", changed(exit_check(), checker_2="p1")),
    ("R40", "E", changed(exit_check(), checker_2="p2")),
    ("R41", "E", changed(exit_check(), hh_sign=None)),
    ("R41", "E", changed(exit_check(), hh_sign=None, hh_refuse="no")),
    ("R44", "E", changed(exit_check(), {}, {}, {}, {"m_change": "death", "m_change_date": "2016-08-01"})),
    ("R46", "E", changed(exit_check(), check_year=2013)),
    ("2.4", "W", changed(exit_check(), w1="", w2="", t9="60000", stable_why="主要靠补贴")),
    ("V01", "E", changed(exit_check(), visit_time="2016-10-16T09:40:00.000+08:00")),
    ("8.5", "W", changed(exit_check(), w2="900000")),
]

BUSINESS_RULES: list[tuple[str, str, Flat]] = [
    ("V01", "E", changed(business(), established="2016-10-16")),
    ("V02", "E", changed(business(), uscc="92320999MA1DEM0234")),
    ("V02", "Q", changed(business(), uscc="92320999MA1DEM0234", uscc_as_printed="yes")),
    ("V03", "E", changed(business(), uscc="91320999MA1DEM015B")),
    ("V03", "E", changed(business(), id_scheme="reg15", uscc="", reg15="320999000000123")),
    ("V04", "E", changed(business(), staff_local_n=31)),
    ("V04", "E", changed(business(), staff_lowinc_n=21)),
    ("R09", "E", changed(business(), phone="8521")),
]

VISIT_RULES: list[tuple[str, str, Flat]] = [
    ("V01", "E", changed(visit(), visit_date="2016-10-16")),
    ("V05", "E", changed(visit(), photo=None)),
    ("V05", "Q", changed(visit(), gps=None)),
    ("V06", "W", changed(visit(), output_ytd="200")),
    ("V06", "W", changed(visit(), invest_ytd="49")),
    ("V07", "W", changed(visit(), tax_ytd="500")),
    ("V07", "W", changed(visit(), output_ytd="900")),
]


@pytest.mark.parametrize(
    ("name", "rule", "level", "flat"),
    [
        pytest.param(name, *case, id=f"{name}-{number}-{case[0]}")
        for name, cases in zip(FORMS, (REGISTER_RULES, EXIT_RULES, BUSINESS_RULES, VISIT_RULES), strict=False)
        for number, case in enumerate(cases)
    ],
)
def test_notices_a_broken_rule(name: str, rule: str, level: str, flat: Flat) -> None:
    assert (rule, level) in rules(check(name, flat))


# The same rules, kept by a hair: they must stay silent.

WORN_OUT = {"m_id": id_number("1956-10-16", 101), "m_labour": "lost", "m_health": ["chronic"]}
GROWN = {"m_student": "", "m_edu": "junior", "m_labour": "normal"}
DISABLED = {"m_health": ["disab"], "m_dis_type": "4", "m_dis_grade": "3"}
REGISTER_KEPT: list[tuple[str, Flat]] = [
    ("R03", changed(register(), {}, {"m_id": id_number("1968-03-15", 104)})),
    ("R09", changed(register(), phone="0515-85212345")),
    ("R09", changed(register(), phone="+86 139 1234 5678")),
    ("R10", changed(register(), {}, {}, {"m_id": id_number("1983-03-15", 101), **GROWN})),
    ("R10", changed(register(), {}, {}, {}, {"m_id": id_number("1953-03-15", 101), "m_labour": "none"})),
    ("R12", changed(register(), {}, {}, {**OUT_OF_SCHOOL, "m_id": id_number("2000-10-15", 101)})),
    ("R12", changed(register(), {}, {}, {**OUT_OF_SCHOOL, "m_id": id_number("2010-10-16", 101)})),
    ("R13", changed(register(), {}, {}, {**OUT_OF_SCHOOL, "m_dropout_reason": "poor"})),
    ("R14", changed(register(), {}, {}, {"m_id": id_number("2000-10-15", 101), "m_labour": "normal"})),
    ("R15", changed(register(), {}, {}, {}, {"m_labour": "weak"})),
    ("R15", changed(register(), WORN_OUT, head_id=WORN_OUT["m_id"])),
    ("R16", changed(register(), {}, {}, {"m_id": id_number("2000-10-15", 101)})),
    ("R16", changed(register(), {}, {"m_labour": "weak", "m_health": ["chronic"]})),
    ("R17", changed(register(), {}, {"m_labour": "weak"})),
    ("R19", changed(register(), {"m_work_months": 12})),
    ("R24", changed(register(), {**CERTIFICATE, **DISABLED})),
    ("R24", changed(register(), {"m_id": CERTIFICATE["m_id"] + "B1", **DISABLED})),
    ("R25", changed(register(), {"m_health": ["chronic"]}, main_cause="ill")),
    ("R25", changed(register(), DISABLED, main_cause="disab")),
    ("R25", changed(register(), {}, {"m_labour": "weak"}, main_cause="labour")),
    ("R26", changed(register(), other_causes=["land", "fund"])),
    ("R27", changed(register(), main_cause="other", cause_note="家庭变故")),
    ("R38", changed(register(), land_rented_out="3.2", house_area="1000", house_year=2016)),
    ("R45", changed(register(), {"m_dibao": "yes"}, attr="dibao")),
    ("R46", changed(register(), exit_year=2014, status="announced")),
    ("8.4", changed(register(), bank_acct="6228480000000000018")),
    ("8.4", changed(register(), bank_acct="320981001234")),
]
EXIT_KEPT: list[tuple[str, Flat]] = [
    ("R20", changed(exit_check(), {"m_work_place": "none", "m_work_months": None}, w1="", w2="")),
    ("R29", changed(exit_check(), house_grade="d", house_repaired="yes")),
    ("R30", changed(exit_check(), w2="1600")),
    ("R32", changed(exit_check(), {"m_dibao": "yes"}, t1="4200")),
    ("R33", changed(exit_check(), {}, {}, {}, {"m_pension": "none"}, t3="0")),
    ("R35", changed(exit_check(), c1="8900")),
    ("R36", changed(exit_check(), w2="56800")),
    ("R36", changed(exit_check(), w2="5320")),
    ("R37", changed(exit_check(), w2="2800")),
    ("R37", changed(exit_check(), w1="", w2="", o1="", o2="", c1="", c2="", p1="1260", t4="0", t3="2940")),
    ("R44", changed(exit_check(), {}, {}, {}, LEFT)),
    ("R46", changed(exit_check(), check_year=2014)),
    ("8.5", changed(exit_check(), w2="477600")),
]
BUSINESS_KEPT: list[tuple[str, Flat]] = [
    ("V01", changed(business(), established="2016-10-15")),
    ("V02", changed(business(), uscc="92320999 ma1dem0233")),
    ("V04", changed(business(), staff_local_n=30, staff_lowinc_n=30)),
]
VISIT_KEPT: list[tuple[str, Flat]] = [
    ("V05", changed(visit(), mode="phone", gps=None, photo=None)),
    ("V06", changed(visit(), output_ytd="300", sales_ytd="280", tax_ytd="12", invest_ytd="50")),
    ("V07", changed(visit(), output_ytd="600", tax_ytd="400")),
    ("V07", changed(visit(), sales_ytd="", tax_ytd="16")),
]


@pytest.mark.parametrize(
    ("name", "rule", "flat"),
    [
        pytest.param(name, *case, id=f"{name}-{number}-{case[0]}")
        for name, cases in zip(FORMS, (REGISTER_KEPT, EXIT_KEPT, BUSINESS_KEPT, VISIT_KEPT), strict=False)
        for number, case in enumerate(cases)
    ],
)
def test_is_silent_while_a_rule_is_kept(name: str, rule: str, flat: Flat) -> None:
    assert rule not in {number for number, _ in rules(check(name, flat))}


def test_messages_come_in_both_languages() -> None:
    checked = check("exit_check", changed(exit_check(), {"m_med_ins": "none"}))
    messages = {violation.rule: violation.message for violation in checked.violations}
    assert messages["R22"] == {
        "zh": "有成员未参加基本医疗保险，不符合脱贫条件",
        "en": "A member has no basic medical insurance",
    }


@pytest.mark.parametrize("conclusion", ["delay", "no"])
def test_exit_rules_do_not_stop_other_conclusions(conclusion: str) -> None:
    flat = changed(exit_check(), {"m_med_ins": "none"}, w2="0", elec_live="no", conclusion=conclusion)
    broken = {rule for rule, level in rules(check("exit_check", flat)) if level == "E"}
    assert broken == set()
