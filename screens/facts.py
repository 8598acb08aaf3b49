"""What the first page tells, and what is said of it to whoever listens there.  Knows no Kivy."""

from __future__ import annotations

from typing import NamedTuple


class Fact(NamedTuple):
    """Its drawing, and the id that its two sentences begin with."""

    picture: str
    id: str


WELCOME = Fact("terminal", "attract")
"""What this is."""

FACTS = (
    Fact("caller", "fact_caller"),
    Fact("pin-on-card", "fact_pin_on_card"),
    Fact("card-care", "fact_card_care"),
    Fact("card-lend", "fact_card_lend"),
    Fact("hand-card", "fact_card_lost"),
    Fact("two-accounts", "fact_two_accounts"),
)
"""The dangers and the care of a card."""
