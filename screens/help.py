"""求助: where a person is who can help, and the number to call.  Not a prompt: the visit does not notice it."""

from __future__ import annotations

from typing import Any

from kivy.app import App

from kiosk.words import language, msg
from screens.overlay import Overlay
from screens.page import load_kv

load_kv(__file__)


class HelpSheet(Overlay):
    """Closes with one button."""

    def __init__(self, hotline: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._hotline = hotline

    def present(self, code: str) -> None:
        say = language(code).say
        self.ids.title.text = say(msg("screens.help_title"))
        self.ids.window.label = say(msg("screens.help_window_label"))
        self.ids.window.value = say(msg("screens.help_window"))
        self.ids.hotline.dress(say(msg("screens.hotline")), self._hotline)
        self.ids.close.text = say(msg("screens.help_close"))

    def close(self) -> None:
        App.get_running_app().face.close_help()
