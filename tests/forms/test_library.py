"""The town's forms say what domain.md says: worked examples, what they keep and write."""

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


OUT_OF_SCHOOL = {"m_student": "", "m_edu": "primary"}
LEFT = {key: None for key in register()["member"][3] if key not in ("m_ent", "m_name", "m_rel")} | {
    "m_change": "death",
    "m_change_date": "2016-08-01",
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
