"""What this centre would accept now for a card, by the very rules that decide."""

from __future__ import annotations

from collections.abc import Callable

from kiosk.contract import Kind
from sync.central import tables
from sync.central.centre import Centre
from sync.central.rules import activation, chip_work, formal_loss, losses, pin_changes, release, replacement
from sync.central.verdicts import Ruling

Judge = Callable[[Centre, str, tables.Card], Ruling | None]
"""For a terminal and a card: why the work is refused, or that it is done already; None: it would be done."""

JUDGES: dict[Kind, Judge] = {
    Kind.TEMPORARY_LOSS: losses.judge,
    Kind.FORMAL_LOSS: formal_loss.judge,
    Kind.RELEASE: release.judge,
    Kind.ACTIVATION: activation.judge,
    Kind.REPLACEMENT: replacement.judge,
    Kind.PIN_CHANGED: pin_changes.judge,
    Kind.RELOAD_PIN: chip_work.judge_reload,
    Kind.UNBLOCK_PIN: chip_work.judge_unblock,
}


def operations(centre: Centre, terminal: str, card: tables.Card) -> list[Kind]:
    """Whatever the evidence: that is looked at when it comes."""
    return [kind for kind, judge in JUDGES.items() if judge(centre, terminal, card) is None]
