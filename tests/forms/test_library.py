"""The town's forms say what domain.md says: worked examples, every rule that a phone can decide."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.forms.town import (
    PHOTO,
    Flat,
    business,
    calculated,
    check,
    contact_log,
    exit_check,
    id_number,
    library,
    newborn,
    pairing,
    register,
    rules,
    town,
    visit,
)

FORMS = (
    "household_register",
    "exit_check",
    "business_register",
    "enterprise_visit",
    "pairing",  # the rules of these two: test_pairing_forms.py
    "contact_log",
)
FAULTLESS: dict[str, Callable[[], Flat]] = {
    "household_register": register,
    "exit_check": exit_check,
    "business_register": business,
    "enterprise_visit": visit,
    "pairing": pairing,
    "contact_log": contact_log,
}


def changed(flat: Flat, *members: Flat, **answers: Any) -> Flat:
    """The answers with some changed; `members` go over the members in order, None leaves one alone."""
    rows = [{**row} for row in flat.get("member", [])]
    for row, change in zip(rows, members, strict=False):
        row.update(change)
    return {**flat, **({"member": rows} if rows else {}), **answers}


@pytest.mark.parametrize("name", FORMS)
def test_compiles_without_a_warning(name: str) -> None:
    assert library(name).warnings == []


@pytest.mark.parametrize("name", FORMS)
def test_a_faultless_record_breaks_nothing(name: str) -> None:
    assert check(name, FAULTLESS[name]()).violations == []


@pytest.mark.parametrize("name", FORMS)
def test_speaks_chinese_and_english_everywhere(name: str) -> None:
    outline = library(name).outline
    asked = [node for node in outline["nodes"] if node["control"] or node["kind"] == "repeat"]
    assert outline["default_language"] == "zh"
    assert [node["path"] for node in asked if set(node["label"]) != {"zh", "en"}] == []
    choices = [choice for rows in outline["choices"].values() for choice in rows]
    assert [choice["name"] for choice in choices if set(choice["label"]) != {"zh", "en"}] == []


@pytest.mark.parametrize("name", FORMS)
def test_says_why_a_photo_or_position_is_asked(name: str) -> None:
    nodes = library(name).outline["nodes"]
    asked = [node for node in nodes if node["type"] in ("file", "geopoint")]
    assert [node["path"] for node in asked if not node["purpose"]] == []


# The worked examples of section 2.4.


def test_worked_example_passes() -> None:
    checked = check("exit_check", exit_check())
    computed = {
        name: calculated(checked, name)
        for name in (
            "wage",
            "operating_net",
            "property",
            "transfer",
            "net",
            "per_capita_text",
            "line",
            "stable",
        )
    }
    assert computed == {
        "wage": "30600",
        "operating_net": "7000",
        "property": "1600",
        "transfer": "4200",
        "net": "43400",
        "per_capita_text": "10,850.00",
        "line": "6000",
        "stable": "1",
    }
    assert round(float(calculated(checked, "transfer_share") or 0), 3) == 0.097


def test_without_migrant_wage_the_family_cannot_leave_the_register() -> None:
    checked = check("exit_check", {**exit_check(), "w2": "0", "r36_why": "外出人员已返乡"})
    assert calculated(checked, "per_capita_text") == "5,600.00"
    stopped = [violation for violation in checked.violations if violation.level == "E"]
    assert [(violation.path, violation.rule, violation.message["zh"]) for violation in stopped] == [
        ("result/conclusion", "R30", "人均纯收入未达标，不能建议脱贫")
    ]


def test_a_newborn_counts_and_brings_the_income_near_the_line() -> None:
    family = exit_check()
    flat = changed(family, w2="9000", added=1, stable_why="靠近标准线", r36_why="新生儿")
    checked = check("exit_check", {**flat, "member": [*flat["member"], newborn()]})
    assert calculated(checked, "reg_n") == "5"
    assert calculated(checked, "per_capita_text") == "6,280.00"
    assert ("R37", "Q") in rules(checked)
    assert not [violation for violation in checked.violations if violation.level == "E"]


def test_a_child_born_after_the_period_does_not_count_yet() -> None:
    flat = exit_check()
    checked = check("exit_check", {**flat, "added": 1, "member": [*flat["member"], newborn("2016-10-02")]})
    assert calculated(checked, "reg_n") == "4"


def test_a_member_who_left_before_the_end_of_the_period_does_not_count() -> None:
    leaving = {"m_change": "death", "m_change_date": "2016-08-01"}
    flat = changed(exit_check(), {}, {}, {}, leaving)
    checked = check("exit_check", flat)
    assert calculated(checked, "reg_n") == "3"


def test_what_counts_as_income_stands_in_a_list() -> None:
    tables = town()
    for row in tables["counts_as_income"]:
        if row["name"] == "n1":
            row["counts"] = "1"
    assert calculated(check("exit_check", exit_check(), tables), "transfer") == "10200"


def test_the_line_of_the_year_stands_in_a_list() -> None:
    tables = town()
    tables["poverty_line"].append({"name": "2016", "label": "", "scope": "county", "amount": "7000"})
    tables["poverty_line"] = [row for row in tables["poverty_line"] if row["amount"] != "6000"]
    assert calculated(check("exit_check", exit_check(), tables), "line") == "7000"


def test_a_negative_operating_income_keeps_its_sign() -> None:
    checked = check("exit_check", {**exit_check(), "c2": "20000"})
    assert calculated(checked, "operating_net") == "-8700"


def test_this_check_stands_beside_last_year() -> None:
    assert calculated(check("exit_check", exit_check()), "per_capita_beside") == "10,850.00 / 9,900.00 +9.6%"


# Rules, each broken once. A reason given is itself the sign of a W rule.

UNEXPLAINED = {key: value for key, value in newborn().items() if not key.startswith("m_change")}
OUT_OF_SCHOOL = {"m_student": "", "m_edu": "primary"}
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
LEFT = {key: None for key in register()["member"][3] if key not in ("m_ent", "m_name", "m_rel")} | {
    "m_change": "death",
    "m_change_date": "2016-08-01",
}
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


def test_a_refusal_with_its_reason_replaces_the_signature() -> None:
    flat = changed(
        exit_check(), hh_sign=None, hh_refuse="yes", refuse_reason="不同意结论", conclusion="delay"
    )
    assert check("exit_check", flat).violations == []


def test_a_fingerprint_with_a_witness_replaces_the_signature() -> None:
    flat = changed(exit_check(), hh_sign=None, hh_thumb=PHOTO, witness="陈秀兰")
    assert check("exit_check", flat).violations == []


@pytest.mark.parametrize("name", ["household_register", "exit_check"])
def test_nobody_is_insured_in_two_schemes(name: str) -> None:
    checked = check(name, changed(FAULTLESS[name](), {"m_med_ins": "ncms emp"}))
    stopped = [violation.path for violation in checked.violations if violation.level == "E"]
    assert stopped == ["member[1]/m_cover/m_med_ins"]


def test_land_rent_without_land_let_needs_a_reason() -> None:
    tables = town()
    tables["household"][0]["land_rented_out"] = ""
    assert ("R34", "W") in rules(check("exit_check", exit_check(), tables))


@pytest.mark.parametrize("attr", ["wubao", "dibao"])
def test_an_attribute_that_does_not_fit_the_members_is_flagged(attr: str) -> None:
    tables = town()
    tables["household"][0]["attr"] = attr
    assert ("R45", "Q") in rules(check("exit_check", exit_check(), tables))


@pytest.mark.parametrize(("n_others", "is_noticed"), [(2, False), (3, True)])
def test_a_phone_of_more_than_three_households_needs_a_reason(n_others: int, is_noticed: bool) -> None:
    tables = town()
    tables["household"] += [{"name": f"n{n}", "phone": "10030000001"} for n in range(n_others)]
    broken = rules(check("household_register", register(), tables))
    assert (("8.2", "W") in broken) is is_noticed


def test_a_parent_in_law_is_compared_with_the_spouse() -> None:
    older_than_the_head_alone = {"m_id": id_number("1955-05-02", 101), "m_rel": "w_father"}
    flat = changed(register(), {}, {}, {}, older_than_the_head_alone)
    assert ("R10", "W") not in rules(check("household_register", flat))


def test_when_the_householder_died_the_spouse_may_become_it() -> None:
    flat = changed(exit_check(), {**LEFT, "m_rel": "head"}, {"m_rel": "head"}, {}, {"m_rel": "other"})
    broken = {rule for rule, _ in rules(check("exit_check", flat))}
    assert broken & {"R05", "R07", "R10"} == set()


def test_the_period_is_the_year_up_to_its_last_day() -> None:
    flat = {**exit_check(), "period": None, "period_end": "2016-06-30"}
    assert calculated(check("exit_check", flat), "period") == "2015-07-01 — 2016-06-30"


def test_electricity_is_asked_once_and_kept_in_the_register() -> None:
    [household] = [
        write for write in check("exit_check", exit_check()).entities if write.list_name == "household"
    ]
    assert household.data["elec_live"] == "yes"


def test_a_phone_number_is_kept_plain() -> None:
    checked = check("household_register", changed(register(), phone="+86 139-1234-5678"))
    household = next(write for write in checked.entities if write.list_name == "household")
    assert household.data["phone"] == "13912345678"


def test_a_credit_code_is_kept_in_capitals_without_spaces() -> None:
    checked = check("business_register", changed(business(), uscc="92320999 ma1dem0233"))
    assert checked.entities[0].data["uscc"] == "92320999MA1DEM0233"
    assert checked.keys == ["92320999MA1DEM0233"]
    twin = changed(business(), uscc="91320999 ma1dem015b")
    assert ("V03", "E") in rules(check("business_register", twin))


def test_letters_that_no_credit_code_has_bring_a_suggestion_only() -> None:
    checked = check("business_register", changed(business(), uscc="9232O999MAIDEM0233"))
    assert ("V02", "E") in rules(checked)
    assert calculated(checked, "uscc_suggested") == "92320999MA1DEM0233"


def test_nobody_signs_a_code_that_is_right() -> None:
    checked = check("business_register", {**business(), "uscc_as_printed": "yes"})
    assert ("V02", "Q") not in rules(checked)


def test_a_key_enterprise_needs_two_visitors_and_a_cadre() -> None:
    assert check("enterprise_visit", {**visit(), "visitors": ["p1"]}).violations != []
    assert check("enterprise_visit", {**visit(), "biz": "b2", "visitors": ["p1"]}).violations == []
    assert check("business_register", {**business(), "key": "yes"}).violations != []


def test_demo_telephone_numbers_pass_only_in_demo_villages() -> None:
    tables = town()
    tables["village"].append({"name": "320981100201", "label": "真村"})
    checked = check("household_register", {**register(), "village": "320981100201"}, tables)
    assert ("R09", "E") in rules(checked)


# What the forms write into the lists.


def test_registering_creates_a_household_and_its_members() -> None:
    writes = check("household_register", register()).entities
    household = next(write for write in writes if write.list_name == "household")
    members = [write for write in writes if write.list_name == "member"]
    assert (household.kind, household.entity_id, household.label) == ("create", "h9", "王建军")
    assert household.data["members_n"] == "4"
    assert household.data["water_safe"] == "ok"
    assert [(member.kind, member.entity_id, member.label) for member in members] == [
        ("create", "m1", "王建军"),
        ("create", "m2", "陈秀兰"),
        ("create", "m3", "王子涵"),
        ("create", "m4", "王德明"),
    ]
    assert {member.data["household"] for member in members} == {"h9"}
    assert members[1].data["m_birth"] == "1970-05-02"
    assert members[1].data["m_sex"] == "F"


def test_a_check_updates_the_household_and_its_members_and_creates_the_added() -> None:
    flat = exit_check()
    checked = check("exit_check", {**flat, "added": 1, "member": [*flat["member"], newborn()]})
    household = next(write for write in checked.entities if write.list_name == "household")
    members = {write.entity_id: write for write in checked.entities if write.list_name == "member"}
    assert (household.kind, household.entity_id) == ("update", "h1")
    assert household.data["last_year"] == "2016"
    assert household.data["last_per_capita"] == "8680"
    assert household.data["status"] == "agreed"
    assert {key: write.kind for key, write in members.items()} == {
        **dict.fromkeys(("m1", "m2", "m3", "m4"), "update"),
        "n1": "create",
    }
    assert "m_id" not in members["m1"].data  # it was not asked: the register keeps what it has
    assert members["n1"].data["m_birth"] == "2016-09-01"


def test_leaving_school_clears_the_school_status() -> None:
    flat = changed(exit_check(), {}, {}, {**OUT_OF_SCHOOL, "m_dropout_reason": "tired"})
    writes = check("exit_check", flat).entities
    assert next(write for write in writes if write.entity_id == "m3").data["m_student"] == ""


def test_records_carry_their_subject_key_and_village() -> None:
    checked = check("exit_check", exit_check())
    assert checked.subject == ("household", "h1")
    assert checked.keys == ["h1 2016"]
    assert checked.village == "320981100901"
    assert checked.instance_name == "王建军 2016"
    assert check("enterprise_visit", visit()).keys == ["b1 2016-10-15"]


def test_no_member_of_another_family_is_counted() -> None:
    tables = town()
    tables["member"] += [
        {"name": f"y{n}", "household": "h2", "label": "李红", "m_rel": "son"} for n in range(3)
    ]
    assert check("exit_check", exit_check(), tables).violations == []
