"""Texts of one's own account and of sessions, in Chinese and in English."""

from __future__ import annotations

ACCOUNT_TEXTS: dict[str, tuple[str, str]] = {
    "own_account": ("我的账号", "My account"),
    # The password
    "password_change": ("修改密码", "Change the password"),
    "password_change_help": (
        "至少 {shortest} 个字符，且不同于用户名。修改后，其他电脑上的登录全部结束；手机保持登录，"
        "以免外出时无法使用。如怀疑密码泄露，请再核对下方的手机。",
        "At least {shortest} characters, and not the user name. Every other desk session ends. Phones stay "
        "signed in, so that nobody is stopped in the field: if somebody may know the password, look through "
        "the phones as well.",
    ),
    "password_present": ("现用密码", "Present password"),
    "password_next": ("新密码", "New password"),
    "password_again": ("再次输入新密码", "New password again"),
    "password_is_changed": (
        "密码已修改，其他电脑上的登录已结束。",
        "The password is changed, and every other desk session has ended.",
    ),
    # Sessions
    "desk_sessions": ("电脑登录", "Desk sessions"),
    "desk_sessions_none": ("目前没有登录。", "Not signed in at any desk."),
    "browser": ("浏览器", "Browser"),
    "browser_unknown": ("未知浏览器", "Unknown browser"),
    "session_begun": ("登录时间", "Signed in"),
    "session_this": ("本机", "This one"),
    "session_end": ("结束", "End"),
    "sessions_end_others": ("结束其他全部登录", "End all others"),
    "sessions_end_all": ("结束全部登录", "End all sessions"),
    "sessions_end_sure": ("确定结束这些登录吗？", "End these sessions?"),
    "session_is_ended": ("登录已结束。", "Ended."),
    # Phones
    "own_phones": ("已登录的手机", "Phones that are signed in"),
    "own_phones_help": (
        "退出后，手机须重新登录才能收发；未发送的内容保留在手机上。手机遗失的，请联系管理员停用。",
        "A phone that is signed out sends and hears nothing until somebody signs in again; what is unsent "
        "stays on it. If a phone is lost, ask the administrator to revoke it.",
    ),
    "own_phones_none": ("没有已登录的手机。", "No phone is signed in."),
    "phone_sign_out": ("退出", "Sign out"),
    "phones_sign_out_all": ("退出全部手机", "Sign all phones out"),
    "phones_sign_out_sure": ("确定退出吗？", "Sign out there?"),
    "phone_is_signed_out": ("手机已退出登录。", "Signed out."),
    # The log
    "act_sign_in_alarm": ("登录失败次数过多", "Too many failed sign-ins"),
    "act_change_password": ("修改本人密码", "Changed the own password"),
    "act_end_session": ("结束电脑登录", "Ended desk sessions"),
}
