"""The `kiosk` command: one word a process or a chore."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import structlog
import trio

from kiosk import pairing
from kiosk.config import BadConfig, CentreConfig, TerminalConfig, section
from kiosk.link import Unanswered

CONFIG = Path("/etc/kiosk/kiosk.toml")

Command = Callable[[argparse.Namespace], int]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.  → exit status: 0 well, 1 failed, 2 wrong use."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if words[:1] == ["demo"]:
        from drivers.virtual.demo import main as demo  # noqa: PLC0415 - a terminal has no demo installed

        return demo(words[1:])
    if words[:1] == ["central"]:
        from sync.central.command import main as central  # noqa: PLC0415 - nor a centre

        return central(words[1:])
    options = _parser().parse_args(words)
    _log_to_stderr()
    run: Command = options.run
    try:
        return run(options)
    except (BadConfig, pairing.NotPaired) as error:
        print(f"kiosk: {error}", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="kiosk", description="社会保障卡自助终端 · self-service terminal")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, run, text in (
        ("terminal", _terminal, "the window, the services and the journal"),
        ("devices", _devices, "card reader, ID reader, printer"),
        ("sync", _sync, "the line to the centre"),
    ):
        _add(commands, name, run, text)
    pair = _add(commands, "pair", _pair, "make keys and introduce this terminal to the centre")
    pair.add_argument("--code", required=True, help="one-time code from the centre")
    journal = _add(commands, "journal", _journal, "read the journal beside a running terminal")
    journal.add_argument("what", choices=["verify", "list", "doubts"])
    puk = _add(commands, "puk", _puk, "reset and unblock, after a PUK authentication failed")
    puk.add_argument("what", choices=["clear"])
    puk.add_argument("--by", required=True, help="name of the operator who checked the key")
    for name, text in (("demo", "everything on this machine"), ("central", "the reference centre")):
        commands.add_parser(name, help=text, add_help=False)
    return parser


def _add(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], name: str, run: Command, text: str
) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=text, description=text)
    parser.add_argument("--config", type=Path, default=CONFIG, help=f"default {CONFIG}")
    parser.set_defaults(run=run)
    return parser


# --- the three processes ------------------------------------------------------------------


def _terminal(options: argparse.Namespace) -> int:
    from kiosk.terminal import run  # noqa: PLC0415 - the only process that opens a window

    return run(options.config)


def _devices(options: argparse.Namespace) -> int:
    from drivers.config import DevicesConfig  # noqa: PLC0415 - each process loads its own part
    from drivers.daemon import run_devices  # noqa: PLC0415

    config = section(options.config, "terminal", TerminalConfig)
    devices = section(options.config, "devices", DevicesConfig)
    trio.run(run_devices, devices, _socket(config, "devices"), {os.getuid()})
    return 0


def _sync(options: argparse.Namespace) -> int:
    from sync.daemon import run_sync  # noqa: PLC0415

    config = section(options.config, "terminal", TerminalConfig)
    centre = section(options.config, "centre", CentreConfig)
    identity = pairing.load_line(Path(config.state_dir) / "sync")
    trio.run(run_sync, centre.url, identity, _socket(config, "sync"), {os.getuid()})
    return 0


def _socket(config: TerminalConfig, name: str) -> Path:
    run_dir = Path(config.run_dir)
    run_dir.mkdir(mode=0o755, parents=True, exist_ok=True)
    return run_dir / f"{name}.sock"


# --- chores -------------------------------------------------------------------------------


def _pair(options: argparse.Namespace) -> int:
    from sync.pairing import PairingFailed, pair  # noqa: PLC0415

    config = section(options.config, "terminal", TerminalConfig)
    centre = section(options.config, "centre", CentreConfig)
    state = Path(config.state_dir)
    place = pairing.Installation(Path(centre.ca), Path(centre.office_key), state / "terminal", state / "sync")
    try:
        paired = pair(centre.url, place, config.name, options.code)
    except PairingFailed as error:
        print(f"没有配对 (not paired): {error}", file=sys.stderr)
        return 1
    print(f"已配对 (paired): {paired.terminal}")
    print(f"请与中心核对指纹 (compare with the centre): {paired.fingerprint}")
    return 0


def _puk(options: argparse.Namespace) -> int:
    from kiosk.operating import clear_puk  # noqa: PLC0415
    from kiosk.terminal import OPERATOR_SOCKET  # noqa: PLC0415

    config = section(options.config, "terminal", TerminalConfig)
    answer = trio.run(clear_puk, Path(config.run_dir) / OPERATOR_SOCKET, options.by)
    if isinstance(answer, Unanswered):
        print("终端没有运行，未解除 (the terminal does not run; nothing was cleared)", file=sys.stderr)
        return 1
    print(f"已解除，已记录操作人 (cleared, on record): {options.by}")
    return 0


def _journal(options: argparse.Namespace) -> int:
    from kiosk.journal import JournalFailed, reading  # noqa: PLC0415
    from kiosk.terminal import HEAD_FILE  # noqa: PLC0415

    config = section(options.config, "terminal", TerminalConfig)
    centre = section(options.config, "centre", CentreConfig)
    state = Path(config.state_dir) / "terminal"
    file = state / "journal.db"
    try:
        match options.what:
            case "verify":
                identity = pairing.load_terminal(state, pairing.read_office_key(Path(centre.office_key)))
                verified = reading.verify(
                    file, head_file=Path(config.state_dir) / HEAD_FILE, verdicts=identity.verdict_key
                )
                for finding in verified.findings:
                    print(finding)
                print(f"{verified.records} records, {len(verified.findings)} findings")
                return 1 if verified.findings else 0
            case "list":
                views = reading.newest(file, limit=100)
            case _:
                views = reading.doubts(file)
    except JournalFailed as error:
        print(f"kiosk: {file}: {error}", file=sys.stderr)
        return 1
    for view in views:
        stage, delivery = view.state.stage, view.delivery.__struct_config__.tag
        print(f"{view.drafted_at:%Y-%m-%d %H:%M}  {view.reference}  {view.kind}  {stage}  {delivery}  {view.id}")
    return 0


def _log_to_stderr() -> None:
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


if __name__ == "__main__":
    sys.exit(main())
