"""One terminal with everything round it, on this machine: started exactly as in a hall, ended and reaped."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import msgspec

from drivers.config import CardReaderConfig, DevicesConfig, IdReaderConfig, PinPadConfig, PrinterConfig
from drivers.virtual.bench import Bench, Process
from drivers.virtual.bench.hands import Hands, closing
from drivers.virtual.bench.pad import Fingers
from drivers.virtual.bench.phone import Phones
from drivers.virtual.bench.tripwire import Tripwire
from drivers.virtual.demo import office, registry
from drivers.virtual.demo.cast import Cast
from drivers.virtual.demo.kiosk_words import KIOSK, run
from drivers.virtual.demo.options import Options
from drivers.virtual.demo.recorded import Places
from drivers.virtual.demo.telling import say
from drivers.virtual.ears import Ears
from drivers.virtual.id_reader import ServedIdReader
from drivers.virtual.line import LOCAL, NetworkLine
from drivers.virtual.pcscd import VirtualReaders
from drivers.virtual.pin_pad import ServedPinPad
from drivers.virtual.printer import Printer, ServedPrinter
from drivers.virtual.vpcd import Slot
from kiosk.config import section
from kiosk.terminal import HEAD_FILE

TERMINAL = "demo-01"
POLICY = "policy.toml"
PLACE = {"zh": "演示大厅", "en": "Demo hall"}
READERS_S = 300.0
"""A test run on this machine may hold the virtual reader that long."""
START_S = 30.0
"""For one process, on a small machine under load."""

Readers = Callable[[float], AbstractContextManager[VirtualReaders]]
"""The virtual reader, ours alone; waits so many seconds for whoever holds it."""

STAGE_FILE = "KIOSK_STAGE_FILE"
"""Asks the terminal for the map of its glass (screens.stage)."""


class House(msgspec.Struct, frozen=True):
    """A running terminal, its bench, and where its records lie."""

    cast: Cast
    bench: Bench
    terminal: Process
    stage_file: Path
    ears: Ears
    records: Places
    clerk: office.Clerk
    office: office.Office


@contextlib.contextmanager
def open_house(options: Options, cast: Cast, display: str, readers: Readers) -> Iterator[House]:
    """Start everything; end everything, in the other order.

    Raises StartFailed, PcscdUnavailable, BadConfig.
    """
    with contextlib.ExitStack() as stack:
        root = stack.enter_context(_root(keep=options.keep))
        hands, devices, pcscd = _hands(stack, root, options, cast, readers)
        fingers, devices = _fingers(stack, root, devices)
        say("启动社保中心 · centre")
        centre, line, central = _centre(stack, root, options.out / "logs", hands)
        rules = office.Office(central, root / POLICY, cast.rules)
        rules.ends_formal_losses_here()
        config = root / "kiosk.toml"
        ears = stack.enter_context(Ears(root / "ears"))
        sections = _sections(options, root, line.port, devices)
        # A person at the window has ears; whoever plays the stories hears the words themselves.
        config.write_text(_toml(sections | ({"sound": ears.settings} if options.stories else {})))
        say("配对 · pairing")
        run("pair", "--config", str(config), "--code", office.pairing_code(central, TERMINAL))
        say("启动终端 · terminal")
        stage_file = root / "run" / "stage.json"
        environment = {"DISPLAY": display, STAGE_FILE: str(stage_file)}
        processes = {
            name: _started(stack, name, [name, "--config", str(config)], options.out / "logs", environment, ready)
            for name, ready in (
                ("devices", root / "run" / "devices.sock"),
                ("sync", root / "run" / "sync.sock"),
                ("terminal", stage_file),
            )
        }
        around = {process.name: process for process in (centre, pcscd) if process is not None}
        yield House(
            cast=cast,
            bench=Bench(hands, fingers, line, processes | around, Phones(central / "central.db")),
            terminal=processes["terminal"],
            stage_file=stage_file,
            ears=ears,
            clerk=office.clerk(central),
            office=rules,
            records=Places(
                central_database=central / "central.db",
                terminal_state=root / "state" / "terminal",
                head_file=root / "state" / HEAD_FILE,
                office_key=central / "office.pub",
                reader=devices.card.reader if devices.card else "",
            ),
        )


@contextlib.contextmanager
def _root(*, keep: bool) -> Iterator[Path]:
    # A short path: a Unix socket's name has 107 bytes at most.
    root = Path(tempfile.mkdtemp(prefix="shebao-kiosk-demo-"))
    try:
        yield root
    finally:
        if not keep:
            shutil.rmtree(root, ignore_errors=True)


# --- devices ------------------------------------------------------------------------------


def _hands(
    stack: contextlib.ExitStack, root: Path, options: Options, cast: Cast, readers: Readers
) -> tuple[Hands, DevicesConfig, Process | None]:
    """The virtual devices for what is not configured, the whole terminal's devices, and pcscd if it is ours."""
    wanted = section(options.config, "devices", DevicesConfig) if options.config else DevicesConfig()
    slot, tripwire, card, pcscd = None, Tripwire(), wanted.card, None
    if card is None:
        say(f"启动虚拟读卡器（别的演示或测试在用时，最多等 {READERS_S:.0f} 秒）· virtual reader")
        ours = stack.enter_context(readers(READERS_S))
        slot, card = stack.enter_context(Slot(on_exchange=tripwire)), CardReaderConfig(reader=ours.slots[0])
        pcscd = ours.pcscd
    id_reader, id_card = None, wanted.id_card
    if id_card is None:
        id_card = IdReaderConfig(port=str(root / "dev" / "id-reader"))
        id_reader = ServedIdReader(Path(id_card.port))
        stack.enter_context(closing(id_reader))
    served, printer = None, wanted.printer
    if printer is None:
        printer = PrinterConfig(port=str(root / "dev" / "printer"))
        served = ServedPrinter(Path(printer.port), Printer(printer.width_mm))
        stack.enter_context(closing(served))
    pockets = root / "pockets"
    pockets.mkdir()
    hands = Hands(cast.people, pockets, slot=slot, tripwire=tripwire, id_reader=id_reader, printer=served)
    return hands, DevicesConfig(card=card, id_card=id_card, printer=printer, pin_pad=wanted.pin_pad), pcscd


def _fingers(stack: contextlib.ExitStack, root: Path, devices: DevicesConfig) -> tuple[Fingers, DevicesConfig]:
    """On a virtual PIN pad, where none is configured."""
    if devices.pin_pad is not None:
        return Fingers(None), devices
    config = PinPadConfig(port=str(root / "dev" / "pin-pad"))
    pad = ServedPinPad(Path(config.port))
    stack.enter_context(closing(pad))
    return Fingers(pad), msgspec.structs.replace(devices, pin_pad=config)


# --- centre ---------------------------------------------------------------------------------


def _centre(stack: contextlib.ExitStack, root: Path, logs: Path, hands: Hands) -> tuple[Process, NetworkLine, Path]:
    """The reference centre behind a line, and its folder."""
    state, port = root / "central", _free_port()
    people = root / "people.json"
    people.write_bytes(msgspec.json.encode(registry.citizens(hands.people)))
    serve = ["central", "--state", str(state), "serve", "--port", str(port), "--people", str(people), "--demo"]
    centre = _started(stack, "central", serve, logs, {}, (LOCAL, port))
    return centre, stack.enter_context(NetworkLine((LOCAL, port))), state


# --- processes --------------------------------------------------------------------------------


def _started(
    stack: contextlib.ExitStack,
    name: str,
    words: list[str],
    logs: Path,
    environment: Mapping[str, str],
    ready: Path | tuple[str, int],
) -> Process:
    process = Process(name, [*KIOSK, *words], logs / f"{name}.log", {"PYTHONUNBUFFERED": "1", **environment})
    stack.callback(process.end)
    process.start(ready.exists if isinstance(ready, Path) else lambda: _answers(ready), START_S)
    return process


def _answers(address: tuple[str, int]) -> bool:
    try:
        socket.create_connection(address, 1).close()
    except OSError:
        return False
    return True


def _free_port() -> int:
    with socket.create_server((LOCAL, 0)) as probe:
        return int(probe.getsockname()[1])


# --- kiosk.toml ---------------------------------------------------------------------------------


def _sections(options: Options, root: Path, port: int, devices: DevicesConfig) -> dict[str, Any]:
    size = options.size
    parts = {
        "terminal": {
            "name": TERMINAL,
            "place": PLACE,
            "state_dir": str(root / "state"),
            "run_dir": str(root / "run"),
            "has_rtc": True,
            "demo": True,
            "policy": str(root / POLICY),
        },
        "screen": {
            "width": size.width,
            "height": size.height,
            "ppi": size.ppi,
            "look": options.look,
            "language": options.language,
            "fullscreen": "DISPLAY" not in os.environ,
        },
        "centre": {
            "url": f"https://{LOCAL}:{port}",
            "ca": str(root / "central" / "ca.crt"),
            "office_key": str(root / "central" / "office.pub"),
        },
    }
    named = {
        "card": devices.card,
        "id_card": devices.id_card,
        "printer": devices.printer,
        "pin_pad": devices.pin_pad,
    }
    return parts | {f"devices.{name}": msgspec.to_builtins(part) for name, part in named.items() if part is not None}


def _toml(sections: Mapping[str, Mapping[str, Any]]) -> str:
    lines = []
    for name, values in sections.items():
        lines += [f"[{name}]", *(f"{key} = {_value(value)}" for key, value in values.items()), ""]
    return "\n".join(lines)


def _value(value: Any) -> str:
    """Strings, numbers and booleans of TOML are written as in JSON."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_value(part)}" for key, part in value.items()) + " }"
    return json.dumps(value, ensure_ascii=False)
