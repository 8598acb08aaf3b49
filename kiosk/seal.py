"""Sealing to the centre, signing and verifying.

Nothing the terminal stores can be opened on the terminal: personal data are sealed with HPKE to the
centre's key.  Everything that claims an effect is signed, and verified before it is decoded.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from typing import TypeVar

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hpke, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519

from kiosk.contract import Domain, FirstOperator, Personal, Sealed, SecureFunction, Signed

T = TypeVar("T")

_SUITE = hpke.Suite(hpke.KEM.P256, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_128_GCM)
_ENC_BYTES = 65  # an uncompressed P-256 point, RFC 9180 §7.1


class Rejected(msgspec.Struct, frozen=True):
    """Not what it claims to be.  `why` is for the log, and names no content."""

    why: str


def to_text(data: bytes) -> str:
    """base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def from_text(text: str) -> bytes:
    """Raises ValueError for anything that is not base64url."""
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("not base64url") from None


def canonical(value: object) -> bytes:
    """The one JSON form of a value: keys sorted, no white space, UTF-8."""
    return msgspec.json.encode(value, order="deterministic")


# --- keys ---------------------------------------------------------------------------------


def key_id(public: bytes) -> str:
    """First 16 hex digits of the public key's SHA-256."""
    return hashlib.sha256(public).hexdigest()[:16]


class SealKey:
    """Public half of a key to seal to (P-256, uncompressed point)."""

    def __init__(self, public: bytes) -> None:
        self._key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), public)
        self.id = key_id(public)

    def seal(self, plaintext: bytes | bytearray, info: bytes) -> Sealed:
        sealed = _SUITE.encrypt(plaintext, self._key, info)
        return Sealed(self.id, to_text(sealed[:_ENC_BYTES]), to_text(sealed[_ENC_BYTES:]))


class OpenKey:
    """Private half: the centre's, or the terminal's own for the operator's secret."""

    def __init__(self, key: ec.EllipticCurvePrivateKey) -> None:
        self.private = key
        self.public = key.public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )
        self.id = key_id(self.public)

    @classmethod
    def generate(cls) -> OpenKey:
        return cls(ec.generate_private_key(ec.SECP256R1()))

    def open(self, sealed: Sealed, info: bytes) -> bytes | Rejected:
        try:
            data = from_text(sealed.enc) + from_text(sealed.ct)
            return _SUITE.decrypt(data, self.private, info)
        except Exception as error:  # noqa: BLE001 - the library raises several kinds for hostile input
            return Rejected(f"cannot be opened: {type(error).__name__}")


class SigningKey:
    """Ed25519."""

    def __init__(self, key: ed25519.Ed25519PrivateKey) -> None:
        self.private = key
        self.public = key.public_key().public_bytes_raw()
        self.id = key_id(self.public)

    @classmethod
    def generate(cls) -> SigningKey:
        return cls(ed25519.Ed25519PrivateKey.generate())

    def sign(self, domain: Domain, item: bytes) -> Signed:
        return Signed(to_text(item), self.id, to_text(self.private.sign(_signed_bytes(domain, item))))


class VerifyKey:
    """Public half of a `SigningKey`."""

    def __init__(self, public: bytes) -> None:
        self._key = ed25519.Ed25519PublicKey.from_public_bytes(public)
        self.id = key_id(public)

    def verify(self, domain: Domain, signed: Signed) -> bytes | Rejected:
        """The signed bytes, exactly as they were signed; only these may be decoded."""
        if signed.key_id != self.id:
            return Rejected("signed with another key")
        try:
            item, signature = from_text(signed.item), from_text(signed.signature)
            self._key.verify(signature, _signed_bytes(domain, item))
        except (ValueError, InvalidSignature):
            return Rejected("wrong signature")
        return item

    def read(self, domain: Domain, signed: Signed, type_: type[T]) -> T | Rejected:
        """Verify, then decode."""
        item = self.verify(domain, signed)
        if isinstance(item, Rejected):
            return item
        try:
            return msgspec.json.decode(item, type=type_)
        except msgspec.MsgspecError:
            return Rejected(f"not a {type_.__name__}")


def _signed_bytes(domain: Domain, item: bytes) -> bytes:
    return f"shebao-kiosk/{domain}/1".encode() + b"\0" + item


# --- personal data ----------------------------------------------------------------------------


def seal_personal(key: SealKey, personal: Personal, terminal: str, bound_to: str) -> Sealed:
    """Seal for the centre.  `bound_to` is the transaction's id, or else the visit's."""
    return key.seal(msgspec.json.encode(personal), personal_info(terminal, bound_to))


def open_personal(key: OpenKey, sealed: Sealed, terminal: str, bound_to: str) -> Personal | Rejected:
    opened = key.open(sealed, personal_info(terminal, bound_to))
    if isinstance(opened, Rejected):
        return opened
    try:
        return msgspec.json.decode(opened, type=Personal)
    except msgspec.MsgspecError:
        return Rejected("not personal data")


def personal_info(terminal: str, bound_to: str) -> bytes:
    return info("shebao-kiosk/personal/1", terminal, bound_to)


# --- PINs -------------------------------------------------------------------------------------


def seal_pin(key: SealKey, pin: bytearray, bound_to: bytes) -> Sealed:
    """Seal a PIN (BCD) to the HSM's key, for one chip command and no other: `bound_to` is `pin_info`'s."""
    return key.seal(pin, bound_to)


def open_pin(key: OpenKey, sealed: Sealed, bound_to: bytes) -> bytearray | Rejected:
    """In the HSM only.  Whoever opens it wipes it; the library's own copy is freed at once, not wiped."""
    opened = key.open(sealed, bound_to)
    return opened if isinstance(opened, Rejected) else bytearray(opened)


def pin_info(terminal: str, transaction: str, card_identifier: str, factor: str, function: SecureFunction) -> bytes:
    """Everything the PIN is bound to, so that a swapped or replayed one does not open.  Hex in either case."""
    return info("shebao-kiosk/pin/1", terminal, transaction, card_identifier.upper(), factor.lower(), function)


# --- clerks ---------------------------------------------------------------------------------------


def seal_password(key: SealKey, password: bytearray, terminal: str, visit: str) -> Sealed:
    """Seal a clerk's password (BCD) to the centre, for one visit at one terminal."""
    return key.seal(password, password_info(terminal, visit))


def password_info(terminal: str, visit: str) -> bytes:
    return info("shebao-kiosk/clerk/1", terminal, visit)


def seal_operator(key: SealKey, operator: FirstOperator, terminal: str) -> Sealed:
    """Seal the first operator's secrets to a terminal that is being paired."""
    return key.seal(msgspec.json.encode(operator), _operator_info(terminal))


def open_operator(key: OpenKey, sealed: Sealed, terminal: str) -> FirstOperator | Rejected:
    opened = key.open(sealed, _operator_info(terminal))
    if isinstance(opened, Rejected):
        return opened
    try:
        return msgspec.json.decode(opened, type=FirstOperator)
    except msgspec.MsgspecError:
        return Rejected("not an operator")


def _operator_info(terminal: str) -> bytes:
    return info("shebao-kiosk/operator/1", terminal)


# --- what seals are bound to --------------------------------------------------------------------


def info(*parts: str) -> bytes:
    """HPKE info: each part after its 2-byte length, so that no two lists read the same."""
    return b"".join(len(part.encode()).to_bytes(2, "big") + part.encode() for part in parts)
