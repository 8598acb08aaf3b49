"""Every HTTP answer has one class, by what must be done about it; nothing a network may say breaks anything."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.contract import CardsAnswer, Problem, Text
from sync.answers import Barred, Got, Later, Lost, Refused, TooLarge, retry_after_s, understand


def problem(status: int, code: str = "some_code") -> bytes:
    return msgspec.json.encode(Problem(code, status, Text("说明", "why")))


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, Refused), (404, Refused), (409, Refused), (422, Refused),
        (401, Barred), (403, Barred),
        (413, TooLarge),
        (408, Later), (425, Later), (429, Later), (500, Later), (502, Later), (503, Later), (504, Later),
        (301, Lost), (402, Lost), (418, Lost),
    ],
)  # fmt: skip
def test_the_error_classes_of_the_contract(status: int, kind: type) -> None:
    assert type(understand(status, {}, problem(status), CardsAnswer)) is kind


@pytest.mark.parametrize(
    ("status", "kind"),
    [(400, Lost), (422, Lost), (404, Barred), (401, Barred), (403, Barred), (413, TooLarge), (503, Later), (200, Lost)],
)
def test_without_a_problem_document_an_item_is_never_blamed(status: int, kind: type) -> None:
    assert type(understand(status, {}, b"<html>a proxy</html>", CardsAnswer)) is kind


def test_an_answer_of_the_contract_is_understood_and_its_unknown_fields_ignored() -> None:
    assert understand(200, {}, b'{"cards": [], "new": 1}', CardsAnswer) == Got(CardsAnswer([]))


@given(st.integers(100, 599), st.binary(max_size=300))
def test_nonsense_is_never_an_answer(status: int, body: bytes) -> None:
    assert not isinstance(understand(status, {}, body, CardsAnswer), Got | Refused)


def test_deeply_nested_nonsense_is_nonsense() -> None:
    assert understand(200, {}, b"[" * 200_000, CardsAnswer) == Lost("nonsense")


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, 0),
        ({"retry-after": "120"}, 120),
        ({"retry-after": "-5"}, 0),
        ({"retry-after": "soon"}, 0),
        ({"retry-after": "٣"}, 0),
        ({"retry-after": "Sun, 22 Nov 2026 10:01:00 GMT", "date": "Sun, 22 Nov 2026 10:00:00 GMT"}, 60),
        ({"retry-after": "Sun, 22 Nov 2026 10:01:00 GMT"}, 0),
        ({"retry-after": "Sun, 22 Nov 2026 09:00:00 GMT", "date": "Sun, 22 Nov 2026 10:00:00 GMT"}, 0),
    ],
)
def test_retry_after_as_seconds_or_as_a_date_by_the_centres_clock(headers: dict[str, str], seconds: float) -> None:
    assert retry_after_s(headers) == seconds


@given(st.text(), st.text())
def test_any_retry_after_is_a_bounded_number(text: str, date: str) -> None:
    assert 0 <= retry_after_s({"retry-after": text, "date": date}) < 10**12
