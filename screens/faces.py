"""The faces, one for each look and reach: built when first asked for, and kept; one of them is on the glass."""

from __future__ import annotations

from typing import Any

from kivy.app import App
from kivy.uix.floatlayout import FloatLayout

from kiosk.prompts import Call, Prompt, Standing, StillThere
from screens.app import Setting
from screens.face import WindowFace
from screens.gate import Gate
from screens.manner import Manner
from screens.presenter import Move, Presenter
from screens.theme import LOOKS, Theme


class Faces(FloatLayout):
    """`screens.presenter.Face` of the whole window.  Half a PIN goes when the look is changed: it is typed anew."""

    def __init__(self, setting: Setting, manner: Manner, gate: Gate, *, still: bool, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.presenter: Presenter
        self._setting, self._gate, self._still = setting, gate, still
        self._built: dict[tuple[str, bool], WindowFace] = {}
        self._theme = App.get_running_app().theme = self._theme_of(manner)
        self.current = self._built[manner.look, manner.low] = self._build()
        self.add_widget(self.current)

    def serve(self, presenter: Presenter) -> None:
        """Who gets the answers."""
        self.presenter = presenter
        for face in self._built.values():
            face.presenter = presenter

    # --- the presenter's side ----------------------------------------------------------------

    def present(self, prompt: Prompt, manner: Manner, move: Move) -> None:
        self._wear(manner)
        self.current.present(prompt, manner, move)

    def overlay(self, prompt: StillThere | None, manner: Manner) -> None:
        self.current.overlay(prompt, manner)

    def stand(self, standing: Standing, manner: Manner) -> None:
        self.current.stand(standing, manner)

    def tell_call(self, call: Call, manner: Manner) -> None:
        self.current.tell_call(call, manner)

    def clear(self) -> None:
        for face in self._built.values():
            face.clear()

    # --- which one ---------------------------------------------------------------------------

    def _wear(self, manner: Manner) -> None:
        theme = self._theme_of(manner)
        if theme == self._theme:
            return
        looking = self.current.looking
        self.current.clear()
        self.remove_widget(self.current)
        self._theme = App.get_running_app().theme = theme
        key = manner.look, manner.low
        if key not in self._built:
            self._built[key] = self._build()
            self._built[key].presenter = self.presenter
        self.current = self._built[key]
        self.add_widget(self.current)
        if looking:
            self.current.look(manner)
        self._gate.turn()

    def _theme_of(self, manner: Manner) -> Theme:
        return Theme(self._setting.panel, LOOKS[manner.look], low=manner.low, still=self._still)

    def _build(self) -> WindowFace:
        return WindowFace(self._theme, self._setting, self._gate)
