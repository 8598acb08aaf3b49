"""How often a day, or an hour, something may be done for a person, with a card, or at a terminal.

The centre keeps them: a person may go to another terminal.  A terminal learns from each card query what is left.
"""

from __future__ import annotations

from typing import Annotated

import msgspec

Times = Annotated[int, msgspec.Meta(ge=1, le=100_000)]


class Quotas(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A stolen signing key or a bored visitor must not be able to do much."""

    losses_per_person_a_day: Times = 5
    losses_per_terminal_a_day: Times = 500
    readings_per_card_an_hour: Times = 20
    readings_per_terminal_an_hour: Times = 300
    codes_per_person_a_day: Times = 10
    codes_per_terminal_a_day: Times = 500
    pin_work_per_person_a_day: Times = 5
    pin_work_per_terminal_a_day: Times = 300
    unblocks_per_card_a_day: Times = 1
    card_work_per_person_a_day: Times = 5
    """Formal losses, releases, activations and replacements that were done: each kind for itself."""
    card_work_per_terminal_a_day: Times = 300
    wrong_numbers_per_person_a_day: Times = 5
    wrong_numbers_per_terminal_an_hour: Times = 20
    wrong_sign_ins_per_clerk: Times = 5
    """In a row, before that number is locked for a while; whether anybody has it makes no difference."""
    wrong_sign_ins_per_terminal_an_hour: Times = 20
