"""Who goes first, who waits for whom, and what comes back."""

from __future__ import annotations

import msgspec
import pytest
import trio
import trio.testing
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.clock import TrustedClock
from kiosk.contract import Domain, ItemAnswer, Kind, Sealed, VerdictOutcome
from kiosk.journal import Draft, InlineRunner, Journal, Note, Report
from kiosk.journal.outbox import REST_S
from kiosk.journal.transaction import LEGAL, Done, Drafted, InDoubt, Pending, Quarantined, Refused, Registered, Stage
from kiosk.journal.transaction import Sent as SentDelivery
from kiosk.seal import SigningKey, open_personal
from tests.journal.centre import acknowledged, item_of, problem
from tests.journal.office import START, TERMINAL, Office, loss, person, queued


async def test_only_the_centre_can_open_what_is_sealed(office: Office) -> None:
    journal, who = await office.open(), person(1)
    view = await journal.submit(loss(who))
    (item,) = await journal.take(1)
    said = item_of(item)
    sealed = msgspec.convert(said["sealed"], Sealed)
    personal = open_personal(office.centre.opening, sealed, TERMINAL, view.id)
    assert (personal.holder_number, personal.name) == (who.number, who.name)
    assert (said["kind"], said["terminal"], said["seq"]) == ("temporary_loss", TERMINAL, 0)
    assert view.chain_code == f"{said['head'][:4]}·{said['head'][4:8]}"


async def test_a_loss_goes_first_after_the_older_items_of_its_holder(office: Office) -> None:
    journal = await office.open()
    names = {}
    for name, who, kind in (
        ("pin of 2", 2, Kind.PIN_CHANGED),
        ("pin of 1", 1, Kind.PIN_CHANGED),
        ("release of 3", 3, Kind.RELEASE),
        ("loss of 1", 1, Kind.TEMPORARY_LOSS),
        ("later pin of 1", 1, Kind.PIN_CHANGED),
    ):
        names[(await queued(journal, loss(person(who), kind))).id] = name
    order = [names[item.id] for item in await journal.take(10)]
    assert order == ["pin of 1", "loss of 1", "release of 3", "pin of 2", "later pin of 1"]


@settings(max_examples=25)
@given(
    drafts=st.lists(
        st.tuples(st.integers(0, 3), st.sampled_from([Kind.TEMPORARY_LOSS, Kind.RELEASE, Kind.PIN_CHANGED])),
        min_size=1,
        max_size=12,
    ),
    limit=st.integers(1, 5),
)
def test_order_is_kept_per_holder_whatever_the_batches(tmp_path_factory, drafts, limit) -> None:
    async def story() -> None:
        office = Office(tmp_path_factory.mktemp("order"))
        journal = await office.open()
        for who, kind in drafts:
            await queued(journal, loss(person(who), kind))
        while (await journal.counts()).queue_depth:
            await office.deliver(journal, limit)
        sent = [item_of(item) for item in office.centre.arrived]
        for holder in {item["holder_ref"] for item in sent}:
            seqs = [item["seq"] for item in sent if item["holder_ref"] == holder]
            assert seqs == sorted(seqs)
        assert sorted(item["seq"] for item in sent) == list(range(len(drafts)))
        await journal.close()

    trio.run(story)


async def test_a_poisonous_item_holds_up_nobody_and_its_number_is_filled(office: Office) -> None:
    journal = await office.open()
    bad, good = await journal.submit(loss(person(1))), await journal.submit(loss(person(1)))
    first, second = await journal.take(2)
    await journal.answer((first.id, second.id), (problem(422, "unreadable"), office.centre.receive(second)))
    told = await journal.settled(bad.id)
    assert isinstance(told.state, InDoubt)
    assert isinstance(told.delivery, Quarantined)
    assert told.delivery.problem.code == "unreadable"
    assert isinstance((await journal.view(good.id)).state, Done)
    assert (await journal.counts()).quarantined == 1
    (filling,) = await journal.take(10)
    assert (item_of(filling)["kind"], item_of(filling)["fills_seq"]) == ("audit", 0)
    await journal.answer((filling.id,), (problem(400, "bad"),))
    counts = await journal.counts()
    assert (counts.quarantined, counts.queue_depth) == (2, 0)


async def test_a_report_reaches_the_office_and_a_note_stays(office: Office) -> None:
    journal = await office.open()
    await journal.note(Note(event="drawer_opened"))
    await journal.note(Report(event="paper_replaced", details={"rolls": 1}))
    (item,) = await journal.take(10)
    assert (item_of(item)["event"], item_of(item)["details"]) == ("paper_replaced", {"rolls": 1})
    assert (await journal.view(item.id)).state == Registered(handed=False)


# --- answers that are not the centre's word ---------------------------------------------------


def _forgeries(office: Office, item):
    data = office.centre.terminal.verify(item.domain, item.signed)
    true = office.centre.verdict(item.id, data, VerdictOutcome.DONE)
    told = true.acknowledged
    stranger = SigningKey.generate()
    sign = office.centre.sign

    def changed(**fields):
        return sign(msgspec.structs.replace(true, **fields))

    def other(**fields):
        return changed(acknowledged=msgspec.structs.replace(told, **fields))

    return {
        "another key": stranger.sign(Domain.VERDICT, msgspec.json.encode(true)),
        "another domain": office.centre.signing.sign(Domain.ORDER, msgspec.json.encode(true)),
        "another terminal": changed(terminal="NN-0002"),
        "another transaction": changed(id="00000000-0000-7000-8000-000000000000"),
        "another journal": other(journal_id="00000000-0000-4000-8000-000000000000"),
        "another number": other(seq=told.seq + 1),
        "other bytes": other(item_sha256="0" * 64),
        "another record": other(record_seq=told.record_seq + 1),
        "another head": other(head="0" * 64),
        "no verdict": office.centre.signing.sign(Domain.VERDICT, b"{}"),
    }


@pytest.mark.parametrize("which", range(10))
async def test_a_forged_verdict_moves_nothing(office: Office, which: int) -> None:
    journal = await office.open()
    view = await journal.submit(loss(person(1)))
    (item,) = await journal.take(1)
    forged = list(_forgeries(office, item).values())[which]
    await journal.answer((item.id,), (ItemAnswer(verdict=forged),))
    told = await journal.view(view.id)
    assert (told.state, told.delivery) == (Drafted(), SentDelivery())
    assert (await journal.counts()).rejected == 1
    await journal.answer((item.id,), (office.centre.receive(item),))
    assert isinstance((await journal.view(view.id)).state, Done)


async def test_after_a_useless_answer_the_same_items_rest_and_others_go_on(
    office: Office, autojump_clock: trio.testing.MockClock
) -> None:
    class TrioClock:
        def now(self):
            return START

        def monotonic(self) -> float:
            return trio.current_time()

    journal = await Journal.open(office.path, office.identity, TrustedClock(TrioClock()), InlineRunner())
    view = await journal.submit(loss(person(1)))
    (item,) = await journal.take(5)
    await journal.answer((item.id,), (problem(503, "later"),))
    other = await journal.submit(loss(person(2)))
    await journal.submit(loss(person(1)))
    assert [item.id for item in await journal.take(5)] == [other.id]
    began = trio.current_time()
    again = await journal.take(5)
    assert trio.current_time() - began == pytest.approx(REST_S)
    assert view.id in {item.id for item in again}


async def test_a_late_verdict_after_done_changes_nothing(office: Office) -> None:
    journal = await office.open()
    view = await journal.submit(loss(person(1)))
    (item,) = await journal.take(1)
    answer = office.centre.receive(item)
    await journal.answer((item.id, item.id), (answer, answer))
    head = journal.head
    await journal.answer((item.id,), (answer,))
    assert journal.head == head
    assert isinstance((await journal.view(view.id)).state, Done)


async def test_a_registered_loss_may_still_be_refused(office: Office) -> None:
    journal = await office.open()
    view = await journal.submit(loss(person(1)))
    await journal.register(view.id)
    office.centre.outcome = VerdictOutcome.REFUSED
    await office.deliver(journal)
    assert isinstance((await journal.view(view.id)).state, Refused)


async def test_the_stored_verdict_is_an_answer_to_a_void_too(office: Office) -> None:
    """The centre may repeat its verdict as it was signed: on the transaction's own number."""
    journal = await office.open()
    view = await journal.submit(loss(person(1), Kind.FORMAL_LOSS))
    (item,) = await journal.take(1)
    stored = office.centre.receive(item)
    await journal.void(view.id)
    for _ in range(2):
        for void in await journal.take(1):
            await journal.answer((void.id,), (stored,))
        if not (await journal.counts()).queue_depth:
            break
    assert isinstance((await journal.view(view.id)).state, Done)
    assert (await journal.counts()).queue_depth == 0


async def test_counts_tell_what_waits_and_for_how_long(office: Office) -> None:
    journal = await office.open()
    await journal.submit(loss(person(1)))
    office.hand.seconds += 90
    await journal.submit(loss(person(2)))
    await journal.take(1)
    counts = await journal.counts()
    assert (counts.queue_depth, counts.unsent, counts.oldest_age_s) == (2, 1, 90)


async def test_every_item_names_the_record_before_it(office: Office) -> None:
    journal = await office.open()
    before = journal.head
    view = await journal.submit(loss(person(1)))
    (item,) = await journal.take(1)
    data = office.centre.terminal.verify(item.domain, item.signed)
    told = acknowledged(data)
    assert told.record_seq == before.record_seq + 1
    assert view.delivery == Pending()


# --- the table of moves -----------------------------------------------------------------------


def test_the_table_of_moves_has_no_way_back_and_no_way_out_of_the_end() -> None:
    ends = set(Stage) - set(LEGAL)
    assert ends == {
        Stage.CANCELLED,
        Stage.DONE,
        Stage.NOT_DONE,
        Stage.REFUSED,
        Stage.VOID,
        Stage.MOOT,
        Stage.UNRESOLVABLE,
    }
    assert all(Stage.DRAFTED not in targets for targets in LEGAL.values())
    for stage in Stage:
        assert stage is Stage.DRAFTED or any(stage in targets for targets in LEGAL.values())


def test_a_draft_shows_nothing_of_the_person() -> None:
    draft: Draft = loss(person(1))
    assert person(1).number not in repr(draft)
