"""临时挂失 (also called 口头挂失): the card is lost and must stop working now.  Operation 01.

Online it takes effect while the person waits; offline it is registered and goes out before everything else.
The bank's side is another loss report, which only the bank can take: every page here says so.
"""

from __future__ import annotations

import datetime as dt

import msgspec

from kiosk.contract import CardFacts, Kind, Verdict, VerdictOutcome
from kiosk.desk import Desk, current
from kiosk.endings import Broken, Reason
from kiosk.identification import id_card
from kiosk.journal import View
from kiosk.journal.transaction import Done, Registered
from kiosk.journal.transaction import Refused as RefusedByCentre
from kiosk.line import NoAnswer, Unwelcome
from kiosk.policy.eligibility import FORMAL_LOSS, tile
from kiosk.prompts import Confirm, Paper, Result, Step, Tone
from kiosk.services.at_the_centre import bank_side
from kiosk.slips import receipts
from kiosk.slips.receipts import LossWord
from kiosk.terms import CardStatus, Person
from kiosk.words import Message, msg, said, stated

_REFUSED_BY_STATUS = {
    CardStatus.SEALED: Reason.SEALED,
    CardStatus.FORMALLY_LOST: Reason.FORMALLY_LOST,
    CardStatus.APPLICATION_LOCKED: Reason.APPLICATION_LOCKED,
    CardStatus.TEMPORARILY_LOST: Reason.ALREADY_LOST,
    CardStatus.CANCELLED: Reason.CANCELLED,
    CardStatus.UNKNOWN: Reason.STATUS_UNKNOWN,
}


async def report_loss(desk: Desk) -> None:
    person = await id_card(desk, Step(1, 3))
    card = await _current_card(desk)
    if card is None:
        await desk.require_trusted_clock()
    elif card.status is not CardStatus.NORMAL:
        stopped = _stopped(desk.loss_holds_until(card))
        await desk.refuse(
            _REFUSED_BY_STATUS[card.status], bank=bank_side(desk, card, "loss.bank_side"), stopped=stopped
        )
    await desk.confirm(_notice(desk, person, card))
    # No card: the centre takes the holder's current one.
    personal = msgspec.structs.replace(desk.who(), card_number=None, card_identifier=None)
    unknown = Broken(Reason.LOSS_UNKNOWN, {"bank": bank_side(desk, card, "loss.bank_side")})
    view = await desk.transact(Kind.TEMPORARY_LOSS, personal, Step(3, 3), msg("loss.working"), unknown=unknown)
    await _tell(desk, person, card, view)


async def _current_card(desk: Desk) -> CardFacts | None:
    """None: the centre cannot be asked, and the loss is taken all the same."""
    cards = await desk.cards()
    if isinstance(cards, NoAnswer):
        return None
    card = current(cards)
    if card is None:
        await desk.refuse(Reason.NO_CARD_ON_RECORD)
    return card


def _notice(desk: Desk, person: Person, card: CardFacts | None) -> Confirm:
    if card is None:
        subject: tuple[Message, ...] = (
            msg("loss.subject.unchecked", name=person.holder.masked_name),
            msg("loss.now.unknown"),
            msg("loss.urgent", hotline=desk.terminal.policy.hotline),
        )
    else:
        subject = (
            msg("loss.subject", name=person.holder.masked_name, last4=card.card_last4),
            msg("loss.now.normal"),
            msg("loss.questions", hotline=desk.terminal.policy.hotline),
        )
    word = "report" if card else "register"
    return Confirm(
        step=Step(2, 3),
        title=msg(f"loss.{word}.confirm"),
        subject=subject,
        after=msg(f"loss.{word}.after"),
        at_once=card is not None,
        not_covered=bank_side(desk, card, "loss.not_covered"),
        undo=msg("loss.undo"),
        act=msg(f"loss.{word}.act"),
        decline=msg("loss.decline"),
    )


async def _tell(desk: Desk, person: Person, card: CardFacts | None, view: View) -> None:
    """Exactly what is known: "not reported" is said only on the centre's signed word."""
    if isinstance(view.state, RefusedByCentre):
        await desk.refuse(Reason.CENTRE_REFUSED, said=said(view.state.verdict.reason))
    word = _word(desk, view)
    policy = desk.terminal.policy
    until = await _lapses(desk) if word in _IN_EFFECT else None
    sentence = msg(f"loss.{word}.sentence", hotline=policy.hotline, channels=stated(policy.loss_channels(card)))
    told = receipts.Loss(view, word, person.holder, card, desk.bank_of(card), until)
    await desk.hand_over(
        view,
        Result(
            tone=Tone.GOOD if word in _IN_EFFECT else Tone.WAITING,
            title=msg(f"loss.{word}.title"),
            sentence=msg("loss.until", until=until) if until else sentence,
            warning=bank_side(desk, card, "loss.warning"),
            reference=view.reference,
            hotline=policy.hotline,
            slip=receipts.loss(desk.stationery, told),
            paper=Paper.PRINTING,
            next=(tile(FORMAL_LOSS),) if word in _IN_EFFECT and desk.offers(FORMAL_LOSS) else (),
        ),
    )


async def _lapses(desk: Desk) -> dt.datetime | None:
    """A verdict does not tell until when the loss holds; the card's record may."""
    card = current(await desk.cards_afterwards())
    return None if card is None else desk.loss_holds_until(card)


def _stopped(until: dt.datetime | None) -> Message:
    return msg("loss.stopped") if until is None else msg("loss.stopped_until", until=until)


_IN_EFFECT = {LossWord.DONE, LossWord.ALREADY}


def _word(desk: Desk, view: View) -> LossWord:
    match view.state:
        case Done(verdict=Verdict(outcome=VerdictOutcome.ALREADY)):
            return LossWord.ALREADY
        case Done():
            return LossWord.DONE
        case Registered(handed=True):
            return LossWord.UNCONFIRMED
        case Registered(handed=False) if isinstance(desk.terminal.line.news.state, Unwelcome):
            return LossWord.HELD
        case Registered(handed=False):
            return LossWord.REGISTERED
        case _:
            # Quarantined, or a verdict that no loss should get: nobody here knows whether it counts.
            return LossWord.IN_DOUBT
