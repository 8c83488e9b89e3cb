"""Phones on the local network: our addresses, the page that leads to https, the certificate to trust."""

from __future__ import annotations

import ipaddress
import socket
from urllib.parse import urlsplit

from flask import Blueprint, Response, current_app, redirect, render_template, request, send_file
from werkzeug.wrappers import Response as BaseResponse

from server.certificates import LOCAL_NETWORKS
from server.config import EVERY_ADDRESS, Config, ConfigError
from server.qr import draw_picture

# Browsers treat plain http to these as secure, so the app works there without a certificate.
SECURE_HOSTS = {"localhost", "127.0.0.1", "::1"}
OPEN_PATHS = ("/lan", "/static/", "/favicon.ico", "/api/v1/health")
# An address for documentation: asking for the way to it sends nothing and tells which address we would use.
SOMEWHERE = ("192.0.2.1", 9)

lan = Blueprint("lan", __name__)


def blueprints() -> list[Blueprint]:
    return [lan]


def guide_to_https() -> BaseResponse | None:
    """Lead plain http from another machine to the page that says how to get https."""
    settings: Config = current_app.config["SETTINGS"]
    if not settings.is_lan or request.is_secure or request.path.startswith(OPEN_PATHS):
        return None
    if urlsplit(request.host_url).hostname in SECURE_HOSTS:
        return None
    return redirect("/lan")


@lan.get("/lan")
def show_instructions() -> str:
    """How a phone comes to trust this server, with the address and the certificate as QR codes."""
    settings: Config = current_app.config["SETTINGS"]
    address = find_addresses(settings)[0]
    certificate, app = certificate_url(settings, address), https_url(settings, address) + "/app/"
    return render_template(
        "lan.html",
        is_lan=settings.is_lan,
        certificate=certificate,
        app=app,
        certificate_picture=draw_picture(certificate),
        app_picture=draw_picture(app),
    )


@lan.get("/lan/ca.crt")
def send_certificate() -> Response:
    """The authority's certificate; public, since it holds no key."""
    settings: Config = current_app.config["SETTINGS"]
    path = settings.data / "lan" / "ca.crt"
    return send_file(path, mimetype="application/x-x509-ca-cert", download_name="lingyan-ca.crt", max_age=0)


def find_addresses(settings: Config) -> list[str]:
    """The addresses that phones can use, the likeliest first.

    Raises: ConfigError if none is an address of a local network.
    """
    given = settings.host not in {EVERY_ADDRESS, "::"}
    address = settings.host if given else find_own_address()
    try:
        is_local = any(ipaddress.ip_address(address) in ipaddress.ip_network(net) for net in LOCAL_NETWORKS)
    except ValueError:
        is_local = False
    if not is_local:
        raise ConfigError(f"LAN=1 serves a local network, and {address} is not an address of one: set HOST=.")
    return [address] if address == "127.0.0.1" else [address, "127.0.0.1"]


def find_own_address() -> str:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(SOMEWHERE)
        except OSError:
            return "127.0.0.1"
        return str(probe.getsockname()[0])


def https_url(settings: Config, address: str) -> str:
    return f"https://{address}:{settings.https_port}"


def public_url(settings: Config, path: str) -> str:
    """The address of a page as phones reach it: of the local network, also where the desk was opened here."""
    is_here = urlsplit(request.host_url).hostname in SECURE_HOSTS
    if settings.is_lan and is_here:
        return https_url(settings, find_addresses(settings)[0]) + path
    return request.host_url.rstrip("/") + path


def certificate_url(settings: Config, address: str) -> str:
    """Over plain http, since the phone doesn't trust us yet."""
    return f"http://{address}:{settings.port}/lan/ca.crt"
