"""求助: where a person is who can help, the number to call, and a key that calls somebody here.

Not a prompt: the visit does not notice it.
"""

from __future__ import annotations

from kivy.app import App

from kiosk.prompts import Call
from kiosk.words import language, msg
from screens.overlay import Overlay
from screens.page import load_kv

load_kv(__file__)


class HelpSheet(Overlay):
    """Closes with one button; what became of a call is told here too.  A clerk's key is read out to nobody."""

    def present(self, call: Call, code: str, *, staff: bool) -> None:
        """What is known of the call; calling again is offered only where the first did not get through.

        `staff`: the page under it can be left for a clerk's.
        """
        say = language(code).say
        self.ids.told.text = "" if call is Call.NONE else say(msg(f"screens.call_{call.value}"))
        self.ids.told.tone = "good" if call is Call.TOLD else "warn"
        self.ids.call.shown = call in {Call.NONE, Call.UNREACHED}
        self.ids.call.text = say(msg("screens.call_staff"))
        tight = self.theme.stacked or staff
        self.ids.title.shown, self.ids.window.shown = not self.theme.stacked, call is Call.NONE or not tight
        self.ids.title.text = say(msg("screens.help_title"))
        self.ids.window.label = say(msg("screens.help_window_label"))
        self.ids.window.value = say(msg("screens.help_window"))
        self.ids.hotline.dress(say(msg("screens.hotline")), App.get_running_app().hotline)
        self.ids.staff.shown = staff
        self.ids.staff.text = say(msg("screens.staff_key"))
        self.ids.close.text = say(msg("screens.help_close"))

    def call(self) -> None:
        App.get_running_app().face.call_staff()

    def let_staff_in(self) -> None:
        App.get_running_app().face.let_staff_in()

    def close(self) -> None:
        App.get_running_app().face.close_help()
