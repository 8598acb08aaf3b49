"""The `kiosk` command as a technician types it: what it prints, and what it says when it cannot."""

from __future__ import annotations

import os
import socket
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
import trio

from kiosk import operating
from kiosk.__main__ import RUN_DIR_LONGEST, main
from kiosk.contract import Domain, KeyBundle, Kind
from kiosk.journal import Unknown
from kiosk.link import Handlers
from kiosk.operating import Cleared, ClearPuk
from kiosk.pairing import private_pem, write_private
from kiosk.seal import OpenKey, SigningKey, canonical, to_text
from kiosk.sockets import Server
from kiosk.terminal import HEAD_FILE, OPERATOR_SOCKET
from tests.journal.office import TERMINAL, Office, chip_draft, loss, person

OPERATOR = "测试员"


class Installed(Office):
    """A paired terminal's folders and its kiosk.toml; the office's part is played by the test."""

    def __init__(self, root: Path) -> None:
        super().__init__(root / "state" / "terminal")
        self.root, self.config = root, root / "kiosk.toml"
        self.office_file, self.ca = root / "office.pub", root / "ca.crt"
        self.run_dir = root / "run"
        self.url = "https://127.0.0.1:1"
        self.write_config()
        office = SigningKey.generate()
        self.office_file.write_text(to_text(office.public))
        pin = to_text(OpenKey.generate().public)
        bundle = KeyBundle(1, to_text(self.centre.opening.public), pin, to_text(self.centre.signing.public))
        write_private(self.folder / "bundle.json", canonical(office.sign(Domain.BUNDLE, canonical(bundle))))
        write_private(self.folder / "name", TERMINAL.encode())
        write_private(self.folder / "recognition.key", self.identity.recognition_key)
        write_private(self.folder / "signing.key", private_pem(self.signing.private))

    @property
    def head_file(self) -> Path:
        return self.root / "state" / HEAD_FILE

    def write_config(self) -> None:
        self.config.write_text(f"""
[terminal]
name = "{TERMINAL}"
place = {{ zh = "大厅", en = "hall" }}
state_dir = "{self.root}/state"
run_dir = "{self.run_dir}"

[centre]
url = "{self.url}"
ca = "{self.ca}"
office_key = "{self.office_file}"

[devices]
""")

    def run(self, *words: str) -> int:
        return main([*words, "--config", str(self.config)])


@pytest.fixture(autouse=True)
def logs_as_before() -> Iterator[None]:
    """The command sets up its process's logs; here it is only a guest."""
    before = structlog.get_config()
    yield
    structlog.configure(**before)


@pytest.fixture
def installed(tmp_path: Path) -> Installed:
    return Installed(tmp_path)


def with_history(installed: Installed) -> tuple[str, str]:
    """A loss that is done, and a reset nobody knows the end of: their references."""

    async def live() -> tuple[str, str]:
        journal = await installed.open()
        done = await journal.submit(loss(person(1)))
        await installed.deliver(journal)
        installed.hand.seconds += 60
        doubt = await journal.submit(chip_draft(Kind.RELOAD_PIN, 2))
        await installed.deliver(journal)
        await journal.puk(doubt.id)
        await journal.act(doubt.id, 0)
        await journal.conclude(doubt.id, Unknown(0))
        await journal.close()
        return done.reference, doubt.reference

    return trio.run(live)


def forge(installed: Installed, statement: str) -> None:
    """As somebody with a screwdriver and an SQLite of his own."""
    with sqlite3.connect(installed.path) as file:
        for (trigger,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            file.execute(f"DROP TRIGGER {trigger}")
        file.execute(statement)


# --- kiosk journal ------------------------------------------------------------------------


def test_the_list_has_the_newest_first_and_nothing_personal(
    installed: Installed, capsys: pytest.CaptureFixture[str]
) -> None:
    done, doubt = with_history(installed)
    assert installed.run("journal", "list") == 0
    newest, oldest = capsys.readouterr().out.splitlines()
    assert doubt in newest
    assert "reload_pin  in_doubt" in newest
    assert done in oldest
    assert "temporary_loss  done" in oldest
    assert oldest.startswith("2026-01-05 09:00")
    for who in (person(1), person(2)):
        assert who.name not in newest + oldest
        assert who.number[-4:] not in newest + oldest


def test_doubts_are_what_nobody_knows_the_end_of(installed: Installed, capsys: pytest.CaptureFixture[str]) -> None:
    _, doubt = with_history(installed)
    assert installed.run("journal", "doubts") == 0
    (line,) = capsys.readouterr().out.splitlines()
    assert doubt in line


def test_an_honest_journal_verifies(installed: Installed, capsys: pytest.CaptureFixture[str]) -> None:
    with_history(installed)
    assert installed.run("journal", "verify") == 0
    said = capsys.readouterr().out
    assert ", 0 findings" in said
    assert int(said.split()[0]) > 5


def test_a_changed_record_is_found_and_fails(installed: Installed, capsys: pytest.CaptureFixture[str]) -> None:
    with_history(installed)
    forge(installed, "UPDATE record SET content = x'7b7d' WHERE record_seq = 3")
    assert installed.run("journal", "verify") == 1
    said = capsys.readouterr().out
    assert "Changed" in said
    assert "3" in said
    assert ", 0 findings" not in said


def test_a_record_that_is_no_record_is_said_and_where_to_go_on(
    installed: Installed, capsys: pytest.CaptureFixture[str]
) -> None:
    with_history(installed)
    forge(installed, "UPDATE record SET content = x'00'")
    assert installed.run("journal", "list") == 1
    assert "kiosk journal verify" in capsys.readouterr().err


@pytest.mark.parametrize("what", ["list", "doubts", "verify"])
@pytest.mark.parametrize("content", [None, b"", b"no database" * 500], ids=["missing", "empty", "another file"])
def test_a_journal_that_is_none_is_named(
    installed: Installed, capsys: pytest.CaptureFixture[str], what: str, content: bytes | None
) -> None:
    if content is not None:
        installed.path.write_bytes(content)
    assert installed.run("journal", what) == 1
    said = capsys.readouterr().err
    assert said.startswith(f"kiosk: {installed.path}: ")
    assert len(said.splitlines()) == 1


def test_a_terminal_that_is_not_paired_says_what_to_do(
    installed: Installed, capsys: pytest.CaptureFixture[str]
) -> None:
    (installed.folder / "bundle.json").unlink()
    assert installed.run("journal", "verify") == 1
    assert "run `kiosk pair`" in capsys.readouterr().err


def test_keys_of_another_office_are_not_believed(installed: Installed, capsys: pytest.CaptureFixture[str]) -> None:
    installed.office_file.write_text(to_text(SigningKey.generate().public))
    assert installed.run("journal", "verify") == 1
    assert "bundle.json: signed with another key" in capsys.readouterr().err


# --- copies ---------------------------------------------------------------------------------


def test_a_copy_is_made_and_put_back(installed: Installed, capsys: pytest.CaptureFixture[str]) -> None:
    with_history(installed)
    copy = installed.root / "copy.db"
    assert installed.run("journal", "backup", str(copy)) == 0
    assert ", 0 findings" in capsys.readouterr().out
    assert installed.run("journal", "restore", str(copy)) == 1
    said = capsys.readouterr().err
    assert f"{installed.path}: 已存在，不会覆盖" in said
    assert "move it aside" in said
    for path in installed.folder.glob("journal.db*"):
        path.rename(installed.root / path.name)
    assert installed.run("journal", "restore", str(copy)) == 0
    assert "已恢复" in capsys.readouterr().out
    assert installed.run("journal", "verify") == 0


def test_nothing_is_put_back_under_a_running_terminal(installed: Installed, capsys: pytest.CaptureFixture[str]) -> None:
    with_history(installed)
    copy = installed.root / "copy.db"
    assert installed.run("journal", "backup", str(copy)) == 0
    installed.run_dir.mkdir(exist_ok=True)
    with socket.socket(socket.AF_UNIX) as line:
        line.bind(str(installed.run_dir / OPERATOR_SOCKET))
        line.listen()
        assert installed.run("journal", "restore", str(copy)) == 1
    assert "终端正在运行" in capsys.readouterr().err


@pytest.mark.parametrize("word", ["backup", "restore"])
def test_a_copy_that_cannot_be_is_said_in_one_line(
    installed: Installed, capsys: pytest.CaptureFixture[str], word: str
) -> None:
    with_history(installed)
    if word == "restore":
        for path in installed.folder.glob("journal.db*"):
            path.unlink()
    place = installed.root / "nowhere" / "copy.db"
    assert installed.run("journal", word, str(place)) == 1
    (said,) = capsys.readouterr().err.splitlines()
    assert said.startswith("kiosk: ")


@pytest.mark.parametrize("words", [["journal", "erase"], ["journal"], ["puk", "clear"], ["pair"], ["sell"], []])
def test_a_word_that_is_none_is_told_what_there_is(
    installed: Installed, capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        installed.run(*words)
    assert ended.value.code == 2
    assert "usage: kiosk" in capsys.readouterr().err


# --- kiosk puk clear ------------------------------------------------------------------------


class Running:
    """A terminal's operator socket, served until the test is over."""

    def __init__(self, installed: Installed, answers: Handlers | None = None) -> None:
        self._installed, self._answers = installed, answers
        self._ready = threading.Event()
        self._thread = threading.Thread(target=trio.run, args=(self._serve,))

    async def _serve(self) -> None:
        journal = await self._installed.open()
        server = Server(operating.handlers(journal) if self._answers is None else self._answers)
        async with trio.open_nursery() as nursery:
            self._end, self._token = nursery.cancel_scope.cancel, trio.lowlevel.current_trio_token()
            await nursery.start(server.run, self._installed.run_dir / OPERATOR_SOCKET, {os.getuid()})
            self._ready.set()
        await journal.close()

    def __enter__(self) -> None:
        self._installed.run_dir.mkdir()
        self._thread.start()
        assert self._ready.wait(30)

    def __exit__(self, *_: object) -> None:
        trio.from_thread.run_sync(self._end, trio_token=self._token)
        self._thread.join(30)


def switch_off(installed: Installed) -> None:
    async def switch() -> None:
        journal = await installed.open()
        refused = await journal.submit(chip_draft(Kind.RELOAD_PIN, 1))
        await journal.puk_breaker_off(refused.id)
        await journal.close()

    trio.run(switch)


def puk_is_off(installed: Installed) -> bool:
    async def look() -> bool:
        journal = await installed.open()
        try:
            return bool(journal.puk_off)
        finally:
            await journal.close()

    return trio.run(look)


def test_a_named_operator_clears_it_and_it_stays_cleared(
    installed: Installed, capsys: pytest.CaptureFixture[str]
) -> None:
    switch_off(installed)
    assert puk_is_off(installed)
    with Running(installed):
        assert installed.run("puk", "clear", "--by", OPERATOR) == 0
    assert OPERATOR in capsys.readouterr().out
    assert not puk_is_off(installed)


def test_nothing_is_cleared_while_no_terminal_runs(installed: Installed, capsys: pytest.CaptureFixture[str]) -> None:
    assert installed.run("puk", "clear", "--by", OPERATOR) == 1
    assert "终端没有运行，未解除" in capsys.readouterr().err


def test_a_terminal_that_fails_over_it_is_not_called_stopped(
    installed: Installed, capsys: pytest.CaptureFixture[str]
) -> None:
    async def broken(_call: ClearPuk) -> Cleared:
        raise RuntimeError("planted")

    with Running(installed, {ClearPuk: broken}):
        assert installed.run("puk", "clear", "--by", OPERATOR) == 1
    assert "终端没有应答" in capsys.readouterr().err


@pytest.mark.parametrize("by", ["", "  ", "名" * 61])
def test_an_operator_needs_a_name(installed: Installed, capsys: pytest.CaptureFixture[str], by: str) -> None:
    with pytest.raises(SystemExit):
        installed.run("puk", "clear", "--by", by)
    assert "a name of 1 to 60 characters" in capsys.readouterr().err


# --- kiosk pair -------------------------------------------------------------------------------


def test_pairing_without_the_offices_key_says_which_file_is_missing(
    installed: Installed, capsys: pytest.CaptureFixture[str]
) -> None:
    installed.office_file.unlink()
    assert installed.run("pair", "--code", "0000") == 1
    assert f"kiosk: {installed.office_file}: No such file" in capsys.readouterr().err


def test_pairing_without_the_centres_ca_names_the_file(
    installed: Installed, capsys: pytest.CaptureFixture[str]
) -> None:
    assert installed.run("pair", "--code", "0000") == 1
    said = capsys.readouterr().err
    assert "没有配对" in said
    assert str(installed.ca) in said


def test_pairing_where_no_key_can_be_kept_names_the_folder(
    installed: Installed, capsys: pytest.CaptureFixture[str]
) -> None:
    (installed.root / "blocked").write_text("a file")
    installed.config.write_text(installed.config.read_text().replace("/state", "/blocked"))
    assert installed.run("pair", "--code", "0000") == 1
    said = capsys.readouterr().err
    assert "没有配对" in said
    assert "blocked" in said


def test_a_signing_key_that_is_none_is_not_replaced(installed: Installed, capsys: pytest.CaptureFixture[str]) -> None:
    """What waits in the journal was signed with it."""
    (installed.folder / "signing.key").write_text("scratched")
    assert installed.run("pair", "--code", "0000") == 1
    assert "signing.key: not a private key" in capsys.readouterr().err
    assert (installed.folder / "signing.key").read_text() == "scratched"


# --- the three processes ------------------------------------------------------------------------


@pytest.mark.parametrize("process", ["terminal", "devices", "sync"])
def test_no_configuration(tmp_path: Path, capsys: pytest.CaptureFixture[str], process: str) -> None:
    assert main([process, "--config", str(tmp_path / "none.toml")]) == 1
    assert capsys.readouterr().err == f"kiosk: {tmp_path}/none.toml: No such file or directory\n"


@pytest.mark.parametrize("process", ["terminal", "devices"])
def test_a_run_dir_that_cannot_be_made_is_named(
    installed: Installed, capsys: pytest.CaptureFixture[str], process: str
) -> None:
    (installed.root / "blocked").write_text("a file")
    installed.run_dir = installed.root / "blocked" / "run"
    installed.write_config()
    assert installed.run(process) == 1
    said = capsys.readouterr().err
    assert f'{installed.config}: terminal.run_dir = "{installed.run_dir}"'[:60] in said
    assert "Not a directory" in said
    assert "must be a folder this user may write to" in said


def test_a_run_dir_too_long_for_a_socket_is_named(installed: Installed, capsys: pytest.CaptureFixture[str]) -> None:
    """unix(7) leaves 107 bytes, in UTF-8."""
    installed.run_dir = Path("/tmp") / ("长" * (RUN_DIR_LONGEST // 3))  # noqa: S108 - never made
    installed.write_config()
    assert installed.run("devices") == 1
    assert f"{RUN_DIR_LONGEST} bytes at most" in capsys.readouterr().err
    assert not installed.run_dir.exists()


def test_a_second_devices_process_says_who_is_in_the_way(
    installed: Installed, capsys: pytest.CaptureFixture[str]
) -> None:
    installed.run_dir.mkdir()
    with socket.socket(socket.AF_UNIX) as other:
        other.bind(str(installed.run_dir / "devices.sock"))
        other.listen()
        assert installed.run("devices") == 1
    assert "another process serves" in capsys.readouterr().err


def test_sync_without_pairing_says_what_to_do(installed: Installed, capsys: pytest.CaptureFixture[str]) -> None:
    assert installed.run("sync") == 1
    assert "run `kiosk pair`" in capsys.readouterr().err


def test_a_demo_on_a_panel_too_small_starts_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo", "--size", "640x480"]) == 1
    said = capsys.readouterr()
    assert "at least 215 × 135 mm" in said.err
    assert not said.out, "neither reader nor centre was begun with"
