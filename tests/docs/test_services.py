"""The generated page says what the code does."""

from __future__ import annotations

from kiosk.endings import Reason
from kiosk.services import SERVICES
from tests.docs.reach import Place, members, reached
from tests.docs.services import PAGE, page


def test_the_page_is_what_is_generated() -> None:
    assert PAGE.read_text() == page(), "docs/services.md is old: ./run docs writes it"


def test_a_refusal_is_found_through_the_steps_a_service_takes() -> None:
    code = reached(Place("kiosk.services.report_loss", "report_loss"))
    found = {Reason[name] for name in members("Reason", list(code.values()))}
    assert {Reason.ID_EXPIRED, Reason.CANCELLED, Reason.CENTRE_REFUSED} <= found
    assert Reason.LIVE_PUK not in found


def test_what_is_asked_for_is_what_the_steps_ask_for() -> None:
    table = page().partition("## With a clerk")[0].splitlines()
    rows = {row.split("`")[1]: row.split(" | ")[2] for row in table if row.startswith("| **")}
    assert rows["card_status"] == "ID card or social security card"
    assert rows["replacement"].endswith("prepared for the window: ID card, social security card, if there is one")


def test_what_the_centre_says_is_found() -> None:
    assert "`no_phone`" in page().partition("### Said by the centre")[2]


def test_every_refusal_of_a_service_stands_on_the_page() -> None:
    for run in SERVICES.values():
        for name in members("Reason", list(reached(Place(run.__module__, run.__name__)).values())):
            assert f"| `{Reason[name]}` |" in page()
