"""What people come for, and what that may do to a card."""

from __future__ import annotations

from kiosk.contract import Kind
from kiosk.quotas import Quotas
from kiosk.terms import CardStatus
from tests.stories.walk import Digits

WRONG: Digits = (7, 0, 2, 9, 4, 6)
"""Nobody's PIN."""

MOVES = {
    Kind.TEMPORARY_LOSS: ({CardStatus.NORMAL}, CardStatus.TEMPORARILY_LOST),
    Kind.FORMAL_LOSS: ({CardStatus.NORMAL, CardStatus.TEMPORARILY_LOST}, CardStatus.FORMALLY_LOST),
    Kind.RELEASE: ({CardStatus.TEMPORARILY_LOST}, CardStatus.NORMAL),
    Kind.ACTIVATION: ({CardStatus.SEALED}, CardStatus.NORMAL),
}
"""From where, and where to: nothing that a terminal asks for moves a card otherwise."""
ORDERS = {Kind.FORMAL_LOSS, Kind.REPLACEMENT}

MANY = Quotas(
    losses_per_person_a_day=1000,
    readings_per_card_an_hour=1000,
    codes_per_person_a_day=1000,
    pin_work_per_person_a_day=1000,
    unblocks_per_card_a_day=1000,
    card_work_per_person_a_day=1000,
)

FITTING = {
    CardStatus.SEALED: ["activation"],
    CardStatus.NORMAL: ["report_loss", "formal_loss", "replacement", "reset_pin", "change_pin"],
    CardStatus.TEMPORARILY_LOST: ["release", "formal_loss"],
}
"""What people mostly come for."""
