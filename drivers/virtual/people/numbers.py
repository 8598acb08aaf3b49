"""Check digits of the numbers people carry."""

from __future__ import annotations

import datetime as dt

_CITIZEN_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CARD_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


def citizen_check(first17: str) -> str:
    """GB 11643: ISO 7064 MOD 11-2."""
    total = sum(weight * int(digit) for weight, digit in zip(_CITIZEN_WEIGHTS, first17, strict=True))
    return "10X98765432"[total % 11]


def is_citizen_number(number: str) -> bool:
    """18 characters, a real birth date, a right check digit."""
    body = number[:17]
    if len(number) != 18 or not (body.isascii() and body.isdigit()):
        return False
    try:
        dt.date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    return citizen_check(body) == number[17]


def card_check(first8: str) -> str:
    """Last character of a card number (V2 appendix A)."""
    total = sum(weight * int(char, 36) for weight, char in zip(_CARD_WEIGHTS, first8, strict=True))
    return "0X987654321"[(total % 11)]


def is_card_number(number: str) -> bool:
    return len(number) == 9 and number.isascii() and number.isalnum() and card_check(number[:8]) == number[8]
