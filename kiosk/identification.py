"""Who stands there: the privacy notice and the ID card, once a visit."""

from __future__ import annotations

import datetime as dt

from kiosk.contract import Consent, IdCardEvidence
from kiosk.desk import Desk
from kiosk.devices import IdLiftedEarly, IdReaderFailed, OldIdCardLies
from kiosk.endings import Reason
from kiosk.patience import READING_S
from kiosk.prompts import LayIdCard, PrivacyNotice, Row, Step, Without
from kiosk.terms import OtherDocument, Person, ResidentIdCard, age_on
from kiosk.words import Message, msg


async def id_card(desk: Desk, step: Step) -> Person:
    """The person's ID card, read once a visit, after the privacy notice; or whom a clerk vouches for."""
    card = await id_card_if_any(desk, step, without=None)
    assert card is not None  # noqa: S101 - nothing else was offered
    return card


async def id_card_if_any(desk: Desk, step: Step, *, without: Message | None) -> Person | None:
    """The same, where `without` offers to go on without one: then None."""
    if desk.person is not None:
        return desk.person
    if without is not None and not desk.terminal.hands.news.id_reader.usable:
        return None  # nobody is asked to lay a card on a reader that cannot read it
    card = await read_id_card(desk, step, msg("id_card.title"), without=without)
    if card is not None:
        await require_age(desk, card.birth)
        belongs_to_holder(desk, card)
    return card


async def read_id_card(
    desk: Desk, step: Step, title: Message, *, without: Message | None = None
) -> ResidentIdCard | None:
    """Anybody's that is valid today, after the privacy notice.  None only where `without` offers to go on without."""
    await agree_to_notice(desk, step)
    lay_there, trouble = desk.id_card_shown, None
    for _ in range(desk.terminal.policy.limits.readings):
        page = LayIdCard(
            step=step,
            title=title,
            body=msg("id_card.body"),
            trouble=trouble,
            without=without,
            seconds=READING_S,
        )
        desk.id_card_shown = True  # from here on one may lie there
        reading = await desk.ask_while(page, desk.terminal.hands.read_id_card, READING_S)
        match reading:
            case ResidentIdCard():
                await _require_valid(desk, reading)
                return reading
            case Without():
                desk.id_card_shown = lay_there
                return None
        desk.log.info("id_card_trouble", kind=type(reading).__name__)
        trouble = await _explain(desk, reading)
    await desk.refuse(Reason.ID_UNREADABLE)


async def _explain(desk: Desk, reading: object) -> Message:
    """What the person can do about it at the reader; what they cannot ends the service."""
    match reading:
        case OtherDocument():
            await desk.refuse(Reason.OTHER_DOCUMENT)
        case IdReaderFailed(advice=advice):
            desk.log.error("id_reader_failed", advice=advice)
            await desk.refuse(Reason.ID_READER_FAILED)
        case OldIdCardLies():
            return msg("id_card.old_lies")
        case IdLiftedEarly():
            return msg("id_card.lifted_early")
        case _:
            return msg("id_card.unreadable")


async def agree_to_notice(desk: Desk, step: Step, taken: str = "notice") -> None:
    """Once a visit.  `taken`: the messages' prefix of what is asked for, by default an ID card to be read."""
    if desk.consent is not None:
        return
    page = PrivacyNotice(
        step=step,
        title=msg(f"{taken}.title"),
        rows=(
            Row(msg("notice.what"), msg(f"{taken}.what.answer")),
            *(Row(msg(f"notice.{row}"), msg(f"notice.{row}.answer")) for row in ("why", "how_long")),
        ),
    )
    await desk.confirm(page)
    desk.consent = Consent(desk.terminal.policy.notice_version, desk.terminal.clock.now())


async def _require_valid(desk: Desk, card: ResidentIdCard) -> None:
    if not desk.terminal.clock.trusted:
        await desk.refuse(Reason.CLOCK_NOT_TRUSTED)  # age and validity cannot be judged
    if card.expired_on(desk.terminal.clock.now().date()):
        await desk.refuse(Reason.ID_EXPIRED)


async def require_age(desk: Desk, birth: dt.date) -> None:
    """Old enough to act for themselves; younger people come with a guardian."""
    if age_on(birth, desk.terminal.clock.now().date()) < desk.terminal.policy.id_card.minimum_age:
        await desk.refuse(Reason.UNDER_AGE)


def belongs_to_holder(desk: Desk, card: ResidentIdCard) -> None:
    """It is the one that everything in this visit is about."""
    desk.log.info("id_card_read")
    desk.person = card
    desk.id_read = IdCardEvidence(sam_id=None, read_at=desk.terminal.clock.now())
