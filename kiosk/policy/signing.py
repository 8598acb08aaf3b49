"""A policy on the terminal's disk is obeyed only if the office signed it: its switches decide who may change a PIN."""

from __future__ import annotations

from pathlib import Path

import msgspec

from kiosk.contract import Domain, Signed
from kiosk.seal import Rejected, VerifyKey


def signature_of(path: Path) -> Path:
    """The file beside a policy that holds it as the office signed it (`Signed` as JSON)."""
    return path.with_name(path.name + ".sig")


def read_signed(path: Path, office_key: VerifyKey) -> bytes | Rejected:
    """The policy's bytes; Rejected unless both files can be read and say the same."""
    try:
        content, signature = path.read_bytes(), signature_of(path).read_bytes()
        signed = msgspec.json.decode(signature, type=Signed)
    except OSError as error:
        return Rejected(f"{error.filename}: {error.strerror}")
    except msgspec.MsgspecError:
        return Rejected(f"{signature_of(path)}: not a signature; make it with `kiosk central policy sign {path}`")
    item = office_key.verify(Domain.POLICY, signed)
    if isinstance(item, Rejected):
        return item
    return item if item == content else Rejected(f"{path}: changed since it was signed")
