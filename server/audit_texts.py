"""What the audit log calls acts and their details, where the part that does them has no texts of its own."""

from __future__ import annotations

AUDIT_TEXTS: dict[str, tuple[str, str]] = {
    # Cards and keys
    "act_print_cards": ("打印卡片", "Printed cards"),
    "act_revoke_cards": ("作废卡片", "Took cards back"),
    "act_change_texts": ("修改卡片文字", "Changed the words on cards"),
    "act_make_key": ("启用签名密钥", "Made a signing key"),
    "act_revoke_key": ("停用签名密钥", "Revoked a signing key"),
    "detail_purpose": ("用途", "purpose"),
    "detail_rows": ("编号", "ids"),
    "detail_anew": ("换发", "made anew"),
    # Pairings and tasks
    "act_hand_over": ("移交工作", "Handed over"),
    "act_replace": ("更换帮扶人", "Replaced the mentor"),
    "act_make_tasks": ("布置任务", "Made tasks"),
    "act_cancel": ("取消任务", "Cancelled a task"),
    "act_reassign": ("改派任务", "Reassigned a task"),
    "detail_to": ("移交给", "to"),
    "detail_by": ("依据", "by"),
    "detail_n_tasks": ("任务数", "tasks"),
    "detail_n_pairings": ("结对数", "pairings"),
    "detail_note": ("说明", "note"),
    "detail_before": ("原办理人", "before"),
    # Reminders
    "detail_is_on": ("已开启", "on"),
    "detail_problem": ("问题", "problem"),
    "detail_n_days": ("天数", "days"),
    "detail_channel": ("渠道", "channel"),
    "detail_n_reminders": ("提醒数", "reminders"),
    "detail_n_tries": ("发送次数", "tries"),
    "detail_kind": ("类型", "kind"),
    "detail_state": ("状态", "state"),
    # Events
    "act_make": ("登记活动", "Made an event"),
    "act_change": ("修改活动", "Changed an event"),
    "act_planned": ("活动改回计划", "Event planned again"),
    "act_open": ("开始签到", "Opened check-in"),
    "act_held": ("结束活动", "Event held"),
    "act_closed": ("活动归档", "Closed the event"),
    "act_cancelled": ("取消活动", "Cancelled the event"),
    "act_set_pin": ("设置签到口令", "Set a PIN"),
    "act_account": ("填写会议记录", "Wrote the minutes"),
    "act_set_leave": ("登记请假", "Noted a leave"),
    "act_add_to_roster": ("添加应到人员", "Added to the roster"),
    "act_remove_from_roster": ("移出名单", "Took off the roster"),
    "act_print_phones": ("打印含电话的签到表", "Printed a sheet with phones"),
    "detail_attendee": ("参会人员", "attendee"),
    "detail_n": ("人数", "people"),
}
