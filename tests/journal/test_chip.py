"""Reset and unblock: what is on the disk while the card is in the slot, and what ends a doubt when it comes back."""

from __future__ import annotations

import datetime as dt
import sqlite3

import msgspec
import pytest
import trio
import trio.testing

from kiosk.contract import ChipResult, Domain, ItemAnswer, Kind, Verdict, VerdictOutcome
from kiosk.journal import (
    CentreSays,
    Conclusion,
    CounterRestored,
    DidNotHappen,
    GivenUp,
    Happened,
    Journal,
    LaterReset,
    PinVerifies,
    TooEarly,
    Unknown,
    View,
    reading,
)
from kiosk.journal.doubts import GIVE_UP_AFTER
from kiosk.journal.outbox import REST_S
from kiosk.journal.transaction import (
    Acknowledged,
    Acting,
    Authorised,
    Done,
    Drafted,
    IllegalMove,
    InDoubt,
    Moot,
    NotDone,
    Quarantined,
    Refused,
    Unresolvable,
    Untouched,
    Void,
    Why,
)
from kiosk.seal import SigningKey, from_text
from tests.journal.centre import item_of, problem
from tests.journal.office import Office, card, change_pin, chip_draft, loss, person
from tests.power.workloads import copy_as_version_1

DONE = Happened(sw="9000", tries_before=0, tries_after=6, pin_verified=True)


async def _authorised(office: Office, journal: Journal, kind: Kind = Kind.RELOAD_PIN, which: int = 1) -> str:
    view = await journal.submit(chip_draft(kind, which))
    await office.deliver(journal)
    assert isinstance((await journal.settled(view.id)).state, Authorised)
    return view.id


async def _acting(
    office: Office, journal: Journal, kind: Kind = Kind.RELOAD_PIN, tries_before: int | None = 0, which: int = 1
) -> str:
    id = await _authorised(office, journal, kind, which)
    await journal.puk(id)
    assert (await journal.act(id, tries_before)).state == Acting(tries_before)
    return id


async def _in_doubt(
    office: Office, journal: Journal, kind: Kind = Kind.RELOAD_PIN, tries_before: int | None = 0, which: int = 1
) -> str:
    id = await _acting(office, journal, kind, tries_before, which)
    view = await journal.conclude(id, Unknown(tries_before))
    assert view.state == InDoubt(Why.CARD_GONE, tries_before)
    return id


async def _done(office: Office, journal: Journal, kind: Kind = Kind.RELOAD_PIN, which: int = 1) -> str:
    id = await _acting(office, journal, kind, which=which)
    assert isinstance((await journal.conclude(id, DONE)).state, Done)
    return id


async def _told(office: Office, journal: Journal, id: str) -> list[ChipResult]:
    """What the centre has been told about it, once everything is through."""
    while (await journal.counts()).queue_depth:
        await office.deliver(journal)
    return [outcome.result for outcome in office.centre.outcomes.get(id, [])]


# --- the step -----------------------------------------------------------------------------------


async def test_a_reset_that_worked(office: Office) -> None:
    journal = await office.open()
    id = await _acting(office, journal)
    view = await journal.conclude(id, DONE)
    assert view.state == Done(None)
    assert view.delivery == Acknowledged()
    assert await _told(office, journal, id) == [ChipResult.DONE]
    (outcome,) = office.centre.outcomes[id]
    assert (outcome.sw, outcome.tries_before, outcome.tries_after, outcome.pin_verified) == ("9000", 0, 6, True)


async def test_an_unblock_the_card_refused(office: Office) -> None:
    journal = await office.open()
    id = await _acting(office, journal, Kind.UNBLOCK_PIN)
    view = await journal.conclude(id, DidNotHappen("6988", Untouched.MESSAGE_REFUSED))
    assert view.state == NotDone(Untouched.MESSAGE_REFUSED)
    assert await _told(office, journal, id) == [ChipResult.NOT_DONE]
    assert office.centre.outcomes[id][0].sw == "6988"


async def test_each_step_is_on_the_disk_when_it_returns(office: Office) -> None:
    journal = await office.open()
    id = await _authorised(office, journal)
    for step, written in (
        (lambda: journal.puk(id), '"what":"puk"'),
        (lambda: journal.act(id, 3), '"what":"acting"'),
        (lambda: journal.conclude(id, Unknown(3)), '"what":"concluded"'),
    ):
        await step()
        with sqlite3.connect(office.path) as beside:
            (content,) = beside.execute(
                "SELECT content FROM record WHERE transaction_id = ? AND instr(content, ?)", (id, written.encode())
            ).fetchone()
        assert written.encode() in content


async def test_the_unblock_key_is_tried_once_a_transaction(office: Office) -> None:
    journal = await office.open()
    id = await _authorised(office, journal)
    await journal.puk(id)
    with pytest.raises(IllegalMove):
        await journal.puk(id)


async def test_no_command_goes_out_before_the_unblock_key_was_taken(office: Office) -> None:
    journal = await office.open()
    id = await _authorised(office, journal)
    with pytest.raises(IllegalMove):
        await journal.act(id, 0)


async def test_a_command_goes_out_once(office: Office) -> None:
    journal = await office.open()
    id = await _acting(office, journal)
    for step in (lambda: journal.act(id, 0), lambda: journal.puk(id)):
        with pytest.raises(IllegalMove):
            await step()


@pytest.mark.parametrize("conclusion", [DONE, DidNotHappen(None, Untouched.LINE), Unknown(0)])
async def test_nothing_is_concluded_about_what_the_centre_did_not_allow(office: Office, conclusion) -> None:
    journal = await office.open()
    id = (await journal.submit(chip_draft(Kind.RELOAD_PIN, 1))).id
    for step in (lambda: journal.puk(id), lambda: journal.act(id, 0), lambda: journal.conclude(id, conclusion)):
        with pytest.raises(IllegalMove):
            await step()


@pytest.mark.parametrize("conclusion", [DONE, Unknown(0)])
async def test_before_the_command_it_can_only_not_have_happened(office: Office, conclusion) -> None:
    journal = await office.open()
    id = await _authorised(office, journal)
    with pytest.raises(IllegalMove):
        await journal.conclude(id, conclusion)
    assert isinstance((await journal.view(id)).state, Authorised)
    assert (await journal.conclude(id, DidNotHappen(None, Untouched.CARD_PULLED))).state == NotDone(
        Untouched.CARD_PULLED
    )


async def test_it_is_concluded_once(office: Office) -> None:
    journal = await office.open()
    id = await _done(office, journal)
    for conclusion in (DONE, DidNotHappen(None, Untouched.LINE), Unknown(0)):
        with pytest.raises(IllegalMove):
            await journal.conclude(id, conclusion)
    assert await _told(office, journal, id) == [ChipResult.DONE]


async def test_a_reason_that_no_record_knows_is_not_written(office: Office) -> None:
    journal = await office.open()
    id = await _authorised(office, journal)
    with pytest.raises(msgspec.ValidationError):
        await journal.conclude(id, DidNotHappen(None, "the stars"))  # type: ignore[arg-type]
    assert isinstance((await journal.view(id)).state, Authorised)


# --- when the centre does not answer in time -------------------------------------------------------


async def test_a_refusal_is_told(office: Office) -> None:
    journal = await office.open()
    office.centre.chip_outcome = VerdictOutcome.REFUSED
    view = await journal.submit(chip_draft(Kind.RELOAD_PIN, 1))
    await office.deliver(journal)
    assert isinstance((await journal.settled(view.id)).state, Refused)


async def test_what_the_centre_cannot_take_was_not_done(office: Office) -> None:
    journal = await office.open()
    view = await journal.submit(chip_draft(Kind.RELOAD_PIN, 1))
    await journal.take(5)
    await journal.answer((view.id,), (problem(422, "unreadable"),))
    told = await journal.settled(view.id)
    assert told.state == NotDone(Untouched.NOT_TAKEN)
    assert isinstance(told.delivery, Quarantined)
    assert await journal.open_doubt(card(1)) is None
    await office.deliver(journal)
    assert (await journal.counts()).queue_depth == 0, "an audit fills its number; there is no outcome to tell"


async def test_a_void_in_time_burns_it(office: Office) -> None:
    journal = await office.open()
    view = await journal.submit(chip_draft(Kind.RELOAD_PIN, 1))
    assert (await journal.void(view.id)).state == InDoubt(Why.NO_ANSWER)
    assert await _told(office, journal, view.id) == []
    assert isinstance((await journal.view(view.id)).state, Void)


async def test_a_late_authorisation_is_never_acted_on(office: Office) -> None:
    journal = await office.open()
    view = await journal.submit(chip_draft(Kind.RELOAD_PIN, 1))
    (item,) = await journal.take(5)
    await journal.void(view.id)
    await journal.answer((item.id,), (office.centre.receive(item),))
    assert (await journal.view(view.id)).state == InDoubt(Why.NO_ANSWER)
    with pytest.raises(IllegalMove):
        await journal.puk(view.id)
    assert await _told(office, journal, view.id) == [ChipResult.NOT_DONE]
    assert (await journal.view(view.id)).state == NotDone(Untouched.NEVER_ACTED)


@pytest.mark.parametrize("issued", [False, True])
async def test_a_void_that_came_too_late_is_ended_by_an_outcome(office: Office, issued: bool) -> None:
    journal = await office.open()
    view = await journal.submit(chip_draft(Kind.UNBLOCK_PIN, 1))
    (item,) = await journal.take(5)
    office.centre.receive(item)
    if issued:
        office.centre.issued.add(view.id)
    await journal.void(view.id)
    assert await _told(office, journal, view.id) == [ChipResult.NOT_DONE]
    assert (await journal.view(view.id)).state == NotDone(Untouched.NEVER_ACTED)
    assert office.centre.wrong_outcomes == []


async def test_giving_up_in_the_moment_the_verdict_comes_leaves_nothing_open(office: Office) -> None:
    journal = await office.open()
    id = await _authorised(office, journal)
    assert (await journal.void(id)).state == NotDone(Untouched.NEVER_ACTED)
    assert await _told(office, journal, id) == [ChipResult.NOT_DONE]


@pytest.mark.parametrize("word", [VerdictOutcome.DONE, VerdictOutcome.ALREADY, VerdictOutcome.ISSUED])
async def test_nobody_can_have_done_to_a_chip_what_was_never_sent_to_it(office: Office, word) -> None:
    journal = await office.open()
    office.centre.chip_outcome = word
    view = await journal.submit(chip_draft(Kind.RELOAD_PIN, 1))
    await office.deliver(journal)
    assert (await journal.view(view.id)).state == NotDone(Untouched.NEVER_ACTED)


async def test_the_answer_to_an_outcome_acknowledges_it_and_decides_nothing(office: Office) -> None:
    """The reference words for `unknown` and `not_done` differ from centre to centre."""
    journal = await office.open()
    id = await _in_doubt(office, journal)
    (item,) = await journal.take(5)
    data = office.centre.terminal.verify(item.domain, item.signed)
    for word in (VerdictOutcome.DONE, VerdictOutcome.VOID, VerdictOutcome.REFUSED):
        await journal.answer((id,), (office.centre.answer(office.centre.verdict(id, data, word)),))
    assert isinstance((await journal.view(id)).state, InDoubt)
    counts = await journal.counts()
    assert (counts.queue_depth, counts.rejected) == (0, 0)


async def test_an_outcome_the_centre_cannot_take_is_quarantined_alone(office: Office) -> None:
    journal = await office.open()
    id = await _done(office, journal)
    (item,) = await journal.take(5)
    assert item.domain is Domain.OUTCOME
    await journal.answer((id,), (problem(409, "not_authorised"),))
    view = await journal.view(id)
    assert (view.state, view.delivery) == (Done(None), Acknowledged())
    assert (await journal.counts()).quarantined == 1


async def test_a_forged_answer_to_an_outcome_leaves_it_waiting(office: Office) -> None:
    journal = await office.open()
    id = await _done(office, journal)
    (item,) = await journal.take(5)
    data = office.centre.terminal.verify(item.domain, item.signed)
    true_key, office.centre.signing = office.centre.signing, SigningKey.generate()
    forged = office.centre.answer(office.centre.verdict(id, data, VerdictOutcome.DONE))
    office.centre.signing = true_key
    await journal.answer((id,), (forged,))
    counts = await journal.counts()
    assert (counts.queue_depth, counts.rejected) == (1, 1)


async def test_an_old_answer_to_an_outcome_leaves_it_waiting_and_at_rest(
    office: Office, autojump_clock: trio.testing.MockClock
) -> None:
    """Else the two ends of the line would repeat the same question and the same old answer as fast as they can."""
    journal = await office.open()
    view = await journal.submit(chip_draft(Kind.RELOAD_PIN, 1))
    (item,) = await journal.take(5)
    authorised = office.centre.receive(item)
    await journal.answer((view.id,), (authorised,))
    await journal.conclude(view.id, DidNotHappen(None, Untouched.LINE))
    (outcome,) = await journal.take(5)
    await journal.answer((outcome.id,), (authorised,))
    assert (await journal.counts()).queue_depth == 1
    with trio.move_on_after(REST_S - 1) as soon:
        await journal.take(5)
    assert soon.cancelled_caught


# --- order ------------------------------------------------------------------------------------------


async def test_two_outcomes_of_one_transaction_go_one_after_the_other(office: Office) -> None:
    journal = await office.open()
    id = await _in_doubt(office, journal)
    await journal.settle(id, CounterRestored(6))
    (first,) = await journal.take(5)
    await journal.answer((first.id,), (office.centre.receive(first),))
    (second,) = await journal.take(5)
    await journal.answer((second.id,), (office.centre.receive(second),))
    assert [outcome.result for outcome in office.centre.outcomes[id]] == [ChipResult.UNKNOWN, ChipResult.DONE]


async def test_an_outcome_goes_before_routine_and_behind_older_items_of_its_holder(office: Office) -> None:
    journal = await office.open()
    id = await _acting(office, journal)
    routine = await change_pin(journal, loss(person(2), Kind.PIN_CHANGED))
    older = await change_pin(journal, loss(person(1), Kind.PIN_CHANGED))
    await journal.conclude(id, DONE)
    assert [item.id for item in await journal.take(5)] == [older.id, id, routine.id]


# --- starts -----------------------------------------------------------------------------------------


async def _restart(office: Office, journal: Journal) -> Journal:
    await journal.close()
    return await office.open()


async def test_authorised_and_never_acted_on_is_not_done_after_a_start(office: Office) -> None:
    journal = await office.open()
    id = await _authorised(office, journal)
    await journal.puk(id)
    journal = await _restart(office, journal)
    assert (await journal.view(id)).state == NotDone(Untouched.RESTARTED)
    assert await _told(office, journal, id) == [ChipResult.NOT_DONE]


async def test_a_command_on_its_way_is_in_doubt_after_a_start(office: Office) -> None:
    journal = await office.open()
    id = await _acting(office, journal, tries_before=0)
    journal = await _restart(office, journal)
    assert (await journal.view(id)).state == InDoubt(Why.INTERRUPTED, 0)
    assert [view.id for view in reading.doubts(office.path)] == [id]
    assert await _told(office, journal, id) == [ChipResult.UNKNOWN]
    assert office.centre.outcomes[id][0].tries_before == 0


async def test_an_intent_without_a_verdict_is_voided_after_a_start(office: Office) -> None:
    journal = await office.open()
    view = await journal.submit(chip_draft(Kind.RELOAD_PIN, 1))
    journal = await _restart(office, journal)
    assert (await journal.view(view.id)).state == InDoubt(Why.RESTARTED)
    await _told(office, journal, view.id)
    assert isinstance((await journal.view(view.id)).state, Void)


@pytest.mark.parametrize("stage", [Drafted, Authorised, Acting])
async def test_a_restored_file_does_not_claim_that_nothing_was_done(office: Office, stage: type) -> None:
    """Since the backup the terminal may have acted: only the chip, or the centre, knows."""
    journal = await office.open()
    if stage is Drafted:
        id = (await journal.submit(chip_draft(Kind.RELOAD_PIN, 1))).id
        office.centre.receive((await journal.take(1))[0])
    else:
        id = await (_authorised if stage is Authorised else _acting)(office, journal)
    await journal.close()
    backup = office.path.read_bytes()
    await (await office.open()).close()
    office.path.write_bytes(backup)
    journal = await office.open()
    told = await _told(office, journal, id)
    assert (await journal.view(id)).state == InDoubt(Why.RESTORED, 0 if stage is Acting else None)
    assert told == [ChipResult.UNKNOWN]
    doubt = await journal.open_doubt(card(1))
    assert doubt is not None
    assert doubt.id == id
    assert isinstance((await journal.settle(id, PinVerifies())).state, Done)
    assert await _told(office, journal, id) == [ChipResult.UNKNOWN, ChipResult.DONE]


async def test_a_journal_from_before_the_chip_is_opened(office: Office) -> None:
    journal = await office.open()
    old = await journal.submit(loss(person(1)))
    await journal.close()
    old_file = office.folder / "version-1.db"
    copy_as_version_1(office.path, old_file)
    old_file.replace(office.path)
    journal = await office.open()
    assert (await journal.view(old.id)).kind is Kind.TEMPORARY_LOSS
    await _done(office, journal)
    assert reading.verify(office.path, head_file=office.head_file).findings == ()


# --- the card comes back: VERIFY ----------------------------------------------------------------------


async def _ends(office: Office, journal: Journal, view: View, state: object, *result: ChipResult) -> None:
    assert view.state == state
    assert await _told(office, journal, view.id) == [ChipResult.UNKNOWN, *result]
    assert await journal.open_doubt(card(1)) is None
    assert office.centre.wrong_outcomes == []
    with pytest.raises(IllegalMove):
        await journal.settle(view.id, PinVerifies())


async def _stays(office: Office, journal: Journal, view: View) -> None:
    assert isinstance(view.state, InDoubt)
    assert await _told(office, journal, view.id) == [ChipResult.UNKNOWN]
    doubt = await journal.open_doubt(card(1))
    assert doubt is not None
    assert doubt.id == view.id


@pytest.mark.parametrize(
    ("kind", "tries_before"), [(Kind.RELOAD_PIN, 3), (Kind.RELOAD_PIN, None), (Kind.UNBLOCK_PIN, 0)]
)
async def test_the_pin_verifies_so_it_was_done(office: Office, kind: Kind, tries_before) -> None:
    journal = await office.open()
    id = await _in_doubt(office, journal, kind, tries_before)
    await _ends(office, journal, await journal.settle(id, PinVerifies()), Done(None), ChipResult.DONE)


@pytest.mark.parametrize("tries_before", [3, None])
async def test_the_old_pin_of_a_card_that_was_not_blocked_proves_no_unblock(office: Office, tries_before) -> None:
    journal = await office.open()
    id = await _in_doubt(office, journal, Kind.UNBLOCK_PIN, tries_before)
    await _stays(office, journal, await journal.settle(id, PinVerifies()))


async def test_a_pin_that_may_have_been_changed_since_proves_no_reset(office: Office) -> None:
    journal = await office.open()
    id = await _in_doubt(office, journal)
    later = await change_pin(journal, chip_draft(Kind.PIN_CHANGED, 1), Unknown(6))
    assert isinstance((await journal.settle(id, PinVerifies())).state, InDoubt)
    assert await journal.open_doubt(card(1)) == later


# --- counters -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [Kind.RELOAD_PIN, Kind.UNBLOCK_PIN])
async def test_a_counter_that_is_back_shows_that_it_was_done(office: Office, kind: Kind) -> None:
    journal = await office.open()
    id = await _in_doubt(office, journal, kind)
    await _ends(office, journal, await journal.settle(id, CounterRestored(6)), Done(None), ChipResult.DONE)
    assert office.centre.outcomes[id][1].tries_after == 6


@pytest.mark.parametrize("kind", [Kind.RELOAD_PIN, Kind.UNBLOCK_PIN])
async def test_a_counter_at_zero_proves_nothing(office: Office, kind: Kind) -> None:
    """It may have been restored, and used up again elsewhere."""
    journal = await office.open()
    id = await _in_doubt(office, journal, kind)
    await _stays(office, journal, await journal.settle(id, CounterRestored(0)))


@pytest.mark.parametrize("tries_before", [2, None])
async def test_a_counter_proves_nothing_about_a_card_not_known_to_be_blocked(office: Office, tries_before) -> None:
    journal = await office.open()
    id = await _in_doubt(office, journal, Kind.RELOAD_PIN, tries_before)
    await _stays(office, journal, await journal.settle(id, CounterRestored(6)))


@pytest.mark.parametrize("evidence", [CounterRestored(0), CounterRestored(6), PinVerifies()])
async def test_a_counter_proves_nothing_when_something_else_may_have_moved_it(office: Office, evidence) -> None:
    journal = await office.open()
    id = await _in_doubt(office, journal, Kind.RELOAD_PIN)
    await _done(office, journal, Kind.UNBLOCK_PIN)
    await _stays(office, journal, await journal.settle(id, evidence))


async def test_what_was_not_done_since_explains_nothing(office: Office) -> None:
    journal = await office.open()
    id = await _in_doubt(office, journal, Kind.UNBLOCK_PIN)
    other = await _authorised(office, journal, Kind.UNBLOCK_PIN)
    await journal.conclude(other, DidNotHappen(None, Untouched.LINE))
    await _ends(office, journal, await journal.settle(id, CounterRestored(6)), Done(None), ChipResult.DONE)


# --- the centre's record --------------------------------------------------------------------------------


async def _centre_says(office: Office, journal: Journal, id: str, word: VerdictOutcome) -> CentreSays:
    await _told(office, journal, id)
    last = [item for item in office.centre.arrived if item.id == id][-1]
    data = office.centre.terminal.verify(last.domain, last.signed)
    return CentreSays(office.centre.sign(office.centre.verdict(id, data, word)))


async def test_the_centre_says_it_was_done(office: Office) -> None:
    journal = await office.open()
    id = await _in_doubt(office, journal)
    view = await journal.settle(id, await _centre_says(office, journal, id, VerdictOutcome.DONE))
    await _ends(office, journal, view, Done(view.state.verdict))  # what the centre said it need not be told
    assert view.state.verdict.outcome is VerdictOutcome.DONE


@pytest.mark.parametrize(("word", "state"), [(VerdictOutcome.REFUSED, Refused), (VerdictOutcome.VOID, Void)])
async def test_the_centre_says_it_was_not_done(office: Office, word, state: type) -> None:
    journal = await office.open()
    id = await _in_doubt(office, journal)
    view = await journal.settle(id, await _centre_says(office, journal, id, word))
    await _ends(office, journal, view, state(view.state.verdict))


@pytest.mark.parametrize("word", [VerdictOutcome.AUTHORISED, VerdictOutcome.ISSUED])
async def test_the_centre_says_only_that_it_allowed_it(office: Office, word) -> None:
    journal = await office.open()
    id = await _in_doubt(office, journal)
    said = await _centre_says(office, journal, id, word)
    before = journal.head
    for _ in range(3):
        await _stays(office, journal, await journal.settle(id, said))
    assert journal.head == before, "what says nothing new is not written down"


async def test_a_word_that_is_not_the_centres_settles_nothing(office: Office) -> None:
    journal = await office.open()
    id = await _in_doubt(office, journal)
    await _told(office, journal, id)
    true_key, office.centre.signing = office.centre.signing, SigningKey.generate()
    forged = await _centre_says(office, journal, id, VerdictOutcome.DONE)
    office.centre.signing = true_key
    await _stays(office, journal, await journal.settle(id, forged))
    assert (await journal.counts()).rejected == 1
    alarm = journal.head
    await _stays(office, journal, await journal.settle(id, forged))
    assert journal.head == alarm, "one alarm is enough"


async def test_a_word_on_another_doubt_settles_nothing(office: Office) -> None:
    journal = await office.open()
    first, second = await _in_doubt(office, journal, which=1), await _in_doubt(office, journal, which=2)
    about_the_second = await _centre_says(office, journal, second, VerdictOutcome.DONE)
    await _told(office, journal, first)
    await _stays(office, journal, await journal.settle(first, about_the_second))
    assert (await journal.counts()).rejected == 1


async def test_a_word_on_an_item_that_was_never_signed_settles_nothing(office: Office) -> None:
    journal = await office.open()
    id = await _in_doubt(office, journal)
    said = await _centre_says(office, journal, id, VerdictOutcome.DONE)
    verdict = msgspec.json.decode(from_text(said.signed.item), type=Verdict)
    acknowledged = msgspec.structs.replace(verdict.acknowledged, seq=verdict.acknowledged.seq + 1)
    other = office.centre.sign(msgspec.structs.replace(verdict, acknowledged=acknowledged))
    await _stays(office, journal, await journal.settle(id, CentreSays(other)))
    assert (await journal.counts()).rejected == 1


async def test_a_word_that_comes_after_the_end_changes_nothing(office: Office) -> None:
    journal = await office.open()
    id = await _in_doubt(office, journal)
    said = await _centre_says(office, journal, id, VerdictOutcome.VOID)
    done = await journal.settle(id, PinVerifies())
    before = journal.head
    assert await journal.settle(id, said) == done
    assert journal.head == before


async def test_the_centre_is_asked_once_nothing_waits_in_the_outbox(office: Office) -> None:
    journal = await office.open()
    assert await journal.to_ask_about("", 10) == ()
    voided = await journal.submit(chip_draft(Kind.RELOAD_PIN, 3))
    await journal.void(voided.id)
    first, second = await _in_doubt(office, journal, which=1), await _in_doubt(office, journal, which=2)
    assert await journal.to_ask_about("", 10) == (first,), "the other one's `unknown` is on its way"
    await _told(office, journal, second)
    ids = sorted([first, second])
    assert await journal.to_ask_about("", 10) == tuple(ids)
    assert await journal.to_ask_about("", 1) == (ids[0],)
    assert await journal.to_ask_about(ids[0], 10) == (ids[1],)
    await journal.settle(ids[0], await _centre_says(office, journal, ids[0], VerdictOutcome.DONE))
    assert await journal.to_ask_about("", 10) == (ids[1],)


# --- the centre's record of what a lost file did -----------------------------------------------------------


NOT_DONE = DidNotHappen("6988", Untouched.MESSAGE_REFUSED)


async def _lost_with_its_file(office: Office, backed_up: type, end: Conclusion) -> tuple[Journal, str]:
    """A reset that was at a stage when the file was backed up, and had its end on the chip and at the centre since."""
    journal = await office.open()
    id = (await journal.submit(chip_draft(Kind.RELOAD_PIN, 1))).id
    backup = office.back_up()
    await office.deliver(journal)
    for stage, step in (
        (Authorised, lambda: journal.puk(id)),
        (Acting, lambda: journal.act(id, 3)),
        (InDoubt, lambda: journal.conclude(id, Unknown(3))),
    ):
        if backed_up is InDoubt or stage is not InDoubt:
            await step()
        await _told(office, journal, id)
        backup = office.back_up() if stage is backed_up else backup
    if backed_up is InDoubt:
        await journal.settle(id, PinVerifies())
    else:
        await journal.conclude(id, end)
    await _told(office, journal, id)
    return await office.restore(journal, backup), id


async def _centre_is_asked(office: Office, journal: Journal) -> None:
    for id in await journal.to_ask_about("", 10):
        if id in office.centre.record:
            await journal.settle(id, CentreSays(office.centre.record[id]))


@pytest.mark.parametrize(("end", "state"), [(DONE, Done), (NOT_DONE, Void)])
@pytest.mark.parametrize("backed_up", [Drafted, Authorised, Acting])
async def test_the_centre_knows_what_a_lost_file_had_told_it(
    office: Office, backed_up: type, end: Conclusion, state: type
) -> None:
    journal, id = await _lost_with_its_file(office, backed_up, end)
    told = await _told(office, journal, id)
    await _centre_is_asked(office, journal)
    assert isinstance((await journal.view(id)).state, state)
    assert await _told(office, journal, id) == told, "the centre is not told its own word"
    assert (await journal.counts()).rejected == 0
    assert reading.verify(office.path, head_file=office.head_file, verdicts=office.identity.verdicts).findings == ()


async def test_a_doubt_that_the_lost_file_had_settled_is_settled_again(office: Office) -> None:
    journal, id = await _lost_with_its_file(office, InDoubt, DONE)
    assert (await journal.view(id)).state == InDoubt(Why.CARD_GONE, 3)
    await _centre_is_asked(office, journal)
    assert isinstance((await journal.view(id)).state, Done)


async def test_a_restored_intent_whose_void_is_poisonous_is_ended_by_the_record(office: Office) -> None:
    journal, id = await _lost_with_its_file(office, Drafted, DONE)
    assert await journal.to_ask_about("", 10) == (), "the void's answer ends it"
    await journal.take(5)
    await journal.answer((id,), (problem(422, "unreadable"),))
    assert await journal.to_ask_about("", 10) == (id,)
    await _centre_is_asked(office, journal)
    assert isinstance((await journal.view(id)).state, Done)


async def test_what_a_lost_file_had_voided_is_void(office: Office) -> None:
    """The centre answers the new void with its verdict on the lost one."""
    journal = await office.open()
    view = await journal.submit(chip_draft(Kind.RELOAD_PIN, 1))
    backup = office.back_up()
    await journal.void(view.id)
    await _told(office, journal, view.id)
    journal = await office.restore(journal, backup)
    (void,) = await journal.take(5)
    await journal.answer((view.id,), (ItemAnswer(office.centre.record[view.id]),))
    assert void.domain is Domain.VOID
    assert isinstance((await journal.view(view.id)).state, Void)
    counts = await journal.counts()
    assert (counts.queue_depth, counts.rejected) == (0, 0)


async def test_the_verdict_on_a_lost_outcome_answers_the_new_one_too(office: Office) -> None:
    journal, id = await _lost_with_its_file(office, Acting, DONE)
    (unknown,) = await journal.take(5)
    assert unknown.domain is Domain.OUTCOME
    await journal.answer((id,), (ItemAnswer(office.centre.record[id]),))
    assert (await journal.counts()).queue_depth == 0
    assert (await journal.view(id)).state == InDoubt(Why.RESTORED, 3)


# --- a later reset ------------------------------------------------------------------------------------


async def test_a_later_reset_of_the_same_card_makes_the_doubt_moot(office: Office) -> None:
    journal = await office.open()
    doubts = [
        await _in_doubt(office, journal, Kind.UNBLOCK_PIN),
        await _in_doubt(office, journal, Kind.RELOAD_PIN),
    ]
    before = journal.head.record_seq
    reset = await _done(office, journal)
    for id in doubts:
        assert (await journal.view(id)).state == Moot(reset)
        assert await _told(office, journal, id) == [ChipResult.UNKNOWN, ChipResult.MOOT]
    assert await journal.open_doubt(card(1)) is None
    assert journal.head.record_seq > before
    assert (await journal.counts()).doubts == 0


async def test_neither_an_unblock_nor_another_card_nor_a_failed_reset_makes_it_moot(office: Office) -> None:
    journal = await office.open()
    id = await _in_doubt(office, journal)
    unblocked = await _done(office, journal, Kind.UNBLOCK_PIN)
    other_card = await _done(office, journal, Kind.RELOAD_PIN, which=2)
    failed = await _authorised(office, journal)
    await journal.conclude(failed, DidNotHappen(None, Untouched.LINE))
    for other in (unblocked, other_card, failed, id):
        await _stays(office, journal, await journal.settle(id, LaterReset(other)))


async def test_a_reset_does_not_make_a_later_doubt_moot(office: Office) -> None:
    journal = await office.open()
    first = await _in_doubt(office, journal)
    second = await _in_doubt(office, journal, Kind.UNBLOCK_PIN)
    with_a_later_one = await journal.settle(first, PinVerifies())
    assert isinstance(with_a_later_one.state, InDoubt)
    view = await journal.settle(first, await _centre_says(office, journal, first, VerdictOutcome.DONE))
    assert isinstance(view.state, Done)
    await _stays(office, journal, await journal.view(second))


async def test_a_doubtful_reset_that_turns_out_done_makes_older_doubts_moot(office: Office) -> None:
    journal = await office.open()
    older = await _in_doubt(office, journal, Kind.UNBLOCK_PIN)
    reset = await _in_doubt(office, journal)
    await journal.settle(reset, PinVerifies())
    assert (await journal.view(older)).state == Moot(reset)


async def test_a_doubt_that_only_the_void_can_end_waits_for_it(office: Office) -> None:
    """No command went out, so the chip has nothing to say about it, and the centre was told of no `unknown`."""
    journal = await office.open()
    view = await journal.submit(chip_draft(Kind.RELOAD_PIN, 1))
    await journal.void(view.id)
    assert await journal.open_doubt(card(1)) is None
    for evidence in (PinVerifies(), CounterRestored(6), LaterReset(view.id)):
        with pytest.raises(IllegalMove):
            await journal.settle(view.id, evidence)
    await _done(office, journal)
    assert isinstance((await journal.view(view.id)).state, Void)
    assert office.centre.wrong_outcomes == []


# --- after thirty days ----------------------------------------------------------------------------------


async def test_a_named_operator_gives_up_after_thirty_days(office: Office) -> None:
    journal = await office.open()
    id = await _in_doubt(office, journal)
    office.hand.seconds += GIVE_UP_AFTER.total_seconds()
    view = await journal.settle(id, GivenUp("测试员"))
    await _ends(office, journal, view, Unresolvable("测试员"), ChipResult.UNRESOLVABLE)


async def test_nobody_gives_up_before(office: Office) -> None:
    journal = await office.open()
    id = await _in_doubt(office, journal)
    office.hand.seconds += (GIVE_UP_AFTER - dt.timedelta(seconds=1)).total_seconds()
    with pytest.raises(TooEarly, match="2026-02-04"):
        await journal.settle(id, GivenUp("测试员"))
    await _stays(office, journal, await journal.view(id))


# --- whose card ------------------------------------------------------------------------------------------


async def test_a_doubt_is_about_one_card(office: Office) -> None:
    journal = await office.open()
    id = await _in_doubt(office, journal, which=1)
    found = await journal.open_doubt(card(1))
    assert found is not None
    assert found.id == id
    assert await journal.open_doubt(card(2)) is None


async def test_the_newest_doubt_about_a_card_is_asked_about(office: Office) -> None:
    journal = await office.open()
    await _in_doubt(office, journal, Kind.UNBLOCK_PIN)
    second = await _in_doubt(office, journal)
    found = await journal.open_doubt(card(1))
    assert found is not None
    assert found.id == second


# --- the breaker -------------------------------------------------------------------------------------------


async def test_a_refused_unblock_key_switches_it_off_until_somebody_answers_for_it(office: Office) -> None:
    journal = await office.open()
    id = await _authorised(office, journal)
    await journal.puk(id)
    assert not journal.puk_off
    await journal.conclude(id, DidNotHappen("63C2", Untouched.PUK_REFUSED))
    assert journal.puk_off
    journal = await _restart(office, journal)
    assert journal.puk_off
    other = await _authorised(office, journal, which=2)
    with pytest.raises(IllegalMove):
        await journal.puk(other)
    await journal.puk_cleared("测试员")
    assert not journal.puk_off
    journal = await _restart(office, journal)
    assert not journal.puk_off
    assert reading.verify(office.path, head_file=office.head_file).findings == ()


async def test_a_refused_mac_switches_it_off_in_the_same_commit(office: Office) -> None:
    journal = await office.open()
    id = await _authorised(office, journal)
    await journal.puk(id)
    await journal.act(id, 6)
    await journal.conclude(id, DidNotHappen("6988", Untouched.MAC_REFUSED))
    journal = await _restart(office, journal)
    assert journal.puk_off


async def test_switching_off_twice_is_one_record_and_one_report(office: Office) -> None:
    journal = await office.open()
    id = await _authorised(office, journal)
    await journal.puk(id)
    await journal.puk_breaker_off(id)
    before = journal.head
    await journal.puk_breaker_off(id)
    assert journal.head == before
    await journal.conclude(id, DidNotHappen("63C2", Untouched.PUK_REFUSED))
    await journal.puk_cleared("测试员")
    await journal.puk_cleared("测试员")
    await _told(office, journal, id)
    events = [said.get("event") for said in map(item_of, office.centre.arrived) if said.get("kind") == "audit"]
    assert events == ["puk_off", "puk_cleared"]


@pytest.mark.parametrize("statement", ["DELETE FROM breaker", "INSERT INTO breaker VALUES (0, 1)"])
async def test_nobody_switches_it_on_with_an_editor(office: Office, statement: str) -> None:
    journal = await office.open()
    id = await _authorised(office, journal)
    await journal.puk_breaker_off(id)
    with sqlite3.connect(office.path) as file:
        try:
            file.execute(statement)
            file.commit()
        except sqlite3.IntegrityError:
            return
    assert "breaker" in str(reading.verify(office.path).findings[0].__struct_config__.tag)
