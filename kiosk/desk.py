"""The desk: what a service may ask for in one citizen's visit.

A service is cancelled when the person leaves, goes back or is refused; the desk keeps the reason.  Everything it
learns of the person lives here and goes with it.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import uuid
from collections.abc import Awaitable, Callable
from typing import Any, NoReturn, TypeVar

import msgspec
import structlog
import trio

from kiosk import handing_over
from kiosk.chip import (
    Chip,
)
from kiosk.clock import TrustedClock
from kiosk.contract import (
    VERDICT_WAIT_S,
    CardFacts,
    CardsAnswer,
    CardsQuery,
    Consent,
    Evidence,
    IdCardEvidence,
    Kind,
    Personal,
    Problem,
    Proof,
    ProofKind,
    SscEvidence,
    Text,
    Verdict,
    Vouching,
)
from kiosk.devices import (
    NoCard,
    Printed,
    Printing,
    SlotState,
)
from kiosk.endings import (
    TO_THE_WINDOW,
    Broken,
    CardTaken,
    Ending,
    Finished,
    Next,
    Reason,
    Refused,
    WentAway,
    WentBack,
)
from kiosk.guide.refusals import topic_of
from kiosk.guide.values import values as guide_values
from kiosk.hands import Hands, Line
from kiosk.journal import Draft, Journal, JournalFailed, JournalFull, Report, View
from kiosk.journal.drafts import Matter, Plain
from kiosk.journal.transaction import InDoubt, Registered, State, may_wait
from kiosk.journal.transaction import Refused as RefusedByCentre
from kiosk.line import NoAnswer, Online
from kiosk.patience import NobodyThere, Patience
from kiosk.policy import Bank, Policy
from kiosk.policy.eligibility import Readiness, closed, open_here, opened_by_clerk
from kiosk.policy.evidence import require as require_evidence
from kiosk.prompts import (
    Agreed,
    Answer,
    Back,
    Chosen,
    Paper,
    Progress,
    Prompt,
    Refusal,
    Result,
    Screen,
    Step,
    Tone,
    Working,
)
from kiosk.room import RoomWatch
from kiosk.seal import SealKey, seal_personal
from kiosk.slips import receipts
from kiosk.slips.lines import Slip
from kiosk.slips.receipts import Stationery
from kiosk.terms import CardStatus, Clerk, DeviceAbsent, DeviceOut, Holder, Person, SocialSecurityCard
from kiosk.words import Message, msg, said

log = structlog.get_logger()

R = TypeVar("R")

KEPT_S = 1
"""After the line broke, sync still has to say whether anything had left."""
AFTERWARDS_S = 3
"""What is only good to know besides is not waited for longer."""


@dataclasses.dataclass(frozen=True)
class Terminal:
    """What every visit at this terminal shares."""

    name: str
    place: Text
    screen: Screen
    hands: Hands
    line: Line
    journal: Journal
    seal: SealKey
    """The centre's: for personal data."""
    pin_key: SealKey
    """The HSM's: for a new PIN."""
    clock: TrustedClock
    policy: Policy
    room: RoomWatch
    demo: bool
    """Slips say 演示, and virtual devices are accepted."""

    @property
    def readiness(self) -> Readiness:
        return Readiness(
            devices=self.hands.news,
            line=self.line.news.state,
            clock_trusted=self.clock.trusted,
            demo=self.demo,
            puk_off=self.journal.puk_off,
            room=self.room.now,
        )

    async def changed(self) -> None:
        """Return when devices, line or room have news."""
        async with trio.open_nursery() as nursery:

            async def first(news: Callable[[], Awaitable[None]]) -> None:
                await news()
                nursery.cancel_scope.cancel()

            nursery.start_soon(first, self.hands.changed)
            nursery.start_soon(first, self.line.changed)
            nursery.start_soon(first, self.room.changed)


class Desk:
    """One visit."""

    def __init__(self, terminal: Terminal) -> None:
        self.terminal = terminal
        self.visit = str(uuid.uuid4())
        self.ending: Ending = Finished()
        self.person: Person | None = None
        self.chip: Chip | None = None
        self.consent: Consent | None = None
        self.clerk: Clerk | None = None
        """Signed in, until the visit ends."""
        self.vouching: Vouching | None = None
        """What the clerk answers for."""
        self.stand_in: Holder | None = None
        """Who came for `person`."""
        self.proof = Proof()
        self.pin_verified = False
        """The chip itself said, in this service, that the PIN the person typed is its own."""
        self.initial_pin = False
        """A card was activated in this visit, and still has the PIN that all new cards have."""
        self.id_card_shown = False
        """Something lay on the ID reader: to be taken back, also when it was refused."""
        self.slip_printed = False
        self.stale_slot: SlotState = NoCard()
        """A card that was in the slot when the visit before this one ended: somebody else's."""
        self.doubt: View | None = None
        """What was in doubt about the card in the slot, as it stands now."""
        self.journal_failed = False
        """Found out while a result was on the screen."""
        self.id_read: IdCardEvidence | None = None
        self.card_guard = trio.CancelScope()
        """Watches the card that a service needs; cancelled once its removal changes nothing any more."""
        self._scope = trio.CancelScope()
        self._patience = Patience(terminal.screen)
        self.log = log.bind(visit=self.visit)

    async def run(self, service: Callable[[Desk], Awaitable[None]]) -> Ending:
        """Run one service to its end, whatever that is."""
        self.ending = Finished()
        # Of an earlier service of the visit, they prove nothing here; a clerk's word is about the person.
        self.proof, self.pin_verified = self._clerks_word(), False
        self._scope = trio.CancelScope()
        with self._scope:
            await service(self)
        if isinstance(self.ending, CardTaken):
            here = self.terminal.hands.news.card_reader.usable
            reason = Reason.CARD_TAKEN if here else Reason.CARD_READER_FAILED
            await self._patience.ask(self._refusal(reason))
        self.log.info("service_ended", service=service.__name__, ending=type(self.ending).__name__)
        return self.ending

    async def leave(self, ending: Ending) -> NoReturn:
        """End the service here and now."""
        self.ending = ending
        self._scope.cancel()
        await trio.sleep_forever()
        raise AssertionError("a cancelled scope does not wait")

    # --- the person ----------------------------------------------------------------

    async def ask(self, prompt: Prompt) -> Answer:
        """Show a page and wait.  返回 and going away end the service."""
        return await self._unless_leaving(await self._patience.ask(prompt))

    async def read(self, prompt: Prompt) -> Answer:
        """The same for a page on which 返回 does not end the service."""
        answer = await self._patience.ask(prompt)
        if isinstance(answer, NobodyThere):
            await self.leave(WentAway())
        return answer

    async def ask_while(self, prompt: Prompt, happening: Callable[[], Awaitable[R]], seconds: float) -> Answer | R:
        """The same, also ended by something that happens meanwhile."""
        return await self._unless_leaving(await self._patience.ask_while(prompt, happening, seconds))

    async def confirm(self, prompt: Prompt) -> None:
        """Go on only if the person agrees."""
        if not isinstance(await self.ask(prompt), Agreed):
            await self.leave(WentBack())

    def show_work(self, doing: Message, about_s: int, step: Step | None = None) -> None:
        self.terminal.screen.show(Working(step=step, doing=doing, about_s=about_s))

    async def close_with(self, prompt: Prompt) -> None:
        """The last page of a service."""
        await self._go_on(await self.ask(prompt))

    async def close_with_slip(self, page: Progress, slip: Slip) -> None:
        """The same with paper to take along; the page says what became of it."""
        answer = await self.read_with_slip(page, slip, lambda paper: msgspec.structs.replace(page, paper=paper))
        await self._unless_leaving(answer)

    async def _go_on(self, answer: Answer) -> None:
        if isinstance(answer, Chosen):
            await self.leave(Next(answer.service))

    async def refuse(self, reason: Reason, about: View | None = None, **values: Any) -> NoReturn:
        """Say what cannot be done here, why, and where it can; then end.  `about`: what a clerk can look up."""
        self.log.info("refused", reason=reason)
        self.card_guard.cancel()
        page = self._refusal(reason, **values)
        if reason in TO_THE_WINDOW and self.may_print:
            await self._send_to_the_window(reason, page, about)
        else:
            await self.ask(page)
        await self.leave(Refused(reason))

    async def _send_to_the_window(self, reason: Reason, page: Refusal, about: View | None) -> None:
        def told(printing: Printing) -> Refusal:
            return msgspec.structs.replace(page, slip_comes=isinstance(printing, Printed))

        lines = topic_of(reason).lines(guide_values(self.terminal.policy))
        bring = [text for text, point in lines if point]
        slip = receipts.to_the_window(self.stationery, reason, page, about, bring)
        await self._read_while_printing(msgspec.structs.replace(page, slip_comes=True), slip, told)

    async def say_why_broken(self, ending: Broken) -> None:
        """The journal failed; what that means for the person."""
        await self._patience.ask(self._refusal(ending.reason, **ending.values))

    def _refusal(self, reason: Reason, **values: Any) -> Refusal:
        hotline = self.terminal.policy.hotline
        values = {"hotline": hotline, **values}
        return Refusal(
            tone=_TONES.get(reason, Tone.BAD),
            title=msg(f"refusal.{reason}.title", **values),
            why=msg(f"refusal.{reason}.why", **values),
            where=msg(f"refusal.{reason}.where", **values),
            hotline=hotline,
        )

    async def _unless_leaving(self, answer: R | NobodyThere) -> R:
        if isinstance(answer, NobodyThere):
            await self.leave(WentAway())
        if isinstance(answer, Back):
            await self.leave(WentBack())
        return answer

    # --- the centre ------------------------------------------------------------------------

    async def cards(self) -> tuple[CardFacts, ...] | NoAnswer:
        """The centre's truth about the cards of whoever was read; a refusal ends the service."""
        if not isinstance(self.terminal.line.news.state, Online):
            return NoAnswer()
        self.show_work(msg("centre.asking"), about_s=3)
        answer = await self._ask_for_cards()
        if isinstance(answer, NoAnswer):
            return answer
        if isinstance(answer, Problem):
            await self.refuse_as_centre(answer)
        return tuple(answer.cards)

    async def cards_afterwards(self) -> tuple[CardFacts, ...]:
        """The same once something was done: nobody is refused for it any more, and an answer may be missing."""
        with trio.move_on_after(AFTERWARDS_S):
            answer = await self._ask_for_cards()
            if isinstance(answer, CardsAnswer):
                return tuple(answer.cards)
        return ()

    async def _ask_for_cards(self) -> CardsAnswer | Problem | NoAnswer:
        terminal = self.terminal
        sealed = seal_personal(terminal.seal, self.who(), terminal.name, self.visit)
        return await terminal.line.cards(CardsQuery(self.visit, sealed))

    async def refuse_as_centre(self, refused: Problem | Verdict, about: View | None = None) -> NoReturn:
        """The centre's own sentence, never an error code alone."""
        self.log.warning("centre_refused", code=refused.code)
        if (reason := _SAID_HERE.get(refused.code)) is not None:
            await self.refuse(reason, about)
        await self.refuse(Reason.CENTRE_REFUSED, about, said=said(refused.reason))

    async def require_trusted_clock(self) -> None:
        """A loss that waits for the line is worth nothing without the time it was reported at."""
        if not self.terminal.clock.trusted:
            await self.refuse(Reason.CLOCK_NOT_TRUSTED)

    # --- what changes something --------------------------------------------------------------

    async def transact(
        self,
        kind: Kind,
        personal: Personal,
        step: Step,
        doing: Message,
        *,
        unknown: Broken,
        matter: Matter | None = None,
    ) -> View:
        """From intent to outcome, in one stretch that nothing cancels.

        Without a verdict in time an item of a kind that may wait stays registered; any other is voided, and in doubt
        until the centre has answered that.  `unknown`: the disk failed at the intent, which may be on it all the same,
        and goes out at the next start then.
        """
        self.show_work(doing, about_s=3, step=step)
        require_evidence(kind, self.evidence())
        draft = Draft(
            kind=kind,
            visit=self.visit,
            holder=self.person.holder if self.person else None,
            card=self.chip.card if self.chip else None,
            stand_in=self.stand_in,
            personal=personal,
            evidence=self.evidence(),
            consent=self.consent,
            matter=matter or Plain(),
        )
        return await self.on_record(lambda: self._submit(draft), failed=unknown, full=Broken(Reason.NOT_RECORDED))

    async def report(self, event: str, **details: str | int | bool | None) -> None:
        """To the journal, and to the office; nothing personal."""
        note = Report(event=event, visit=self.visit, details=details)
        await self.on_record(lambda: self.terminal.journal.note(note), failed=Broken(Reason.NOT_RECORDED))

    async def on_record(self, act: Callable[[], Awaitable[R]], *, failed: Broken, full: Broken | None = None) -> R:
        """One stretch, from intent to outcome, that nothing cancels; a disk that fails ends the service.

        `full`: what can be said only of a disk without room, because it kept nothing.
        """
        await trio.lowlevel.checkpoint_if_cancelled()  # a service that was ended a moment ago begins nothing
        try:
            with trio.CancelScope(shield=True):
                return await act()
        except JournalFailed as error:
            self.log.error("journal_failed", why=str(error))
            ending = full if full and isinstance(error, JournalFull) else failed
        await self.leave(ending)

    async def _submit(self, draft: Draft) -> View:
        view = await self.terminal.journal.submit(draft)
        self.log.info("transaction_submitted", transaction=view.id, kind=view.kind)
        try:
            view = await self._verdict_on(view)
        except JournalFailed as error:
            # The intent is on the disk and may be at the centre, now or after the next start.
            self.log.error("journal_failed", transaction=view.id, why=str(error))
            self.journal_failed = True
            return view
        self.log.info("transaction_settled", transaction=view.id, stage=view.state.stage, **_details(view.state))
        return view

    async def _verdict_on(self, view: View) -> View:
        """What it has become; registered or voided when no verdict comes in time."""
        journal = self.terminal.journal
        settled: list[View] = []
        with trio.move_on_after(VERDICT_WAIT_S):
            async with trio.open_nursery() as nursery:
                nursery.start_soon(self._until_the_line_is_down, nursery.cancel_scope)
                settled.append(await journal.settled(view.id))
                nursery.cancel_scope.cancel()
            if settled:
                return settled[0]
        return await (journal.register(view.id) if may_wait(view.kind) else self._voided(view.id))

    async def _voided(self, id: str) -> View:
        """In doubt, unless the centre answers the void while the person still stands there."""
        journal = self.terminal.journal
        view = await journal.void(id)
        if isinstance(self.terminal.line.news.state, Online):
            with trio.move_on_after(AFTERWARDS_S):
                view = await journal.settled(id)
        return view

    async def _until_the_line_is_down(self, waiting: trio.CancelScope) -> None:
        """A verdict that cannot come is not waited for."""
        line = self.terminal.line
        while isinstance(line.news.state, Online):
            await line.changed()
        await trio.sleep(KEPT_S)
        waiting.cancel()

    async def hand_over(self, view: View, page: Result, *, form: Slip | None = None) -> None:
        """The last page of a service, with its slip; the page says what became of the paper.

        `form`: printed before the slip, and shown nowhere, for it may carry what no screen does.
        """
        slips = (form, page.slip) if form else (page.slip,)
        await self._go_on(await handing_over.hand_over(self, page, slips, view.id))

    async def read_with_slip(self, page: Prompt, slip: Slip, told: Callable[[Paper], Prompt]) -> Answer:
        """Show a page while a slip about nobody is printed."""
        return await self._read_while_printing(page, slip, lambda printing: told(handing_over.PAPER[type(printing)]))

    async def _read_while_printing(self, page: Prompt, slip: Slip, told: Callable[[Printing], Prompt]) -> Answer:
        """Such a slip is printed once: whoever wants another asks again where it is to be had."""
        sheets = (handing_over.Sheet(slip),)
        answer, _ = await handing_over.read_while_printing(self, page, sheets, None, lambda how, _ready: told(how))
        return answer

    @property
    def may_print(self) -> bool:
        """A printer that does not tell how it is may still print; a virtual one only in a demo."""
        news = self.terminal.hands.news
        return not isinstance(news.printer, DeviceAbsent | DeviceOut) and (self.terminal.demo or not news.virtual)

    @property
    def stationery(self) -> Stationery:
        terminal = self.terminal
        return Stationery(
            place=terminal.place,
            terminal=terminal.name,
            hotline=terminal.policy.hotline,
            hotline_hours=terminal.policy.hotline_hours,
            language=terminal.screen.language,
            large=terminal.screen.large,
            demo=terminal.demo,
            now=terminal.clock.now(),
            clerk=self.clerk.number if self.clerk else None,
            stand_in=self.stand_in.masked_name if self.stand_in else None,
        )

    def loss_holds_until(self, card: CardFacts) -> dt.datetime | None:
        """Only the centre knows whether a loss lapses."""
        if card.status is not CardStatus.TEMPORARILY_LOST or card.loss_expires is None:
            return None
        return self.terminal.clock.local(card.loss_expires)

    def bank_of(self, card: CardFacts | None) -> Bank | None:
        """Who has the card's financial account."""
        return self.terminal.policy.bank(card.bank_code if card else None)

    def offers(self, service: str) -> bool:
        """Whether the person can be sent to it here and now."""
        policy = self.terminal.policy
        if self.vouching is None:
            return open_here(service, self.terminal.readiness, policy)
        return service in opened_by_clerk(self.vouching, policy) and closed(service, self.terminal.readiness) is None

    def finishes(self, service: str) -> bool:
        """Whether a new card is ordered here; else the window gets a form."""
        policy = self.terminal.policy
        return policy.full(service) if self.vouching else policy.finished_alone(service)

    def evidence(self) -> Evidence:
        ssc = SscEvidence(self.chip.authenticated) if self.chip else None
        return Evidence(
            ssc=ssc,
            id_card=self.id_read,
            chip_pin_verified=self.pin_verified,
            proof=self.proof,
            clerk=self.clerk.name if self.clerk else None,
            vouching=self.vouching,
        )

    def _clerks_word(self) -> Proof:
        return Proof(ProofKind.CLERK, self.clerk.sign_in) if self.clerk and self.vouching else Proof()

    def vouched(self, vouching: Vouching) -> None:
        """From here on the clerk's word stands in for whatever else would prove who the person is."""
        self.vouching = vouching
        self.proof = self._clerks_word()

    def who(self) -> Personal:
        card: SocialSecurityCard | None = self.chip.card if self.chip else None
        return Personal(
            holder_number=self.person.holder.number if self.person else None,
            name=self.person.holder.name if self.person and self.id_read else None,
            card_number=card.number if card else None,
            card_identifier=card.identifier if card else None,
            stand_in_number=self.stand_in.number if self.stand_in else None,
            stand_in_name=self.stand_in.name if self.stand_in else None,
        )


def current(cards: tuple[CardFacts, ...]) -> CardFacts | None:
    """The holder's, as the centre has it."""
    return next((card for card in cards if card.current), None)


def in_the_slot(cards: tuple[CardFacts, ...]) -> CardFacts | None:
    """The one that was read; a holder may have others, whose numbers end alike."""
    return next((card for card in cards if card.asked_for), None)


def _details(state: State) -> dict[str, object]:
    match state:
        case Registered(handed=handed):
            return {"handed": handed}
        case RefusedByCentre(verdict=verdict):
            return {"code": verdict.code}
        case InDoubt(why=why):
            return {"why": why}
        case _:
            return {}


_SAID_HERE = {
    "no_phone": Reason.NO_PHONE,
    **dict.fromkeys(("holder_unknown", "card_unknown", "no_card"), Reason.NO_CARD_ON_RECORD),
    **dict.fromkeys(("proof_late", "proof_burnt"), Reason.CODE_SPENT),
}
"""The centre's codes that have a page of their own: it says what the person can do about it."""

_TONES: dict[Reason, Tone] = {
    Reason.ALREADY_LOST: Tone.GOOD,
    Reason.FORMALLY_LOST: Tone.PLAIN,
    Reason.CANCELLED: Tone.PLAIN,
    Reason.SEALED: Tone.PLAIN,
    # nobody did anything wrong
    Reason.UNDER_AGE: Tone.PLAIN,
    Reason.OTHER_DOCUMENT: Tone.PLAIN,
    Reason.ID_EXPIRED: Tone.WAITING,
    Reason.ID_READER_FAILED: Tone.WAITING,
    Reason.CARD_READER_FAILED: Tone.WAITING,
    Reason.NO_LINE: Tone.WAITING,
    Reason.CLOCK_NOT_TRUSTED: Tone.WAITING,
    Reason.CARD_TAKEN: Tone.WAITING,
    Reason.LIVE_LINE: Tone.WAITING,
    Reason.LIVE_CARD_PULLED: Tone.WAITING,
    Reason.PIN_NOT_BLOCKED: Tone.PLAIN,
    Reason.FORGOTTEN: Tone.PLAIN,
    Reason.NOT_NOW: Tone.WAITING,
    Reason.NOT_LOST: Tone.GOOD,
    Reason.ALREADY_ACTIVE: Tone.GOOD,
    Reason.REPORTED_LOST: Tone.PLAIN,
    Reason.NOT_HERE: Tone.PLAIN,
    Reason.REPLACEMENT_FILED: Tone.GOOD,
    Reason.TOO_LATE_TO_RELEASE: Tone.PLAIN,
    Reason.NOT_ACTIVATED: Tone.PLAIN,
    Reason.NOT_DONE: Tone.WAITING,
    Reason.NO_PRODUCTION: Tone.PLAIN,
    Reason.NUMBERS_DIFFER: Tone.WAITING,
    Reason.TOO_MANY_NUMBERS: Tone.WAITING,
}
"""All others are refusals."""
