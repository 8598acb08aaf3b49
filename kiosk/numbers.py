"""Check characters of the numbers people and cards carry."""

from __future__ import annotations

import datetime as dt
import enum
import re

_CITIZEN_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CITIZEN_CHECKS = "10X98765432"
_CITIZEN = re.compile(r"[1-9][0-9]{16}[0-9X]")
_OLD_CITIZEN = re.compile(r"[1-9][0-9]{14}")

_CARD_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_CARD_BODY = re.compile(r"[0-9A-Z]{8}")
_CARD_CHECKS = "0123456789X0"


def citizen_number_check(body: str) -> str:
    """The 18th character of a citizen's number (公民身份号码), from its first 17 digits.  GB 11643 §4.2.4."""
    weighed = sum(weight * int(digit) for weight, digit in zip(_CITIZEN_WEIGHTS, body, strict=True))
    return _CITIZEN_CHECKS[weighed % 11]


def citizen_number_is_valid(number: str) -> bool:
    """18 characters, a real birthday, the right check character (capital X).

    The region is not looked at: older people keep the codes of regions that no longer exist.
    """
    return (
        _CITIZEN.fullmatch(number) is not None
        and citizen_birth(number) is not None
        and citizen_number_check(number[:17]) == number[17]
    )


class Fault(enum.StrEnum):
    """Why what somebody typed is no citizen's number."""

    NO_NUMBER = "no_number"
    """None is so long, or has such characters."""
    NO_DAY = "no_day"
    """There is no such birthday."""
    CHECK = "check"
    """One character, or two neighbours, are not what stands on the card."""


def citizen_number_fault(number: str) -> Fault | None:
    """Of an 18-character number; None: it can be one."""
    if _CITIZEN.fullmatch(number) is None:
        return Fault.NO_NUMBER
    if citizen_birth(number) is None:
        return Fault.NO_DAY
    return None if citizen_number_is_valid(number) else Fault.CHECK


def old_citizen_number_fault(old: str) -> Fault | None:
    """Of a 15-digit number of before 1999; None: `upgrade_citizen_number` takes it.  It has no check character."""
    if _OLD_CITIZEN.fullmatch(old) is None:
        return Fault.NO_NUMBER
    return None if real_date(f"19{old[6:12]}") else Fault.NO_DAY


def citizen_birth(number: str) -> dt.date | None:
    """The birthday in an 18-character citizen's number; None if there is no such day."""
    return real_date(number[6:14])


def upgrade_citizen_number(old: str) -> str:
    """The 18-character form of a 15-digit number of before 1999.  ValueError if it is none."""
    if _OLD_CITIZEN.fullmatch(old) is None:
        raise ValueError("an old citizen's number has 15 digits")
    body = f"{old[:6]}19{old[6:]}"
    if citizen_birth(body) is None:
        raise ValueError("an old citizen's number has a birthday in its digits 7 to 12")
    return body + citizen_number_check(body)


def card_number_check(body: str) -> str:
    """The 9th character of a social security card's number, from its first 8.  V2 annex A, as GB 11714.

    ValueError if `body` is not 8 digits and capital letters.  Cards with other numbers are in use: a wrong
    check character is worth a warning, never a refusal.
    """
    if _CARD_BODY.fullmatch(body) is None:
        raise ValueError("a card number's body is 8 digits or capital letters")
    weighed = sum(weight * int(character, 36) for weight, character in zip(_CARD_WEIGHTS, body, strict=True))
    return _CARD_CHECKS[11 - weighed % 11]


def real_date(digits: str) -> dt.date | None:
    """YYYYMMDD as a date; None if it is none."""
    if re.fullmatch(r"[0-9]{8}", digits) is None:
        return None
    try:
        return dt.date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None
