"""解除临时挂失, operation 03: the card was found, its holder knows its PIN, and nobody ordered another."""

from __future__ import annotations

from kiosk.contract import Kind, Problem, Release
from kiosk.terms import CardStatus
from sync.central import tables, verdicts
from sync.central.centre import Centre
from sync.central.rules import history, quotas, receipts, visits
from sync.central.verdicts import Decision, Ruling


def release(centre: Centre, release: Release) -> Decision | Problem:
    """With both cards of one person, a chip that proved itself genuine in this visit, and the PIN it accepted."""
    card = visits.card_in_slot(centre, release)
    if not isinstance(card, tables.Card):
        return card
    ruling = judge(centre, release.terminal, card)
    if ruling is verdicts.RELEASE_ALREADY:
        return Decision(ruling, card.person, history.last(card, history.RELEASED), card.status)
    if ruling is None and not _proved(release, card):
        ruling = verdicts.PROOF_MISSING
    if ruling is not None:
        return Decision(ruling, card.person, card_status=card.status)
    return _release(centre, card)


def judge(centre: Centre, terminal: str, card: tables.Card) -> Ruling | None:
    if not card.current:
        return verdicts.CARD_REPLACED
    if card.status is CardStatus.NORMAL:
        return verdicts.RELEASE_ALREADY
    if card.status is not CardStatus.TEMPORARILY_LOST:
        return verdicts.NO_RELEASE[card.status]
    if card.replacement_filed:
        return verdicts.REPLACEMENT_FILED
    return quotas.over(centre, terminal, Kind.RELEASE, card.person)


def _proved(release: Release, card: tables.Card) -> bool:
    genuine = visits.saw_genuine(release.terminal, release.visit, card)
    return genuine and release.evidence.chip_pin_verified


def _release(centre: Centre, card: tables.Card) -> Decision:
    now = centre.now()
    card.status_code = CardStatus.NORMAL.value
    card.lost_at = card.loss_receipt = card.loss_expires = None
    card.save()
    history.note(card, history.RELEASED, now)
    return Decision(verdicts.RELEASE_DONE, card.person, now, card.status, receipts.next_number(now))
