"""The Kivy application on trio.  Importing this opens the window; `screens.app` configures it first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import structlog
import trio
from kivy.app import App
from kivy.base import EventLoop, ExceptionManager
from kivy.core.text import DEFAULT_FONT, LabelBase
from kivy.core.window import Window as Glass
from kivy.graphics.opengl import GL_RENDERER, glGetString
from kivy.input.providers.mouse import MouseMotionEventProvider

from kiosk.prompts import OutOfService
from kiosk.words import msg
from screens.app import GlassDiffers, InputDoubled, ScreenFailed, Setting
from screens.fault import FaultHandler, GuardedFace
from screens.fonts import Font
from screens.gate import Gate
from screens.ghosts import SPOT_MM, Ghosts
from screens.keypad import Keypad
from screens.keys import Keys, PadKeys
from screens.manner import Manner
from screens.presenter import Move, Presenter
from screens.speech.jack import Plug, watch
from screens.speech.narrator import Narrator
from screens.speech.voice import Speaker
from screens.theme import Panel, Theme

if TYPE_CHECKING:
    from screens.face import WindowFace

SOFTWARE = ("llvmpipe", "softpipe", "swrast")
FAULT_SHOWN_S = 15
"""How long a person can read that this machine has a fault, before the process ends and is started again."""

log = structlog.get_logger()


class Window(App):
    """Runs until it is cancelled: no key, menu or window manager closes it."""

    use_kivy_settings = False
    theme: Theme
    """Of the face that is being built, or shown."""

    def __init__(self, setting: Setting, font: Font) -> None:
        super().__init__()
        self._still = software_renderer()
        self.font, self.hotline = font, setting.hotline
        self._setting = setting
        self._ready = trio.Event()
        self._failed = trio.Event()
        self._served = trio.Event()

    def build(self) -> Any:
        LabelBase.register(DEFAULT_FONT, fn_regular=str(self.font.regular), fn_bold=str(self.font.bold))
        Glass.show_cursor = self._setting.pointer
        Glass.bind(on_request_close=lambda *_, **__: True)
        from screens.faces import Faces  # noqa: PLC0415 - parts ask the running app for their theme

        setting = self._setting
        self._manner = Manner(setting.language, setting.look, spoken=setting.sound.spoken)
        ghosts = Ghosts(trio.current_time, setting.panel.px(SPOT_MM))
        self._gate = Gate(trio.current_time, ghosts.answered)
        self.faces = Faces(setting, self._manner, self._gate, ghosts, still=self._still)
        guarded = GuardedFace(self.faces, self._failed, self.fail)
        self._speaker = Speaker(setting.sound)
        self.narrator = Narrator(guarded, self._speaker, setting.hotline, self._manner)
        return self.faces

    @property
    def face(self) -> WindowFace:
        """The one on the glass."""
        return self.faces.current

    def open_settings(self, *_: object) -> bool:
        """F1 opens nothing here."""
        return False

    def on_start(self) -> None:
        """Input providers start right after this, and then the first frame is drawn: its page is written here."""
        presenter = self._presenter = Presenter(self.narrator, self._manner, self.narrator.voice)
        self.faces.serve(presenter)
        keypad = Keypad(presenter, self.narrator, self.faces, self._gate)
        presenter.serve_keys(PadKeys(keypad, self.fail).press)
        self._keys = Keys(keypad)  # the window holds its methods weakly
        Glass.bind(on_key_down=self._keys.down, on_key_up=self._keys.up)
        presenter.forget()
        self._ready.set()

    async def opened(self) -> Presenter:
        """What the desk talks to, once the window stands.  Raises InputDoubled, GlassDiffers."""
        await self._ready.wait()
        check_input()
        check_size(self._setting.panel)
        from screens.stage import write_if_asked  # noqa: PLC0415 - parts ask the running app for their theme

        write_if_asked(self.faces)
        self._served.set()
        return self._presenter

    async def run(self) -> None:
        """Until cancelled.  Raises ScreenFailed some seconds after a page could not be drawn."""
        handler = FaultHandler(self.fail)
        ExceptionManager.add_handler(handler)
        try:
            async with trio.open_nursery() as nursery:
                nursery.start_soon(self._end_after_fault)
                nursery.start_soon(self._speak_and_listen)
                await self.async_run("trio")
                nursery.cancel_scope.cancel()
        finally:
            ExceptionManager.remove_handler(handler)

    def fail(self, fault: Exception) -> None:
        """Say so on the glass; what the desk shows from now on is not drawn any more."""
        log.error("page_failed", exc_info=fault)
        if not self._failed.is_set():
            self._failed.set()
            out = OutOfService(why=msg("screens.fault"), hotline=self._setting.hotline)
            self.face.uncover()
            self.face.present(out, self.face.presenter.manner, Move.IN_PLACE)
            self.narrator.ends_with(out)

    async def _speak_and_listen(self) -> None:
        await self._served.wait()
        async with trio.open_nursery() as nursery:
            nursery.start_soon(self.narrator.run)
            nursery.start_soon(self._speaker.look_after)
            if self._setting.sound.jack is not None:
                nursery.start_soon(watch, self._setting.sound.jack, self._plugged)

    def _plugged(self, plug: Plug) -> None:
        """Whoever plugs one in wants to hear, and so does whoever finds one there."""
        hears = plug is Plug.PLUGGED
        self.narrator.plugged(plug)
        self._presenter.expect(msgspec.structs.replace(self._manner, spoken=hears or self._manner.spoken))
        if hears:
            self._presenter.switch(msgspec.structs.replace(self._presenter.manner, spoken=True))

    async def _end_after_fault(self) -> None:
        await self._failed.wait()
        await trio.sleep(FAULT_SHOWN_S)
        raise ScreenFailed


def software_renderer() -> bool:
    """A slide would stutter there (p99 100 ms at 1080×1920): pages are cut."""
    name = glGetString(GL_RENDERER)
    return any(part in name.decode().lower() for part in SOFTWARE)


def check_input() -> None:
    """Exactly one provider gives touches.  SDL's own is always listed; on Linux it is never fed (Kivy 2.3)."""
    providers = [type(provider).__name__ for provider in EventLoop.input_providers]
    mice = [provider for provider in EventLoop.input_providers if isinstance(provider, MouseMotionEventProvider)]
    if len(mice) != 1 or len(providers) - ("SDL2MotionEventProvider" in providers) != 1:
        raise InputDoubled(f"one input provider is needed, there are {', '.join(providers)}")


def check_size(panel: Panel) -> None:
    """Everything is laid out in millimetres of the panel that the configuration names."""
    width, height = Glass.system_size
    if (width, height) != (panel.width, panel.height):
        raise GlassDiffers(f"[screen] says {panel.width}×{panel.height}, the screen has {width}×{height}")
