"""启用, operation 11: a sealed card begins to work, in the city that issued it."""

from __future__ import annotations

from kiosk.contract import Activation, Kind, Problem
from kiosk.terms import CardStatus
from sync.central import tables, verdicts
from sync.central.centre import Centre
from sync.central.rules import history, proofs, quotas, receipts, visits
from sync.central.verdicts import Decision, Ruling

CITY_DIGITS = 4
"""GB/T 2260: province and city; the rest is the county."""


def activate(centre: Centre, activation: Activation) -> Decision | Problem:
    """With both cards of one person, a chip that proved itself genuine in this visit, and a further proof."""
    card = visits.card_in_slot(centre, activation)
    if not isinstance(card, tables.Card):
        return card
    ruling = judge(centre, activation.terminal, card)
    if ruling is verdicts.ACTIVATION_ALREADY:
        return Decision(ruling, card.person, history.last(card, history.ACTIVATED), card.status)
    if ruling is None and not visits.saw_genuine(activation.terminal, activation.visit, card):
        ruling = verdicts.PROOF_MISSING
    ruling = ruling or proofs.spend(centre, activation, Kind.ACTIVATION, card.person)
    if ruling is not None:
        return Decision(ruling, card.person, card_status=card.status)
    return _activate(centre, card)


def judge(centre: Centre, terminal: str, card: tables.Card) -> Ruling | None:
    if not card.current:
        return verdicts.CARD_REPLACED
    if card.status is CardStatus.NORMAL:
        return verdicts.ACTIVATION_ALREADY
    if card.status is not CardStatus.SEALED:
        return verdicts.NO_ACTIVATION[card.status]
    region = tables.Terminal.get_by_id(terminal).region
    if region is None:
        return verdicts.PLACE_UNKNOWN
    if region[:CITY_DIGITS] != card.region[:CITY_DIGITS]:
        return verdicts.OTHER_CITY
    return quotas.over(centre, terminal, Kind.ACTIVATION, card.person)


def _activate(centre: Centre, card: tables.Card) -> Decision:
    now = centre.now()
    card.status_code = CardStatus.NORMAL.value
    card.save()
    history.note(card, history.ACTIVATED, now)
    return Decision(verdicts.ACTIVATION_DONE, card.person, now, card.status, receipts.next_number(now))
