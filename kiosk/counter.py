"""The counter: one visit after another, and what stands between them."""

from __future__ import annotations

from typing import NoReturn

import structlog
import trio

from kiosk.assisted import assisted
from kiosk.contract import CLERK_SIGNED_OUT
from kiosk.desk import Desk, Terminal
from kiosk.devices import NoCard, SlotState
from kiosk.endings import Broken, CardTaken, Ending, Finished, Next, Reason, WentAway, WentBack
from kiosk.journal import JournalFailed, Report
from kiosk.line import Online
from kiosk.patience import NobodyThere, Patience
from kiosk.policy.eligibility import ASSISTED, closed, home_tiles, instead
from kiosk.prompts import Answer, Attract, Chosen, Done, Home, OutOfService, Refusal, Screen, Standing, TakeCards, Tone
from kiosk.services import SERVICES
from kiosk.tidying import tidy
from kiosk.words import msg, stated

log = structlog.get_logger()

TAKE_CARDS_S = 60
"""How long the terminal reminds of what was left before it turns to the next person."""
APPEAL_S = 15
"""The reminder is put anew, and said again, while the card stays in the slot."""
DIM_AFTER_S = 300
"""Nobody touched the first page for so long: the panel lasts longer dark, and the hall is quieter."""
LAST_PAGE_S = 15
"""How long "out of service" stands before the process ends and is started again."""
LAST_LOOK_S = 8
"""The reminder stays at least this long: whether an ID card still lies there, most readers cannot tell."""


async def serve(terminal: Terminal) -> None:
    """Serve people until cancelled, or until the terminal must be started again; then its last page says so."""
    async with trio.open_nursery() as nursery:
        nursery.start_soon(_keep_status_line, terminal)
        try:
            await _one_after_another(terminal)
        except* Exception:  # the edge of the process: nobody is left before a frozen page
            log.exception("visit_failed")
        terminal.screen.forget()
        terminal.screen.show(OutOfService(why=msg("out.journal"), hotline=terminal.policy.hotline))
        await trio.sleep(LAST_PAGE_S)
        nursery.cancel_scope.cancel()


async def _one_after_another(terminal: Terminal) -> None:
    left_behind: SlotState = NoCard()
    ending: Ending = Finished()
    while not isinstance(ending, Broken):
        if not await _goes_on_beside(terminal, left_behind):
            await _until_somebody_comes(terminal)
        ending = await _visit(terminal, left_behind)
        left_behind = terminal.hands.slot
        terminal.screen.forget()


async def _goes_on_beside(terminal: Terminal, left_behind: SlotState) -> bool:
    """As long as somebody's card is in the slot, the first page asks whoever comes to hand it to staff.

    True: a person goes on with the card where it is; what needs no card can be done all the same.
    """
    if isinstance(left_behind, NoCard):
        return False
    page, gone = TakeCards(id_card=False, ssc=True, slip=False, strangers=True), trio.CancelScope()

    async def watch() -> None:
        await terminal.hands.other_than(left_behind)
        gone.cancel()

    async with trio.open_nursery() as nursery:
        nursery.start_soon(watch)
        with gone:
            await terminal.screen.ask(page)
        nursery.cancel_scope.cancel()
    return not gone.cancelled_caught


async def _until_somebody_comes(terminal: Terminal) -> None:
    """The touch that wakes a dark page does nothing else: a hand that wipes the glass begins no visit."""
    screen = terminal.screen
    while not await _touched(screen):
        screen.forget()  # whoever chose a language or a look here has gone
        async with trio.open_nursery() as nursery:
            nursery.start_soon(tidy, terminal.journal, terminal.policy.limits)
            await screen.ask(Attract(dim=True))
            nursery.cancel_scope.cancel()


async def _touched(screen: Screen) -> bool:
    """False when nobody was there for long enough; a key of the foot is a sign of life, too."""
    page, shown_at = Attract(), trio.current_time()
    while (left := max(shown_at, screen.last_touch) + DIM_AFTER_S - trio.current_time()) > 0:
        with trio.move_on_after(left):
            await screen.ask(page)
            return True
    return False


async def _keep_status_line(terminal: Terminal) -> None:
    while True:
        terminal.screen.stand(Standing(online=isinstance(terminal.line.news.state, Online)))
        await terminal.line.changed()


async def _visit(terminal: Terminal, left_behind: SlotState) -> Ending:
    desk = Desk(terminal)
    desk.stale_slot = left_behind
    log.info("visit_started", visit=desk.visit)
    ending: Ending = WentBack()
    while _goes_on(desk, ending):
        chosen = ending.service if isinstance(ending, Next) else await _choose(terminal)
        if chosen is None:
            ending = WentAway()
            break
        if chosen == ASSISTED:
            desk = _anew(desk)
        ending = await desk.run(assisted if chosen == ASSISTED else SERVICES[chosen])
        if desk.initial_pin and not isinstance(ending, Next | Broken):
            await _warn_of_initial_pin(desk)
    await _sign_out(desk)
    if isinstance(ending, Broken):
        await desk.say_why_broken(ending)
    await _give_back(terminal, desk)
    log.info("visit_ended", visit=desk.visit, ending=type(ending).__name__)
    return Broken(Reason.NOT_RECORDED) if desk.journal_failed else ending


def _goes_on(desk: Desk, ending: Ending) -> bool:
    """Whoever a clerk vouched for is not left alone with the home page: the visit ends with its service."""
    return isinstance(ending, Next) or (desk.clerk is None and isinstance(ending, WentBack | CardTaken))


def _anew(desk: Desk) -> Desk:
    """A visit is one person's; what lies about is to be taken all the same."""
    fresh = Desk(desk.terminal)
    fresh.stale_slot, fresh.id_card_shown, fresh.slip_printed = desk.stale_slot, desk.id_card_shown, desk.slip_printed
    return fresh


async def _warn_of_initial_pin(desk: Desk) -> None:
    """The card works, and its PIN is everybody's: the person hears it once more, the office hears it, too."""
    desk.initial_pin = False
    desk.log.warning("initial_pin_kept")
    await _report(desk, "initial_pin_kept")
    page = Refusal(
        tone=Tone.WAITING,
        title=msg("initial_pin.title"),
        why=msg("initial_pin.why"),
        where=msg("initial_pin.where"),
        hotline=desk.terminal.policy.hotline,
    )
    await Patience(desk.terminal.screen).ask(page)


async def _sign_out(desk: Desk) -> None:
    """The sign-in was of this visit alone; at the centre it ends when it hears of this."""
    if desk.clerk is None:
        return
    clerk, desk.clerk, desk.vouching = desk.clerk, None, None
    await _report(desk, CLERK_SIGNED_OUT, clerk=clerk.name)


async def _choose(terminal: Terminal) -> str | None:
    """A service that can be finished now; None when the person went away.  A greyed tile is explained."""
    patience = Patience(terminal.screen)
    while True:
        answer = await _ask_home(terminal, patience)
        if not isinstance(answer, Chosen):
            return None
        why = closed(answer.service, terminal.readiness)
        if why is None:
            return answer.service
        log.info("closed_tile_touched", service=answer.service, why=why.id)
        policy, ready = terminal.policy, terminal.readiness
        page = Refusal(
            tone=Tone.WAITING,
            title=why,
            why=msg(f"{why.id}.why"),
            where=msg(instead(why, ready), hotline=policy.hotline, channels=stated(policy.loss_channels(None))),
            hotline=policy.hotline,
        )
        if isinstance(await patience.ask(page), NobodyThere):
            return None


async def _ask_home(terminal: Terminal, patience: Patience) -> Answer | NobodyThere:
    """The tiles follow devices and line while the page is open."""

    first = home_tiles(terminal.readiness, terminal.policy)
    staff = ASSISTED if terminal.policy.enabled(ASSISTED) else None

    async def keep_tiles() -> NoReturn:
        shown = first
        while True:
            await terminal.changed()
            tiles = home_tiles(terminal.readiness, terminal.policy)
            if tiles != shown:  # a page shown anew takes no touch for a moment
                shown = tiles
                terminal.screen.show(Home(tiles=tiles, staff=staff))

    return await patience.ask_while(Home(tiles=first, staff=staff), keep_tiles, seconds=60)


async def _give_back(terminal: Terminal, desk: Desk) -> None:
    """请取走身份证和社保卡: until the slot is empty, or long enough.  "I have everything" does not empty a slot."""
    hands, screen = terminal.hands, terminal.screen
    if not (desk.id_card_shown or desk.slip_printed) and isinstance(hands.slot, NoCard):
        return
    page = TakeCards(id_card=desk.id_card_shown, ssc=not isinstance(hands.slot, NoCard), slip=desk.slip_printed)

    async def all_taken() -> None:
        await trio.sleep(LAST_LOOK_S * screen.pace)
        while not isinstance(hands.slot, NoCard):
            with trio.move_on_after(APPEAL_S):
                await hands.slot_empty()
                return
            screen.show(page)

    with trio.move_on_after(TAKE_CARDS_S * screen.pace) as reminder:
        while isinstance(await Patience(screen).ask_while(page, all_taken, seconds=TAKE_CARDS_S * 2), Done):
            if isinstance(hands.slot, NoCard):
                break
    if reminder.cancelled_caught:
        await _tell_left_behind(desk)


async def _tell_left_behind(desk: Desk) -> None:
    """The office hears of it: the card's holder may ask there."""
    desk.log.warning("card_left_behind")
    await _report(desk, "card_left_behind")


async def _report(desk: Desk, event: str, **details: str) -> None:
    """To the office, when no service runs any more."""
    try:
        await desk.terminal.journal.note(Report(event=event, visit=desk.visit, details={**details}))
    except JournalFailed as error:
        desk.log.error("journal_failed", why=str(error))
        desk.journal_failed = True
