"""The phones of the town: whose, when heard of, what waits on them; revoked, allowed again, wiped."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from server.actions.devices import (
    DEVICES_PER_PAGE,
    QUIET_AFTER,
    STATES,
    Wanted,
    allow_device,
    ask_wipe,
    cancel_wipe,
    count_devices,
    list_devices,
    revoke_device,
)
from server.clock import now
from server.pages.door import count_pages, desk_blueprint, page_number, say, visitor
from server.pages.queue import village_names

device_pages = desk_blueprint("devices", "devices")


@device_pages.get("/devices")
def show() -> str:
    """The phones under the filters of the address."""
    user = visitor().user
    state = request.args.get("state", "")
    wanted = Wanted(request.args.get("q", "").strip()[:100], state if state in STATES else "")
    n_devices = count_devices(user.town_id, wanted)
    n_pages = count_pages(n_devices, DEVICES_PER_PAGE)
    wanted = replace(wanted, page=page_number(n_pages))
    return render_template(
        "desk/devices.html",
        rows=list_devices(user.town_id, wanted),
        villages=village_names(user),
        states=[(name, say(f"devices_{name}")) for name in STATES],
        filters=wanted,
        n_devices=n_devices,
        n_pages=n_pages,
        quiet_before=now() - QUIET_AFTER,
        in_mb=in_mb,
    )


def in_mb(n_bytes: int) -> str:
    """A size as people read it: `5.2 MB`, `21 GB`; '' for none told."""
    mega = n_bytes / 1_000_000
    if not n_bytes:
        return ""
    return f"{mega / 1000:.0f} GB" if mega >= 10_000 else f"{mega:.1f} MB"


def act(device_id: str, do: Callable[[str, str, str], None], done: str) -> Response:
    """Do it and go back to the list as it was filtered."""
    user = visitor().user
    do(user.town_id, device_id, user.user_id)
    flash(say(done))
    back = Wanted(request.form.get("q", "")[:100], request.form.get("state", ""))
    query: dict[str, Any] = back.as_query(page=request.form.get("page", ""))
    return redirect(url_for("desk_devices.show", **query))


@device_pages.post("/devices/<device_id>/revoking")
def take_revoking(device_id: str) -> Response:
    """Let a phone hear nothing more."""
    return act(device_id, revoke_device, "device_is_revoked")


@device_pages.post("/devices/<device_id>/allowing")
def take_allowing(device_id: str) -> Response:
    """Let a revoked phone take part again."""
    return act(device_id, allow_device, "device_is_allowed")


@device_pages.post("/devices/<device_id>/wipe")
def take_wipe(device_id: str) -> Response:
    """Ask a phone to clear itself."""
    return act(device_id, ask_wipe, "device_wipe_is_asked")


@device_pages.post("/devices/<device_id>/wipe-cancelling")
def take_wipe_back(device_id: str) -> Response:
    """Take the wish back."""
    return act(device_id, cancel_wipe, "device_wipe_is_cancelled")
