"""A measured figure, its peer and its goal."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

import msgspec


class AtMost(msgspec.Struct, frozen=True):
    limit: float
    sign: ClassVar = "≤"

    def holds(self, measured: float) -> bool:
        return measured <= self.limit


class AtLeast(msgspec.Struct, frozen=True):
    limit: float
    sign: ClassVar = "≥"

    def holds(self, measured: float) -> bool:
        return measured >= self.limit


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """`goal` limits the ratio where there is a peer, else the value."""

    name: str
    value: float
    unit: str
    peer: float | None = None
    """The same measured on something bare, in this run."""
    goal: AtMost | AtLeast | None = None

    @property
    def ratio(self) -> float | None:
        return self.value / self.peer if self.peer else None

    @property
    def holds(self) -> bool | None:
        """None: nothing was promised."""
        if self.goal is None:
            return None
        return self.goal.holds(self.value if self.ratio is None else self.ratio)

    @property
    def _of(self) -> str:
        return f" {self.unit}" if self.ratio is None else "×"

    def row(self) -> tuple[str, ...]:
        return (
            self.name,
            f"{self.value:,.1f} {self.unit}",
            "" if self.peer is None else f"{self.peer:,.1f} {self.unit}",
            "" if self.ratio is None else f"{self.ratio:.2f}×",
            "" if self.goal is None else f"{self.goal.sign} {self.goal.limit:g}{self._of}",
            {None: "", True: "yes", False: "NO"}[self.holds],
        )


HEAD = ("figure", "value", "peer", "ratio", "goal", "holds")


def table(figures: Iterable[Figure]) -> str:
    """Columns of equal width."""
    rows = [HEAD, *(figure.row() for figure in figures)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows)


def as_json(figures: Iterable[Figure]) -> bytes:
    """By name."""
    whole = {
        figure.name: {
            "value": figure.value,
            "unit": figure.unit,
            "peer": figure.peer,
            "ratio": figure.ratio,
            "goal": figure.goal and f"{figure.goal.sign} {figure.goal.limit:g}",
            "holds": figure.holds,
        }
        for figure in figures
    }
    return msgspec.json.format(msgspec.json.encode(whole))
