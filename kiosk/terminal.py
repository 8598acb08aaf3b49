"""Puts one terminal together: the window, the journal, and the links to the two other processes."""

from __future__ import annotations

import os
from pathlib import Path

import structlog
import trio

from kiosk import operating
from kiosk.clock import SystemClock, TrustedClock
from kiosk.config import CentreConfig, ScreenConfig, SoundConfig, TerminalConfig, section
from kiosk.counter import serve
from kiosk.delivery import Delivery
from kiosk.desk import Terminal
from kiosk.devices import DeviceNews
from kiosk.guide.topics import topics, warn_of_expired
from kiosk.hands import Hands, Line
from kiosk.journal import Identity, Journal, ThreadRunner
from kiosk.line import LineNews
from kiosk.pad_keys import pass_on_keys
from kiosk.pairing import TerminalIdentity, load_terminal, read_office_key
from kiosk.policy import Policy, load_policy
from kiosk.prompts import Screen
from kiosk.room import RoomWatch, free_mb_of, opened
from kiosk.seal import SealKey, from_text
from kiosk.sockets import Peer, Server
from kiosk.staff import StaffCall, pass_on_calls
from kiosk.words import warn_of_incomplete, word_as_the_region

log = structlog.get_logger()

DEVICES_SOCKET = "devices.sock"
SYNC_SOCKET = "sync.sock"
OPERATOR_SOCKET = "terminal.sock"
HEAD_FILE = "head.json"
"""Apart from the journal's folder, so that restoring that folder does not restore it."""


def run(config_file: Path) -> int:
    """`kiosk terminal`: until the window is closed or the process is told to stop.  → exit status"""
    from screens.app import Setting, open_window  # noqa: PLC0415 - opening a window is for this process alone
    from screens.speech.voice import Sound  # noqa: PLC0415
    from screens.theme import Panel  # noqa: PLC0415

    config = section(config_file, "terminal", TerminalConfig)
    screen = section(config_file, "screen", ScreenConfig)
    sound = section(config_file, "sound", SoundConfig, needed=False)
    centre = section(config_file, "centre", CentreConfig)
    office_key = read_office_key(Path(centre.office_key))
    policy = load_policy(config.policy, office_key)
    word_as_the_region(policy.texts)
    topics()
    state = Path(config.state_dir) / "terminal"
    identity = load_terminal(state, office_key)

    async def main(face: Screen) -> None:
        await _main(config, identity, policy, state, face)

    setting = Setting(
        panel=Panel(screen.width, screen.height, screen.ppi),
        place=config.place,
        hotline=policy.hotline,
        look=screen.look,
        language=screen.language,
        fullscreen=screen.fullscreen,
        pointer=config.demo,
        sound=Sound(
            spoken=sound.voice,
            device=sound.device,
            synthesiser=sound.synthesiser,
            clips=Path(sound.clips) if sound.clips else None,
            jack=Path(sound.jack) if sound.jack else None,
        ),
    )
    return open_window(setting, main)


def journal_identity(config: TerminalConfig, identity: TerminalIdentity) -> Identity:
    """As the journal knows this terminal."""
    return Identity(
        terminal=identity.name,
        signing=identity.signing,
        seal=SealKey(from_text(identity.bundle.seal_key)),
        verdicts=identity.verdict_key,
        recognition_key=identity.recognition,
        head_file=Path(config.state_dir) / HEAD_FILE,
    )


async def _main(
    config: TerminalConfig, identity: TerminalIdentity, policy: Policy, state: Path, screen: Screen
) -> None:
    clock = TrustedClock(SystemClock(), has_rtc=config.has_rtc)
    warn_of_expired(clock.now().date())
    warn_of_incomplete()
    who = journal_identity(config, identity)
    free_mb = free_mb_of(state)

    runner = ThreadRunner()

    async def open_journal() -> Journal:
        return await Journal.open(state / "journal.db", who, clock=clock, runner=runner)

    journal = await opened(open_journal, screen, policy.hotline)
    free_mb = free_mb_of(state)
    room = RoomWatch(journal, free_mb, policy.limits)
    run_dir = Path(config.run_dir)
    devices = Peer(run_dir / DEVICES_SOCKET, {os.getuid()}, news=(DeviceNews,))
    hands, call = Hands(devices), StaffCall()
    delivery = Delivery(identity.name, journal, identity.verdict_key, clock, policy, hands, screen, free_mb, call)
    sync = Peer(run_dir / SYNC_SOCKET, {os.getuid()}, delivery.handlers, news=(LineNews,))
    terminal = Terminal(
        name=identity.name,
        place=config.place,
        screen=screen,
        hands=hands,
        line=Line(sync),
        journal=journal,
        seal=who.seal,
        pin_key=SealKey(from_text(identity.bundle.pin_key)),
        clock=clock,
        policy=policy,
        room=room,
        demo=config.demo,
    )
    async with trio.open_nursery() as nursery:
        nursery.start_soon(devices.run)
        nursery.start_soon(sync.run)
        nursery.start_soon(room.run)
        nursery.start_soon(pass_on_calls, screen, terminal.line, call)
        nursery.start_soon(pass_on_keys, screen, hands)
        nursery.start_soon(Server(operating.handlers(journal)).run, run_dir / OPERATOR_SOCKET, {os.getuid()})
        await serve(terminal)
