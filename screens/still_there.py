"""Time is nearly up: one huge button to go on."""

from __future__ import annotations

from kivy.app import App

from kiosk.prompts import Continue, StillThere
from kiosk.words import language, msg
from screens.overlay import Overlay
from screens.page import load_kv

load_kv(__file__)


class StillThereSheet(Overlay):
    """The page it covers stays as it was."""

    def present(self, prompt: StillThere, code: str) -> None:
        """Show it, or say the same in another language."""
        say = language(code).say
        self.ids.title.text, self.ids.body.text = say(msg("screens.still_title")), say(msg("screens.still_body"))
        self.ids.go_on.text = say(msg("screens.still_continue"))

    def begin(self, prompt: StillThere) -> None:
        self.ids.ring.start(prompt.seconds)

    def leave(self) -> None:
        self.ids.ring.stop()

    def go_on(self) -> None:
        App.get_running_app().face.answer(Continue())
