"""What can come of asking the centre: one class a case, by what must be done about it."""

from __future__ import annotations

import email.utils
from collections.abc import Mapping
from typing import Any, Generic, TypeVar

import msgspec

from kiosk.contract import Problem

T = TypeVar("T")


class Got(msgspec.Struct, Generic[T], frozen=True):
    """The answer, of the contract's form."""

    answer: T


class Refused(msgspec.Struct, frozen=True):
    """400, 404 with a code, 409, 422: about what was asked, or the item; asking again changes nothing."""

    problem: Problem


class TooLarge(msgspec.Struct, frozen=True):
    """413: ask in smaller parts."""


class Barred(msgspec.Struct, frozen=True):
    """401, 403, a certificate, 404 without a code: about this terminal; nothing is sent until somebody acts."""

    why: str


class Later(msgspec.Struct, frozen=True):
    """408, 425, 429, 5xx: the centre asks for patience."""

    why: str
    asked_s: float = 0
    """Retry-After, in seconds."""
    problem: Problem | None = None


class Unreached(msgspec.Struct, frozen=True):
    """No connection was made: nothing left the terminal."""

    why: str


class Lost(msgspec.Struct, frozen=True):
    """It left, and nothing usable came back: whether the centre saw it is unknown."""

    why: str


class Severed(Lost, frozen=True):
    """The connection broke before the answer had come."""


Failure = Barred | Later | Unreached | Lost
Outcome = Got[T] | Refused | TooLarge | Failure


def understand(status: int, headers: Mapping[str, str], body: bytes, wanted: type[T]) -> Outcome[T]:
    """Sort an HTTP answer.  What is not of the contract's form did not come from a centre: `Lost`."""
    if 200 <= status < 300:
        answer = decoded(body, wanted)
        return Lost("nonsense") if answer is None else Got(answer)
    problem = decoded(body, Problem)
    why = str(status) if problem is None else f"{status} {problem.code}"
    match status, problem:
        case 413, _:
            return TooLarge()
        case (401 | 403, _) | (404, None):
            return Barred(why)
        case 400 | 404 | 409 | 422, Problem():
            return Refused(problem)
        case _ if status in {408, 425, 429} or 500 <= status < 600:
            return Later(why, retry_after_s(headers), problem)
    return Lost(f"nonsense: {status}")


def decoded(body: bytes, wanted: type[T]) -> T | None:
    try:
        return msgspec.json.decode(body, type=wanted)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None


def retry_after_s(headers: Mapping[str, Any]) -> float:
    """RFC 9110 §10.2.3: seconds, or a date; a date counts from the answer's own, not from our clock."""
    text = headers.get("retry-after", "")
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        until = email.utils.parsedate_to_datetime(text)
        now = email.utils.parsedate_to_datetime(headers.get("date", ""))
        return max(0.0, (until - now).total_seconds())
    except (ValueError, TypeError):
        return 0.0
