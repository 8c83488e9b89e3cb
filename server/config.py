"""What a server is told: its folder, its database, its addresses; read from the environment once."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from server.clock import Clock

MEBIBYTE = 1024 * 1024
MAX_BODY_BYTES = 16 * MEBIBYTE  # the largest request of any kind: a workbook, a list, a piece of a file
EVERY_ADDRESS = "0.0.0.0"  # noqa: S104 - phones must reach it; only with LAN=1 or when asked for
HTTP_PORT = 8000
HTTPS_PORT = 8443


class ConfigError(Exception):
    """Something an operator must change; its text is the one line they see."""


@dataclass(frozen=True)
class Config:
    """A server's settings; `data` is the instance folder, everything that must be backed up."""

    data: Path
    database_url: str = ""
    host: str = "127.0.0.1"
    port: int = HTTP_PORT
    https_port: int = HTTPS_PORT
    is_lan: bool = False
    trusted_proxy: str = ""
    is_testing: bool = False
    clock: Clock = field(default_factory=Clock)

    @property
    def files(self) -> Path:
        """Where the attachments lie under their digest."""
        return self.data / "files"

    @property
    def database(self) -> str:
        """The SQLAlchemy address of the database."""
        return self.database_url or f"sqlite:///{self.data / 'lingyan.sqlite'}"


def read_environment(environ: Mapping[str, str] = os.environ) -> Config:
    """Build the settings of a server started from a shell.

    Raises: ConfigError if a port isn't a number, or if a debugger is asked for.
    """
    if environ.get("FLASK_DEBUG", "0") not in {"", "0", "false"}:
        raise ConfigError(
            "FLASK_DEBUG is set: the debugger would let anybody run code on this machine. Unset it."
        )
    is_lan = environ.get("LAN", "") not in {"", "0"}
    return Config(
        data=Path(environ.get("LINGYAN_DATA") or "instance").absolute(),
        database_url=environ.get("LINGYAN_DATABASE", ""),
        host=environ.get("HOST") or (EVERY_ADDRESS if is_lan else "127.0.0.1"),
        port=read_port(environ, "PORT", HTTP_PORT),
        https_port=read_port(environ, "HTTPS_PORT", HTTPS_PORT),
        is_lan=is_lan,
        trusted_proxy=environ.get("TRUSTED_PROXY", ""),
    )


def read_port(environ: Mapping[str, str], name: str, default: int) -> int:
    text = environ.get(name) or str(default)
    if not text.isascii() or not text.isdecimal() or not 0 < int(text) < 65536:
        raise ConfigError(f"{name}={text} is not a port: give a number from 1 to 65535.")
    return int(text)


def read_secret(folder: Path) -> str:
    """The server's own secret, made on first use, readable by its user only."""
    path = folder / "secret_key"
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii")
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(32))
    return path.read_text(encoding="ascii")
