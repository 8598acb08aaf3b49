"""A PIN change in the journal: nobody is asked, nothing goes out before its result, and a doubt about it stays one."""

from __future__ import annotations

import datetime as dt

import pytest

from kiosk.contract import Kind
from kiosk.journal import CentreSays, DidNotHappen, GivenUp, Journal, PinVerifies, Unknown
from kiosk.journal.transaction import Acting, Done, IllegalMove, InDoubt, Moot, NotDone, Unresolvable, Untouched, Why
from tests.journal.centre import item_of
from tests.journal.office import CHANGED, Office, card, change_pin, chip_draft

WRONG = DidNotHappen("63C5", Untouched.PIN_WRONG)


def draft():
    return chip_draft(Kind.PIN_CHANGED, 1)


async def depth(journal: Journal) -> int:
    return (await journal.counts()).queue_depth


async def all_delivered(office: Office, journal: Journal) -> None:
    """One item of a transaction a round."""
    for _ in range(3):
        if await depth(journal):
            await office.deliver(journal)
    assert not await depth(journal)


def results(office: Office) -> dict[str, list[str]]:
    """What the centre was told in outcomes, and took."""
    return {id: [outcome.result.value for outcome in told] for id, told in office.centre.outcomes.items() if told}


@pytest.mark.parametrize(
    ("conclusion", "state", "told"),
    [
        (CHANGED, Done(None), ("done", "9000", 6)),
        (WRONG, NotDone(Untouched.PIN_WRONG), ("not_done", "63C5", 6)),
        (Unknown(6), InDoubt(Why.CARD_GONE, 6), ("unknown", None, 6)),
    ],
)
async def test_it_enters_the_outbox_with_its_result_and_the_centre_only_stores_it(
    office: Office, conclusion, state, told
) -> None:
    journal = await office.open()
    begun = await journal.begin_change(draft(), 6)
    assert begun.state == Acting(6)
    assert not await depth(journal)
    assert (await journal.conclude(begun.id, conclusion)).state == state
    (item,) = await journal.take(5)
    said = item_of(item)
    assert (said["kind"], said["id"]) == ("pin_changed", begun.id)
    assert (said["result"], said["sw"], said["tries_before"]) == told
    await office.deliver(journal)
    assert (await journal.view(begun.id)).state == state
    assert not await depth(journal)


async def test_one_that_was_under_way_when_the_plug_was_pulled_is_in_doubt(office: Office) -> None:
    journal = await office.open()
    begun = await journal.begin_change(draft(), 5)
    await journal.close()
    journal = await office.open()
    assert (await journal.view(begun.id)).state == InDoubt(Why.INTERRUPTED, 5)
    (item,) = await journal.take(5)
    assert item_of(item)["result"] == "unknown"
    doubt = await journal.open_doubt(card(1))
    assert doubt is not None
    assert doubt.id == begun.id


async def test_it_is_neither_submitted_nor_asked_for(office: Office) -> None:
    journal = await office.open()
    with pytest.raises(IllegalMove):
        await journal.submit(draft())
    with pytest.raises(IllegalMove):
        await journal.begin_change(chip_draft(Kind.RELOAD_PIN, 1), 6)
    begun = await journal.begin_change(draft(), 6)
    with pytest.raises(IllegalMove):
        await journal.act(begun.id, 6)
    assert (await journal.void(begun.id)).state == (await journal.register(begun.id)).state == Acting(6)


async def test_what_the_centre_has_stored_settles_no_doubt(office: Office) -> None:
    journal = await office.open()
    doubt = await change_pin(journal, draft(), Unknown(6))
    await office.deliver(journal)
    assert await journal.to_ask_about("", 10) == ()
    record = CentreSays(office.centre.record[doubt.id])
    assert (await journal.settle(doubt.id, record)).state == doubt.state
    assert (await journal.settle(doubt.id, PinVerifies())).state == doubt.state


async def test_a_later_change_that_was_done_ends_it(office: Office) -> None:
    journal = await office.open()
    first = await change_pin(journal, draft(), Unknown(6))
    await change_pin(journal, draft(), WRONG)
    assert (await journal.view(first.id)).state == first.state
    done = await change_pin(journal, draft())
    assert (await journal.view(first.id)).state == Moot(done.id)
    await all_delivered(office, journal)
    assert office.centre.wrong_outcomes == []
    assert results(office) == {first.id: ["moot"]}
    assert await journal.open_doubt(card(1)) is None


async def test_how_a_doubt_ended_is_told_once_whatever_befalls_the_terminal(office: Office) -> None:
    """Ended before anything of it went out, and the plug pulled; then a second change, which ends nothing more."""
    journal = await office.open()
    doubt = await change_pin(journal, draft(), Unknown(6))
    await change_pin(journal, draft())
    await journal.close()
    journal = await office.open()
    await change_pin(journal, draft())
    await all_delivered(office, journal)
    assert (await journal.counts()).quarantined == 0
    assert results(office) == {doubt.id: ["moot"]}


async def test_a_named_operator_may_give_it_up_after_thirty_days(office: Office) -> None:
    journal = await office.open()
    doubt = await change_pin(journal, draft(), Unknown(6))
    office.hand.seconds += dt.timedelta(days=31).total_seconds()
    assert (await journal.settle(doubt.id, GivenUp("测试员"))).state == Unresolvable("测试员")
    await all_delivered(office, journal)
    assert results(office) == {doubt.id: ["unresolvable"]}
