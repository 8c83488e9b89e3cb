"""Ways out of the server: robots, gateways and mail servers, named in the configuration and nowhere else.

Addresses hold secrets, so they are read from the environment or from `channels.toml` in the data folder, and
never stored, logged or shown. A short-lived child sends, so that a hanging address holds nobody up.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import orjson
from flask import current_app

PREFIX = "LINGYAN_CHANNEL_"  # LINGYAN_CHANNEL_ROBOT names the channel `robot`
ALLOW = "LINGYAN_CHANNELS_ALLOW"  # hosts with private addresses that may be reached, comma separated
FILE = "channels.toml"
NAME = re.compile(r"[a-z][a-z0-9_]{0,31}")
GAP = re.compile(r"\{(phone|email|name|key)\}")
PERSONAL = ("phone", "email")
CHILD_S = 20  # for one message: connecting, sending and the answer
REPO = Path(__file__).parent.parent


class ChannelError(Exception):
    """What is wrong with the configuration; says nothing of an address."""


@dataclass(frozen=True)
class Channel:
    """A way to send; its address may have gaps for a person's phone or e-mail."""

    name: str
    url: str = field(repr=False)
    allow: tuple[str, ...] = ()

    def reaches(self, person: Mapping[str, str]) -> bool:
        """Whether the person has what the address asks for."""
        asked = {gap for gap in GAP.findall(self.url) if gap in PERSONAL}
        return all(person.get(gap) for gap in asked)

    def fill(self, person: Mapping[str, str], name: str, key: str) -> str:
        values = {**{gap: person.get(gap, "") for gap in PERSONAL}, "name": name, "key": key}
        return GAP.sub(lambda gap: quote(values[gap[1]], safe=""), self.url)


@dataclass(frozen=True)
class Letter:
    """One message on its way."""

    url: str = field(repr=False)
    title: str
    body: str
    allow: tuple[str, ...] = ()


def read_channels() -> dict[str, Channel]:
    """Every channel by name. Raises: ChannelError when the file can't be read."""
    found = read_file(Path(current_app.config["DATA"]) / FILE)
    allow = [*found.pop("allow", []), *filter(None, os.environ.get(ALLOW, "").split(","))]
    urls = {name: str(url) for name, url in found.get("channels", {}).items()}
    for variable, url in os.environ.items():
        if variable.startswith(PREFIX) and url:
            urls[variable.removeprefix(PREFIX).lower()] = url
    for name in urls:
        if not NAME.fullmatch(name) or name == "inbox":
            raise ChannelError(f"{name!r} is no name for a channel: use letters, digits and _.")
    hosts = tuple(host.strip() for host in allow if host.strip())
    return {name: Channel(name, url, hosts) for name, url in sorted(urls.items())}


def read_file(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        # The parser's words may quote a line, and with it an address.
        raise ChannelError(f"{FILE} can't be read: {type(error).__name__}.") from None


def send(letter: Letter) -> str:
    """Send one message in a child of its own. Returns: '' when it was taken, else what was wrong: a code."""
    note = {"url": letter.url, "title": letter.title, "body": letter.body, "allow": letter.allow}
    try:
        done = subprocess.run(
            [sys.executable, "-m", "server.channel_child"],
            input=orjson.dumps(note),
            capture_output=True,
            timeout=CHILD_S,
            cwd=REPO,
            env=plain_environment(),
            check=False,
        )
    except subprocess.TimeoutExpired:
        return "timeout"
    answer = done.stdout.decode("ascii", "replace").strip().splitlines()
    return (answer[-1] if answer else "failed").removeprefix("ok")


def plain_environment() -> dict[str, str]:
    """What the child needs; a proxy or another channel's secret is no business of it."""
    kept = ("PATH", "LANG", "LC_ALL", "SSL_CERT_FILE", "TZ", "VIRTUAL_ENV")
    return {name: os.environ[name] for name in kept if name in os.environ}
