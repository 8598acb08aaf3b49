"""What auditors get: the script of docs/journal.md alone tells whether it is whole, and it names nobody."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import trio
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kiosk.contract import Kind
from kiosk.journal import Note, reading
from tests.journal.half_year import pruned_office
from tests.journal.office import Office, loss, person

DOC = Path(__file__).parents[2] / "docs" / "journal.md"
(SCRIPT,) = re.findall(r"```python\n(.*?)```", DOC.read_text(encoding="utf-8"), re.DOTALL)
RECORDS = 8


async def some_history(office: Office) -> None:
    journal = await office.open()
    await journal.submit(loss(person(1)))
    await office.deliver(journal)
    await journal.submit(loss(person(2), Kind.FORMAL_LOSS))
    while journal.head.record_seq < RECORDS - 1:
        await journal.note(Note(event="paper_low"))
    await journal.close()


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    office = Office(tmp_path_factory.mktemp("office"))
    trio.run(some_history, office)
    return office


def exported(office: Office) -> list[str]:
    out = io.BytesIO()
    reading.export_to(office.path, out)
    return out.getvalue().decode().splitlines(keepends=True)


def checked(folder: Path, lines: list[str]) -> subprocess.CompletedProcess[str]:
    file = folder / "export.jsonl"
    file.write_text("".join(lines), encoding="utf-8")
    command = [sys.executable, "-I", "-c", SCRIPT, str(file)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def _changed(line: str, name: str) -> str:
    """One character of a value is another."""
    values = json.loads(line)
    value = values[name]
    values[name] = value[:-1] + ("0" if value[-1] != "0" else "1")
    return json.dumps(values, ensure_ascii=False) + "\n"


def test_the_script_is_short_enough_to_be_read() -> None:
    assert len(SCRIPT.splitlines()) <= 30


def test_a_whole_export_is_found_whole(office: Office, tmp_path: Path) -> None:
    lines = exported(office)
    done = checked(tmp_path, lines)
    assert (done.returncode, done.stderr) == (0, "")
    assert f"{len(lines)} lines, 0 findings" in done.stdout
    assert len(lines) == RECORDS + 1


def test_nobody_is_named_in_it(office: Office) -> None:
    text = "".join(exported(office))
    for number in (1, 2):
        assert person(number).number not in text
        assert person(number).name not in text


@pytest.fixture(scope="module")
def pruned(tmp_path_factory: pytest.TempPathFactory) -> Office:
    office = Office(tmp_path_factory.mktemp("pruned"))
    trio.run(pruned_office, office)
    return office


def test_a_pruned_export_is_found_whole(pruned: Office, tmp_path: Path) -> None:
    lines = exported(pruned)
    assert json.loads(lines[0])["line"] == "checkpoint"
    done = checked(tmp_path, lines)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("what", ["missing", "moved", "another hash", "another place", "another journal"])
def test_a_forged_moved_or_missing_checkpoint_is_found(pruned: Office, tmp_path: Path, what: str) -> None:
    first, *lines = exported(pruned)
    told = json.loads(first)
    forged = {
        "missing": [],
        "moved": [],
        "another hash": [_changed(first, "hash")],
        "another place": [json.dumps(told | {"record_seq": told["record_seq"] - 1}) + "\n"],
        "another journal": [first, json.dumps(told | {"journal_id": "another"}) + "\n"],
    }[what]
    if what == "moved":
        lines.insert(1, first)
    assert checked(tmp_path, forged + lines).returncode != 0


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_is_changed_left_out_or_moved_is_found(office: Office, tmp_path: Path, data: st.DataObject) -> None:
    lines = exported(office)
    at = data.draw(st.integers(0, RECORDS - 1), label="line")
    match data.draw(st.sampled_from(["changed", "left out", "twice", "moved", "cut off"])):
        case "changed":
            name = data.draw(st.sampled_from(["hash", "previous", "commitment", "record"]), label="what")
            lines[at] = _changed(lines[at], name)
        case "left out":
            del lines[at]
        case "twice":
            lines.insert(at, lines[at])
        case "moved":
            other = data.draw(st.integers(0, RECORDS - 1).filter(lambda place: place != at), label="other")
            lines[at], lines[other] = lines[other], lines[at]
        case "cut off":
            del lines[at + 1 :]
    assert checked(tmp_path, lines).returncode != 0
