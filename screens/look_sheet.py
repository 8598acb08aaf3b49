"""大字 · 高对比 · 低位: how the terminal shows itself.  Not a prompt: the visit does not notice it."""

from __future__ import annotations

from typing import Any

import msgspec
from kivy.app import App

from kiosk.words import language, msg
from screens.manner import Manner
from screens.overlay import Overlay
from screens.page import load_kv
from screens.theme import LOOKS, look_with

load_kv(__file__)


class LookSheet(Overlay):
    """Three switches that act at once; closes with one button."""

    manner: Manner

    def present(self, manner: Manner) -> None:
        """Show what is on."""
        self.manner = manner
        say, look = language(manner.language).say, LOOKS[manner.look]
        self.ids.title.text = say(msg("screens.look_title"))
        self.ids.close.text = say(msg("screens.look_close"))
        for name, on in (("large", look.large), ("contrast", look.contrasted), ("low", manner.low)):
            switch = self.ids[name]
            switch.on, switch.text = on, say(msg(f"screens.look_{name}"))
            switch.state_text = say(msg("screens.look_on" if on else "screens.look_off"))

    def turn(self, **changes: Any) -> None:
        """One switch was pressed."""
        look = LOOKS[self.manner.look]
        parts = {"large": look.large, "contrasted": look.contrasted, "low": self.manner.low} | changes
        low = parts.pop("low")
        App.get_running_app().face.wear(msgspec.structs.replace(self.manner, look=look_with(**parts).name, low=low))

    def close(self) -> None:
        App.get_running_app().face.close_look()
