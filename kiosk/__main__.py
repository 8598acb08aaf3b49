"""The `kiosk` command: one word a process or a chore."""

from __future__ import annotations

import argparse
import contextlib
import errno
import os
import resource
import socket
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import msgspec
import trio

from kiosk import pairing
from kiosk.config import BadConfig, CentreConfig, TerminalConfig, section
from kiosk.faults import shown
from kiosk.link import Unanswered, Why
from kiosk.logs import log_to_stderr
from kiosk.seal import VerifyKey
from kiosk.sockets import AlreadyServed
from kiosk.words import CHINESE, complete

if TYPE_CHECKING:
    from kiosk.journal import View

CONFIG = Path("/etc/kiosk/kiosk.toml")

OPERATOR_LONGEST = 60

SOCKET_PATH_LONGEST = 107
"""unix(7): `sun_path` has 108 bytes, the last one zero."""
RUN_DIR_LONGEST = SOCKET_PATH_LONGEST - len("/terminal.sock")

Command = Callable[[argparse.Namespace], int]


class Refused(Exception):
    """A chore that cannot be done; the text says why."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.  → exit status: 0 well, 1 failed, 2 wrong use."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # PINs and names pass through these processes
    words = list(sys.argv[1:] if arguments is None else arguments)
    if words[:1] == ["demo"]:
        from drivers.virtual.demo import main as demo  # noqa: PLC0415 - a terminal has no demo installed
        from screens.theme import panel_trouble  # noqa: PLC0415

        return demo(words[1:], panel_trouble=panel_trouble)
    if words[:1] == ["central"]:
        from sync.central.command import main as central  # noqa: PLC0415 - nor a centre

        return central(words[1:])
    options = _parser().parse_args(words)
    log_to_stderr()
    run: Command = options.run
    try:
        return run(options)
    except (BadConfig, pairing.NotPaired, AlreadyServed, Refused) as error:
        return _refused(error)
    except ExceptionGroup as group:
        served = group.subgroup(AlreadyServed)
        if served is None:
            raise
        return _refused(_first(served))


def _refused(error: BaseException) -> int:
    print(f"kiosk: {error}", file=sys.stderr)
    return 1


def _first(group: BaseExceptionGroup[AlreadyServed]) -> BaseException:
    """Out of its nurseries."""
    inner: BaseException = group
    while isinstance(inner, BaseExceptionGroup):
        inner = inner.exceptions[0]
    return inner


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="kiosk", description="社会保障卡自助终端 · self-service terminal")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, run, text in (
        ("terminal", _terminal, "the window, the services and the journal"),
        ("devices", _devices, "card reader, ID reader, printer, PIN pad"),
        ("sync", _sync, "the line to the centre"),
    ):
        _add(commands, name, run, text)
    pair = _add(commands, "pair", _pair, "make keys and introduce this terminal to the centre")
    pair.add_argument("--code", required=True, help="one-time code from the centre")
    text = "the journal, beside a running terminal"
    journal_words = commands.add_parser("journal", help=text, description=text).add_subparsers(
        required=True, metavar="WORD"
    )
    _add(journal_words, "verify", _verify, "check every record, and what belongs to it")
    _add(journal_words, "list", _list, "the newest hundred transactions")
    _add(journal_words, "doubts", _doubts, "transactions of which nobody knows the end")
    export = _add(journal_words, "export", _export, "every record for auditors, one JSON object a line")
    export.add_argument("--out", type=Path, metavar="FILE", help="a new file; else standard output")
    backup = _add(journal_words, "backup", _back_up, "a copy of the journal, also while the terminal runs")
    backup.add_argument("file", type=Path, metavar="FILE", help="a new file, kept apart from head.json")
    restore = _add(
        journal_words,
        "restore",
        _restore,
        "put a copy back: it goes on under a new journal id; the terminal must not run",
    )
    restore.add_argument("file", type=Path, metavar="FILE")
    puk = _add(commands, "puk", _puk, "reset and unblock, after a PUK authentication failed")
    puk.add_argument("what", choices=["clear"])
    puk.add_argument("--by", required=True, type=_operator, help="name of the operator who checked the key")
    policy = commands.add_parser("policy", help="a region's rules", description="a region's rules")
    policy_words = policy.add_subparsers(required=True, metavar="WORD")
    check = policy_words.add_parser("check", help="every mistake in a file, with its line")
    check.add_argument("file", type=Path)
    check.set_defaults(run=_check_policy)
    slips = commands.add_parser("slips", help="what the printer prints", description="what the printer prints")
    slips_words = slips.add_subparsers(required=True, metavar="WORD")
    preview = slips_words.add_parser("preview", help="a slip, filled in for somebody who does not exist, as text")
    preview.add_argument(
        "name", metavar="NAME", help="such as release_done; for one that there is not, all names are told"
    )
    preview.add_argument("--width", type=int, choices=[58, 80], default=80, help="of the paper, mm (default 80)")
    preview.add_argument("--large", action="store_true", help="as for somebody who reads large type")
    preview.add_argument("--language", type=_complete, default=CHINESE)
    preview.add_argument("--png", type=Path, metavar="FILE", help="also as a picture")
    preview.set_defaults(run=_preview_slip)
    clips = commands.add_parser("clips", help="what can be recorded for the voice", description="names and words")
    clips.add_argument("language", type=_complete)
    clips.add_argument("folder", nargs="?", type=Path, help="only what is not there yet")
    clips.set_defaults(run=_clips)
    for name, text in (("demo", "everything on this machine"), ("central", "the reference centre")):
        commands.add_parser(name, help=text, add_help=False)
    return parser


def _operator(text: str) -> str:
    """As long as `kiosk.operating.Name`."""
    name = text.strip()
    if not 1 <= len(name) <= OPERATOR_LONGEST:
        raise argparse.ArgumentTypeError(f"{shown(text)}: must be a name of 1 to {OPERATOR_LONGEST} characters")
    return name


def _complete(code: str) -> str:
    """Asked only where a language is named: the daemons read no catalog."""
    if code not in complete():
        raise argparse.ArgumentTypeError(f"{shown(code)}: must be one of {', '.join(complete())}")
    return code


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

    _run_dir(options.config, section(options.config, "terminal", TerminalConfig))
    return run(options.config)


def _devices(options: argparse.Namespace) -> int:
    from drivers.config import DevicesConfig  # noqa: PLC0415 - each process loads its own part
    from drivers.daemon import run_devices  # noqa: PLC0415

    config = section(options.config, "terminal", TerminalConfig)
    devices = section(options.config, "devices", DevicesConfig)
    trio.run(run_devices, devices, _run_dir(options.config, config) / "devices.sock", {os.getuid()})
    return 0


def _sync(options: argparse.Namespace) -> int:
    from sync.daemon import run_sync  # noqa: PLC0415

    config = section(options.config, "terminal", TerminalConfig)
    centre = section(options.config, "centre", CentreConfig)
    identity = pairing.load_line(Path(config.state_dir) / "sync")
    trio.run(run_sync, centre.url, identity, _run_dir(options.config, config) / "sync.sock", {os.getuid()})
    return 0


def _run_dir(file: Path, config: TerminalConfig) -> Path:
    """Where the processes meet; whichever comes first makes it.  Raises BadConfig."""
    why = _unusable(Path(config.run_dir))
    if why is not None:
        raise BadConfig(
            f"{file}: terminal.run_dir = {shown(config.run_dir)}: {why}; "
            f"must be a folder this user may write to, its path {RUN_DIR_LONGEST} bytes at most"
        )
    return Path(config.run_dir)


def _unusable(run_dir: Path) -> str | None:
    if len(os.fsencode(run_dir)) > RUN_DIR_LONGEST:
        return "too long for the sockets in it"
    try:
        run_dir.mkdir(mode=0o755, parents=True, exist_ok=True)
    except OSError as error:
        return error.strerror
    return None if os.access(run_dir, os.W_OK | os.X_OK) else os.strerror(errno.EACCES)


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
    except OSError as error:
        print(f"没有配对 (not paired): {error.filename}: {error.strerror}", file=sys.stderr)
        return 1
    print(f"已配对 (paired): {paired.terminal}")
    print(f"请与中心核对指纹 (compare with the centre): {paired.fingerprint}")
    if (operator := paired.operator) is not None:
        print(f"首位工作人员，只显示这一次，请当面交给本人 (first operator, told once): {operator.name}")
        print(f"编号 (number): {operator.number}")
        print(f"密码 (password): {operator.password}")
        print(f"动态码密钥 (for the authenticator): {operator.otpauth}")
    return 0


def _clips(options: argparse.Namespace) -> int:
    from screens.speech.clips import wanted  # noqa: PLC0415 - only whoever records needs it

    for name, words in wanted(options.language):
        file = options.folder and options.folder / options.language / f"{name}.wav"
        if not (file and file.exists()):
            print(f"{name}\t{words}")
    return 0


def _check_policy(options: argparse.Namespace) -> int:
    from kiosk.policy.checking import mistakes  # noqa: PLC0415

    try:
        found = mistakes(options.file.read_bytes())
    except OSError as error:
        raise BadConfig(f"{options.file}: {error.strerror}") from None
    for mistake in found:
        print(f"{options.file}:{mistake.line}: 第 {mistake.line} 行：{mistake.said.zh}\n    {mistake.said.en}")
    print(f"{len(found)} 处错误 · {len(found)} mistakes" if found else f"{options.file}：没有错误 · no mistakes")
    return 1 if found else 0


def _preview_slip(options: argparse.Namespace) -> int:
    from drivers.printer.rows import Paper  # noqa: PLC0415 - only who looks at paper needs it
    from drivers.virtual.printer.preview import preview  # noqa: PLC0415
    from kiosk.slips.samples import slips  # noqa: PLC0415

    samples = slips(options.language, large=options.large)
    if options.name not in samples:
        print(f"没有这种小票 (no such slip): {shown(options.name)}", file=sys.stderr)
        print(*sorted(samples), sep="\n", file=sys.stderr)
        return 1
    printed = preview(samples[options.name], Paper.of_width(options.width))
    print(printed.text)
    if options.png is not None:
        printed.save(options.png)
    return 0


def _puk(options: argparse.Namespace) -> int:
    from kiosk.operating import clear_puk  # noqa: PLC0415
    from kiosk.terminal import OPERATOR_SOCKET  # noqa: PLC0415

    config = section(options.config, "terminal", TerminalConfig)
    match trio.run(clear_puk, Path(config.run_dir) / OPERATOR_SOCKET, options.by):
        case Unanswered(why=Why.NO_PEER):
            print("终端没有运行，未解除 (the terminal does not run; nothing was cleared)", file=sys.stderr)
            return 1
        case Unanswered():
            print("终端没有应答，请查看其日志 (no answer; the terminal's log says why)", file=sys.stderr)
            return 1
    print(f"已解除，已记录操作人 (cleared, on record): {options.by}")
    return 0


def _verify(options: argparse.Namespace) -> int:
    from kiosk.journal import reading  # noqa: PLC0415
    from kiosk.terminal import HEAD_FILE  # noqa: PLC0415

    state = Path(section(options.config, "terminal", TerminalConfig).state_dir)
    centre = section(options.config, "centre", CentreConfig)
    identity = pairing.load_terminal(state / "terminal", pairing.read_office_key(Path(centre.office_key)))
    with _journal(options) as file:
        own = VerifyKey(identity.signing.public)
        verified = reading.verify(file, head_file=state / HEAD_FILE, verdicts=identity.verdict_key, terminal=own)
    for finding in verified.findings:
        print(finding)
    print(f"{verified.records} records, {len(verified.findings)} findings")
    return 1 if verified.findings else 0


def _list(options: argparse.Namespace) -> int:
    from kiosk.journal import reading  # noqa: PLC0415

    with _journal(options) as file:
        _show(reading.newest(file, limit=100))
    return 0


def _doubts(options: argparse.Namespace) -> int:
    from kiosk.journal import reading  # noqa: PLC0415

    with _journal(options) as file:
        _show(reading.doubts(file))
    return 0


def _export(options: argparse.Namespace) -> int:
    from kiosk.journal import reading  # noqa: PLC0415

    with _journal(options) as file, _new_file(options.out) as out:
        reading.export_to(file, out)
    return 0


def _back_up(options: argparse.Namespace) -> int:
    from kiosk.journal import backup, reading  # noqa: PLC0415

    with _journal(options) as file, _told_of_files():
        backup.back_up(file, options.file)
        verified = reading.verify(options.file)
    for finding in verified.findings:
        print(finding)
    print(f"已备份 (backed up): {verified.records} records, {len(verified.findings)} findings")
    return 1 if verified.findings else 0


def _restore(options: argparse.Namespace) -> int:
    from kiosk.clock import SystemClock, TrustedClock  # noqa: PLC0415
    from kiosk.journal import backup  # noqa: PLC0415
    from kiosk.terminal import OPERATOR_SOCKET, journal_identity  # noqa: PLC0415

    config = section(options.config, "terminal", TerminalConfig)
    centre = section(options.config, "centre", CentreConfig)
    if _answers(Path(config.run_dir) / OPERATOR_SOCKET):
        raise Refused("终端正在运行，未恢复；请先停止终端 (the terminal runs; stop it first, nothing was restored)")
    keys = pairing.load_terminal(Path(config.state_dir) / "terminal", pairing.read_office_key(Path(centre.office_key)))
    clock = TrustedClock(SystemClock(), has_rtc=config.has_rtc)
    with _journal(options) as file, _told_of_files():
        restored = backup.restore(options.file, file, journal_identity(config, keys), clock)
    if isinstance(restored, backup.NotWhole):
        for finding in restored.findings:
            print(finding)
        raise Refused(f"{options.file}: 备份不完整，未恢复 (the copy is not whole; nothing was restored)")
    print(f"已恢复，新的日志编号 (restored, goes on under the new journal id): {restored.journal_id}")
    return 0


def _answers(path: Path) -> bool:
    with contextlib.closing(socket.socket(socket.AF_UNIX)) as line:
        return line.connect_ex(str(path)) == 0


@contextlib.contextmanager
def _told_of_files() -> Iterator[None]:
    try:
        yield
    except FileExistsError as error:
        raise Refused(
            f"{error.filename}: 已存在，不会覆盖；请先移到别处并保留 "
            "(stands there already and is not written over: move it aside, a journal with its -wal and -shm)"
        ) from None
    except OSError as error:
        raise Refused(f"{error.filename}: {error.strerror}") from None


@contextlib.contextmanager
def _journal(options: argparse.Namespace) -> Iterator[Path]:
    """The journal's file; what is wrong with it ends the command in one line.  Raises BadConfig."""
    from kiosk.journal import JournalFailed  # noqa: PLC0415

    file = Path(section(options.config, "terminal", TerminalConfig).state_dir) / "terminal" / "journal.db"
    try:
        yield file
    except JournalFailed as error:
        raise Refused(f"{file}: {error}") from None
    except msgspec.MsgspecError:
        raise Refused(f"{file}: a record cannot be read; `kiosk journal verify` says which") from None


@contextlib.contextmanager
def _new_file(path: Path | None) -> Iterator[BinaryIO]:
    """None: standard output.  Only its owner may read it; what stands there already is not written over."""
    if path is None:
        yield sys.stdout.buffer
        return
    try:
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise Refused(f"{path}: {error.strerror}") from None
    with os.fdopen(file, "wb") as out:
        yield out


def _show(views: Sequence[View]) -> None:
    for view in views:
        stage, delivery = view.state.stage, view.delivery.__struct_config__.tag
        print(f"{view.drafted_at:%Y-%m-%d %H:%M}  {view.reference}  {view.kind}  {stage}  {delivery}  {view.id}")


if __name__ == "__main__":
    sys.exit(main())
