"""People on record to begin with: each as if what befell the card had been reported here."""

from __future__ import annotations

import pytest

from kiosk import contract as c
from sync.central import tables
from tests.central.office import Office
from tests.central.pin_visit import Counter

OFFERED = {
    "sealed": [c.Kind.ACTIVATION],
    "sealed_elsewhere": [],
    "temporarily_lost": [c.Kind.FORMAL_LOSS, c.Kind.RELEASE],
    "lost_and_on_order": [c.Kind.FORMAL_LOSS],
    "formally_lost": [],
    "application_locked": [],
    "cancelled": [],
}


@pytest.mark.parametrize("key", OFFERED)
def test_everybody_is_offered_what_fits_their_card(office: Office, key: str) -> None:
    assert Counter(office, key).operations() == OFFERED[key]


@pytest.mark.parametrize(
    ("key", "reason"), [("formally_lost", "lost"), ("lost_and_on_order", "lost"), ("on_order", "damaged")]
)
def test_whose_new_card_is_on_order_has_the_order_on_record(office: Office, key: str, reason: str) -> None:
    counter = Counter(office, key)
    with office.centre.store.transaction():
        order, card = tables.ReplacementOrder.get(), tables.Card.get(number=counter.visit.card.number)
        assert (order.card, order.reason, card.replacement_filed) == (card, reason, True)
        assert card.loss_receipt in {order.order, None}


@pytest.mark.parametrize("key", ["expiring", "expired"])
def test_whose_card_ends_soon_may_have_a_new_one_for_its_age(office: Office, key: str) -> None:
    counter = Counter(office, key)
    evidence = counter.visit.evidence(counter.proof(c.Kind.REPLACEMENT))
    asked = counter.visit.work(c.Replacement, reason=c.ReplacementReason.OUT_OF_DATE, evidence=evidence)
    assert counter.verdict(asked).code == "done"
