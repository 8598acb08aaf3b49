"""工作人员协助办理: a clerk signs in and vouches, for the holder or for the papers of whoever came instead.

Both people and what was seen are on record before anything is done.  Then the visit goes on with a service that the
policy opens so; the clerk is signed out with its end, whatever that is.
"""

from __future__ import annotations

from typing import Any

from kiosk.contract import PAPERS, Kind, PaperSeen, Vouching, Whom
from kiosk.desk import Desk, current
from kiosk.endings import Broken, Next, Reason
from kiosk.identification import agree_to_notice, belongs_to_holder, read_id_card, require_age
from kiosk.journal import Draft, Event
from kiosk.line import NoAnswer
from kiosk.numbers import citizen_birth
from kiosk.policy.eligibility import opened_by_clerk, tile
from kiosk.prompts import Choose, Chosen, Confirm, Step, Tile, Topics
from kiosk.sign_in import sign_in
from kiosk.terms import Holder, VouchedPerson, age_on
from kiosk.typed_numbers import citizen_number
from kiosk.words import Message, msg

STEPS = 5
ALL_SEEN = "all_seen"


async def assisted(desk: Desk) -> None:
    await sign_in(desk, Step(1, STEPS))
    whom = await _whom(desk)
    vouching = Vouching(whom, await _papers(desk, whom))
    if not opened_by_clerk(vouching, desk.terminal.policy):
        await desk.refuse(Reason.PAPERS_MISSING)
    await _identify(desk, vouching)
    await _note(desk, "clerk_looked_up", vouching)
    await desk.confirm(_notice(desk, vouching, await _as_on_record(desk)))
    desk.vouched(vouching)
    await _note(desk, "clerk_vouched", vouching)
    await desk.leave(Next(await _service(desk, vouching)))


# --- for whom, and on what ------------------------------------------------------------------


async def _whom(desk: Desk) -> Whom:
    page = Choose(
        step=Step(2, STEPS),
        title=msg("clerk.whom.title"),
        body=msg("clerk.whom.body"),
        options=tuple(Tile(whom, msg(f"clerk.{whom}.title"), msg(f"clerk.{whom}.subtitle")) for whom in Whom),
    )
    return Whom((await _chosen(desk, page)).service)


async def _papers(desk: Desk, whom: Whom) -> tuple[PaperSeen, ...]:
    """For the holder one; for somebody else one after the other, until the clerk says that these are all."""
    seen: tuple[PaperSeen, ...] = ()
    while left := [paper for paper in PAPERS[whom] if paper not in seen]:
        tiles = tuple(Tile(paper, msg(f"paper.{paper}.title"), msg(f"paper.{paper}.subtitle")) for paper in left)
        if seen:
            tiles += (Tile(ALL_SEEN, msg("paper.all_seen.title"), msg("paper.all_seen.subtitle")),)
        page = Topics(step=Step(2, STEPS), title=msg("clerk.papers.more" if seen else "clerk.papers"), tiles=tiles)
        chosen = await _chosen(desk, page)
        if chosen.service == ALL_SEEN:
            break
        seen += (PaperSeen(chosen.service),)
        if whom is Whom.PRESENT:
            break
    return seen


async def _chosen(desk: Desk, page: Choose | Topics) -> Chosen:
    chosen = await desk.ask(page)
    assert isinstance(chosen, Chosen)  # noqa: S101 - the page has no other answer
    return chosen


# --- who -----------------------------------------------------------------------------------


async def _identify(desk: Desk, vouching: Vouching) -> None:
    """`desk.person`, and `desk.stand_in` for whoever came instead.  Guardians come for children and wards."""
    step = Step(3, STEPS)
    if vouching.whom is not Whom.PRESENT:
        card = await read_id_card(desk, step, msg(f"clerk.{vouching.whom}.id_card"))
        assert card is not None  # noqa: S101 - nothing else was offered
        await require_age(desk, card.birth)
        desk.stand_in = card.holder
    await _holder(desk, step, vouching)
    assert desk.person is not None  # noqa: S101 - set by the line before
    if desk.stand_in is not None and desk.stand_in.number == desk.person.holder.number:
        await desk.refuse(Reason.SAME_PERSON)
    if vouching.whom is not Whom.GUARDIAN:
        await require_age(desk, desk.person.birth)
    age = age_on(desk.person.birth, desk.terminal.clock.now().date())
    if not vouching.covers(age, desk.terminal.policy.id_card.minimum_age):
        await desk.refuse(Reason.NO_GUARDIAN)


async def _holder(desk: Desk, step: Step, vouching: Vouching) -> None:
    """From the ID card: always, if the clerk says to have it; else by the number, which stands on other papers too."""
    seen = PaperSeen.RESIDENT_ID in vouching.papers
    if seen or vouching.whom is not Whom.PRESENT:
        without = None if seen else msg("clerk.type_number")
        card = await read_id_card(desk, step, msg("clerk.holder.id_card"), without=without)
        if card is not None:
            belongs_to_holder(desk, card)
            return
    await agree_to_notice(desk, step, "clerk.notice")
    number = await citizen_number(desk, step)
    birth = citizen_birth(number)
    assert birth is not None  # noqa: S101 - a number without a birthday was not taken
    desk.person = VouchedPerson(Holder(number, ""), birth)


async def _as_on_record(desk: Desk) -> str:
    """The end of the holder's card number; who only has a number gets the name that the centre shows."""
    cards = await desk.cards()
    if isinstance(cards, NoAnswer):
        await desk.refuse(Reason.NO_LINE)
    card = current(cards)
    if card is None:
        await desk.refuse(Reason.NO_CARD_ON_RECORD)
    if isinstance(desk.person, VouchedPerson):
        desk.person = VouchedPerson(Holder(desk.person.holder.number, card.masked_name or ""), desk.person.birth)
    return card.card_last4


# --- the clerk's word ------------------------------------------------------------------------


def _notice(desk: Desk, vouching: Vouching, card_last4: str) -> Confirm:
    assert desk.person is not None  # noqa: S101 - identified
    holder, other = desk.person.holder, desk.stand_in
    subject = [msg("clerk.vouch.holder", name=holder.masked_name, last4=holder.last4, card=card_last4)]
    if other is not None:
        subject.append(msg(f"clerk.vouch.{vouching.whom}", name=other.masked_name, last4=other.last4))
    return Confirm(
        step=Step(4, STEPS),
        title=msg("clerk.vouch.title"),
        subject=(*subject, _seen(vouching)),
        after=msg("clerk.vouch.after"),
        not_covered=msg("clerk.vouch.not_covered"),
        undo=msg("clerk.vouch.undo"),
        act=msg("clerk.vouch.act"),
        decline=msg("clerk.vouch.decline"),
    )


def _seen(vouching: Vouching) -> Message:
    names: dict[str, Any] = {f"paper{n}": msg(f"paper.{one}.title") for n, one in enumerate(vouching.papers, 1)}
    return msg(f"clerk.vouch.papers_{len(names)}", **names)


async def _note(desk: Desk, event: str, vouching: Vouching) -> None:
    """On record before anything is shown of the holder, or done; both identities are sealed to the office with it."""
    assert desk.person is not None  # noqa: S101 - identified
    draft = Draft(
        kind=Kind.AUDIT,
        visit=desk.visit,
        holder=desk.person.holder,
        stand_in=desk.stand_in,
        personal=desk.who(),
        evidence=desk.evidence(),
        consent=desk.consent,
        matter=Event(event, {"whom": vouching.whom, "papers": ",".join(vouching.papers)}),
    )
    await desk.on_record(lambda: desk.terminal.journal.submit(draft), failed=Broken(Reason.NOT_RECORDED))


async def _service(desk: Desk, vouching: Vouching) -> str:
    services = [one for one in opened_by_clerk(vouching, desk.terminal.policy) if desk.offers(one)]
    if not services:
        await desk.refuse(Reason.NOT_NOW)
    page = Topics(step=Step(5, STEPS), title=msg("clerk.service.title"), tiles=tuple(map(tile, services)))
    return (await _chosen(desk, page)).service
