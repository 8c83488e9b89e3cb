"""Run as a process of its own: reads one message, sends it through apprise, and answers with one word.

It opens no connection but to public addresses and to hosts the operator allowed, follows no redirect, and
checks the very address it connects to, so that a name that resolves anew gains nothing.
"""

from __future__ import annotations

import ipaddress
import logging
import socket
import sys
from collections.abc import Callable
from typing import Any

import apprise
import orjson
import requests

CONNECT_S, READ_S = 5, 8
# Of apprise's many services, those that towns use; others would widen what an address can do.
SCHEMES = frozenset("wecombot dingtalk feishu lark json jsons form forms xml xmls mailto mailtos".split())


class Refused(OSError):
    """The address is none we connect to."""


def main() -> None:
    logging.disable()  # apprise would print addresses with their secrets
    note = orjson.loads(sys.stdin.buffer.read())
    sys.stdout.write(send(note["url"], note["title"], note["body"], note["allow"]) + "\n")


def send(url: str, title: str, body: str, allow: list[str]) -> str:
    """Returns: `ok`, `not_allowed`, `unknown`, or `failed`."""
    if url.partition("://")[0].lower() not in SCHEMES:
        return "unknown"
    refused: list[str] = []
    socket.getaddrinfo = guarded(socket.getaddrinfo, frozenset(allow), refused)
    requests.Session.resolve_redirects = no_redirects  # type: ignore[method-assign]
    asset = apprise.AppriseAsset(
        app_id="Lingyan", app_desc="Lingyan", app_url="", image_url_mask="", http_redirects=False
    )
    sender = apprise.Apprise(asset=asset)
    target = apprise.Apprise.instantiate(url, asset=asset, suppress_exceptions=True)
    if target is None:
        return "unknown"
    target.socket_connect_timeout, target.socket_read_timeout = CONNECT_S, READ_S
    sender.add(target)
    is_sent = sender.notify(title=title, body=body, body_format=apprise.NotifyFormat.TEXT)
    if is_sent:
        return "ok"
    return "not_allowed" if refused else "failed"


def guarded(resolve: Callable[..., Any], allow: frozenset[str], refused: list[str]) -> Callable[..., Any]:
    """Name resolution that yields only addresses we may connect to; callers connect to what it yields."""

    def look_up(host: Any, port: Any, *rest: Any, **more: Any) -> Any:
        found = resolve(host, port, *rest, **more)
        name = host.decode() if isinstance(host, bytes) else str(host)
        if name in allow or f"{name}:{port}" in allow:
            return found
        public = [one for one in found if is_public(str(one[4][0]))]
        if not public:
            refused.append(name)
            raise Refused("not a public address")
        return public

    return look_up


def is_public(address: str) -> bool:
    """Whether an address lies in the open internet, also as IPv4 dressed up as IPv6."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    inner = getattr(ip, "ipv4_mapped", None) or getattr(ip, "sixtofour", None)
    return (inner or ip).is_global and not ip.is_multicast


def no_redirects(*_: Any, **__: Any) -> Any:
    return iter(())


if __name__ == "__main__":
    main()
