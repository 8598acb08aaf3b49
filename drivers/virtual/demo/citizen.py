"""A citizen at the terminal: looks at the screen, presses with a finger, handles cards and paper; says what he does."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Container
from pathlib import Path

from drivers.virtual.bench import Bench
from drivers.virtual.demo import stage
from drivers.virtual.demo.album import Album
from drivers.virtual.demo.display import Finger
from drivers.virtual.demo.stage import Stage
from drivers.virtual.demo.telling import say
from drivers.virtual.people import find
from drivers.virtual.printer import PrintedSlip
from drivers.virtual.vpcd import Pull
from kiosk.words import Message, language, msg

PAGE_S = 20.0
"""The slowest step a page may follow on: an online loss without a verdict (10 s) on a busy machine."""
SLIP_S = 20.0
"""A long slip at 9,600 baud takes eight seconds."""
READ_S = 0.6
"""Nobody presses a page that has just appeared; the terminal takes no touch in its first 0.35 s either."""
LOOK_S = 0.05
STUBBORN_S = 3.0
"""After so long without any change a person presses once more."""
CLOCK = re.compile(r"[\d:]+")
"""What changes by itself: the time, and the seconds that are left."""


class StoryFailed(AssertionError):
    """Something is not as it must be; the sentence says what."""


class Citizen:
    """Blind but for `stage_file`: pages are told apart by their names, buttons by theirs."""

    def __init__(self, bench: Bench, finger: Finger, stage_file: Path, album: Album) -> None:
        self.bench = bench
        self.album = album
        self._finger = finger
        self._stage_file = stage_file

    def say(self, sentence: str) -> None:
        say(f"  {sentence}")

    # --- eyes -----------------------------------------------------------------------------

    def sees(self, *pages: str, saying: Message | None = None, within_s: float = PAGE_S) -> Stage:
        """Wait for one of these pages, with a sentence on it; keep a picture.  Raises StoryFailed."""
        seen = self.waits_for(*pages, saying=saying, within_s=within_s)
        self.album.page(seen.page)
        return seen

    def waits_for(self, *pages: str, saying: Message | None = None, within_s: float = PAGE_S) -> Stage:
        """The same without a picture."""

        def there(shown: Stage) -> bool:
            return shown.page in pages and (saying is None or shown.says(language(shown.language).say(saying)))

        wanted = " or ".join(pages) + (f" ({language('zh_CN').say(saying)})" if saying else "")
        return self._until(there, wanted, within_s, leafing=pages)

    def waits_for_line(self, page: str, *, online: bool, within_s: float = PAGE_S) -> None:
        """Wait until the terminal knows, on this page, that the line is up, or down."""
        wanted = f"{page} {'online' if online else 'offline'}"
        self._until(lambda shown: shown.page == page and shown.online is online, wanted, within_s)

    def _until(
        self, there: Callable[[Stage], bool], wanted: str, within_s: float, leafing: Container[str] = ()
    ) -> Stage:
        """Look until it is there; on the pages of `leafing` turn the leaves meanwhile."""
        end = time.monotonic() + within_s
        while True:
            shown = stage.read(self._stage_file)
            if shown is not None and there(shown):
                return shown
            if time.monotonic() >= end:
                self.album.page("Unexpected")
                now = f"{shown.page}: {' / '.join(shown.texts)}" if shown else "nothing"
                raise StoryFailed(f"no {wanted} within {within_s:.0f} s; the screen shows {now}")
            if shown is not None and shown.page in leafing and (turn := shown.target("turn")) is not None:
                self._read_the_page()
                self._finger.press(*turn.middle)
                self._read_the_page()
            time.sleep(LOOK_S)

    # --- the finger -----------------------------------------------------------------------

    def presses(self, name: str, words: str) -> None:
        """Press a button by its name; `words` say in Chinese what that means."""
        self._read_the_page()
        self.say(words)
        pressed = self._press(name)
        if not self._moves_on_from(pressed, name):
            self.say("没有反应，再按一次")
            self._press(name)

    def types(self, figures: str, words: str) -> None:
        """On the pad's keys, one after the other, X too; they are not told."""
        self._read_the_page()
        self.say(words)
        for figure in figures:
            self._press(f"key-{figure.lower()}")

    def types_on_pad(self, digits: str, words: str) -> None:
        """On the PIN pad, and nowhere on the glass; the digits are not told.  Raises StoryFailed."""
        self._read_the_page()
        self.say(words)
        fingers, end = self.bench.fingers, time.monotonic() + PAGE_S
        while fingers.have_pad and not fingers.are_heard:
            if time.monotonic() >= end:
                raise StoryFailed("the page asks for figures, and the PIN pad is off")
            time.sleep(LOOK_S)
        for digit in digits if fingers.have_pad else ():
            fingers.press(digit)

    def _press(self, name: str) -> Stage:
        """What stood there when it was pressed."""
        now = stage.read(self._stage_file)
        leafing = (now.page,) if now else ()
        shown = self._until(lambda shown: shown.target(name) is not None, f"button {name}", PAGE_S, leafing)
        target = shown.target(name)
        assert target is not None, "waited for"  # noqa: S101
        self._finger.press(*target.middle)
        return shown

    def _moves_on_from(self, pressed: Stage, name: str) -> bool:
        """A button that did nothing, or that the page moved away from under the finger, was not pressed, whatever else
        the page says now."""
        end = time.monotonic() + STUBBORN_S
        while time.monotonic() < end:
            shown = stage.read(self._stage_file)
            if shown is None or shown.page != pressed.page:
                return True
            there = shown.target(name)
            acted = shown.acts != pressed.acts and there in {None, pressed.target(name)}
            if acted and _words_of(shown) != _words_of(pressed):
                return True
            time.sleep(LOOK_S)
        return False

    def _read_the_page(self) -> None:
        left = READ_S
        while left > 0:
            time.sleep(left)
            left = READ_S - (time.time() - self._stage_file.stat().st_mtime)

    def forgets_the_glass(self) -> None:
        """The terminal is gone: what stood on its glass is worth nothing until it writes anew."""
        self._stage_file.unlink(missing_ok=True)

    # --- the phone ------------------------------------------------------------------------

    def reads_code(self, key: str) -> str:
        """The six digits of the newest message on a person's phone.  Raises StoryFailed."""
        message = self.bench.phones.newest(find(self.bench.hands.people, key))
        if message is None or message.code is None:
            raise StoryFailed("the terminal asks for a code, and none has come to the phone")
        self.say("看手机：验证码到了")
        return message.code

    # --- cards and paper ------------------------------------------------------------------

    def lays(self, key: str) -> None:
        self.say(f"放上身份证 ({key})")
        if self.bench.hands.has_id_reader:
            self.bench.hands.lay(key)

    def lifts(self) -> None:
        if self.bench.hands.has_id_reader and self.bench.hands.on_glass is None:
            return
        self.say("拿开身份证")
        if self.bench.hands.has_id_reader:
            self.bench.hands.lift()

    def puts_in(self, key: str, pull: Pull | None = None) -> None:
        self.say(f"插入社保卡 ({key})")
        if self.bench.hands.has_slot:
            self.bench.hands.put_in(key, pull)

    def pulls_out(self) -> None:
        if self.bench.hands.has_slot and self.bench.hands.in_slot is None:
            return
        self.say("拔出社保卡")
        if self.bench.hands.has_slot:
            self.bench.hands.pull_out()

    def takes_slip(self) -> PrintedSlip | None:
        """Wait for it, tear it off, keep a picture.  None where the printer is somebody else's.  Raises StoryFailed."""
        if not self.bench.hands.has_printer:
            self.say("取走回执")
            return None
        end = time.monotonic() + SLIP_S
        while (slip := self.bench.hands.tear_off()) is None:
            if time.monotonic() >= end:
                raise StoryFailed(f"no slip came out within {SLIP_S:.0f} s")
            time.sleep(LOOK_S)
        self.say("撕下回执")
        self.album.slip(slip)
        return slip

    # --- what every visit has --------------------------------------------------------------

    def begins(self, service: str) -> None:
        """From the attract page into a service."""
        while self.bench.hands.has_printer and self.bench.hands.tear_off() is not None:
            self.say("撕掉别人留下的小票")
        self.sees("Attract")
        self.presses("start", "触摸屏幕")
        self.sees("Home")
        self.chooses(service)

    def chooses(self, service: str) -> None:
        """On the home page, on whatever leaf its tile stands."""
        self.presses(f"tile-{service}", f"按“{language('zh_CN').say(msg(f'tile.{service}.title'))}”")

    def agrees_to_notice(self) -> None:
        self.sees("PrivacyNotice")
        self.presses("agree", "同意读身份证")

    def leaves(self) -> None:
        """Take everything that is still there."""
        self.sees("TakeCards")
        self.lifts()
        self.pulls_out()
        self.presses("done", "按“都拿好了”")
        self.waits_for("Attract")


def _words_of(shown: Stage) -> tuple[str, str, tuple[str, ...]]:
    return shown.page, shown.language, tuple(text for text in shown.texts if not CLOCK.fullmatch(text))
