"""The card is pulled before and after every single command of a visit for a PIN.

Before it: the chip never saw the command.  After it: the chip did what the command says, and nobody heard the answer.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk.journal.transaction import Done, InDoubt, NotDone
from tests.stories.hall import Hall, opened
from tests.stories.truth import recorded_the_truth, stage_of_only, told_the_truth
from tests.stories.walk import Digits, Walk, blocked

TYPED: dict[str, Digits] = {"reset_pin": (3, 9, 4, 8, 5, 7), "unblock_pin": (1, 2, 3, 4, 5, 6)}

VERIFY, SECURE_MESSAGE, EXTERNAL_AUTHENTICATE, GET_CHALLENGE = 0x20, 0x24, 0x82, 0x84
PUK = bytes([0, EXTERNAL_AUTHENTICATE, 0, 0x06])

MOMENTS = {"before": "pull_before_apdu", "after": "pull_after_apdu"}


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("who", ["normal_v2", "normal_v3"])
@pytest.mark.parametrize("service", TYPED)
async def test_pulled_at_any_command_there_is_one_truth(
    autojump_clock: object, tmp_path: Path, service: str, who: str, moment: str
) -> None:
    commands = await commands_of_a_visit(tmp_path / "whole", service, who)
    puk = next(number for number, apdu in enumerate(commands) if apdu.startswith(PUK))
    assert [apdu[1] for apdu in commands[puk:]] == [EXTERNAL_AUTHENTICATE, GET_CHALLENGE, SECURE_MESSAGE, VERIFY]
    assert [apdu[1] for apdu in commands[puk - 2 : puk]] == [GET_CHALLENGE, GET_CHALLENGE]
    for number, apdu in enumerate(commands):
        async with opened(tmp_path / str(number)) as hall:
            try:
                await one_truth(hall, number, service, who, moment)
                if number >= puk - 2:
                    ended_as_it_must(hall, apdu[1], moment)
            except AssertionError as error:
                error.add_note(f"pulled {moment} command {number}, {apdu[:4].hex()}")
                raise


async def commands_of_a_visit(folder: Path, service: str, who: str) -> list[bytes]:
    async with opened(folder) as hall:
        hall.carries(blocked(who))
        await Walk(hall, service, who, TYPED[service]).to_the_end()
        return hall.hardware.trace


async def one_truth(hall: Hall, number: int, service: str, who: str, moment: str) -> None:
    """A person whose card comes out by itself once puts it in again when asked to."""
    hall.carries(blocked(who))
    setattr(hall.hardware, MOMENTS[moment], number)
    walk = Walk(hall, service, who, TYPED[service])
    await walk.to_the_end()
    done = hall.tries_left() > 0
    assert walk.last_words, "nobody is left standing without a word"
    told_the_truth(walk.last_words, done, stage_of_only(hall))
    await hall.delivered()
    recorded_the_truth(hall, done, stage_of_only(hall))


def ended_as_it_must(hall: Hall, ins: int, moment: str) -> None:
    """From the first challenge for the PUK on."""
    (view,) = hall.journal_says()
    if ins == SECURE_MESSAGE:
        assert isinstance(view.state, InDoubt)
        assert (hall.tries_left() > 0) is (moment == "after")
        hall.log.tells("chip_transaction_ended", end="NobodyKnows")
    elif ins == VERIFY:
        assert isinstance(view.state, Done)
        hall.log.tells("chip_transaction_ended", check="NotChecked")
    else:
        assert isinstance(view.state, NotDone)
        hall.log.tells("chip_transaction_ended", why="card_pulled")
