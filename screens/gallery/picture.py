"""Bring a page to the glass and take its picture from the renderer itself: 20 times as fast as asking the X server."""

from __future__ import annotations

import trio
from kivy.app import App
from kivy.clock import Clock
from kivy.core.window import Window
from kivy.graphics.opengl import GL_RGB, GL_UNSIGNED_BYTE, glReadPixels
from PIL import Image

from kiosk.prompts import Call, Standing
from screens.attract import AttractPage
from screens.gallery import tree
from screens.gallery.cases import SCENES, Case, Scene, pages
from screens.gate import SETTLE_S
from screens.presenter import Presenter
from screens.typing_page import TypingPage
from screens.working import WorkingPage

FRAMES = 3
"""After so many a page stands: it is cut, its columns are laid out, and what they hold in them; and was drawn."""


TURN = "turn"
"""The key that turns a leaf."""


async def hang(screen: Presenter, case: Case) -> None:
    """Show a case's page as a visitor in that manner would see it."""
    scene = SCENES.get(case.page, Scene(case.page))
    screen.forget()
    screen.switch(case.manner)
    screen.stand(Standing(online=scene.online))
    screen.show(pages(case.language)[scene.page])
    await settle()
    if scene.key is not None:
        await press(scene.key)
    if scene.call is not Call.NONE:
        screen.call_staff()
        screen.tell_call(scene.call)
    if scene.digits or scene.seconds:
        befall(tree.visible_page(), scene)
    await settle()


def befall(page: TypingPage | WorkingPage, scene: Scene) -> None:
    """What keys and clocks do."""
    for digit in range(scene.digits):
        page.add(digit)
        page.tell()
    for _ in range(scene.seconds):
        page.second()


async def settle() -> None:
    """Until everything is where it belongs."""
    for _ in range(FRAMES):
        frame = trio.Event()
        Clock.schedule_once(lambda _dt, frame=frame: frame.set(), 0)
        await frame.wait()


async def press(name: str) -> None:
    """As a finger does, once touches count again."""
    await trio.sleep(SETTLE_S)
    key = next(target for target in tree.targets() if tree.target_name(target) == name)
    gate = App.get_running_app().faces.gate
    gate.press(press)
    key.dispatch("on_release")
    gate.release(press)
    await settle()


async def turn() -> bool:
    """To the page's next leaf; what the first page shows one after the other are its leaves.  False: there is none."""
    page = tree.visible_page()
    if isinstance(page, AttractPage) and not tree.dark() and not tree.covered():
        page.turn_over()
        await settle()
        return True
    if not any(tree.target_name(target) == TURN for target in tree.targets()):
        return False
    await press(TURN)
    return True


class Camera:
    """Keeps the last frame that was drawn, before the renderer gives it away."""

    def __init__(self) -> None:
        self._pixels = b""
        Window.bind(on_flip=self._keep)
        Window.canvas.ask_update()

    def _keep(self, *_: object) -> None:
        self._pixels = glReadPixels(0, 0, *Window.system_size, GL_RGB, GL_UNSIGNED_BYTE)

    def picture(self) -> Image.Image:
        """The glass, once it has settled."""
        image = Image.frombytes("RGB", Window.system_size, self._pixels)
        return image.transpose(Image.Transpose.FLIP_TOP_BOTTOM)
