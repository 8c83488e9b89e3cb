"""The production server: one process that brings the database up to date, then answers until it is stopped.

Requests are read whole before they take a thread, so slow phones can't keep others waiting.
"""

from __future__ import annotations

import fcntl
import gc
import logging
import os
import signal
import socket
import sys
import threading
from contextlib import ExitStack
from dataclasses import dataclass
from io import TextIOWrapper
from types import FrameType
from typing import Any, NoReturn

from flask import Flask
from sqlalchemy import select
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser, ParsingError
from waitress.server import create_server

from server.app import create_app
from server.certificates import prepare_certificates
from server.checkers import load_current_forms
from server.config import EVERY_ADDRESS, MAX_BODY_BYTES, Config, ConfigError, read_environment
from server.database import db
from server.lan import certificate_url, find_addresses, https_url
from server.migrations import upgrade
from server.models import Town, User
from server.qr import draw_blocks
from server.scheduler import start_scheduler
from server.setup import issue_code
from server.terminator import Terminator

LOOPBACK = "127.0.0.1"
YOUNG_OBJECTS = 10_000  # then the garbage collector looks for cycles: answers are trees, and have none
LIMITS: dict[str, Any] = {
    "threads": 8,  # writers queue for the database anyway; readers profit a little
    "connection_limit": 1000,
    "asyncore_use_poll": True,  # select() fails beyond descriptor 1023
    "channel_timeout": 60,  # seconds without a byte; a slow phone sends something
    "max_request_body_size": MAX_BODY_BYTES,
    "max_request_header_size": 32 * 1024,
    "ident": None,
    "expose_tracebacks": False,
}


@dataclass(frozen=True)
class Listeners:
    """The sockets, opened before anything is printed, so that a taken port is told at once."""

    http: socket.socket
    https: socket.socket | None
    behind_tls: socket.socket | None


class OneLength(HTTPRequestParser):
    """Refuses a request with two lengths: what a proxy takes for a body could be a second request to us.

    Source: RFC 9112, 6.1; waitress takes the chunks and leaves the connection open.
    """

    def parse_header(self, header_plus: bytes) -> None:
        super().parse_header(header_plus)
        if self.chunked and "CONTENT_LENGTH" in self.headers:
            raise ParsingError("Content-Length and Transfer-Encoding")


class Channel(HTTPChannel):
    parser_class = OneLength


def main() -> None:
    """Serve until SIGTERM or Ctrl-C; an operator's mistake is one line and exit status 1."""
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    for library in ("apscheduler", "alembic"):
        logging.getLogger(library).setLevel(logging.WARNING)
    try:
        config = read_environment()
        app = create_app(config)
        with hold_instance(config):
            upgrade(app)
            run(app, config, open_listeners(config))
    except ConfigError as error:
        sys.exit(str(error))


def hold_instance(config: Config) -> TextIOWrapper:
    """Make sure that one process serves this folder; the lock goes with the process, however it ends."""
    try:
        lock = (config.data / "serving.lock").open("a+", encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"The folder {config.data} can't be written: {error.strerror}.") from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        lock.seek(0)
        raise ConfigError(f"{config.data} is served already, by process {lock.read().strip()}.") from error
    lock.truncate(0)
    lock.write(str(os.getpid()))
    lock.flush()
    return lock


def open_listeners(config: Config) -> Listeners:
    http = listen(config.host, config.port)
    if not config.is_lan:
        return Listeners(http, None, None)
    return Listeners(http, listen(config.host, config.https_port), listen(LOOPBACK, 0))


def listen(host: str, port: int) -> socket.socket:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        sock = socket.socket(family, kind, protocol)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind(address)
    except OSError as error:
        raise ConfigError(
            f"Can't serve on {host}:{port}: {error.strerror}. Choose another with PORT= or HOST=."
        ) from error
    return sock


def run(app: Flask, config: Config, listeners: Listeners) -> None:
    proxy = trust_proxy(config)
    server = create_server(app, sockets=[listeners.http], **LIMITS, **proxy)
    server.channel_class = Channel
    with ExitStack() as stack:
        if listeners.https and listeners.behind_tls:
            terminator = start_tls(app, config, listeners.https, listeners.behind_tls)
            stack.callback(terminator.stop)
        scheduler = start_scheduler(app)
        stack.callback(scheduler.shutdown, wait=False)
        signal.signal(signal.SIGTERM, leave)
        warm_up(app)
        greet(app, config)
        server.run()


def trust_proxy(config: Config) -> dict[str, Any]:
    """Believe what a proxy says about its client, only when the operator named the proxy's address."""
    if not config.trusted_proxy:
        return {}
    return {
        "trusted_proxy": config.trusted_proxy,
        "trusted_proxy_headers": "x-forwarded-for x-forwarded-proto x-forwarded-host",
    }


def start_tls(app: Flask, config: Config, https: socket.socket, behind: socket.socket) -> Terminator:
    """Serve https from the same process: TLS ends in the terminator, a second listener takes the bytes."""
    server_file, _ = prepare_certificates(config.data / "lan", find_addresses(config), config.clock.now())
    server = create_server(app, sockets=[behind], url_scheme="https", **LIMITS)
    server.channel_class = Channel
    threading.Thread(target=server.run, name="behind_tls", daemon=True).start()
    terminator = Terminator(https, server_file, (LOOPBACK, behind.getsockname()[1]))
    terminator.start()
    return terminator


def warm_up(app: Flask) -> None:
    """Load what stays for good, and tell the garbage collector not to look through it again and again."""
    with app.app_context():
        load_current_forms()
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG_OBJECTS)


def leave(number: int, frame: FrameType | None) -> NoReturn:
    """Let the loop end as on Ctrl-C: requests under way are finished."""
    raise SystemExit(0)


def greet(app: Flask, config: Config) -> None:
    """Say where to go, and on a first start outside the demo how the administrator signs up."""
    host = "localhost" if config.host in {LOOPBACK, EVERY_ADDRESS} else config.host
    home = f"http://{host}:{config.port}"
    say(f"Lingyan 领雁 is at {home}/")
    with app.app_context():
        if db.session.scalar(select(User).limit(1)) is None:
            say(f"Nobody can sign in yet. Make the administrator at {home}/desk/setup")
            say(f"with this code, good for one use: {issue_code(config.data)}")
        elif db.session.scalar(select(Town).filter_by(is_demo=True)) is not None:
            say("Demo accounts (password lingyan-demo): cadre01 (phone), office01 (desk), admin01.")
    if config.is_lan:
        greet_phones(config)


def greet_phones(config: Config) -> None:
    address = find_addresses(config)[0]
    certificate, app = certificate_url(config, address), https_url(config, address) + "/app/"
    say(f"\nPhones, first trust this server: {certificate}\n{draw_blocks(certificate)}")
    say(f"then open {app}\n{draw_blocks(app)}How, step by step: http://{address}:{config.port}/lan")


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
