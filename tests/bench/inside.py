"""What is done and measured inside our window; told in JSON lines."""

from __future__ import annotations

import base64
import gc
import time
from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import trio
from kivy.app import App
from kivy.clock import Clock

from kiosk.link import Call, Link
from kiosk.prompts import LayIdCard, Prompt, Standing
from kiosk.words import plain
from screens import drawings
from screens.gallery import tree
from screens.gallery.cases import pages
from screens.gallery.picture import settle
from screens.gate import SETTLE_S
from screens.parts.pad import PadKey
from screens.parts.picture import Picture
from screens.parts.surface import Pressable, Surface
from screens.parts.text import Text
from screens.presenter import Presenter
from tests.bench.child import tell
from tests.bench.frames import Frames

REST_S = 0.1
"""From one change to the next."""
CHANGES = 60
TAPS = 40
WARM, VISITS = 50, 1000
TRAFFIC_S = 0.01
"""From one call on the link to the next: more than any reading of a card needs."""

BETWEEN = ("home-four", "confirm")
"""Two pages full of words and buttons."""
VISIT = ("home", "privacy", "lay-id-card", "working", "confirm", "working", "result", "take-cards")
"""What a person sees who reports a loss."""


async def at_frame_start(act: Callable[[], None]) -> None:
    """Between two frames, so that none is waited for."""

    done = trio.Event()

    def run(_dt: float) -> None:
        act()
        done.set()

    Clock.schedule_once(run, 0)
    await done.wait()


# --- what is measured ---------------------------------------------------------------------------


async def list_pages(screen: Presenter, names: tuple[str, ...]) -> None:
    """What is on some pages, so that a bare program can have the same."""
    screen.stand(Standing(online=True))
    listed = []
    for name in names:
        screen.show(pages("zh_CN")[name])
        await settle()
        listed.append(list(_things()))
    theme = App.get_running_app().theme
    tell(
        {
            "font": str(App.get_running_app().font.regular),
            "ground": theme.colour("ground"),
            "ink": theme.colour("ink"),
            "corner": theme.length("corner"),
            "pages": listed,
            "changes": CHANGES,
        }
    )


def _place(widget: Any) -> dict[str, Any]:
    box = tree.box(widget)
    return {"pos": [box.left, box.lower], "size": [box.width, box.height]}


def _things() -> Iterator[dict[str, Any]]:
    """Each in a bare program's terms, a ground before what lies on it."""
    for widget in tree.visible():
        match widget:
            case Text() if widget.text:
                font_px = widget.font_px(widget.level)
                yield {"kind": "label", "text": widget.text, "font_size": font_px, **_place(widget)}
            case Picture() if tree.drawn(widget):
                yield {"kind": "picture", "png": base64.b64encode(_png(widget)).decode(), **_place(widget)}
            case Pressable() | PadKey():
                yield {"kind": "button", **_place(widget)}
            case Surface() if widget.seen():
                yield {"kind": "surface", "colour": widget.theme.colour(widget.ground()), **_place(widget)}


def _png(picture: Picture) -> bytes:
    colours = picture.theme.look.colours
    return drawings.render(
        picture.name, *picture.drawn_size(), colours, getattr(colours, picture.line) if picture.line else None
    )


async def change(screen: Presenter) -> None:
    tell([await _changed(screen, Frames(), pages("zh_CN")[BETWEEN[number % 2]]) for number in range(CHANGES)])


async def _changed(screen: Presenter, frames: Frames, page: Prompt) -> float:
    """How long it took."""
    began = 0.0

    def show() -> None:
        nonlocal began
        began = time.monotonic()
        screen.show(page)

    await trio.sleep(REST_S)
    await at_frame_start(show)
    return (frames.last if frames.last > began else await frames.next()) - began


class Present(msgspec.Struct, frozen=True, tag="present"):
    yes: bool


class IsPresent(Call[Present], frozen=True, tag="is_present"):
    """Something small to ask."""


async def change_busy(screen: Presenter) -> None:
    """While a card is read and each page read out: the link is never quiet, nor is espeak-ng."""
    screen.switch(msgspec.structs.replace(screen.manner, spoken=True))
    near, far = trio.socket.socketpair()

    async def present(_call: IsPresent) -> Present:
        return Present(yes=True)

    asking, answering = Link(trio.SocketStream(near)), Link(trio.SocketStream(far), {IsPresent: present})

    async def ask() -> None:
        while True:
            await asking.call(IsPresent(), deadline_s=1)
            await trio.sleep(TRAFFIC_S)

    async with trio.open_nursery() as nursery:
        for run in (asking.run, answering.run, ask):
            nursery.start_soon(run)
        await change(screen)
        nursery.cancel_scope.cancel()


async def taps(screen: Presenter) -> None:
    """Tells where to press; then when it was answered by a changed page."""

    frames = Frames()
    screen.stand(Standing(online=True))

    async def ask(name: str, target: str) -> None:
        async with trio.open_nursery() as nursery:
            nursery.start_soon(screen.ask, pages("zh_CN")[name])
            await trio.sleep(SETTLE_S + REST_S)
            widget = next(widget for widget in tree.targets() if tree.target_name(widget) == target)
            box = tree.box(widget)
            x, y = (box.left + box.right) / 2, tree.panel().height - (box.lower + box.upper) / 2
            tell({"press": [round(x), round(y)]})

    for _ in range(TAPS // 2):
        for name, target in (("confirm", "act"), ("refusal", "done")):
            await ask(name, target)
            screen.show(pages("zh_CN")["working"])
            tell({"changed": await frames.next()})


async def visits(screen: Presenter) -> None:

    for number in range(WARM + VISITS):
        if number == WARM:
            tell(kept_kb("Private_Dirty"))
            began_s = time.process_time()
        for page in VISIT:
            screen.show(named(pages("zh_CN")[page], f"韦{number}"))
            await settle()
        screen.forget()
    tell((time.process_time() - began_s) / VISITS)
    tell(kept_kb("Private_Dirty"))
    tell(kept_kb("Pss"))


def named(page: Prompt, name: str) -> Prompt:
    """Every visitor is another person."""

    return msgspec.structs.replace(page, body=plain(name)) if isinstance(page, LayIdCard) else page


def kept_kb(what: str) -> int:
    """A line of smaps_rollup, proc(5).  What is shared counts less, the more others happen to share it now."""
    gc.collect()
    lines = Path("/proc/self/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{what}:"))


async def attract(_screen: Presenter) -> None:
    tell("attract")
    await trio.sleep_forever()


TASKS: dict[str, Callable[[Presenter], Awaitable[None]]] = {
    "first-page": partial(list_pages, names=("attract",)),
    "two-pages": partial(list_pages, names=BETWEEN),
    "change": change,
    "change-busy": change_busy,
    "taps": taps,
    "visits": visits,
    "attract": attract,
}
