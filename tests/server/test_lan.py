"""Phones on the local network: certificates that phones accept, and the page that leads to https."""

import ssl
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from flask import Flask

from server.app import create_app
from server.certificates import prepare_certificates, read_certificate
from server.config import Config, ConfigError
from server.lan import find_addresses
from tests.conftest import NOON_IN_TOWN

ADDRESSES = ["192.168.1.20", "127.0.0.1"]


def test_certificates_are_made_once(tmp_path: Path) -> None:
    server_file, ca_file = prepare_certificates(tmp_path, ADDRESSES, NOON_IN_TOWN)
    before = server_file.read_bytes(), ca_file.read_bytes()
    prepare_certificates(tmp_path, ADDRESSES, NOON_IN_TOWN + timedelta(days=300))
    assert (server_file.read_bytes(), ca_file.read_bytes()) == before


def test_a_new_address_gets_a_new_certificate_from_the_same_authority(tmp_path: Path) -> None:
    server_file, ca_file = prepare_certificates(tmp_path, ADDRESSES, NOON_IN_TOWN)
    first_server, first_ca = server_file.read_bytes(), ca_file.read_bytes()
    prepare_certificates(tmp_path, ["192.168.1.99", "127.0.0.1"], NOON_IN_TOWN)
    assert server_file.read_bytes() != first_server
    assert ca_file.read_bytes() == first_ca


def test_an_old_certificate_is_renewed_before_it_ends(tmp_path: Path) -> None:
    server_file, _ = prepare_certificates(tmp_path, ADDRESSES, NOON_IN_TOWN)
    later = NOON_IN_TOWN + timedelta(days=380)
    prepare_certificates(tmp_path, ADDRESSES, later)
    assert read_certificate(server_file).not_valid_after_utc > later + timedelta(days=300)


def test_keys_are_readable_by_their_owner_only(tmp_path: Path) -> None:
    prepare_certificates(tmp_path / "lan", ADDRESSES, NOON_IN_TOWN)
    assert (tmp_path / "lan" / "ca.pem").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "lan" / "server.pem").stat().st_mode & 0o777 == 0o600


def test_what_is_given_to_phones_holds_no_key(tmp_path: Path) -> None:
    _, ca_file = prepare_certificates(tmp_path, ADDRESSES, NOON_IN_TOWN)
    assert (
        x509.load_der_x509_certificate(ca_file.read_bytes()).subject.rfc4514_string().startswith("CN=Lingyan")
    )
    assert b"PRIVATE" not in ca_file.read_bytes()


def test_the_authority_can_vouch_for_local_networks_only(tmp_path: Path) -> None:
    prepare_certificates(tmp_path, ADDRESSES, NOON_IN_TOWN)
    extension = read_certificate(tmp_path / "ca.pem").extensions.get_extension_for_class(x509.NameConstraints)
    permitted = extension.value.permitted_subtrees or []
    assert extension.critical
    assert {type(name) for name in permitted} == {x509.IPAddress, x509.DNSName}
    assert all(name.value.is_private or name.value.is_loopback or str(name.value) == "100.64.0.0/10"
               for name in permitted if isinstance(name, x509.IPAddress))  # fmt: skip


def test_the_chain_satisfies_openssl(tmp_path: Path) -> None:
    server_file, ca_file = prepare_certificates(tmp_path, ADDRESSES, NOON_IN_TOWN)
    context = ssl.create_default_context(cadata=ca_file.read_bytes())
    context.verify_flags |= ssl.VERIFY_X509_STRICT
    ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(server_file)
    assert len(context.get_ca_certs()) >= 1


@pytest.mark.parametrize("host", ["8.8.8.8", "not-an-address", "2001:db8::1"])
def test_an_address_that_is_not_local_is_refused(tmp_path: Path, host: str) -> None:
    with pytest.raises(ConfigError, match="local network"):
        find_addresses(Config(data=tmp_path, host=host, is_lan=True))


def make_lan_app(config: Config) -> Flask:
    prepare_certificates(config.data / "lan", ["192.168.1.20"], NOON_IN_TOWN)
    return create_app(replace(config, host="192.168.1.20", is_lan=True))


def test_plain_http_from_another_machine_is_led_to_the_instructions(config: Config) -> None:
    client = make_lan_app(config).test_client()
    answer = client.get("/app/", base_url="http://192.168.1.20:8000")
    assert (answer.status_code, answer.location) == (302, "/lan")
    page = client.get("/lan", base_url="http://192.168.1.20:8000").get_data(as_text=True)
    assert "https://192.168.1.20:8443/app/" in page
    assert "http://192.168.1.20:8000/lan/ca.crt" in page
    for system in ("Android", "HarmonyOS", "iPhone"):
        assert system in page


def test_https_and_this_machine_are_not_led_astray(config: Config) -> None:
    client = make_lan_app(config).test_client()
    assert client.get("/", base_url="https://192.168.1.20:8443").status_code == 200
    assert client.get("/", base_url="http://localhost:8000").status_code == 200


def test_the_certificate_can_be_fetched_without_https(config: Config) -> None:
    answer = (
        make_lan_app(config)
        .test_client()
        .get("/lan/ca.crt", base_url="http://192.168.1.20:8000", buffered=True)
    )
    assert answer.content_type == "application/x-x509-ca-cert"
    x509.load_der_x509_certificate(answer.data)


def test_without_lan_the_page_says_how_to_start_it(app: Flask) -> None:
    page = app.test_client().get("/lan").get_data(as_text=True)
    assert "make run LAN=1" in page
