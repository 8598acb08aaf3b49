"""Heartbeats, orders, certificates and policies: what the centre and its terminals tell each other of themselves."""

from __future__ import annotations

import datetime as dt
import uuid

import msgspec
from cryptography import x509

from kiosk.contract import (
    CentreTime,
    CertificateAnswer,
    CertificateRequest,
    Domain,
    Heartbeat,
    HeartbeatAnswer,
    Order,
    OrderKind,
    OrderReport,
    PolicyAnswer,
    Problem,
    Signed,
)
from kiosk.seal import canonical
from sync.central import authority, problems, tables
from sync.central.centre import Centre
from sync.central.rules import sequence

ORDER_LIFE = dt.timedelta(hours=24)


def heartbeat(centre: Centre, terminal: str, beat: Heartbeat) -> HeartbeatAnswer:
    """Kept as the terminal's last word; answered with the time and what it is to do.  Suspended ones too."""
    now = centre.now()
    row = tables.Terminal.get_by_id(terminal)
    if beat.help_called and not _help_was_called(row):
        tables.Alarm.create(terminal=row, what="help_called", at=tables.instant(now))
    row.heartbeat, row.heartbeat_at = canonical(beat).decode(), tables.instant(now)
    row.save()
    sequence.see_head(terminal, beat.journal_id, beat.record_seq, beat.head, now)
    for report in beat.orders:
        _note_order(terminal, report)
    time = centre.keys.verdict.sign(Domain.TIME, canonical(CentreTime(terminal, now)))
    return HeartbeatAnswer(time, _open_orders(terminal, now), row.suspended)


def _help_was_called(row: tables.Terminal) -> bool:
    return row.heartbeat is not None and msgspec.json.decode(row.heartbeat, type=Heartbeat).help_called


def _note_order(terminal: str, report: OrderReport) -> None:
    order = tables.Order.get_or_none(id=report.order_id, terminal=terminal)
    if order is not None:
        order.state = report.state.value
        order.save()


def _open_orders(terminal: str, now: dt.datetime) -> list[Signed]:
    """Those the terminal has not yet said it stored."""
    row = tables.Order
    rows = row.select().where(row.terminal == terminal, row.state.is_null(), row.expires_at > tables.instant(now))
    return [msgspec.json.decode(order.signed, type=Signed) for order in rows]


def order(centre: Centre, terminal: str, kind: OrderKind, policy_version: str | None = None) -> Order:
    """Give an order; it goes out with the next heartbeat's answer."""
    given = Order(str(uuid.uuid4()), terminal, kind, policy_version, centre.now() + ORDER_LIFE)
    signed = centre.keys.verdict.sign(Domain.ORDER, canonical(given))
    tables.Order.create(
        id=given.order_id,
        terminal=terminal,
        signed=canonical(signed).decode(),
        expires_at=tables.instant(given.expires_at),
    )
    return given


def renew_certificate(centre: Centre, terminal: str, request: CertificateRequest) -> CertificateAnswer | Problem:
    """A new certificate under the old one, from 30 days before the last one ends."""
    row = tables.Certificate
    newest = row.select().where(row.terminal == terminal).order_by(row.ends_at.desc()).get()
    if centre.now() < tables.moment(newest.ends_at) - authority.RENEW_BEFORE:
        return problems.RENEWAL_TOO_EARLY
    certificate = centre.keys.authority.issue_terminal(request.csr, terminal, centre.now())
    if certificate is None:
        return problems.CSR_REFUSED
    return CertificateAnswer(record_certificate(centre, terminal, certificate))


def record_certificate(centre: Centre, terminal: str, certificate: x509.Certificate) -> str:
    """From now on it is accepted.  → PEM with its chain."""
    tables.Certificate.create(
        fingerprint=authority.fingerprint(authority.der(certificate)),
        terminal=terminal,
        ends_at=tables.instant(certificate.not_valid_after_utc),
    )
    return (authority.pem(certificate) + centre.keys.authority.pem).decode()


def policy(version: str) -> PolicyAnswer | Problem:
    row = tables.Policy.get_or_none(version=version)
    return problems.NO_SUCH_POLICY if row is None else PolicyAnswer(msgspec.json.decode(row.signed, type=Signed))


def add_policy(centre: Centre, version: str, signed: Signed) -> None:
    """Publish what the office signed; a version that is there already stays as it was."""
    tables.Policy.find_or_create(
        {"signed": canonical(signed).decode(), "added_at": tables.instant(centre.now())}, version=version
    )


def newest_policy() -> str:
    """Its version; empty when none was published: the terminal keeps the one it was installed with."""
    row = tables.Policy.select().order_by(tables.Policy.added_at.desc()).first()
    return "" if row is None else row.version


def suspend(terminal: str, *, suspended: bool) -> None:
    tables.Terminal.update(suspended=suspended).where(tables.Terminal.name == terminal).execute()


def revoke(terminal: str) -> None:
    """None of its certificates is accepted any more; a new pairing gives it another."""
    row = tables.Certificate
    row.update(revoked=True).where(row.terminal == terminal).execute()
