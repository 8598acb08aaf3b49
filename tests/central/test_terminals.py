"""Heartbeats, orders, certificates, suspensions: the office keeps its terminals in hand."""

from __future__ import annotations

import datetime as dt

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from kiosk import contract as c
from kiosk import pairing
from sync.central import rules, serving, tables
from tests.central.office import HEAD, START, Box, Office, new_id

BEAT = c.Heartbeat(
    devices={"printer": c.DeviceReport("ok")},
    queue_depth=0,
    oldest_age_s=None,
    quarantined=0,
    doubts=0,
    puk_off=False,
    disk_free_mb=9000,
    temperature_c=None,
    version="0.1.0",
    policy_version="2026-11",
    clock=c.Confidence.CENTRE,
    help_called=False,
    journal_id=new_id(),
    record_seq=0,
    head=HEAD,
)


def beat(office: Office, box: Box, **changes: object) -> c.HeartbeatAnswer:
    with office.centre.store.transaction():
        return rules.heartbeat(office.centre, box.name, msgspec.structs.replace(BEAT, **changes))


def alarms(office: Office) -> list[str]:
    with office.centre.store.transaction():
        return [alarm.what for alarm in tables.Alarm.select().order_by(tables.Alarm.id)]


def test_the_time_is_signed_and_names_the_terminal(office: Office, box: Box) -> None:
    office.clock.pass_by(minutes=5)
    time = box.identity.verdict_key.read(c.Domain.TIME, beat(office, box).time, c.CentreTime)
    assert time == c.CentreTime(box.name, START + dt.timedelta(minutes=5))


def test_an_order_goes_out_until_the_terminal_has_stored_it(office: Office, box: Box) -> None:
    with office.centre.store.transaction():
        given = rules.order(office.centre, box.name, c.OrderKind.RESTART)
    for _ in range(2):
        (signed,) = beat(office, box).orders
        assert box.identity.verdict_key.read(c.Domain.ORDER, signed, c.Order) == given
    assert beat(office, box, orders=[c.OrderReport(given.order_id, c.OrderState.STORED)]).orders == []
    assert beat(office, box).orders == []


def test_an_order_nobody_took_ends(office: Office, box: Box) -> None:
    with office.centre.store.transaction():
        rules.order(office.centre, box.name, c.OrderKind.RESTART)
    office.clock.pass_by(hours=25)
    assert beat(office, box).orders == []


def test_a_call_for_help_is_one_alarm_until_it_is_called_again(office: Office, box: Box) -> None:
    for called in (True, True, False, True):
        beat(office, box, help_called=called)
    assert alarms(office) == ["help_called", "help_called"]


def test_a_journal_that_changed_its_past_is_noticed(office: Office, box: Box) -> None:
    beat(office, box, record_seq=7, head="a" * 64)
    beat(office, box, record_seq=7, head="b" * 64)
    assert alarms(office) == ["chain_differs"]


def test_a_suspended_terminal_hears_it_with_its_next_heartbeat(office: Office, box: Box) -> None:
    serving.suspend(office.centre, box.name)
    assert beat(office, box).suspended
    serving.suspend(office.centre, box.name, suspended=False)
    assert not beat(office, box).suspended


def test_a_certificate_is_renewed_in_its_last_month(office: Office, box: Box) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    request = c.CertificateRequest(pairing.signing_request("anything", key).decode())
    with office.centre.store.transaction():
        early = rules.renew_certificate(office.centre, box.name, request)
    assert isinstance(early, c.Problem)
    assert early.code == "renewal_too_early"
    office.clock.pass_by(days=336)
    with office.centre.store.transaction():
        answer = rules.renew_certificate(office.centre, box.name, request)
    assert isinstance(answer, c.CertificateAnswer)
    certificate = x509.load_pem_x509_certificate(answer.certificate.encode())
    assert pairing.certificate_name(certificate) == box.name, "whatever name the request asked for"
    assert certificate.public_key() == key.public_key()


def test_a_policy_comes_with_the_offices_signature(office: Office, box: Box) -> None:
    serving.publish_policy(office.centre, office.state, "2026-11", "version = '2026-11'")
    with office.centre.store.transaction():
        answer = rules.policy("2026-11")
        missing = rules.policy("2030-01")
    assert isinstance(answer, c.PolicyAnswer)
    office_key = pairing.read_office_key(office.state / "office.pub")
    assert office_key.verify(c.Domain.POLICY, answer.policy) == b"version = '2026-11'"
    assert isinstance(missing, c.Problem)
    assert missing.code == "no_such_policy"
