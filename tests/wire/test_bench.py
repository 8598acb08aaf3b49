"""The bench's page over HTTP: what a person clicks happens to real virtual devices."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from drivers.pin_pad.device import PinPadDevice
from drivers.virtual.bench import Bench
from drivers.virtual.bench.hands import Hands, closing
from drivers.virtual.bench.pad import Fingers
from drivers.virtual.bench.page import bench_page
from drivers.virtual.bench.phone import Phones
from drivers.virtual.bench.tripwire import Tripwire
from drivers.virtual.id_reader import ServedIdReader
from drivers.virtual.line import Cut, NetworkLine
from drivers.virtual.people import find, load_people
from drivers.virtual.pin_pad import ServedPinPad
from drivers.virtual.printer import Printer, ServedPrinter
from kiosk.devices import FigurePressed, ReadPadKey
from sync.central import tables
from sync.central.store import Store

PATIENCE_S = 10.0


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """The reference centre's, which a gateway to the phones would read."""
    store = Store(f"sqlite:///{tmp_path / 'central.db'}")
    yield store
    store.close()


@pytest.fixture
def bench(tmp_path: Path, store: Store) -> Iterator[Bench]:
    id_reader = ServedIdReader(tmp_path / "id-reader")
    printer = ServedPrinter(tmp_path / "printer", Printer(80))
    pin_pad = ServedPinPad(tmp_path / "pin-pad")
    with NetworkLine(("127.0.0.1", 1)) as line, closing(id_reader), closing(printer), closing(pin_pad):
        hands = Hands(load_people(), tmp_path, slot=None, tripwire=Tripwire(), id_reader=id_reader, printer=printer)
        yield Bench(hands, Fingers(pin_pad), line, {}, Phones(tmp_path / "central.db"))


@pytest.fixture
def page(bench: Bench) -> Iterator[httpx.Client]:
    with bench_page(bench) as address, httpx.Client(base_url=address) as browser:
        yield browser


def act(page: httpx.Client, verb: str, what: str = "") -> httpx.Response:
    return page.post("acts", json={"verb": verb, "what": what})


def test_a_person_lays_an_id_card_and_takes_it_away(page: httpx.Client, bench: Bench) -> None:
    assert act(page, "lay", "normal_v2").json()["devices"]["on_glass"] == "normal_v2"
    assert bench.hands.on_glass == "normal_v2"
    assert act(page, "lift").json()["devices"]["on_glass"] is None


def sent(store: Store, number: str, text: str, at: str) -> None:
    with store.transaction():
        tables.Sms.create(number=number, text=text, at=at)


def test_a_message_arrives_on_the_phone_of_whoever_is_served(page: httpx.Client, bench: Bench, store: Store) -> None:
    person = find(bench.hands.people, "normal_v2")
    sent(store, person.phone, "验证码111111", "2026-11-22T08:00:00")
    sent(store, person.phone, "验证码222222", "2026-11-22T08:01:00")
    sent(store, find(bench.hands.people, "normal_v3").phone, "验证码333333", "2026-11-22T08:02:00")
    assert page.get("state").json()["phone"] is None
    shown = act(page, "lay", "normal_v2").json()["phone"]
    assert shown == {"key": "normal_v2", "last2": person.phone_last2, "text": "验证码222222"}
    assert act(page, "lay", "normal_v1").json()["phone"]["text"] is None


def test_the_page_does_not_show_a_whole_telephone_number(page: httpx.Client, bench: Bench) -> None:
    person = find(bench.hands.people, "normal_v2")
    assert person.phone not in act(page, "lay", "normal_v2").text


def test_a_key_of_the_pad_is_heard_while_the_pad_is_on(page: httpx.Client, tmp_path: Path) -> None:
    with contextlib.closing(PinPadDevice(str(tmp_path / "pin-pad"))) as device:
        pressed = iter([lambda: act(page, "press", "7"), lambda: None])
        press = device.answer(ReadPadKey(), lambda: next(pressed)() is None or True)
        assert isinstance(press, FigurePressed)
        assert list(press.pin) == [7]
        assert page.get("state").json()["devices"]["pin_pad_is_on"]
    assert not page.get("state").json()["devices"]["pin_pad_is_on"]


def test_a_person_cuts_the_line(page: httpx.Client, bench: Bench) -> None:
    assert act(page, "put_line", "cut").json()["line"] == "cut"
    assert isinstance(bench.line.mode, Cut)


def test_a_slip_is_shown_before_and_after_it_is_torn_off(page: httpx.Client, tmp_path: Path) -> None:
    with (tmp_path / "printer").open("wb", buffering=0) as port:
        port.write(b"\x1b@hello\n\x1dVB\x00")
    end = time.monotonic() + PATIENCE_S
    while not page.get("state").json()["hanging"]:
        assert time.monotonic() < end, "no slip came out"
    hanging = page.get("slips/0")
    assert hanging.content.startswith(b"\x89PNG")
    assert act(page, "tear_off").json()["torn"] == 1
    assert page.get("slips/0").content == hanging.content
    assert page.get("slips/1").status_code == 409


@pytest.mark.parametrize(
    ("verb", "what"), [("lay", "nobody"), ("fly", ""), ("put_in", "normal_v1"), ("press", "11"), ("kill", "init")]
)
def test_what_is_not_on_the_bench_is_said(page: httpx.Client, verb: str, what: str) -> None:
    refused = act(page, verb, what)
    assert refused.status_code == 409
    assert refused.text


def test_another_sites_page_gets_nothing(page: httpx.Client, bench: Bench) -> None:
    assert page.get("state", headers={"host": "evil.example"}).status_code == 400
    form = {"content-type": "text/plain"}
    assert page.post("acts", content='{"verb":"lay","what":"normal_v2"}', headers=form).status_code == 400
    assert bench.hands.on_glass is None


@pytest.mark.parametrize("file", ["", "bench.css", "bench.js", "people"])
def test_the_page_is_whole(page: httpx.Client, file: str) -> None:
    assert page.get(file).status_code == 200
