"""`kiosk central check` against the reference centre, over real HTTPS."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from drivers.virtual.demo.registry import citizens
from drivers.virtual.people import Person, find, load_people
from kiosk.contract import ProductionStep, Text
from kiosk.quotas import Quotas
from sync.central import serving
from sync.central.centre import Centre
from sync.central.command import main
from sync.central.conformance import vouching
from sync.central.conformance.live import NEED_A_CHIP
from sync.central.conformance.people import SHIPPED
from sync.central.conformance.run import CHECKS
from sync.central.rules import production
from sync.central.rules.production import MadeCard
from tests.wire.test_central_https import Served

CLERK = "窗口3号"


@pytest.fixture
def served(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Served]:
    """With everybody who plays the demo, one of whom has collected a new card since."""
    before = structlog.get_config()  # the command sets up its process's logs; here it is only a guest
    served = Served(tmp_path, limits=getattr(request, "param", None))
    serving.add_people(served.office.centre, citizens(load_people()))
    hand_over(served.office.centre, find(load_people(), "on_order"))
    yield served
    served.close()
    structlog.configure(**before)


def hand_over(centre: Centre, person: Person) -> None:
    told = {
        ProductionStep.CARD_MADE: MadeCard("T00000991", "459900D15600000500000099FFFFFFFF", dt.date(2036, 3, 2)),
        ProductionStep.READY: Text("样例大厅", "Sample hall"),
    }
    assert person.card is not None
    with centre.store.transaction():
        (order,) = [made.order for made in production.orders() if made.card.number == person.card.number]
        for step in ProductionStep:
            production.advance(centre, order, told.get(step))


def check(
    served: Served, terminal: str, people: Path = SHIPPED, *, code: str | None = None, operator: str | None = CLERK
) -> int:
    state = served.office.state
    given = code or serving.give_code(served.office.centre, terminal, operator=operator)
    delivered = ("--ca", str(state / "ca.crt"), "--office-key", str(state / "office.pub"))
    asked = ("--terminal", terminal, "--code", given, "--people", str(people))
    return main(["check", served.url, *delivered, *asked])


def test_the_reference_centre_keeps_every_sentence(served: Served, capsys: pytest.CaptureFixture[str]) -> None:
    status = check(served, "T-CHECK")
    said = capsys.readouterr().out
    assert status == 0, said
    assert [line for line in said.splitlines() if line.startswith(("failed", "not checked"))] == []
    assert said.splitlines()[-1] == f"{len(CHECKS)} ok, 0 failed, 0 not checked, {len(NEED_A_CHIP)} needs a chip"
    assert [line for line in said.splitlines() if line.startswith("needs a chip ")] == [
        f"needs a chip {sentence}" for sentence in NEED_A_CHIP
    ]


def test_a_centre_that_keeps_another_record_fails_by_name(
    served: Served, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Who is called sealed has a cancelled card; somebody of no use is left out."""
    text = SHIPPED.read_text()
    always, cancelled = text[: text.index("[sealed]")], text[text.index("[cancelled]") :]
    (tmp_path / "people.toml").write_text(always + cancelled.replace("[cancelled]", "[sealed]"))
    assert check(served, "T-CHECK", tmp_path / "people.toml") == 1
    said = capsys.readouterr()
    assert "failed       each: status, masked holder name" in said.out
    assert "the person with status 0: 9" in said.out
    assert "not checked  Without a needed proof" in said.out
    assert "does not keep the contract" in said.err
    assert not [number for number in ("459900198506150135", "459900196012250807") if number in said.out + said.err]


def test_without_a_clerk_nobodys_word_is_checked(served: Served, capsys: pytest.CaptureFixture[str]) -> None:
    assert check(served, "T-CHECK", operator=None) == 0
    said = capsys.readouterr().out
    assert said.count("not checked  ") == len(vouching.CHAPTER.checks)
    assert "→ needs a first operator, named with the pairing code" in said


@pytest.mark.parametrize("served", [Quotas(wrong_sign_ins_per_clerk=9)], indirect=True)
def test_a_centre_where_one_may_guess_on_fails_by_name(served: Served, capsys: pytest.CaptureFixture[str]) -> None:
    assert check(served, "T-CHECK") == 1
    said = capsys.readouterr().out
    assert "failed       whether anybody has it or not\n             → wanted 429, got HTTP 422" in said


def test_a_wrong_code_is_said_to_be_one(served: Served, capsys: pytest.CaptureFixture[str]) -> None:
    serving.give_code(served.office.centre, "T-CHECK")
    assert check(served, "T-CHECK", code="AAAA-AAAA-AAAA-AAAA") == 1
    assert "配对码不正确" in capsys.readouterr().err
