"""Pages on which a number is typed: empty, half typed, and with everything that may be wrong with it."""

from __future__ import annotations

import msgspec

from kiosk.prompts import Prompt, Step, Typed, TypeNumber
from kiosk.words import Message, msg

CITIZEN, OLD, LAST4 = (6, 8, 4), (6, 6, 3), (4,)
STEP = Step(2, 3)
NOTHING, HALF = Typed(""), Typed("34052419800")
WRONG = {
    "citizen.no_number": Typed("040524198001010011"),
    "citizen.no_day": Typed("340524198002300011"),
    "citizen.check": Typed("340524198001010011"),
    "old.no_number": Typed("040524800101001"),
    "old.no_day": Typed("340524800230001"),
    "differ": NOTHING,
}
"""What was typed, with what is said to be wrong with it."""


def numbers() -> dict[str, Prompt]:
    """By name."""
    return {
        "type-number": _page("citizen", CITIZEN),
        "type-number-half": _page("citizen", CITIZEN, typed=HALF),
        "type-number-on-pad": on_pad(_page("citizen", CITIZEN)),
        "type-number-old": _page("old", OLD),
        "type-last4": _page("last4", LAST4),
        "type-last4-on-pad": on_pad(_page("last4", LAST4)),
        "type-last4-upgraded": _page("last4", LAST4, body=msg("number.last4.upgraded", last4="001X")),
        **{
            f"number.citizen.{fault}": _wrong("citizen", CITIZEN, f"citizen.{fault}")
            for fault in ("no_number", "no_day", "check")
        },
        **{f"number.old.{fault}": _wrong("old", OLD, f"old.{fault}") for fault in ("no_number", "no_day")},
        "number.differ": _wrong("last4", LAST4, "differ"),
    }


def on_pad(page: TypeNumber) -> TypeNumber:
    """Where there is a PIN pad."""
    return msgspec.structs.replace(page, on_pad=True)


def _wrong(what: str, groups: tuple[int, ...], fault: str) -> TypeNumber:
    return _page(what, groups, typed=WRONG[fault], trouble=msg(f"number.{fault}"))


def _page(
    what: str,
    groups: tuple[int, ...],
    *,
    body: Message | None = None,
    typed: Typed = NOTHING,
    trouble: Message | None = None,
) -> TypeNumber:
    return TypeNumber(
        title=msg(f"number.{what}.title"),
        body=body or msg(f"number.{what}.body"),
        trouble=trouble,
        groups=groups,
        figures_only=groups is OLD,
        typed=typed,
        step=STEP,
    )
