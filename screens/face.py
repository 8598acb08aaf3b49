"""Everything on the glass: the status line, one page, the foot, and what may lie over them."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, TypeVar, cast

import msgspec
from kivy.clock import Clock
from kivy.core.window import Window as Glass
from kivy.input import MotionEvent
from kivy.uix.floatlayout import FloatLayout
from kivy.uix.screenmanager import NoTransition, ScreenManager, SlideTransition

from kiosk import prompts
from kiosk.prompts import Answer, Call, Prompt, Standing, StillThere
from kiosk.words import language, msg
from screens.app import Setting
from screens.attract import AttractPage
from screens.dark import Dark
from screens.gate import Gate
from screens.help import HelpSheet
from screens.look_sheet import LookSheet
from screens.manner import Manner
from screens.overlay import Overlay
from screens.page import Page
from screens.parts.foot import Foot
from screens.parts.leaves import Leaves
from screens.parts.status_line import StatusLine
from screens.parts.tile import Tiles
from screens.presenter import Move, Presenter, next_language
from screens.sound_sheet import SoundSheet
from screens.still_there import StillThereSheet
from screens.theme import LOOKS, Theme

SHEETS = (StillThereSheet, HelpSheet, LookSheet, SoundSheet)
"""Whatever may lie over a page."""

Sheet = TypeVar("Sheet", bound=Overlay)

PREPARE_S = 0.1
"""From one preparation to the next: a touch between them is not kept waiting."""


def page_of(kind: type[Prompt]) -> type[Page]:
    """The page that shows it.  Any but the first loads all the others, and their layouts: at a start nobody waits."""
    if kind is prompts.Attract:
        return AttractPage
    from screens.pages import PAGES  # noqa: PLC0415 - loads the others

    return PAGES[kind]


class Unclipped(ScreenManager):
    """Pages are as wide as the glass, and nothing in them leaves them: Kivy's stencil would only cost time."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.canvas.before.clear()
        self.canvas.after.clear()


class WindowFace(FloatLayout):
    """`screens.presenter.Face` in one theme.

    Each page and sheet is built once: the first now, the others while nobody waits.
    """

    def __init__(self, theme: Theme, setting: Setting, gate: Gate, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.presenter: Presenter
        self._gate, self._theme = gate, theme
        stage, panel = theme.stage, theme.panel
        self._foot = Foot(size_hint=(None, None), size=(panel.width, theme.length("foot")))
        self._head = StatusLine(
            setting.place,
            setting.now,
            size_hint=(None, None),
            size=(panel.width, theme.length("head")),
            pos=(0, stage.y + stage.height),
        )
        self._pages: dict[type[Prompt], Page] = {}
        self._stage = Unclipped(
            size_hint=(None, None), size=(stage.width, stage.height), pos=(stage.x, stage.y), transition=NoTransition()
        )
        self._slide = SlideTransition(duration=theme.slide_s) if theme.slide_s else NoTransition()
        self._page(prompts.Attract)
        self._waiting = self._preparations()
        Glass.fbind("on_flip", self._begin_to_prepare)
        for part in (self._stage, self._head, self._foot) if theme.space.head else (self._stage, self._foot):
            self.add_widget(part)
        self._sheets: dict[type[Overlay], Overlay] = {}
        self._call = Call.NONE
        self._dark = Dark()
        self._foot.back.bind(on_release=lambda _: self._go_back())
        self._foot.help.bind(on_release=lambda _: self.open_help())
        self._foot.look.bind(on_release=lambda _: self._open_look())
        self._foot.speech.bind(on_release=lambda _: self._open_sound())
        self._foot.language.bind(on_release=lambda _: self._switch_language())
        self._shown: Prompt | None = None

    # --- the presenter's side ----------------------------------------------------------------

    def present(self, prompt: Prompt, manner: Manner, move: Move) -> None:
        """Dress the prompt's page and bring it to the stage."""
        page, same = self._page(type(prompt)), prompt is self._shown
        paced = page.pace == manner.pace
        page.present(prompt, manner)
        if not same:
            page.begin(prompt)
        elif not paced:
            page.touched()
        if not same and move is not Move.RENEWED:
            self._gate.turn()
            page.first_leaf()
        self._shown = prompt
        self._bring(page, move)
        self._dress_foot(prompt, manner)
        if self.looking:
            self._sheet(LookSheet).present(manner)
        if self.sounding:
            self._sheet(SoundSheet).present(manner)
        self._darken(dark=isinstance(prompt, prompts.Attract) and prompt.dim)

    def overlay(self, prompt: StillThere | None, manner: Manner) -> None:
        """Lay the time-out warning over everything, or take it away."""
        if prompt is None:
            self._take_off(StillThereSheet)
            return
        warning = self._sheet(StillThereSheet)
        warning.present(prompt, manner.language)
        if warning.parent is None:
            self._gate.turn()
            warning.begin(prompt)
            self.add_widget(warning)

    @property
    def online(self) -> bool:
        """As the status line has it, drawn or not."""
        return bool(self._head.online)

    def stand(self, standing: Standing, manner: Manner) -> None:
        """Change the status line."""
        self._head.say(manner.language, online=standing.online)

    def tell_call(self, call: Call, manner: Manner) -> None:
        """On the help sheet, now or when it is opened."""
        self._call = call
        if self.helping:
            self._sheet(HelpSheet).present(call, manner.language, staff=self._staff is not None)

    def clear(self) -> None:
        """Nothing of the visit is left in any part of any page."""
        self._shown = None
        self.uncover()
        for page in self._pages.values():
            page.clear()

    def uncover(self) -> None:
        """Take off whatever lies over the page."""
        for kind in SHEETS:
            self._take_off(kind)
        self._darken(dark=False)

    # --- the person's side ---------------------------------------------------------------------

    def answer(self, answer: Answer) -> None:
        """Something was pressed; the gate says whether it counts."""
        if self.counts():
            self.give(answer)

    def counts(self) -> bool:
        """Whether what was just pressed may act; a touch acts once."""
        return self._gate.act()

    def give(self, answer: Answer) -> None:
        """The answer itself."""
        self.presenter.answer(answer)

    def call_staff(self) -> None:
        if self._gate.act():
            self.presenter.call_staff()

    def let_staff_in(self) -> None:
        """The page under the sheet may have become another meanwhile."""
        if self._staff is not None and self._gate.act():
            self._take_off(HelpSheet)
            self.give(prompts.Chosen(self._staff))

    def close_help(self) -> None:
        if self._gate.act():
            self._take_off(HelpSheet)

    @property
    def _staff(self) -> str | None:
        return self._shown.staff if isinstance(self._shown, prompts.Home) else None

    @property
    def page(self) -> Page:
        """The one on the stage."""
        return self._stage.current_screen  # type: ignore[no-any-return]

    @property
    def acts(self) -> int:
        """How many touches did something."""
        return self._gate.acts

    @property
    def helping(self) -> bool:
        """The help sheet lies over the page."""
        return self._lies(HelpSheet)

    @property
    def covered(self) -> bool:
        """Something lies over the page."""
        return any(self._lies(kind) for kind in SHEETS)

    @property
    def looking(self) -> bool:
        """The sheet that chooses the look lies over the page."""
        return self._lies(LookSheet)

    @property
    def sounding(self) -> bool:
        """The sheet that chooses how the terminal is heard lies over the page."""
        return self._lies(SoundSheet)

    def look(self, manner: Manner) -> None:
        """Lay it there."""
        if not self.looking:
            self._sheet(LookSheet).present(manner)
            self.add_widget(self._sheet(LookSheet))

    def wear(self, manner: Manner) -> None:
        """A switch was pressed."""
        if self.counts():
            self.presenter.switch(manner)

    def close_look(self) -> None:
        if self.counts():
            self._take_off(LookSheet)

    def close_sound(self) -> None:
        if self.counts():
            self._take_off(SoundSheet)

    def on_touch_down(self, touch: MotionEvent) -> bool:
        self.presenter.touched()
        self._stage.current_screen.touched()
        if getattr(touch, "button", "left") != "left" or not self._gate.press(touch.uid):
            return True
        super().on_touch_down(touch)
        touch.grab(self)  # after its children, so that they hear of the release first
        return True

    def on_touch_up(self, touch: MotionEvent) -> bool:
        if touch.grab_current is self:
            touch.ungrab(self)
            self._gate.release(touch.uid)
            self.presenter.touched()
        return True

    def turn(self, leaves: Leaves | Tiles) -> None:
        """What is pressed next stands where this button stood: a second tap is not meant for it."""
        if self.counts():
            leaves.turn()
            self._gate.turn()
            self._dress_back()

    def _go_back(self) -> None:
        if not self.counts():
            return
        if not self._stage.current_screen.turn_back():
            self.give(prompts.Back())
        self._dress_back()

    def open_help(self) -> None:
        if self._gate.act() and not self.helping:
            code = self.presenter.manner.language
            self._sheet(HelpSheet).present(self._call, code, staff=self._staff is not None)
            self.add_widget(self._sheet(HelpSheet))

    def _open_look(self) -> None:
        if self.counts():
            self.look(self.presenter.manner)

    def _open_sound(self) -> None:
        """Whoever presses 语音 wants to hear: the voice is on at once, and off by its switch."""
        if self.counts() and not self.sounding:
            self.add_widget(self._sheet(SoundSheet))
            self.presenter.switch(msgspec.structs.replace(self.presenter.manner, spoken=True))

    def _switch_language(self) -> None:
        manner = self.presenter.manner
        self.wear(msgspec.structs.replace(manner, language=next_language(manner.language)))

    # --- pages ------------------------------------------------------------------------------------

    def _page(self, kind: type[Prompt]) -> Page:
        if kind not in self._pages:
            self._pages[kind] = page_of(kind)(name=kind.__name__)
            self._stage.add_widget(self._pages[kind])
        return self._pages[kind]

    def _sheet(self, kind: type[Sheet]) -> Sheet:
        if kind not in self._sheets:
            self._sheets[kind] = kind()
        return cast(Sheet, self._sheets[kind])

    def _preparations(self) -> Iterator[Callable[[], object]]:
        """Whatever the first visitor would else have to wait for, piece by piece."""
        from screens.pages import PAGES  # noqa: PLC0415 - loads them all: not before the first page stands

        yield from (partial(self._page, kind) for kind in PAGES)
        yield from (partial(self._sheet, kind) for kind in SHEETS)

    def _begin_to_prepare(self, *_: object) -> None:
        """Not before something stands on the glass."""
        Glass.funbind("on_flip", self._begin_to_prepare)
        Clock.schedule_interval(lambda _dt: self._prepare_next(), PREPARE_S)

    def _prepare_next(self) -> bool:
        """False: nothing is left.  Parts ask for the theme of the face that is worn: another one waits."""
        if self.parent is None:
            return True
        prepare = next(self._waiting, None)
        if prepare is not None:
            prepare()
            return True
        if not isinstance(self._shown, prompts.Attract):
            return True
        # What stands now, with nobody here, stands for ever: to look through it again would hold up a visitor.
        gc.collect()
        gc.freeze()
        return False

    def _bring(self, page: Page, move: Move) -> None:
        current = self._stage.current_screen
        if current is page:
            return
        current.leave()
        self._stage.transition.stop()
        self._stage.transition = self._slide if move in {Move.ON, Move.BACK} else NoTransition()
        self._stage.transition.direction = "right" if move is Move.BACK else "left"
        self._stage.current = page.name
        if not self._stage.transition.duration:
            # Kivy would end it after the first frame, and draw both pages in that one.
            self._stage.transition.stop()

    def _dress_foot(self, prompt: Prompt, manner: Manner) -> None:
        say, look = language(manner.language).say, LOOKS[manner.look]
        for key in (self._foot.back, self._foot.help, self._foot.look, self._foot.speech):
            key.text = say(msg(f"screens.foot_{key.name}"))
        self._foot.language.text = language(next_language(manner.language)).say(msg("screens.language"))
        self._foot.look.on = look.large or look.contrasted or manner.low
        self._foot.speech.on = manner.spoken
        self._foot.speech.icon = "speech" if manner.spoken else "speech-off"
        self._dress_back()

    def _dress_back(self) -> None:
        """On pages of a service; on others where there is a leaf to go back to."""
        asked = isinstance(self._shown, prompts.ServicePage) and not isinstance(self._shown, prompts.Working)
        self._foot.back.shown = asked or self._stage.current_screen.leafed

    def _darken(self, *, dark: bool) -> None:
        if not dark:
            self.remove_widget(self._dark)
        elif self._dark.parent is None:
            self.add_widget(self._dark)

    def _lies(self, kind: type[Overlay]) -> bool:
        return any(isinstance(child, kind) for child in self.children)

    def _take_off(self, kind: type[Overlay]) -> None:
        if self._lies(kind):
            self._gate.turn()
            self._sheets[kind].leave()
            self.remove_widget(self._sheets[kind])
