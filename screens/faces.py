"""The faces, one for each look and reach: built when first asked for, and kept; one of them is on the glass."""

from __future__ import annotations

from typing import Any

import msgspec
from kivy.app import App
from kivy.clock import Clock
from kivy.core.window import Window as Glass
from kivy.input import MotionEvent
from kivy.uix.floatlayout import FloatLayout

from kiosk.prompts import Answer, Call, Prompt, Standing, StillThere
from screens.app import Setting
from screens.cover import Cover
from screens.face import WindowFace
from screens.gate import Gate
from screens.ghosts import Ghosts
from screens.manner import Manner
from screens.presenter import Move, Presenter
from screens.speech.menu import Sheet
from screens.theme import LOOKS, Theme
from screens.touch_panel import LOOK_S as LIST_S
from screens.touch_panel import TouchPanel
from screens.typing_page import TypingPage

LOOK_S = 1
"""How often the glass is looked at while it is touched."""


class Faces(FloatLayout):
    """`screens.presenter.Face` of the whole window.  Half a PIN goes when the look is changed: it is typed anew."""

    def __init__(
        self, setting: Setting, manner: Manner, gate: Gate, ghosts: Ghosts, *, still: bool, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.presenter: Presenter
        self._setting, self.gate, self._ghosts, self._still = setting, gate, ghosts, still
        self._touch_panel = TouchPanel()
        self._look_later = Clock.create_trigger(lambda _dt: self._look_for_ghosts(), LOOK_S, interval=True)
        self._built: dict[tuple[str, bool], WindowFace] = {}
        self._put_on(self._theme_of(manner))
        self.current = self._built[manner.look, manner.low] = self._build()
        self.add_widget(self.current)
        self._cover = Cover(setting.panel, self._uncover)

    def serve(self, presenter: Presenter) -> None:
        """Who gets the answers."""
        self.presenter = presenter
        for face in self._built.values():
            face.presenter = presenter
        self._look_for_panel()
        Clock.schedule_interval(lambda _dt: self._look_for_panel(), LIST_S)

    # --- the presenter's side ----------------------------------------------------------------

    def present(self, prompt: Prompt, manner: Manner, move: Move) -> None:
        self._wear(manner)
        self.current.present(prompt, manner, move)
        self._darken(dark=manner.dark)

    def overlay(self, prompt: StillThere | None, manner: Manner) -> None:
        self.current.overlay(prompt, manner)

    def stand(self, standing: Standing, manner: Manner) -> None:
        self.current.stand(standing, manner)

    def tell_call(self, call: Call, manner: Manner) -> None:
        self.current.tell_call(call, manner)

    def clear(self) -> None:
        for face in self._built.values():
            face.clear()

    # --- the person's side ---------------------------------------------------------------------

    def on_touch_down(self, touch: MotionEvent) -> bool:
        self._touch_panel.felt()
        self._ghosts.press(touch.uid, touch.pos)
        self._look_later()
        return self._ghosts.haunted or bool(super().on_touch_down(touch))

    def on_touch_up(self, touch: MotionEvent) -> bool:
        self._ghosts.release(touch.uid)
        return bool(super().on_touch_up(touch))

    def _look_for_ghosts(self) -> None:
        self._ghosts.look()
        self._tell_panel()
        if self._ghosts.at_rest:
            self._look_later.cancel()

    def _look_for_panel(self) -> None:
        self._touch_panel.look()
        self._tell_panel()

    def _tell_panel(self) -> None:
        self.presenter.touch_panel_is(self._touch_panel.state(haunted=self._ghosts.haunted))

    # --- the keypad's side -------------------------------------------------------------------

    @property
    def typing(self) -> bool:
        """A page that takes figures lies uppermost."""
        return isinstance(self.current.page, TypingPage) and not self.current.covered

    @property
    def sheet(self) -> Sheet | None:
        """What lies over the page."""
        if self.current.helping:
            return Sheet.HELP
        if self.current.looking:
            return Sheet.LOOK
        return Sheet.SOUND if self.current.sounding else None

    @property
    def takes_x(self) -> bool:
        """An X may be typed now."""
        return self.typing and bool(self.current.page.takes_x)

    def x(self) -> None:
        self.current.page.x_pressed()

    def figure(self, figure: int) -> None:
        self.current.page.digit_pressed(figure)

    def delete(self) -> None:
        self.current.page.delete_pressed()

    def delete_all(self) -> None:
        self.current.page.clear_pressed()

    def confirm(self) -> None:
        self.current.page.confirm_pressed()

    def answer(self, answer: Answer) -> None:
        self.current.answer(answer)

    def open_help(self) -> None:
        self.current.open_help()

    def close_sheet(self) -> None:
        match self.sheet:
            case Sheet.HELP:
                self.current.close_help()
            case Sheet.LOOK:
                self.current.close_look()
            case Sheet.SOUND:
                self.current.close_sound()

    def call_staff(self) -> None:
        self.current.call_staff()

    # --- which one ---------------------------------------------------------------------------

    def _wear(self, manner: Manner) -> None:
        theme = self._theme_of(manner)
        if theme == self._theme:
            return
        looking = self.current.looking
        self.current.clear()
        self.remove_widget(self.current)
        self._put_on(theme)
        key = manner.look, manner.low
        if key not in self._built:
            self._built[key] = self._build()
            self._built[key].presenter = self.presenter
        self.current = self._built[key]
        self.add_widget(self.current)
        if looking:
            self.current.look(manner)
        self.gate.turn()

    def _put_on(self, theme: Theme) -> None:
        """The page's ground is what the glass is wiped with: no rectangle of its size need be drawn."""
        self._theme = App.get_running_app().theme = theme
        Glass.clearcolor = theme.colour("ground")

    def _darken(self, *, dark: bool) -> None:
        if dark is not (self._cover.parent is self) or (dark and self.children[0] is not self._cover):
            self.remove_widget(self._cover)
            if dark:
                self.add_widget(self._cover)
            self.gate.turn()

    def _uncover(self) -> None:
        self.presenter.touched()
        self.presenter.switch(msgspec.structs.replace(self.presenter.manner, dark=False))

    def _theme_of(self, manner: Manner) -> Theme:
        return Theme(self._setting.panel, LOOKS[manner.look], low=manner.low, still=self._still)

    def _build(self) -> WindowFace:
        face = WindowFace(self._theme, self._setting, self.gate)
        face.fbind("children", lambda *_: App.get_running_app().narrator.lies_over(self.sheet))
        return face
