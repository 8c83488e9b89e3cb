"""Texts of enrolment and devices, in Chinese and in English."""

from __future__ import annotations

ENROLMENT_TEXTS: dict[str, tuple[str, str]] = {
    "page_devices": ("手机", "Phones"),
    # Codes and slips
    "enrol_people": ("注册手机", "Enrol phones"),
    "enrol_people_help": (
        "勾选人员，生成注册单，当面交给本人；本人用手机扫码即可，不用输入密码。"
        "新码生成后，此人以前未用的码作废。",
        "Tick people, print their slips and hand each over in person: its code makes a phone theirs without "
        "a password. A new code withdraws the person's unused one.",
    ),
    "enrol_phone": ("注册手机", "Enrol a phone"),
    "enrol_phone_help": (
        "生成一个二维码，本人用手机扫码即可使用，不用输入密码。",
        "Makes a QR code by which a phone becomes this person's, without a password.",
    ),
    "code_lifetime": ("有效期", "Valid for"),
    "code_hours": ("{n} 小时", "{n} h"),
    "code_days": ("{n} 天", "{n} days"),
    "make_code": ("生成注册码", "Make a code"),
    "make_slips": ("生成注册单", "Make slips"),
    "without_phone": ("尚无手机", "No phone in use"),
    "open_code": ("未用的码", "Unused code"),
    "code_waits": ("有一个码还没有用。", "One code has not been used yet."),
    "code_until": ("{at} 前有效", "valid until {at}"),
    "code_withdraw": ("作废", "Withdraw"),
    "code_is_withdrawn": ("注册码已作废。", "The code is withdrawn."),
    "slips_limit": ("一次最多 {n} 人，请用筛选分批", "At most {n} at once: use the filters"),
    "slips": ("注册单", "Slips"),
    "slips_once": (
        "注册单 {n} 张，只显示这一次，请现在打印，或让本人当面扫码。",
        "Shown this once ({n}): print the slips now, or let the people scan here.",
    ),
    "slips_need_https": (
        "手机须经 https 才能断网使用，而码上的地址是 {address}，手机可能打不开。"
        "请用 LAN=1 或经代理启动服务器。",
        "Phones need https to work offline, but these codes lead to {address}, which they may not reach. "
        "Start the server with LAN=1 or behind a proxy.",
    ),
    "print": ("打印", "Print"),
    "slip_scan": (
        "打开手机相机，对准右边的二维码，点出现的链接。",
        "Point the phone's camera at the code and open the link.",
    ),
    "slip_wechat": (
        "用微信或钉钉扫的，请按提示改用浏览器打开。",
        "If WeChat or DingTalk opens it, go to the browser as it says.",
    ),
    "slip_apple": (
        "苹果手机请先按提示添加到主屏幕，再从主屏幕打开并扫码。",
        "On an iPhone add it to the home screen first, then scan inside.",
    ),
    "slip_once": ("只能用一次，请勿转给他人", "good once; keep it to yourself"),
    "slip_code_of": ("{name}的注册码", "Code of {name}"),
    # Devices
    "devices_help": (
        "登录或注册过的手机，最近联系的在前。",
        "Phones that signed in or were enrolled, the one heard of last first.",
    ),
    "devices_search": ("姓名、用户名、手机型号、版本", "Name, user name, phone or version"),
    "devices_empty": ("没有符合条件的手机。", "No such phone."),
    "devices_manage": ("管理手机", "Manage phones"),
    "devices_active": ("使用中", "In use"),
    "devices_unsent": ("有未发送或草稿", "With unsent records or drafts"),
    "devices_quiet": ("一周没有联系", "Not heard of for a week"),
    "devices_revoked": ("已停用", "Revoked"),
    "devices_wipe": ("要求清除或已清除", "Asked to wipe, or wiped"),
    "n_devices": ("共 {n} 部", "{n} phones"),
    "drafts": ("草稿", "Drafts"),
    "device_storage": ("存储", "Storage"),
    "device_used": ("已用 {used}，可用 {free}", "{used} used, {free} free"),
    "device_active": ("使用中", "In use"),
    "device_quiet": ("久未联系", "quiet"),
    "device_allow": ("恢复使用", "Allow again"),
    "device_is_allowed": ("手机已恢复使用。", "The phone is allowed again."),
    "device_wipe": ("清除内容", "Wipe"),
    "device_wipe_sure": (
        "手机“{name}”下次联网时将清除名册、表单和已送达的记录，并退出登录。未发送的不会丢失。确定吗？",
        "When it is next online “{name}” clears its lists, forms and sent records and signs out. Nothing "
        "unsent is lost. Go on?",
    ),
    "device_wipe_cancel": ("取消清除", "Don't wipe"),
    "device_wipe_is_asked": ("手机下次联网时清除。", "The phone clears itself when it is next online."),
    "device_wipe_is_cancelled": ("不再清除。", "It will not be wiped."),
    "device_wipe_help": (
        "清除在手机下次联网时进行：先送出未发送的记录，再清除名册、表单和已送达的记录，并退出登录。"
        "仍有未发送或草稿的，手机保留这些内容，请本人导出备份并确认后才清除。",
        "A wipe happens when the phone is next online: it hands in what it can, clears lists, forms and sent "
        "records, and signs out. While drafts or unsent records are left it keeps them and asks its person "
        "to save the rescue file first.",
    ),
    "device_wipe_asked": ("等待清除", "Wipe asked for"),
    "device_wipe_waits": ("有未发送，等本人导出", "Waits: something is unsent"),
    "device_wipe_done": ("已清除", "Wiped"),
    # The log
    "act_make_code": ("生成注册码", "Made an enrolment code"),
    "act_withdraw_code": ("作废注册码", "Withdrew a code"),
    "act_enrol": ("扫码注册", "Enrolled a phone"),
    "act_enrolment_alarm": ("注册码被多次猜测", "Enrolment codes were guessed"),
    "act_allow": ("恢复手机", "Allowed a phone again"),
    "act_ask_wipe": ("要求清除手机", "Asked a phone to wipe"),
    "act_cancel_wipe": ("取消清除手机", "Took a wipe back"),
    "act_wipe": ("手机已清除", "A phone wiped itself"),
    "subject_throttle": ("限制", "Throttle"),
    "detail_address": ("地址", "address"),
}
