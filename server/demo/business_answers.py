"""What the demo's clerks and cadres answer about businesses: flat values by question name."""

from __future__ import annotations

from datetime import date
from typing import Any

from server.demo.businesses import ABOVE_SCALE_WAN, TRADES, Business

Answers = dict[str, Any]

# A demand of an enterprise: its kind and its words.
DEMANDS = (
    ("hire", "急需招聘熟练焊工五名，请帮助对接"),
    ("hire", "旺季用工不足，希望组织招聘会"),
    ("fund", "流动资金紧张，希望对接银行续贷"),
    ("land", "现有厂房不够用，希望租用标准厂房"),
    ("power", "用电高峰时常跳闸，希望增容改造"),
    ("policy", "技改设备补贴已申报，希望尽快兑现"),
    ("tech", "希望帮助联系技校实习学生和工艺师傅"),
    ("market", "希望组织企业抱团参加产品展销会"),
)
ONSITE_MONTHS = (5, 10)  # the other visits of a year are talks at the office
MATERIAL = "已与企业财务核对报表"


def business(row: Business, key: str) -> Answers:
    """Answer the business register."""
    return {
        "biz_id": key,
        "name": row.name,
        "kind": row.kind,
        "id_scheme": row.id_scheme,
        "uscc": row.code if row.id_scheme == "uscc" else "",
        "reg15": row.code if row.id_scheme == "reg15" else "",
        "legal_rep": row.owner.name,
        "legal_id": row.owner.number,
        "phone": row.owner.phone,
        "village": row.village,
        "industry_letter": row.industry[0],
        "industry_digits": row.industry[1:],
        "chain": row.chain,
        "products": TRADES[row.chain][2],
        "established": row.established.isoformat(),
        "reg_capital": str(max(10, row.sales_wan // 10)),
        "status": "open",
        "scale": "small" if row.staff >= 20 else "micro",
        "above_scale": "yes" if row.sales_wan >= ABOVE_SCALE_WAN else "no",
        "staff_n": row.staff,
        "staff_local_n": row.staff * 2 // 3,
        "staff_lowinc_n": row.staff // 12,
        "started_by": "mass",
        "led_by": row.led_by,
        "party_org": "no",
        "key": "yes" if row.is_key else "no",
        "contact_cadre": row.contact,
    }


def visit(row: Business, key: str, on: date, visitors: list[str], demand: tuple[str, str] | None) -> Answers:
    """Answer an enterprise visit; figures grow with the year."""
    sales = round(row.sales_wan * on.month / 12)
    return {
        "biz": key,
        "visit_date": on.isoformat(),
        "visitors": visitors,
        "mode": "onsite" if on.month in ONSITE_MONTHS else "office",
        "purpose": ["routine", "data"] if demand is None else ["routine", "demand"],
        "met": row.owner.name,
        "met_post": "负责人",
        "met_phone": row.owner.phone,
        "output_ytd": str(round(sales * 1.05)),
        "sales_ytd": str(sales),
        "tax_ytd": str(round(sales * 0.04)),
        "power_kwh": sales * 400,
        "v06_why": MATERIAL,
        "v07_why": MATERIAL,
        "order_state": ("full", "ok", "low")[(row.ordinal + on.month) % 3],
        "capacity": 60 + (row.ordinal * 7 + on.month) % 40,
        "staff_now": row.staff,
        "hire_need": 5 if demand and demand[0] == "hire" else 0,
        "trend": ("grow", "flat", "grow", "down")[row.ordinal % 4],
        "safety_ok": "ok",
        "env_ok": "ok",
        "has_demand": "yes" if demand else "no",
        "demands": [{"kind": demand[0], "text": demand[1], "urgent": "normal"}] if demand else [],
        "policy_told": ["train", "project"],
        "plan_update": "继续按一企一策方案推进，下次走访核对进度" if row.is_key else "",
    }
