"""How often a day, or an hour, something may be done for a person, with a card, or at a terminal.

The centre keeps them: a person may go to another terminal.  A terminal learns from each card query what is left.
"""

from __future__ import annotations

from typing import Annotated

import msgspec

Once = Annotated[int, msgspec.Meta(ge=1, le=1)]
"""The domain's own number: no office can raise it."""
Guesses = Annotated[int, msgspec.Meta(ge=1, le=10)]
"""Wrong ones, before no more are taken."""
Few = Annotated[int, msgspec.Meta(ge=1, le=20)]
"""Of one person, or one card."""
GuessesHere = Annotated[int, msgspec.Meta(ge=1, le=100)]
"""At one terminal, by whoever comes."""
Many = Annotated[int, msgspec.Meta(ge=1, le=2_000)]
"""At one terminal, round the clock every 43 s: no hall is that busy."""


class Quotas(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A stolen signing key or a bored visitor must not be able to do much; no office lifts a quota away."""

    losses_per_person_a_day: Few = 5
    losses_per_terminal_a_day: Many = 500
    readings_per_card_an_hour: Few = 20
    readings_per_terminal_an_hour: Many = 300
    codes_per_person_a_day: Few = 10
    codes_per_terminal_a_day: Many = 500
    pin_work_per_person_a_day: Few = 5
    pin_work_per_terminal_a_day: Many = 300
    unblocks_per_card_a_day: Once = 1
    card_work_per_person_a_day: Few = 5
    """Formal losses, releases, activations and replacements that were done: each kind for itself."""
    card_work_per_terminal_a_day: Many = 300
    wrong_numbers_per_person_a_day: Guesses = 5
    wrong_numbers_per_terminal_an_hour: GuessesHere = 20
    wrong_sign_ins_per_clerk: Guesses = 5
    """In a row at one terminal, before that number is locked there for a while; whether anybody has it makes no
    difference.  Elsewhere the clerk goes on working: numbers are no secret, and anybody could lock a colleague out."""
    wrong_sign_ins_per_clerk_a_day: Few = 10
    """Likewise, before it is locked there for the rest of the day."""
    wrong_sign_ins_per_terminal_an_hour: GuessesHere = 20
