"""What HTTP reports when something can't be done: one table of codes, one exception, one handler."""

from __future__ import annotations

import logging
import sqlite3
from typing import Any, NamedTuple

import orjson
from flask import Flask, Response, render_template, request
from jinja2 import TemplateNotFound
from markupsafe import escape
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from server.database import Busy

log = logging.getLogger(__name__)

RETRY_AFTER_S = 5


class Entry(NamedTuple):
    """What a code means: the status, and in both languages what is wrong and what to do."""

    status: int
    zh: str
    en: str
    fix_zh: str
    fix_en: str


KEEP_ZH, KEEP_EN = "记录仍在手机上。", "The record is still on the phone."
OFFICE_ZH, OFFICE_EN = "办公室已收到,会联系您。", "The office has it and will contact you."
AGAIN_ZH, AGAIN_EN = "手机会自动重发。", "The phone will send it again by itself."
UPDATE_ZH, UPDATE_EN = "请更新应用后重发;仍不行请联系管理员。", "Update the app and send again; else ask the administrator."
SPLIT_ZH, SPLIT_EN = "请分几次发送。", "Send it in several parts."
SIGN_ZH, SIGN_EN = "请重新登录。", "Sign in again."
ASK_ZH, ASK_EN = "请联系管理员。", "Ask the administrator."
FORM_ZH, FORM_EN = "请核对后再提交。", "Check what you entered and try again."

# Codes are permanent. The text is filled in from the details given to Problem().
TABLE: dict[str, Entry] = {
    # Who is there
    "sign_in_failed": Entry(401, "用户名或密码不对", "Wrong user name or password", FORM_ZH, FORM_EN),
    "sign_in_locked": Entry(
        429, "登录失败次数过多,账号暂时锁定", "Too many failed sign-ins; the account is locked for a while",
        "请 {minutes} 分钟后再试,或请管理员重设密码。", "Try again in {minutes} minutes, or ask for a new password.",
    ),
    "not_signed_in": Entry(401, "尚未登录或登录已失效", "Not signed in, or signed out", SIGN_ZH, SIGN_EN),
    "device_revoked": Entry(401, "此手机已被停用,记录仍在手机上", "This phone was revoked; its records are still on it", ASK_ZH, ASK_EN),
    "not_allowed": Entry(403, "您没有此权限", "Your role may not do this", ASK_ZH, ASK_EN),
    "csrf": Entry(403, "页面已过期", "The page has expired", "请刷新后再试。", "Reload the page and try again."),
    "setup_code_wrong": Entry(403, "启用码不对或已用过", "The setup code is wrong or used", "请看服务器终端里的启用码。", "Read the code in the server's terminal."),
    "username_taken": Entry(409, "用户名已有人使用", "The user name is taken", "请换一个用户名。", "Choose another user name."),
    "user_unknown": Entry(404, "没有这个用户", "There is no such user", FORM_ZH, FORM_EN),
    "password_weak": Entry(400, "密码至少要 {shortest} 个字符,且不同于用户名", "A password needs at least {shortest} characters and must differ from the user name", "请换一个密码。", "Choose another password."),
    # The request
    "not_found": Entry(404, "没有找到", "Not found", "请检查地址。", "Check the address."),
    "method_not_allowed": Entry(405, "不支持此操作", "This address can't do that", UPDATE_ZH, UPDATE_EN),
    "length_required": Entry(411, "请求没有说明长度", "The request doesn't say its length", UPDATE_ZH, UPDATE_EN),
    "body_incomplete": Entry(400, "内容没有传完", "The body was cut short", AGAIN_ZH, AGAIN_EN),
    "body_too_large": Entry(413, "内容超过 {limit_bytes} 字节的上限", "The body is over the limit of {limit_bytes} bytes", SPLIT_ZH, SPLIT_EN),
    "unpacked_too_large": Entry(
        413, "解压后超过 {limit_bytes} 字节的上限", "Unpacked, the body is over the limit of {limit_bytes} bytes", SPLIT_ZH, SPLIT_EN
    ),
    "too_many_items": Entry(413, "一次最多发送 {limit} 条", "At most {limit} items can be sent at once", SPLIT_ZH, SPLIT_EN),
    "content_type_unknown": Entry(415, "内容须为 application/json", "The body must be application/json", UPDATE_ZH, UPDATE_EN),
    "encoding_unknown": Entry(415, "压缩方式须为 gzip 或不压缩", "Content-Encoding must be gzip or absent", UPDATE_ZH, UPDATE_EN),
    "gzip_invalid": Entry(400, "压缩数据已损坏或后面多出内容", "The gzip data is damaged or has something after it", AGAIN_ZH, AGAIN_EN),
    "digest_missing": Entry(400, "缺少 Content-Digest(sha-256)", "Content-Digest with sha-256 is missing", UPDATE_ZH, UPDATE_EN),
    "digest_mismatch": Entry(400, "内容与其摘要不符", "The body doesn't match its digest", AGAIN_ZH, AGAIN_EN),
    "json_invalid": Entry(400, "内容不是有效的 JSON:{detail}", "The body is not valid JSON: {detail}", UPDATE_ZH, UPDATE_EN),
    "json_duplicate_key": Entry(400, "JSON 中有重复的键 {field}", "The JSON has a key twice: {field}", UPDATE_ZH, UPDATE_EN),
    "request_invalid": Entry(400, "请求内容不符合约定:{field}", "The request is not as agreed: {field}", UPDATE_ZH, UPDATE_EN),
    "busy": Entry(503, "服务器忙", "The server is busy", "请稍后再试;手机会自动重发。", "Try again in a moment; phones do it by themselves."),
    "storage_full": Entry(507, "服务器磁盘已满", "The server's disk is full", "记录仍在手机上;请联系管理员。", "Records stay on the phone; tell the administrator."),
    "internal": Entry(500, "服务器出错了", "Something went wrong on the server", "请稍后再试;如仍出现请联系管理员。", "Try again later; if it stays, tell the administrator."),
    # An item that is refused: it stays on the phone
    "id_missing": Entry(400, "记录没有编号", "The item has no id", UPDATE_ZH, UPDATE_EN),
    "id_invalid": Entry(400, "记录编号无效", "The item's id is not a UUID of version 4 or 7", UPDATE_ZH, UPDATE_EN),
    "field_unknown": Entry(400, "有不允许的字段:{field}", "A field is not allowed: {field}", UPDATE_ZH, UPDATE_EN),
    "field_invalid": Entry(400, "字段无效:{field}", "A field is missing or not valid: {field}", UPDATE_ZH, UPDATE_EN),
    "char_invalid": Entry(400, "含有不允许的控制字符", "There is a control character that is not allowed", FORM_ZH, FORM_EN),
    "payload_too_large": Entry(413, "单条记录超过 {limit_bytes} 字节的上限", "The record is over the limit of {limit_bytes} bytes", KEEP_ZH + ASK_ZH, KEEP_EN + " " + ASK_EN),
    "envelope_mismatch": Entry(400, "信封与内容不一致:{field}", "Envelope and payload differ: {field}", UPDATE_ZH, UPDATE_EN),
    "files_mismatch": Entry(400, "附件清单与答案不一致", "The declared files are not those in the answers", UPDATE_ZH, UPDATE_EN),
    # An item that is held or in conflict: it is stored apart, for a supervisor
    "sender_revoked": Entry(403, "发送的手机或账号已停用", "The sending phone or account was revoked", OFFICE_ZH, OFFICE_EN),
    "sender_not_allowed": Entry(403, "您的角色不能提交记录", "Your role may not hand in records", OFFICE_ZH, OFFICE_EN),
    "form_unknown": Entry(404, "没有表单 {form_id}", "There is no form {form_id}", OFFICE_ZH, OFFICE_EN),
    "form_version_unknown": Entry(404, "没有表单 {form_id} 的版本 {version}", "Form {form_id} has no version {version}", OFFICE_ZH, OFFICE_EN),
    "form_closed": Entry(409, "表单 {form_id} 已停用", "Form {form_id} is closed", OFFICE_ZH, OFFICE_EN),
    "payload_unreadable": Entry(400, "记录内容无法读取:{field}", "The record can't be read: {field}", OFFICE_ZH, OFFICE_EN),
    "out_of_scope": Entry(403, "超出您负责的范围", "This is outside your area", OFFICE_ZH, OFFICE_EN),
    "base_unknown": Entry(409, "所更正的原记录还没有到达", "The record it corrects has not arrived", OFFICE_ZH, OFFICE_EN),
    "base_other_form": Entry(409, "所更正的原记录属于另一表单", "The record it corrects belongs to another form", OFFICE_ZH, OFFICE_EN),
    "content_conflict": Entry(409, "同一编号已有内容不同的记录", "The id is known with other content", OFFICE_ZH, OFFICE_EN),
    "version_conflict": Entry(409, "更正的不是当前版本", "It corrects a version that is no longer the current one", OFFICE_ZH, OFFICE_EN),
    # A withdrawal
    "withdrawal_unknown": Entry(404, "没有您的这条记录", "You have no such record", FORM_ZH, FORM_EN),
    "withdrawal_late": Entry(409, "已开始审核,不能撤回", "The review has begun; it can't be withdrawn", "请联系审核人退回。", "Ask the reviewer to return it."),
    # Files
    "upload_invalid": Entry(400, "上传说明无效:{field}", "The upload is not declared properly: {field}", UPDATE_ZH, UPDATE_EN),
    "upload_version": Entry(412, "不支持的上传协议版本", "Unknown version of the upload protocol", UPDATE_ZH, UPDATE_EN),
    "file_unknown": Entry(404, "没有这个文件", "There is no such file", AGAIN_ZH, AGAIN_EN),
    "file_too_large": Entry(413, "文件超过 {limit_bytes} 字节的上限", "The file is over the limit of {limit_bytes} bytes", "请重新拍摄较小的照片。", "Take a smaller photo."),
    "file_offset": Entry(409, "续传位置不对,应为 {offset}", "Wrong offset; it should be {offset}", AGAIN_ZH, AGAIN_EN),
    "file_digest": Entry(460, "文件内容与其摘要不符", "The file doesn't match its digest", AGAIN_ZH, AGAIN_EN),
    "file_type": Entry(415, "不接受这种文件", "This type of file is not accepted", "请使用照片、录音或表单要求的文件。", "Use a photo, a recording or what the form asks for."),
    "file_image_too_big": Entry(413, "图片尺寸过大", "The picture has too many pixels", "请重新拍摄较小的照片。", "Take a smaller photo."),
    # Publishing and importing
    "form_not_compiled": Entry(400, "表单有 {n_errors} 处错误", "The form has {n_errors} errors", "请逐条改正后重新发布。", "Correct each of them and publish again."),
    "form_purpose_missing": Entry(400, "表单没有写明用途或保存期限", "The form doesn't state its purpose or retention", "请在 settings 填写 ly:purpose 与 ly:retention_days。", "Fill ly:purpose and ly:retention_days in settings."),
    "form_version_exists": Entry(409, "版本 {version} 已发布过,内容不同", "Version {version} was published with other content", "请改 settings 中的 version。", "Change version in settings."),
    "list_unknown": Entry(404, "没有清单 {list_name}", "There is no list {list_name}", FORM_ZH, FORM_EN),
    "list_file_type": Entry(415, "清单须为 CSV 或 XLSX", "A list must be CSV or XLSX", "请另存为 CSV 或 XLSX。", "Save it as CSV or XLSX."),
    "list_file_invalid": Entry(400, "清单文件有 {n_errors} 处错误", "The list has {n_errors} errors", "请逐行改正后重新导入;没有导入任何行。", "Correct each row and import again; nothing was imported."),
    # Review
    "record_unknown": Entry(404, "没有这条记录", "There is no such record", FORM_ZH, FORM_EN),
    "self_review": Entry(403, "不能审核自己的记录", "Nobody decides their own record", "请由他人审核。", "Somebody else must decide it."),
    "review_stale": Entry(409, "记录已有变化", "The record has changed since you opened it", "请刷新后再审核。", "Reload it and decide again."),
    "reason_missing": Entry(400, "请填写原因", "A reason is needed", "请填写原因后再提交。", "Write the reason and try again."),
}  # fmt: skip

BY_STATUS = {404: "not_found", 405: "method_not_allowed", 411: "length_required", 413: "body_too_large"}


class Problem(Exception):
    """Something that can't be done, by its code; details fill the text, `field` names where."""

    def __init__(self, code: str, **details: Any) -> None:
        super().__init__(code)
        self.code = code
        self.details = details

    @property
    def status(self) -> int:
        return TABLE[self.code].status

    def as_json(self) -> dict[str, Any]:
        return describe(self.code, self.details)


def describe(code: str, details: dict[str, Any]) -> dict[str, Any]:
    """A problem as the wire says it."""
    entry = TABLE[code]
    problem = {
        "code": code,
        "message_zh": entry.zh.format_map(details),
        "message_en": entry.en.format_map(details),
        "fix_zh": entry.fix_zh.format_map(details),
        "fix_en": entry.fix_en.format_map(details),
    }
    if "field" in details:
        problem["field"] = details["field"]
    return problem


def register(app: Flask) -> None:
    """Let every error leave as a problem: JSON for machines, a page for people."""
    app.register_error_handler(Problem, answer)
    app.register_error_handler(Busy, lambda error: answer(Problem("busy")))
    app.register_error_handler(OperationalError, answer_database)
    app.register_error_handler(HTTPException, answer_http)
    app.register_error_handler(Exception, answer_unexpected)


def answer(problem: Problem) -> Response:
    response = as_json(problem) if wants_json() else as_page(problem)
    response.status_code = problem.status
    response.headers["Cache-Control"] = "no-store"
    if problem.status in {429, 503}:
        response.headers["Retry-After"] = str(problem.details.get("retry_after_s", RETRY_AFTER_S))
    return response


def wants_json() -> bool:
    return request.path.startswith("/api/") or request.accept_mimetypes.best == "application/json"


def as_json(problem: Problem) -> Response:
    body = {"problem": problem.as_json(), **problem.details.get("answer", {})}
    return Response(orjson.dumps(body), mimetype="application/json")


def as_page(problem: Problem) -> Response:
    text = problem.as_json()
    try:
        return Response(render_template("problem.html", problem=text, status=problem.status))
    except TemplateNotFound:
        return Response(f"<!doctype html><title>{escape(text['message_zh'])}</title>{escape(text['message_zh'])}")


def answer_database(error: OperationalError) -> Response:
    """Tell a full disk and a busy database from a fault of ours."""
    code = getattr(error.orig, "sqlite_errorcode", 0) & 0xFF
    if code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
        return answer(Problem("busy"))
    if code == sqlite3.SQLITE_FULL:
        return answer(Problem("storage_full"))
    return answer_unexpected(error)


def answer_http(error: HTTPException) -> Response:
    """Translate what Werkzeug raises; redirects and the like pass."""
    status = error.code or 500
    if error.response is not None or status < 400:
        return Response.force_type(error.get_response(), request.environ)
    if status == 413:
        return answer(Problem("body_too_large", limit_bytes=request.max_content_length or 0))
    default = "request_invalid" if status < 500 else "internal"
    return answer(Problem(BY_STATUS.get(status, default), field=error.name))


def answer_unexpected(error: Exception) -> Response:
    """A fault of ours: the trace goes to the log, never to the client."""
    log.exception("A request failed: %s %s", request.method, request.path, exc_info=error)
    return answer(Problem("internal"))
