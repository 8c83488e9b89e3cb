"""The forms ask the fields of domain.md 2.3, 2.4, 3.2 and 3.3, and hold every rule a phone can decide."""

from __future__ import annotations

import pytest

from tests.forms.town import library

FIELDS = {
    "household_register": """
        hh_no village group address gps head_name head_id phone bank_name bank_acct std attr registered_year
        main_cause other_causes cause_note exit_year status mentor_1 mentor_2 mentor_unit archived_photo
        m_name m_id m_sex m_birth m_rel m_nation m_politics m_edu m_student m_health m_dis_type m_dis_grade
        m_labour m_work_place m_work_months m_employer m_dropout_reason m_med_ins m_serious_ins m_pension
        m_dibao m_tekun m_job_post m_change m_change_date land_mu land_rented_out water_mu house_area
        house_struct house_year house_grade house_type water_src water_hard water_safe elec_live elec_prod tv
        toilet fuel road_km coop loan""",
    "exit_check": """
        task check_year period hh visit_time gps checker_1 checker_2 respondent home_n reg_n
        w1 w2 w3 o1 o2 o3 o4 c1 c2 c3 c4 c5 p1 p2 p3 p4 t1 t2 t3 t4 t5 t6 t7 t8 t9 n1 n2 n3 n4 n5
        e_med e_edu e_rigid hh_debt wage operating_net property transfer net per_capita line pass_income
        stable transfer_share pass_all food clothing water education medical housing electricity agree
        conclusion problem_list help_next mingbai_posted hh_sign hh_thumb witness hh_refuse
        c1_sign c2_sign""",
    "business_register": """
        biz_no name kind id_scheme uscc reg15 legal_rep legal_id actual_owner phone village park plant gps
        industry chain products established reg_capital status scale above_scale staff_n staff_local_n
        staff_lowinc_n started_by led_by party_org key contact_cadre""",
    "enterprise_visit": """
        biz visit_date visitors mode purpose met gps photo output_ytd sales_ytd tax_ytd power_kwh export_usd
        invest_ytd order_state capacity staff_now hire_need loan_bal loan_need safety_ok env_ok trend demands
        policy_told policy_need plan_update next_visit biz_confirm note""",
}
SENSITIVE = {"head_id", "bank_acct", "m_id", "m_health", "m_dis_type", "m_dis_grade", "legal_id"}
# The area table, other households, the register's history, tracks and photo digests are the server's.
ON_THE_SERVER = {"R02", "R04", "R39", "R42", "R43"}


@pytest.mark.parametrize("name", FIELDS)
def test_asks_every_field(name: str) -> None:
    asked = {node["name"] for node in library(name).outline["nodes"]}
    assert set(FIELDS[name].split()) - asked == set()


@pytest.mark.parametrize("name", FIELDS)
def test_marks_what_is_sensitive(name: str) -> None:
    nodes = [node for node in library(name).outline["nodes"] if node["name"] in SENSITIVE]
    assert [node["path"] for node in nodes if node["class"] != "sensitive"] == []


def test_holds_every_rule_a_phone_can_decide() -> None:
    held = {node["rule"] for name in FIELDS for node in library(name).outline["nodes"]}
    rules = {f"R{number:02d}" for number in range(1, 47)} - ON_THE_SERVER
    assert (rules | {f"V{number:02d}" for number in range(1, 8)}) - held == set()


@pytest.mark.parametrize("name", FIELDS)
def test_says_purpose_and_retention(name: str) -> None:
    outline = library(name).outline
    assert set(outline["purpose"]) == {"zh", "en"}
    assert int(outline["retention_days"]) > 0
