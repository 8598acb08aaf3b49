"""A terminal's identity: its keys, made on it, and what it believes of the centre.

Two folders, one for each process that may know them: `kiosk terminal` has the keys that sign and recognise,
`kiosk sync` has the TLS key and nothing else.  The exchange with the centre itself is `sync.pairing`.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Callable
from pathlib import Path

import msgspec
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cryptography.x509.oid import NameOID

from kiosk.contract import Domain, FirstOperator, KeyBundle, PairingAnswer, PairingRequest, Signed
from kiosk.seal import OpenKey, Rejected, SigningKey, VerifyKey, canonical, from_text, open_operator, to_text

RECOGNITION_BYTES = 32


class NotPaired(Exception):
    """The folder does not hold a usable identity; the text says what to do."""


# --- files --------------------------------------------------------------------------------


def write_private(path: Path, content: bytes) -> None:
    """Replace a file that only its owner may read; whole or not at all."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_name(path.name + ".new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


PrivateKey = ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey


def private_pem(key: PrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def read_signing_key(path: Path) -> SigningKey:
    """Raises NotPaired, OSError."""
    key = _read_key(path)
    if not isinstance(key, ed25519.Ed25519PrivateKey):
        raise NotPaired(f"{path}: not an Ed25519 key")
    return SigningKey(key)


def read_open_key(path: Path) -> OpenKey:
    """Raises NotPaired, OSError."""
    key = _read_key(path)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise NotPaired(f"{path}: not a P-256 key")
    return OpenKey(key)


def _read_key(path: Path) -> object:
    try:
        return load_pem_private_key(path.read_bytes(), None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise NotPaired(f"{path}: not a private key") from None


# --- pairing, the terminal's half -------------------------------------------------------------


class Installation(msgspec.Struct, frozen=True):
    """What comes with a terminal's installation, and where its identity is to be kept."""

    ca: Path
    """The CA that vouches for the centre, PEM."""
    office_key: Path
    """Public half of the office's offline key, base64url."""
    terminal_dir: Path
    sync_dir: Path


class Draft(msgspec.Struct, frozen=True):
    """What goes to the centre, and the TLS key that stays here until the centre has answered."""

    terminal: str
    body: bytes
    tls_key: bytes

    @property
    def fingerprint(self) -> str:
        """SHA-256 of all that is sent: shown on both sides, compared by whoever installs the terminal."""
        return hashlib.sha256(self.body).hexdigest()


def draft(terminal_dir: Path, name: str, code: str) -> Draft:
    """Keys that are there already stay: what waits in the journal was signed with them."""
    signing = _kept_or_new(terminal_dir / "signing.key", ed25519.Ed25519PrivateKey.generate)
    seal_to = _kept_or_new(terminal_dir / "seal_to.key", lambda: ec.generate_private_key(ec.SECP256R1()))
    if not (terminal_dir / "recognition.key").exists():
        write_private(terminal_dir / "recognition.key", secrets.token_bytes(RECOGNITION_BYTES))
    tls_key = ec.generate_private_key(ec.SECP256R1())
    request = PairingRequest(
        terminal=name,
        code=code,
        csr=signing_request(name, tls_key).decode(),
        signing_key=to_text(read_signing_key(signing).public),
        seal_to=to_text(read_open_key(seal_to).public),
    )
    return Draft(name, canonical(request), private_pem(tls_key))


def _kept_or_new(path: Path, generate: Callable[[], PrivateKey]) -> Path:
    if not path.exists():
        write_private(path, private_pem(generate()))
    return path


def signing_request(name: str, key: ec.EllipticCurvePrivateKey) -> bytes:
    """A certificate signing request, PEM."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    csr = x509.CertificateSigningRequestBuilder().subject_name(subject).sign(key, hashes.SHA256())
    return csr.public_bytes(serialization.Encoding.PEM)


def accept(draft: Draft, answer: PairingAnswer, place: Installation) -> KeyBundle | Rejected:
    """Check the centre's answer and write both folders; nothing is written if anything is wrong.

    Raises NotPaired if the installation lacks the office's key.
    """
    if answer.fingerprint != draft.fingerprint:
        return Rejected("the centre received something else than was sent")
    bundle = read_office_key(place.office_key).read(Domain.BUNDLE, answer.bundle, KeyBundle)
    if isinstance(bundle, Rejected):
        return Rejected(f"keys of the centre: {bundle.why}")
    if (why := _certificate_fault(answer.certificate, draft)) is not None:
        return Rejected(f"certificate: {why}")
    write_private(place.sync_dir / "tls.key", draft.tls_key)
    write_private(place.sync_dir / "tls.crt", answer.certificate.encode())
    write_private(place.sync_dir / "ca.crt", place.ca.read_bytes())
    write_private(place.terminal_dir / "bundle.json", msgspec.json.encode(answer.bundle))
    write_private(place.terminal_dir / "name", draft.terminal.encode())
    return bundle


def operator_of(answer: PairingAnswer, place: Installation, name: str) -> FirstOperator | Rejected | None:
    """The first operator's number and secrets, where the office named one.  Raises NotPaired, OSError."""
    if answer.operator is None:
        return None
    return open_operator(read_open_key(place.terminal_dir / "seal_to.key"), answer.operator, name)


def _certificate_fault(pem: str, draft: Draft) -> str | None:
    try:
        certificate = x509.load_pem_x509_certificate(pem.encode())
    except ValueError:
        return "not a certificate"
    if certificate_name(certificate) != draft.terminal:
        return "made out to another name"
    key = load_pem_private_key(draft.tls_key, None)
    if not isinstance(key, ec.EllipticCurvePrivateKey) or certificate.public_key() != key.public_key():
        return "made out for another key"
    return None


def certificate_name(certificate: x509.Certificate) -> str | None:
    """The common name: the terminal's name."""
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(names[0].value) if names else None


# --- what each process loads --------------------------------------------------------------------


class TerminalIdentity:
    """What `kiosk terminal` knows of itself and of the centre."""

    def __init__(self, name: str, signing: SigningKey, recognition: bytes, bundle: KeyBundle) -> None:
        self.name = name
        self.signing = signing
        self.recognition = recognition
        """HMAC key for `holder_ref` and `card_ref`."""
        self.bundle = bundle

    @property
    def verdict_key(self) -> VerifyKey:
        return VerifyKey(from_text(self.bundle.verdict_key))


class LineIdentity(msgspec.Struct, frozen=True):
    """What `kiosk sync` shows the centre, and whom it takes for the centre: PEM files."""

    name: str
    key: Path
    certificate: Path
    ca: Path


def load_terminal(terminal_dir: Path, office_key: VerifyKey) -> TerminalIdentity:
    """Raises NotPaired.  The bundle is verified again: a file is not believed for lying in the right place."""
    try:
        signed = msgspec.json.decode((terminal_dir / "bundle.json").read_bytes(), type=Signed)
        bundle = office_key.read(Domain.BUNDLE, signed, KeyBundle)
        name = (terminal_dir / "name").read_text()
        recognition = (terminal_dir / "recognition.key").read_bytes()
        signing = read_signing_key(terminal_dir / "signing.key")
    except (OSError, msgspec.MsgspecError):
        raise NotPaired(f"{terminal_dir}: not paired with a centre; run `kiosk pair`") from None
    if isinstance(bundle, Rejected):
        raise NotPaired(f"{terminal_dir}/bundle.json: {bundle.why}; run `kiosk pair`")
    return TerminalIdentity(name, signing, recognition, bundle)


def load_line(sync_dir: Path) -> LineIdentity:
    """Raises NotPaired."""
    identity = sync_dir / "tls.crt"
    try:
        name = certificate_name(x509.load_pem_x509_certificate(identity.read_bytes()))
    except (OSError, ValueError):
        name = None
    if name is None or not (sync_dir / "tls.key").exists() or not (sync_dir / "ca.crt").exists():
        raise NotPaired(f"{sync_dir}: not paired with a centre; run `kiosk pair`")
    return LineIdentity(name, sync_dir / "tls.key", identity, sync_dir / "ca.crt")


def read_office_key(path: Path) -> VerifyKey:
    """The public half of the office's offline key, base64url, as it comes with the installation.  Raises NotPaired."""
    try:
        return VerifyKey(from_text(path.read_text().strip()))
    except OSError as error:
        raise NotPaired(f"{path}: {error.strerror}; the office's public key comes with the installation") from None
    except ValueError:
        raise NotPaired(f"{path}: not the office's public key: must be 43 characters of base64url") from None
