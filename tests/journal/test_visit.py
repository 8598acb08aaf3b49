"""A citizen's transaction from the counter to the centre and back."""

from __future__ import annotations

import trio

from kiosk.contract import Kind, VerdictOutcome
from kiosk.journal.transaction import Acknowledged, Done, Drafted, InDoubt, Pending, Registered, Sent, Void
from tests.journal.office import Office, loss, person


async def test_a_loss_reported_online_is_done(office: Office) -> None:
    journal = await office.open()
    drafted = await journal.submit(loss(person(1)))
    assert (drafted.state, drafted.delivery) == (Drafted(), Pending())
    async with trio.open_nursery() as nursery:
        nursery.start_soon(office.deliver, journal)
        with trio.fail_after(10):
            told = await journal.settled(drafted.id)
    assert isinstance(told.state, Done)
    assert told.delivery == Acknowledged()
    assert (told.reference, told.masked_name) == (drafted.reference, "测*")
    await journal.close()


async def test_offline_it_is_registered_and_done_when_the_line_comes_back(office: Office) -> None:
    journal = await office.open()
    drafted = await journal.submit(loss(person(1)))
    assert (await journal.register(drafted.id)).state == Registered(handed=False)
    await office.deliver(journal)
    assert isinstance((await journal.view(drafted.id)).state, Done)


async def test_the_slip_tells_whether_the_loss_was_handed_to_the_line(office: Office) -> None:
    journal = await office.open()
    handed, kept = await journal.submit(loss(person(1))), await journal.submit(loss(person(2)))
    await journal.take(500)
    await journal.keep((kept.id,))
    assert (await journal.register(handed.id)).state == Registered(handed=True)
    assert (await journal.register(kept.id)).state == Registered(handed=False)
    assert (await journal.view(kept.id)).delivery == Pending()


async def test_what_may_have_left_before_is_not_called_untouched_later(office: Office) -> None:
    journal = await office.open()
    drafted = await journal.submit(loss(person(1)))
    await journal.take(500)
    await journal.take(500)
    await journal.keep((drafted.id,))
    assert (await journal.register(drafted.id)).state == Registered(handed=True)
    await journal.close()
    journal = await office.open()
    await journal.keep((drafted.id,))
    assert (await journal.view(drafted.id)).delivery == Sent()


async def test_a_verdict_that_came_first_wins_over_giving_up(office: Office) -> None:
    journal = await office.open()
    waits, never = await journal.submit(loss(person(1))), await journal.submit(loss(person(2), Kind.FORMAL_LOSS))
    await office.deliver(journal)
    assert isinstance((await journal.register(waits.id)).state, Done)
    assert isinstance((await journal.void(never.id)).state, Done)
    assert (await journal.counts()).queue_depth == 0


async def test_nothing_was_done_is_said_only_after_the_centre_has_burnt_it(office: Office) -> None:
    journal = await office.open()
    drafted = await journal.submit(loss(person(1), Kind.FORMAL_LOSS))
    lost = await journal.take(500)
    assert isinstance((await journal.void(drafted.id)).state, InDoubt)
    await office.deliver(journal)
    assert isinstance((await journal.view(drafted.id)).state, Void)
    office.centre.receive(lost[0])
    assert office.centre.executed == []


async def test_a_void_that_came_too_late_tells_what_was_done(office: Office) -> None:
    journal = await office.open()
    drafted = await journal.submit(loss(person(1), Kind.FORMAL_LOSS))
    office.centre.receive((await journal.take(500))[0])
    await journal.void(drafted.id)
    await office.deliver(journal)
    assert isinstance((await journal.view(drafted.id)).state, Done)
    assert (await journal.counts()).queue_depth == 0


async def test_already_reported_is_a_success(office: Office) -> None:
    journal = await office.open()
    office.centre.outcome = VerdictOutcome.ALREADY
    drafted = await journal.submit(loss(person(1)))
    await office.deliver(journal)
    assert isinstance((await journal.view(drafted.id)).state, Done)


async def test_what_was_handed_out_and_never_answered_is_handed_out_again(office: Office) -> None:
    journal = await office.open()
    drafted = await journal.submit(loss(person(1)))
    first = await journal.take(500)
    assert (await journal.view(drafted.id)).delivery == Sent()
    assert await journal.take(500) == first
