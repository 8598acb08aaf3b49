"""语音 · 音量 · 语速: how the terminal is heard.  Not a prompt: the visit does not notice it."""

from __future__ import annotations

from typing import Any

import msgspec
from kivy.app import App

from kiosk.words import language, msg
from screens.manner import LOUDEST, Manner, Speed
from screens.overlay import Overlay
from screens.page import load_kv

load_kv(__file__)


class SoundSheet(Overlay):
    """One switch and two dials that act at once; closes with one button."""

    manner: Manner

    def present(self, manner: Manner) -> None:
        """Show how each stands."""
        self.manner = manner
        say, speeds = language(manner.language).say, list(Speed)
        self.ids.title.text = say(msg("screens.sound_title"))
        self.ids.close.text = say(msg("screens.look_close"))
        self.ids.voice.on, self.ids.voice.text = manner.spoken, say(msg("screens.sound_voice"))
        self.ids.voice.state_text = say(msg("screens.look_on" if manner.spoken else "screens.look_off"))
        for dial, of, at, state in (
            (self.ids.volume, LOUDEST, manner.volume, str(manner.volume)),
            (self.ids.speed, len(speeds), speeds.index(manner.speed) + 1, say(msg(f"speech.speed.{manner.speed}"))),
        ):
            dial.of, dial.at, dial.state_text = of, at, state
        self.ids.volume.text, self.ids.speed.text = say(msg("screens.sound_volume")), say(msg("screens.sound_speed"))

    def turn(self, **changes: Any) -> None:
        """One of them was pressed."""
        App.get_running_app().face.wear(msgspec.structs.replace(self.manner, **changes))

    def close(self) -> None:
        App.get_running_app().face.close_sound()
