"""Reads out what stands on the glass, as it changes: what is new, at once; the rest when it is asked for again."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterable, Mapping
from typing import NoReturn

import msgspec
import structlog
import trio

from kiosk.prompts import Attract, Call, Prompt, Standing, StillThere, TakeCards, Working
from kiosk.words import Message, msg
from screens.choices import KEYS, OTHERS, Choice, choices, parts
from screens.manner import Manner
from screens.presenter import Face, Move
from screens.speech.jack import Plug
from screens.speech.menu import Sheet, menu
from screens.speech.telling import called_out, spoken, spoken_choices, spoken_facts, spoken_help, spoken_settings
from screens.speech.utterance import Utterance, utterance
from screens.speech.voice import Voice

REMIND_S = 8
"""Who sees nothing is told so often that the work still goes on."""

log = structlog.get_logger()


class Beep(msgspec.Struct, frozen=True):
    """A key of a PIN: the same for all of them."""


class Remark(msgspec.Struct, frozen=True):
    """Said between two sentences; a newer one about the same thing takes its place."""

    about: str
    """Id of its message."""
    words: Utterance


Due = Utterance | Remark | Beep


class Scene(msgspec.Struct, frozen=True):
    """What lies uppermost on the glass, and what it says."""

    kind: type[Prompt] | Sheet | None
    choices: tuple[Choice, ...]
    lines: tuple[Utterance, ...]


SILENT = Scene(None, (), ())


class Narrator:
    """`screens.presenter.Face` that lets another one draw."""

    def __init__(self, face: Face, voice: Voice, hotline: str, manner: Manner) -> None:
        self.plug = Plug.UNKNOWN
        self.call = Call.NONE
        self.voice = voice
        self._face, self._hotline = face, hotline
        self._manner = manner
        self._prompt: Prompt = Attract()
        self._warning: StillThere | None = None
        self._sheet: Sheet | None = None
        self._part = 0
        """Of the page's choices: which of them the figures stand for."""
        self._alone = True
        """The hall may be empty: nobody is greeted."""
        self._ended = False
        self._since = -math.inf
        """When the page came."""
        self._scene = SILENT
        self._due: deque[Due] = deque()
        self._now: Due | None = None
        self._saying = trio.CancelScope()
        self._more = trio.Event()

    # --- the presenter's side -----------------------------------------------------------------

    def present(self, prompt: Prompt, manner: Manner, move: Move) -> None:
        self._face.present(prompt, manner, move)
        anew = prompt is not self._prompt
        was, self._manner, self._prompt = self._manner, manner, prompt
        if anew:
            self._since = trio.current_time()
            if move is not Move.RENEWED:
                self._part = 0
        self._alone &= isinstance(prompt, Attract) and manner.spoken == was.spoken
        renewed = move is Move.RENEWED
        if renewed and not anew:
            self._look(anew=True)
        else:
            self._look(anew=anew and not (renewed or isinstance(prompt, Attract)), queue=renewed)
        if was.spoken and manner.volume != was.volume:
            self.remark(msg("speech.volume", level=manner.volume))

    def overlay(self, prompt: StillThere | None, manner: Manner) -> None:
        self._face.overlay(prompt, manner)
        self._warning, self._manner = prompt, manner
        self._look()

    def stand(self, standing: Standing, manner: Manner) -> None:
        self._face.stand(standing, manner)

    def tell_call(self, call: Call, manner: Manner) -> None:
        self._face.tell_call(call, manner)
        if call is not self.call:
            self.call = call
            self._look()

    def clear(self) -> None:
        """The visit is over: nothing of it is said any more, or kept."""
        self._face.clear()
        self.hush()
        self._prompt, self._warning, self._sheet, self._part = Attract(), None, None, 0
        self._scene, self.call = SILENT, Call.NONE
        self._alone = self.plug is not Plug.PLUGGED

    # --- the person's side ---------------------------------------------------------------------

    def lies_over(self, sheet: Sheet | None) -> None:
        """A sheet was laid over the page, or taken off."""
        if sheet is not self._sheet:
            self._sheet = sheet
            self._look()

    def plugged(self, plug: Plug) -> None:
        """The headphone; pulled, the sentence that was being said does not go on in the hall."""
        was, self.plug = self.plug, plug
        if was is not Plug.PLUGGED:
            self._look()
            return
        self.hush()
        self._scene = self._see()
        self.remark(msg("speech.unplugged"))

    @property
    def offered(self) -> Mapping[int, Choice | None]:
        """What each figure stands for; None: what other choices there are."""
        divided = parts(choices(self._uppermost))
        offered: dict[int, Choice | None] = dict(zip(KEYS, divided[self._shown_part], strict=False))
        return offered if len(divided) == 1 else offered | {OTHERS: None}

    def turn(self) -> None:
        """From now on the figures stand for the next ones, which are said."""
        self._part = (self._part + 1) % len(parts(choices(self._prompt)))
        self._scene = self._see()
        private = self.plug is Plug.PLUGGED
        self._say(spoken_choices(self._prompt, self._manner.language, private=private, part=self._part))

    def again(self) -> None:
        """All of it, from the beginning."""
        self._alone = False
        self._say(self._see().lines)

    def remark(self, message: Message) -> None:
        """Said at once; what it breaks into is said after it, unless that was about the same thing."""
        if not self._manner.spoken:
            return
        broken = () if self._now is None else (self._now,)
        rest = [due for due in (*broken, *self._due) if not (isinstance(due, Remark) and due.about == message.id)]
        self._break_off()
        self._due = deque([Remark(message.id, utterance(message, self._manner.language)), *rest])
        self._more.set()

    def beep(self) -> None:
        """A key of a PIN was pressed.  Every key is heard, and nothing else between them."""
        if not isinstance(self._now, Beep):
            self._break_off()
        self._due = deque(due for due in self._due if isinstance(due, Beep))
        self._due.append(Beep())
        self._more.set()

    def figure(self, figure: int) -> None:
        """A key of a code was pressed."""
        self.letter(str(figure))

    def letter(self, sign: str) -> None:
        """The same for whatever stands on a key."""
        if self._manner.spoken and self.plug is Plug.PLUGGED:
            self._say([utterance(msg("plain", text=sign), self._manner.language)])
        else:
            self.beep()

    def ends_with(self, prompt: Prompt) -> None:
        """The last page: whatever is shown after it is not."""
        self._warning, self._sheet, self._prompt = None, None, prompt
        self._look()
        self._ended = True

    def hush(self) -> None:
        """Silence, at once."""
        self._due.clear()
        self._break_off()

    def _break_off(self) -> None:
        self._now = None
        self._saying.cancel()

    # --- what is said -----------------------------------------------------------------------------

    def _look(self, *, anew: bool = False, queue: bool = False) -> None:
        """Say what is new.  `anew`: the page is another one, even if it says the same as the one before."""
        if self._ended:
            return
        was, self._scene = self._scene, self._see()
        now = self._scene
        if not now.lines:
            self.hush()
        elif (was.kind, was.choices) != (now.kind, now.choices):
            self._say(now.lines)
        elif news := [line for line in now.lines if line not in was.lines]:
            self._say(news, queue=queue)
        elif anew:
            self._say(now.lines)

    @property
    def _uppermost(self) -> Prompt:
        return self._warning or self._prompt

    @property
    def _shown_part(self) -> int:
        """The warning has one choice."""
        return 0 if self._warning else self._part

    def _see(self) -> Scene:
        """A mistake in the words is none in the page: it stays, and whoever listens is told where help is."""
        try:
            return self._read()
        except Exception:
            prompt = type(self._uppermost)
            log.exception("speech_failed", page=prompt.__name__)
            if not self._manner.spoken:
                return SILENT
            return Scene(prompt, (), (utterance(msg("speech.failed"), self._manner.language),))

    def _read(self) -> Scene:
        manner, code, prompt = self._manner, self._manner.language, self._uppermost
        if not manner.spoken and isinstance(prompt, TakeCards) and not prompt.strangers:
            return Scene(TakeCards, choices(prompt), called_out(prompt, code))
        if not manner.spoken or self._alone:
            return SILENT
        if self._sheet is not None and self._warning is None:
            return Scene(self._sheet, (), self._on_sheet(self._sheet))
        lines = spoken(prompt, code, private=self.plug is Plug.PLUGGED, part=self._shown_part)
        if isinstance(prompt, Attract):
            lines += spoken_facts(self._hotline, code)
        return Scene(type(prompt), choices(prompt), lines)

    def _on_sheet(self, sheet: Sheet) -> tuple[Utterance, ...]:
        code, entries = self._manner.language, [entry.words for entry in menu(sheet, self._manner, self.call)]
        match sheet:
            case Sheet.HELP:
                return spoken_help(self._hotline, self.call, entries, code)
            case Sheet.LOOK:
                return spoken_settings("screens.look_title", entries, code)
            case Sheet.SOUND:
                return spoken_settings("screens.sound_title", entries, code)

    def _say(self, lines: Iterable[Utterance], *, queue: bool = False) -> None:
        if not queue:
            self.hush()
        self._due.extend(lines)
        self._more.set()

    # --- the voice -----------------------------------------------------------------------------------

    async def run(self) -> NoReturn:
        """Say one thing after another, until cancelled."""
        while True:
            await self._something_due()
            with trio.CancelScope() as self._saying:
                self._now = self._due.popleft()
                await self._utter(self._now)
            self._now = None

    async def _utter(self, due: Due) -> None:
        match due:
            case Beep():
                await self.voice.beep(self._manner.volume)
            case Remark(words=words):
                await self.voice.say(words, self._manner.volume, self._manner.speed)
            case Utterance():
                await self.voice.say(due, self._manner.volume, self._manner.speed)

    async def _something_due(self) -> None:
        while not self._due:
            self._more = trio.Event()
            with trio.move_on_after(REMIND_S) as quiet:
                await self._more.wait()
            if quiet.cancelled_caught and isinstance(self._prompt, Working) and self._manner.spoken:
                late = trio.current_time() - self._since > self._prompt.about_s
                word = "working_longer" if late else "working_still"
                self._due.append(utterance(msg(f"screens.{word}"), self._manner.language))
