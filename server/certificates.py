"""A certificate authority of our own and a certificate for our addresses, both kept in a folder."""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

CA_DAYS = 3650
SERVER_DAYS = 397  # phones refuse longer ones: Apple since 2020, Chrome likewise
RENEW_BEFORE = timedelta(days=30)
BACKDATE = timedelta(days=1)  # a phone's clock may be behind
# The authority can vouch for local networks and nothing else: its stolen key opens no website.
LOCAL_NETWORKS = (
    "10.0.0.0/8",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "100.64.0.0/10",
    "169.254.0.0/16",
    "127.0.0.0/8",
)
LOCAL_NAMES = ("localhost", "local")


def prepare_certificates(folder: Path, addresses: Sequence[str], now: datetime) -> tuple[Path, Path]:
    """Make what is missing, too old or for other addresses.

    Returns: the file with the server's certificate and key, and the authority's certificate.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    ca_file, server_file = folder / "ca.pem", folder / "server.pem"
    if not is_current(ca_file, now):
        write_authority(ca_file, now)
        server_file.unlink(missing_ok=True)
    if not is_current(server_file, now, addresses):
        write_server(server_file, ca_file, addresses, now)
    certificate = folder / "ca.crt"
    certificate.write_bytes(read_certificate(ca_file).public_bytes(serialization.Encoding.DER))
    return server_file, certificate


def is_current(path: Path, now: datetime, addresses: Sequence[str] = ()) -> bool:
    """Whether the certificate exists, is not about to expire, and names every address."""
    if not path.exists():
        return False
    certificate = read_certificate(path)
    if certificate.not_valid_after_utc - RENEW_BEFORE < now:
        return False
    if not addresses:
        return True
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    known = {str(address) for address in names.get_values_for_type(x509.IPAddress)}
    return set(addresses) <= known


def write_authority(path: Path, now: datetime) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    # The day in the name tells two authorities apart in a phone's settings.
    name = make_name(f"Lingyan local CA {now:%Y-%m-%d}")
    permitted = [
        *(x509.IPAddress(ipaddress.ip_network(network)) for network in LOCAL_NETWORKS),
        *(x509.DNSName(local) for local in LOCAL_NAMES),
    ]
    builder = (
        start_certificate(name, name, key.public_key(), now, CA_DAYS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(make_usage(is_authority=True), critical=True)
        .add_extension(x509.NameConstraints(permitted, None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    write_pair(path, builder.sign(key, hashes.SHA256()), key)


def write_server(path: Path, ca_file: Path, addresses: Sequence[str], now: datetime) -> None:
    authority, ca_key = read_certificate(ca_file), read_key(ca_file)
    key = ec.generate_private_key(ec.SECP256R1())
    names = x509.SubjectAlternativeName(
        [x509.DNSName("localhost"), *(x509.IPAddress(ipaddress.ip_address(text)) for text in addresses)]
    )
    builder = (
        start_certificate(make_name("Lingyan"), authority.subject, key.public_key(), now, SERVER_DAYS)
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(make_usage(is_authority=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_key.public_key()), critical=False
        )
    )
    write_pair(path, builder.sign(ca_key, hashes.SHA256()), key)


def start_certificate(
    subject: x509.Name, issuer: x509.Name, public_key: ec.EllipticCurvePublicKey, now: datetime, days: int
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - BACKDATE)
        .not_valid_after(now - BACKDATE + timedelta(days=days))
    )


def make_name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def make_usage(*, is_authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not is_authority,
        key_cert_sign=is_authority,
        crl_sign=is_authority,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def write_pair(path: Path, certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey) -> None:
    """Write both into one file that only this user reads, whole or not at all."""
    part = path.with_suffix(".part")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(certificate.public_bytes(serialization.Encoding.PEM))
        file.write(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
    part.replace(path)


def read_certificate(path: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate(path.read_bytes())


def read_key(path: Path) -> ec.EllipticCurvePrivateKey:
    key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise TypeError(f"{path} holds another kind of key")
    return key
