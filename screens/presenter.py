"""Between the desk and the face: one page at a time, one answer to each question.

Knows no Kivy: the face draws, this decides what is shown, what is being asked and whose answer counts.
"""

from __future__ import annotations

import enum
from collections.abc import Callable
from typing import Protocol

import structlog
import trio

from kiosk.prompts import (
    Answer,
    Attract,
    Back,
    Call,
    Continue,
    Home,
    Prompt,
    ServicePage,
    Standing,
    StillThere,
    TypedPin,
)
from kiosk.terms import DeviceAbsent, DeviceState, DeviceUnknown, PadKey
from kiosk.words import complete
from screens.choices import choices
from screens.manner import Manner
from screens.speech.voice import Voice

LANGUAGES = complete()
"""What can be chosen: every catalog that lacks nothing."""

log = structlog.get_logger()


class Move(enum.Enum):
    """How a page takes the place of another."""

    RENEWED = "renewed"
    """The question that is being asked, newly put, with the same choices: a finger that is coming down still counts."""
    IN_PLACE = "in_place"
    ON = "on"
    BACK = "back"


class Face(Protocol):
    """What draws."""

    def present(self, prompt: Prompt, manner: Manner, move: Move) -> None: ...

    def overlay(self, prompt: StillThere | None, manner: Manner) -> None:
        """Lay the time-out warning over the page, or take it away."""

    def stand(self, standing: Standing, manner: Manner) -> None: ...

    def tell_call(self, call: Call, manner: Manner) -> None:
        """What is known of a call for staff, wherever it is shown."""

    def clear(self) -> None:
        """Empty every page that is not shown, and the shown one of the visit's words."""


class Question:
    """One `ask` on its way."""

    def __init__(self, prompt: Prompt) -> None:
        self.prompt = prompt
        self.answer: Answer | None = None
        self.answered = trio.Event()

    def take(self, answer: Answer) -> bool:
        """False: it has its answer already."""
        if self.answered.is_set():
            return False
        self.answer = answer
        self.answered.set()
        return True

    async def wait(self) -> Answer:
        """The answer, whose owner is from now on whoever asked."""
        try:
            await self.answered.wait()
        except trio.Cancelled:
            drop(self.answer)
            raise
        answer, self.answer = self.answer, None
        assert answer is not None  # noqa: S101 - set together with the event
        return answer


def drop(answer: Answer | None) -> None:
    """Nobody takes it: a PIN must not lie about."""
    if isinstance(answer, TypedPin):
        answer.pin.wipe()


class Presenter:
    """`kiosk.prompts.Screen` in front of a face."""

    def __init__(self, face: Face, manner: Manner | None = None, voice: Voice | None = None) -> None:
        self.last_touch = trio.current_time()
        self.manner = manner or Manner()
        self._face, self._voice = face, voice
        self._first_manner = self.manner
        self._page: Prompt = Attract()
        self._warning: StillThere | None = None
        self._standing: Standing = Standing(online=False)
        self._asked: Prompt | None = None
        """Asked last; asked again, a newer state of it that is shown meanwhile stays."""
        self._question: Question | None = None
        self._warning_question: Question | None = None
        self._went_back = False
        """By the last answer."""
        self._call = Call.NONE
        self._called = trio.Event()
        self._turned = trio.Event()
        self._pressed: Callable[[PadKey | int], None] = lambda _key: None
        self.touch_panel: DeviceState = DeviceUnknown()

    @property
    def page(self) -> Prompt:
        """What is shown."""
        return self._page

    @property
    def warning(self) -> StillThere | None:
        """What lies over it."""
        return self._warning

    @property
    def language(self) -> str:
        """The person's, also for the slip."""
        return self.manner.language

    @property
    def large(self) -> bool:
        """Whether the person reads large type, also on the slip."""
        return self.manner.large

    @property
    def sound(self) -> DeviceState:
        """How the voice fares, for the technician."""
        return self._voice.state if self._voice else DeviceAbsent()

    @property
    def pace(self) -> int:
        """How many times as long as usual this person is waited for."""
        return self.manner.pace

    # --- the desk's side ---------------------------------------------------------------

    async def ask(self, prompt: Prompt) -> Answer:
        """Show a page and wait for its answer.  Cancelled: the page stays until the next."""
        question = Question(prompt)
        if isinstance(prompt, StillThere):
            return await self._ask_warning(prompt, question)
        if prompt is not self._asked or type(self._page) is not type(prompt):
            self._put(prompt)
        self._asked, self._question = prompt, question
        self._turn()
        try:
            answer = await question.wait()
        finally:
            if self._question is question:
                self._question = None
                self._turn()
        self._went_back = isinstance(answer, Back)
        return answer

    async def _ask_warning(self, prompt: StillThere, question: Question) -> Answer:
        self._warning_question = question
        self._turn()
        self._lay(prompt)
        try:
            return await question.wait()
        finally:
            if self._warning_question is question:
                self._warning_question = None
                self._turn()
                self._lay(None)

    def show(self, prompt: Prompt) -> None:
        """Show a page that needs no answer, or replace the one being asked by a newer state of itself."""
        if isinstance(prompt, StillThere):
            self._lay(prompt)
            return
        if self._question is not None and type(prompt) is not type(self._question.prompt):
            self._question = None
            self._turn()
        if self._warning_question is None:
            self._lay(None)
        renewed = self._question is not None and choices(prompt) == choices(self._page)
        self._put(prompt, Move.RENEWED if renewed else None)

    def expect(self, manner: Manner) -> None:
        """How whoever comes next is served; from now on, where nobody is here."""
        self._first_manner = manner
        if isinstance(self._page, Attract):
            self.switch(manner)

    def stand(self, standing: Standing) -> None:
        """Change the status line."""
        self._standing = standing
        self._face.stand(standing, self.manner)

    async def asks(self) -> None:
        """Return once something is asked."""
        await self._until(asking=True)

    async def asks_nothing(self) -> None:
        """Return once nothing is asked any more."""
        await self._until(asking=False)

    async def _until(self, *, asking: bool) -> None:
        while (self._question is not None or self._warning_question is not None) is not asking:
            await self._turned.wait()

    def _turn(self) -> None:
        """Something is asked, or nothing any more."""
        self._turned.set()
        self._turned = trio.Event()

    async def staff_called(self) -> None:
        """Wait until the person calls for staff."""
        await self._called.wait()
        self._called = trio.Event()

    def tell_call(self, call: Call) -> None:
        """What became of the call; nothing to whoever came since."""
        if self._call is not Call.NONE:
            self._call = call
            self._face.tell_call(call, self.manner)

    def forget(self) -> None:
        """The visit is over: nothing of it may be left in any page; language and look go back."""
        self._asked = self._question = self._warning_question = None
        self._turn()
        self._went_back, self._call = False, Call.NONE
        self._page = Attract()
        self.manner = self._first_manner
        self._lay(None)
        self._face.clear()
        self._draw(Move.IN_PLACE)

    # --- the person's side ---------------------------------------------------------------

    def touched(self) -> None:
        """A sign of life, wherever."""
        self.last_touch = trio.current_time()

    def serve_keys(self, pressed: Callable[[PadKey | int], None]) -> None:
        """Who takes the keys of the PIN pad."""
        self._pressed = pressed

    def press(self, key: PadKey | int) -> None:
        """A key of the PIN pad, or a figure; nothing of it stays here."""
        self._pressed(key)

    def touch_panel_is(self, state: DeviceState) -> None:
        """Told again and again; logged when it changes."""
        if state != self.touch_panel:
            self.touch_panel = state
            log.warning("touch_panel", state=type(state).__name__, advice=getattr(state, "advice", ""))

    def answer(self, answer: Answer) -> None:
        """What was pressed on the page, or on the warning that lies over it."""
        question = self._warning_question if isinstance(answer, Continue) else self._question
        if question is None or not question.take(answer):
            drop(answer)

    def call_staff(self) -> None:
        """Pressed on the help sheet."""
        if self._call not in {Call.CALLING, Call.TOLD}:
            self._call = Call.CALLING
            self._called.set()
            self._face.tell_call(self._call, self.manner)

    def switch(self, manner: Manner) -> None:
        """Another language, look or reach, on the page that is shown; the question stays."""
        self.manner = manner
        self._draw(Move.IN_PLACE)
        self._face.overlay(self._warning, manner)

    # --- drawing ----------------------------------------------------------------------------

    def _put(self, prompt: Prompt, move: Move | None = None) -> None:
        move = move or direction(self._page, prompt, back=self._went_back)
        self._page, self._went_back = prompt, False
        self._draw(move)

    def _draw(self, move: Move) -> None:
        self._face.present(self._page, self.manner, move)
        self._face.tell_call(self._call, self.manner)
        self._face.stand(self._standing, self.manner)

    def _lay(self, warning: StillThere | None) -> None:
        if warning is not self._warning:
            self._warning = warning
            self._face.overlay(warning, self.manner)


def next_language(language: str) -> str:
    """Which one the language key leads to."""
    return LANGUAGES[(LANGUAGES.index(language) + 1) % len(LANGUAGES)]


def direction(old: Prompt, new: Prompt, *, back: bool) -> Move:
    """On, or back: after 返回, to an earlier step, and home."""
    if type(old) is type(new):
        return Move.IN_PLACE
    if back or isinstance(new, Attract):
        return Move.BACK
    if isinstance(new, Home):
        return Move.ON if isinstance(old, Attract) else Move.BACK
    return Move.BACK if _step(new) < _step(old) and isinstance(new, ServicePage) else Move.ON


def _step(prompt: Prompt) -> int:
    return prompt.step.number if isinstance(prompt, ServicePage) and prompt.step else 0
