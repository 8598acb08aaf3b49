"""The window in a process of its own, told over standard input what to show; answers on standard output.

One JSON object a line: {"ask": name} | {"show": name} | {"measure": true} | {"shot": path} | {"language": true} …
"""

from __future__ import annotations

import json
import os
import secrets
import sys
from pathlib import Path
from string import ascii_lowercase
from typing import Any

import msgspec
import structlog
import trio

from kiosk.devices import DeviceNews
from kiosk.hands import Hands
from kiosk.pad_keys import pass_on_keys
from kiosk.prompts import Answer, Call, Chosen, OutOfService, Prompt, Standing, Typed, TypedPin
from kiosk.sockets import Peer
from kiosk.words import msg
from screens.app import run_window
from screens.gallery.cases import pages
from screens.gallery.samples import named, samples
from screens.gallery.wall import setting
from screens.presenter import Presenter
from screens.speech.voice import Sound


def tell(**what: Any) -> None:
    print(json.dumps(what, ensure_ascii=False), flush=True)  # noqa: T201 - the channel


async def lines() -> Any:
    rest = b""
    stream = trio.lowlevel.FdStream(sys.stdin.fileno())
    async for data in stream:
        *whole, rest = (rest + data).split(b"\n")
        for line in whole:
            yield json.loads(line)


class Host:
    def __init__(self, screen: Presenter, nursery: trio.Nursery) -> None:
        from screens.gallery import checks  # noqa: PLC0415 - knows Kivy, whose window is open only now
        from screens.gallery.picture import Camera  # noqa: PLC0415 - as above
        from screens.gallery.unrest import Unrest  # noqa: PLC0415 - as above
        from tests.screen import inside  # noqa: PLC0415 - as above

        self.inside, self.checks, self.camera, self.unrest = inside, checks, Camera(), Unrest()
        self.screen, self.nursery = screen, nursery
        self.asking = trio.CancelScope()
        self.backwards = ""
        """The visitor's name, as nobody would look for it."""
        self.telling_pins = False

    def page(self, name: str) -> Prompt:
        if name == "unspeakable":
            return OutOfService(why=msg("no.such.sentence"), hotline="12333")
        return pages(self.screen.language)[name]

    async def ask(self, name: str) -> None:
        self.asking.cancel()
        self.asking = trio.CancelScope()
        self.nursery.start_soon(self._ask, name, self.asking)

    async def _ask(self, name: str, scope: trio.CancelScope) -> None:
        with scope:
            answer = await self.screen.ask(self.page(name))
            tell(answered=type(answer).__name__, of=name, **self.of(answer))

    def of(self, answer: Answer) -> dict[str, Any]:
        """What an answer says; a PIN only in tests that look for it nowhere else."""
        match answer:
            case Chosen(service=service):
                return {"service": service}
            case Typed(text=text):
                return {"text": text}
            case TypedPin(pin=pin):
                with pin:
                    return {"digits": list(pin)} if self.telling_pins else {}
        return {}

    async def show(self, name: str) -> None:
        self.screen.show(self.page(name))

    async def manner(self, manner: dict[str, Any]) -> None:
        """The person's choices, as the foot's keys make them."""
        self.screen.switch(msgspec.structs.replace(self.screen.manner, **manner))

    async def stand(self, online: bool) -> None:
        self.screen.stand(Standing(online=online))

    async def call(self, outcome: str) -> None:
        self.screen.tell_call(Call(outcome))

    async def forget(self, _: bool) -> None:
        self.screen.forget()

    async def settle(self, _: bool) -> None:
        """Wait until the page that was asked for stands, and a touch counts again."""
        await trio.sleep(0.45)
        await trio.sleep_until(self.inside.gate().closed_until)

    async def turn_over(self, _: bool) -> None:
        """The next view of the first page, without its eight seconds."""
        self.inside.turn_over()

    async def changes(self, _: bool) -> None:
        """Wait until the page says something else by itself."""
        before = self.inside.texts()
        with trio.fail_after(20):
            while self.inside.texts() == before:
                await trio.sleep(0.1)

    async def panel(self, _: bool) -> None:
        tell(panel=self.screen.touch_panel.__struct_config__.tag)

    async def becomes(self, condition: str) -> None:
        """Wait until the touch panel is in that condition."""
        with trio.fail_after(60):
            while self.screen.touch_panel.__struct_config__.tag != condition:
                await trio.sleep(0.1)

    async def second_provider(self, _: bool) -> None:
        tell(refused=self.inside.with_a_second_provider())

    async def break_page(self, _: bool) -> None:
        self.inside.break_page()

    async def keyboard(self, _: bool) -> None:
        """So that a key pressed in a test is known to have come, and been swallowed."""
        self.inside.watch_keyboard(tell)

    async def measure(self, _: bool) -> None:
        tell(texts=self.inside.texts(), targets=self.inside.targets())

    async def title(self, _: bool) -> None:
        tell(lines=self.inside.title())

    async def plant(self, fault: str) -> None:
        self.inside.plant(fault)

    async def heal(self, _: bool) -> None:
        self.inside.heal()

    async def faults(self, _: bool) -> None:
        """As the gallery finds them."""
        await self.settle(True)
        found = self.checks.faults(self.camera.picture(), self.screen.manner.look, low=self.screen.manner.low)
        tell(faults=[*found, *self.unrest.faults()])

    async def picture(self, path: str) -> None:
        """As the gallery takes it."""
        self.camera.picture().save(path)

    async def visit(self, _: bool) -> None:
        """Pages that name a person who exists nowhere else in this process."""
        name = "".join(secrets.choice(ascii_lowercase) for _ in range(16))
        self.backwards = name[::-1]
        for page in named(name, samples(self.screen.language)):
            self.screen.show(page)
            await self.settle(True)

    async def holders(self, _: bool) -> None:
        tell(holders=self.inside.holders(self.backwards[::-1]))

    async def tell_pins(self, telling: bool) -> None:
        self.telling_pins = telling

    async def pins(self, _: bool) -> None:
        tell(pins=self.inside.pins())

    async def touches(self, _: bool) -> None:
        tell(touches=self.inside.touches_on_page())

    async def cells(self, _: bool) -> None:
        tell(cells=self.inside.cells())

    async def devices(self, socket: str) -> None:
        """The keys of the PIN pad come from there, as in the terminal."""
        peer = Peer(Path(socket), {os.getuid()}, news=(DeviceNews,))
        self.nursery.start_soon(peer.run)
        self.nursery.start_soon(pass_on_keys, self.screen, Hands(peer))

    async def shot(self, path: str) -> None:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        await trio.run_process(["import", "-silent", "-window", "root", path])

    async def stop(self, _: bool) -> None:
        self.nursery.cancel_scope.cancel()


async def main(screen: Presenter) -> None:
    async with trio.open_nursery() as nursery:
        host = Host(screen, nursery)
        screen.stand(Standing(online=True))
        tell(ready=True)
        async for command in lines():
            for name, argument in command.items():
                await getattr(host, name)(argument)
            tell(did=command)


async def start(panel: str, home: str, sound: str = "{}") -> None:
    wire = json.loads(sound)
    jack = Path(wire.pop("jack")) if "jack" in wire else None
    heard = msgspec.structs.replace(setting(panel, Path(home)), sound=Sound(jack=jack, **wire))
    await run_window(main, heard)


if __name__ == "__main__":
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    trio.run(start, *sys.argv[1:])
