"""The centre's keys, in one folder that only the centre may read.

`office.key` is a development stand-in for the office's offline key: a real office keeps it off the network,
signs `bundle.json` and the policies there, and delivers `office.pub` and `ca.crt` with every terminal.
"""

from __future__ import annotations

import datetime as dt
import hmac
import secrets
from pathlib import Path

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from kiosk.contract import Domain, KeyBundle, Personal, Sealed, Signed
from kiosk.pairing import NotPaired, private_pem, read_open_key, read_signing_key, write_private
from kiosk.seal import OpenKey, Rejected, SigningKey, canonical, from_text, open_personal, password_info, to_text
from sync.central.authority import Authority

AT_REST_BYTES = 32
NONCE_BYTES = 12
"""NIST SP 800-38D §8.2: random ones, for far fewer than 2**32 values."""


class AtRest:
    """For what lies in the store and is not to be read there.  A real centre does it in its HSM."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def seal(self, plain: bytes, owner: str) -> bytes:
        """Opens for that owner alone: nobody gets another's by copying a row."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + self._cipher().encrypt(nonce, plain, owner.encode())

    def open(self, sealed: bytes, owner: str) -> bytes:
        """Raises cryptography's InvalidTag: the store or the key is not this centre's."""
        return self._cipher().decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], owner.encode())

    def trace(self, text: str) -> str:
        """By which something is known again that nobody should read: six digits can be guessed from a plain hash."""
        return hmac.digest(self._derived(b"trace"), text.encode(), "sha256").hex()

    def _cipher(self) -> AESGCM:
        return AESGCM(self._derived(b"seal"))

    def _derived(self, purpose: bytes) -> bytes:
        info = b"shebao-kiosk/at-rest/1\0" + purpose
        return HKDF(SHA256(), AT_REST_BYTES, salt=None, info=info).derive(self._key)


class CentreKeys:
    """Everything the centre proves itself with and opens with."""

    def __init__(
        self,
        authority: Authority,
        seal: dict[str, OpenKey],
        pin: OpenKey,
        verdict: SigningKey,
        bundle: Signed,
        at_rest: AtRest,
    ) -> None:
        self.authority = authority
        self.pin = pin
        self.verdict = verdict
        self.bundle = bundle
        """`KeyBundle`, signed by the office."""
        self.at_rest = at_rest
        self._seal = seal

    def open_personal(self, sealed: Sealed, terminal: str, bound_to: str) -> Personal | Rejected:
        """With whichever seal key it was sealed to: the centre keeps every one it ever gave out."""
        key = self._seal.get(sealed.key_id)
        if key is None:
            return Rejected("sealed to a key this centre never had")
        return open_personal(key, sealed, terminal, bound_to)

    def open_password(self, sealed: Sealed, terminal: str, visit: str) -> bytes | Rejected:
        """A clerk's, in BCD."""
        key = self._seal.get(sealed.key_id)
        if key is None:
            return Rejected("sealed to a key this centre never had")
        return key.open(sealed, password_info(terminal, visit))


def load_or_make(state_dir: Path, now: dt.datetime) -> CentreKeys:
    """Raises OSError, kiosk.pairing.NotPaired for a damaged file."""
    if not (state_dir / "bundle.json").exists():
        _make(state_dir, now)
    seal = [read_open_key(path) for path in sorted(state_dir.glob("seal-*.key"))]
    return CentreKeys(
        authority=_read_authority(state_dir),
        seal={key.id: key for key in seal},
        pin=read_open_key(state_dir / "pin.key"),
        verdict=read_signing_key(state_dir / "verdict.key"),
        bundle=msgspec.json.decode((state_dir / "bundle.json").read_bytes(), type=Signed),
        at_rest=_read_at_rest(state_dir / "rest.key"),
    )


def write_server_files(state_dir: Path, authority: Authority, hosts: list[str], now: dt.datetime) -> tuple[Path, Path]:
    """A fresh TLS key and certificate for these host names: `server.crt`, `server.key`."""
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = authority.issue_server(key.public_key(), hosts, now)
    files = state_dir / "server.crt", state_dir / "server.key"
    write_private(files[0], certificate.public_bytes(serialization.Encoding.PEM))
    write_private(files[1], private_pem(key))
    return files


def sign_policy(state_dir: Path, text: str) -> Signed:
    """A policy, signed by the development office key."""
    return read_signing_key(state_dir / "office.key").sign(Domain.POLICY, text.encode())


def _make(state_dir: Path, now: dt.datetime) -> None:
    authority, office, verdict = Authority.make(now), SigningKey.generate(), SigningKey.generate()
    seal, pin = OpenKey.generate(), OpenKey.generate()
    bundle = KeyBundle(1, to_text(seal.public), to_text(pin.public), to_text(verdict.public))
    private: dict[str, ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey] = {
        "ca.key": authority.key,
        "office.key": office.private,
        "verdict.key": verdict.private,
        "pin.key": pin.private,
        f"seal-{seal.id}.key": seal.private,
    }
    for name, key in private.items():
        write_private(state_dir / name, private_pem(key))
    write_private(state_dir / "rest.key", to_text(secrets.token_bytes(AT_REST_BYTES)).encode())
    write_private(state_dir / "ca.crt", authority.pem)
    write_private(state_dir / "office.pub", to_text(office.public).encode())
    # Last: a folder without it is made again from the start.
    write_private(state_dir / "bundle.json", msgspec.json.encode(office.sign(Domain.BUNDLE, canonical(bundle))))


def _read_at_rest(path: Path) -> AtRest:
    try:
        key = from_text(path.read_text().strip())
    except ValueError:
        raise NotPaired(f"{path}: not base64url") from None
    if len(key) != AT_REST_BYTES:
        raise NotPaired(f"{path}: not {AT_REST_BYTES} bytes")
    return AtRest(key)


def _read_authority(state_dir: Path) -> Authority:
    certificate = x509.load_pem_x509_certificate((state_dir / "ca.crt").read_bytes())
    return Authority(certificate, read_open_key(state_dir / "ca.key").private)
