"""Texts of publishing forms, in Chinese and in English."""

from __future__ import annotations

PUBLISHING_TEXTS: dict[str, tuple[str, str]] = {
    "workbook_drop": (
        "把工作簿和它的名单、图片或整个文件夹拖到这里，或点此选择",
        "Drop the workbook here with its lists and pictures, or a folder of them, or tap to choose",
    ),
    "drop_too_much": (
        "这些文件合计超过 {mib} MB，请去掉或压缩一些。",
        "Together these are more than {mib} MB: leave some out or make them smaller.",
    ),
    "drop_remove": ("去掉", "Leave out"),
    "checking": ("正在检查…", "Checking…"),
    "checked_alike": ("同类还有 {n} 处", "{n} more of this kind"),
    "check_again": ("更换文件或版本号", "Other files or another version"),
    "check_mended": ("改好后再检查", "Check again once mended"),
    "again_drop": (
        "把改好的工作簿，或要补充、更换的名单和图片拖到这里，或点此选择；其余文件沿用",
        "Drop the mended workbook here, or lists and pictures to add or replace; all other files stay",
    ),
    "again_reuse": ("沿用现用版本的文件：{names}", "Take along the files of the version in use: {names}"),
    "check_again_do": ("重新检查", "Check again"),
    "standing_closed": (
        "表单现已停用，发布后恢复使用。",
        "The form is closed now; publishing opens it again.",
    ),
    "draft_other": (
        "已有草稿：版本 {version}，{name}存于{when}。再存草稿或试用会替换它。",
        "There is a draft, version {version}, kept by {name} on {when}; keeping this one replaces it.",
    ),
    "draft_title": ("草稿", "Draft"),
    "form_drafts": ("草稿与试用", "Drafts and tests"),
    "what_next": ("下一步", "What next"),
    "retention_in_days": ("保存期限（天）", "Kept for (days)"),
    "duties_help": (
        "两项随此版本保存，在表单页上可查。",
        "Both are kept with this version and stand on the form's page.",
    ),
    "form_test": ("试用", "Test"),
    "form_untest": ("结束试用", "End the test"),
    "form_keep": ("存为草稿", "Keep as a draft"),
    "form_test_help": (
        "试用：任何手机扫码即可试填，不用登录，不保存也不发送。",
        "A test can be opened on any phone by its code, without an account; nothing is saved or sent.",
    ),
    "form_on_test": ("试用中", "On test"),
    "form_test_code": ("扫码试填", "Scan to try it"),
    "form_kept_draft": ("已存为草稿，手机上看不到。", "Kept as a draft; phones don't see it."),
    "form_kept_test": ("已开始试用，请扫码试填。", "The test has begun: scan the code to try it."),
    "draft_drop": ("删除草稿", "Discard the draft"),
    "draft_drop_sure": ("删除后不能恢复。确定删除吗？", "It cannot be brought back. Discard it?"),
    "draft_dropped": ("草稿已删除。", "The draft was discarded."),
    "preview": ("预览", "Preview"),
    "preview_help": (
        "与手机上运行的完全相同；名单用示例数据。",
        "Exactly what phones run; lists hold sample rows.",
    ),
    "version_new": ("发布新版本", "Publish a new version"),
    "version_older": (
        "这是以前的版本；手机上新填用的是版本 {version}。",
        "An earlier version; new fillings use version {version}.",
    ),
    "differences": ("与版本 {version} 相比", "Compared with version {version}"),
    "differences_none": (
        "题目、选项、规则和说明都没有变化。",
        "No question, choice, rule or hint differs.",
    ),
    "differences_show": ("看变化", "What changed"),
    "difference_added": ("新增", "Added"),
    "difference_removed": ("删除", "Removed"),
    "difference_changed": ("修改", "Changed"),
    "made_from": ("下载", "Download"),
    "assigned_to": ("发给谁", "Who gets it"),
    "assigned_help": (
        "都不选就是发给所有人。收回后，手机上已填的记录照常接收。",
        "With nothing chosen everybody gets it. Records filled before a change are accepted as ever.",
    ),
    "form_assigned": ("已保存。手机下次联网后生效。", "Saved; phones follow with their next exchange."),
}
