"""Texts of badges and door cards, in Chinese and in English."""

from __future__ import annotations

CARD_TEXTS: dict[str, tuple[str, str]] = {
    "page_cards": ("卡片", "Cards"),
    "cards_help": (
        "门牌卡张贴在户内，胸牌发给参会人员。二维码只含一个随机编号，不含个人信息。每次打印都会记录。",
        "Door cards hang in houses, badges go to people at events. The code holds a random number and nothing"
        " personal. Every print is recorded.",
    ),
    "purpose_door": ("帮扶明白卡（门牌卡）", "Help cards (on doors)"),
    "purpose_badge": ("胸牌", "Badges"),
    "card_purpose": ("种类", "Kind"),
    "card_householder": ("户主", "Householder"),
    "card_person": ("姓名", "Name"),
    "card_village": ("村", "Village"),
    "card_unit": ("单位、职务", "Unit, position"),
    "card_hh_no": ("户编号", "Household no."),
    "card_state": ("卡号", "Card number"),
    "card_none": ("尚未制卡", "none yet"),
    "choose_all": ("全选", "All"),
    "cards_copies": (
        "每户两份（户内、帮扶责任人各一份）",
        "Two copies (one for the house, one for the mentor)",
    ),
    "cards_print": ("打印所选", "Print those ticked"),
    "cards_renew": ("换发新卡", "Make new cards"),
    "cards_renew_sure": (
        "所选的旧卡将作废，需要重新张贴或发放。确定吗？",
        "The old cards of those ticked won't count any more and have to be replaced. Go on?",
    ),
    "cards_revoke": ("作废", "Take back"),
    "cards_revoke_sure": (
        "所选的卡将作废，手机同步后不再识别。确定吗？",
        "Those cards won't count any more. Go on?",
    ),
    "cards_revoked": ("已作废 {n} 张卡。", "{n} cards were taken back."),
    "cards_empty": ("这里没有可以制卡的人或户。", "Nobody here can be given a card."),
    "cards_limit": ("一次最多打印 {n} 张。", "At most {n} at a time."),
    "cards_none_wider": ("没有人员可选。胸牌由镇办公室打印。", "Badges are printed by the town office."),
    "cards_need_https": (
        "二维码中的地址是 {address}，手机打不开，或不是安全连接（https）。请用正式地址打开管理台后再打印。",
        "The codes lead to {address}, which phones can't open, or not securely (https). Open the desk at its"
        " public address and print again.",
    ),
    "cards_ready": ("共 {n} 张，请打印。", "{n} cards, ready to print."),
    "card_texts": ("卡片上的文字", "What stands on the cards"),
    "card_hotline_label": ("镇服务热线", "Town hotline"),
    "card_footer_label": ("卡片底部说明", "Note at the foot of the card"),
    "card_hides_phones_label": (
        "扫码打开的公开网页不显示电话",
        "The public page behind the code shows no phone numbers",
    ),
    "save_texts": ("保存", "Save"),
    # On the cards
    "help_card": ("帮扶明白卡", "Help card"),
    "hc_householder": ("户主", "Householder"),
    "hc_number": ("户编号", "Household no."),
    "hc_place": ("住址", "Place"),
    "hc_members": ("家庭人口", "Family size"),
    "hc_members_n": ("{n} 人", "{n}"),
    "hc_attribute": ("属性", "Attribute"),
    "hc_cause": ("主要致贫原因", "Main cause"),
    "hc_income": ("{year} 年人均纯收入", "Income a head {year}"),
    "hc_yuan": ("{amount} 元", "{amount} yuan"),
    "hc_measures": ("帮扶措施（项目、金额、日期）", "Measures (what, amount, date)"),
    "hc_mentor": ("帮扶责任人", "Responsible helper"),
    "hc_contact": ("村级联系人", "Village contact"),
    "hc_hotline": ("镇服务热线", "Town hotline"),
    "hc_scan": ("扫码联系帮扶责任人", "Scan to reach the helper"),
    "hc_card_number": ("卡号 {number}", "Card {number}"),
    "hc_valid": ("有效期至 {day}", "Valid until {day}"),
    "hc_footer": (
        "情况有变化、对帮扶有意见，请告诉帮扶责任人或拨打热线。",
        "If anything changes, or the help is not right, tell the helper or call the hotline.",
    ),
    "hc_copy_house": ("户内留存", "For the house"),
    "hc_copy_mentor": ("帮扶责任人留存", "For the helper"),
    "badge_title": ("参会胸牌", "Badge"),
    "badge_scan": ("签到时请出示此码", "Show this code to check in"),
    "demo_mark": ("演示", "DEMO"),
}
