"""The development CA: one key that vouches for the centre's server and for its terminals."""

from __future__ import annotations

import datetime as dt
import hashlib
import ipaddress

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

CA_LIFE = dt.timedelta(days=3650)
SERVER_LIFE = dt.timedelta(days=365)
TERMINAL_LIFE = dt.timedelta(days=365)
RENEW_BEFORE = dt.timedelta(days=30)
CLOCK_SLACK = dt.timedelta(days=1)
"""Certificates begin this much early: a terminal's clock may be behind."""


class Authority:
    """A CA's certificate and key."""

    def __init__(self, certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey) -> None:
        self.certificate = certificate
        self.key = key

    @classmethod
    def make(cls, now: dt.datetime) -> Authority:
        key = ec.generate_private_key(ec.SECP256R1())
        builder = _builder("Shebao Kiosk development CA", key.public_key(), now, CA_LIFE)
        certificate = (
            builder.issuer_name(_name("Shebao Kiosk development CA"))
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_key_usage(signs_certificates=True), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .sign(key, hashes.SHA256())
        )
        return cls(certificate, key)

    @property
    def pem(self) -> bytes:
        return pem(self.certificate)

    def issue_server(self, public: ec.EllipticCurvePublicKey, hosts: list[str], now: dt.datetime) -> x509.Certificate:
        names = x509.SubjectAlternativeName([_host(host) for host in hosts])
        builder = _builder(hosts[0], public, now, SERVER_LIFE).add_extension(names, critical=False)
        return self._sign(builder, public, ExtendedKeyUsageOID.SERVER_AUTH)

    def issue_terminal(self, csr_pem: str, name: str, now: dt.datetime) -> x509.Certificate | None:
        """A certificate that names the terminal, whatever the request says; None if it is no proper request."""
        try:
            csr = x509.load_pem_x509_csr(csr_pem.encode())
        except ValueError:
            return None
        public = csr.public_key()
        if not csr.is_signature_valid or not isinstance(public, ec.EllipticCurvePublicKey):
            return None
        return self._sign(_builder(name, public, now, TERMINAL_LIFE), public, ExtendedKeyUsageOID.CLIENT_AUTH)

    def _sign(
        self, builder: x509.CertificateBuilder, public: ec.EllipticCurvePublicKey, purpose: x509.ObjectIdentifier
    ) -> x509.Certificate:
        authority_key = x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key())
        return (
            builder.issuer_name(self.certificate.subject)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_key_usage(signs_certificates=False), critical=True)
            .add_extension(x509.ExtendedKeyUsage([purpose]), critical=False)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
            .add_extension(authority_key, critical=False)
            .sign(self.key, hashes.SHA256())
        )


def fingerprint(certificate_der: bytes) -> str:
    return hashlib.sha256(certificate_der).hexdigest()


def pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def der(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.DER)


def _builder(
    name: str, public: ec.EllipticCurvePublicKey, now: dt.datetime, life: dt.timedelta
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(_name(name))
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - CLOCK_SLACK)
        .not_valid_after(now + life)
    )


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _host(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _key_usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )
