"""A citizen who sees nothing: headphones, a keypad, and only what the voice says to go by."""

from __future__ import annotations

import re
import tempfile
import time
from collections import deque
from pathlib import Path

from PIL import Image

from drivers.virtual.demo.citizen import PAGE_S, READ_S, StoryFailed
from drivers.virtual.demo.display import Finger
from drivers.virtual.demo.telling import say
from drivers.virtual.ears import Ears
from kiosk.words import Message, language, msg, plain

LISTEN_S = 0.05
KEY_S = 0.15
"""Between two keys."""
HELP, AGAIN = "KP_Divide", "KP_Enter"


class Listener:
    """Knows the words of a language, and the six keys that do the same on every page; never looks at the screen."""

    def __init__(self, ears: Ears, keys: Finger, code: str) -> None:
        self._ears, self._keys, self._code = ears, keys, code
        self._heard: deque[str] = deque()
        self._last = ""

    def plugs_in(self) -> None:
        say("  插上耳机")
        self._ears.hear()
        self._heard.clear()
        self._ears.plug_in()

    def pulls_out(self) -> None:
        say("  拔下耳机")
        self._ears.pull_out()

    # --- ears -----------------------------------------------------------------------------

    def hears(self, message: Message, within_s: float = PAGE_S) -> None:
        """Wait for these words, in whatever sentence they are said.  Raises StoryFailed."""
        self._wait(re.compile(re.escape(self._words(message))), within_s)

    def chooses(self, message: Message, within_s: float = PAGE_S) -> None:
        """Wait until the voice gives these words a number, and press it.  Raises StoryFailed."""
        before, after = self._sentence()
        number = self._wait(re.compile(rf"{before}(\d){after}.*{re.escape(self._words(message))}"), within_s)[1]
        say(f"  听到“{self._last}”，按 {number}")
        self._press(f"KP_{number}")

    def _sentence(self) -> tuple[str, str]:
        """What stands round the number when a choice is read out: 按 1，…"""
        whole = language(self._code).say(msg("speech.choice", number="#", words=plain("")))
        before, _, rest = whole.partition("#")
        return re.escape(before), re.escape(rest.rstrip(" .。"))

    def _wait(self, wanted: re.Pattern[str], within_s: float) -> re.Match[str]:
        end = time.monotonic() + within_s
        while True:
            self._heard += self._ears.hear()
            while self._heard:
                self._last = self._heard.popleft()
                if found := wanted.search(self._last):
                    return found
            if time.monotonic() >= end:
                raise StoryFailed(f"nobody said {wanted.pattern!r} within {within_s:.0f} s; last: {self._last!r}")
            time.sleep(LISTEN_S)

    def _words(self, message: Message) -> str:
        return language(self._code).say(message)

    # --- the keypad -------------------------------------------------------------------------

    def types(self, figures: str, words: str) -> None:
        """One key after the other; the figures are not told."""
        say(f"  {words}")
        time.sleep(READ_S)
        for figure in figures:
            self._keys.key(f"KP_{figure}")
            time.sleep(KEY_S)

    def asks_for_help(self) -> None:
        self._press(HELP)

    def asks_again(self) -> None:
        self._press(AGAIN)

    def _press(self, key: str) -> None:
        time.sleep(READ_S)
        self._keys.key(key)

    # --- whoever looks over the shoulder ------------------------------------------------------

    def is_in_the_dark(self, within_s: float = PAGE_S) -> None:
        """The voice may be ahead of the next frame.  Raises StoryFailed if something stays on the glass."""
        end = time.monotonic() + within_s
        while not self._all_black():
            if time.monotonic() >= end:
                raise StoryFailed("the screen shows something, though it was turned off")

    def _all_black(self) -> bool:
        with tempfile.TemporaryDirectory() as folder:
            picture = Path(folder) / "glass.png"
            self._keys.picture(picture)
            with Image.open(picture) as glass:
                return bool(glass.convert("L").getextrema() == (0, 0))
