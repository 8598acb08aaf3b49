"""Who is calling: the name comes from the TLS connection's certificate and from nowhere else."""

from __future__ import annotations

from kiosk.contract import Problem
from sync.central import problems, tables
from sync.central.authority import fingerprint
from sync.central.centre import Centre


def admit(centre: Centre, certificate: bytes | None) -> str | Problem:
    """The terminal's name, for a certificate (DER) that this centre issued and has not taken back."""
    if certificate is None:
        return problems.NO_CERTIFICATE
    row = tables.Certificate.get_or_none(fingerprint=fingerprint(certificate))
    if row is None or row.revoked or tables.moment(row.ends_at) < centre.now():
        return problems.CERTIFICATE_REFUSED
    return row.terminal_id


def suspended(terminal: str) -> bool:
    return tables.Terminal.get_by_id(terminal).suspended
