"""Kinds of printers: what they know, and how they wake up."""

from __future__ import annotations

import msgspec

from drivers.virtual.printer.rom import Gb18030Rom, GbkRom, Rom


class Model(msgspec.Struct, frozen=True):
    """`lacks`: commands it does not know; `reports`: the n of DLE EOT it answers."""

    rom: Rom
    lacks: frozenset[bytes] = frozenset()
    reports: frozenset[int] = frozenset((1, 2, 3, 4))
    starts_in_chinese: bool = False
    """Models for the Chinese market do; those that do not show who forgets FS &."""


FULL = Model(Gb18030Rom())
GBK_ONLY = Model(GbkRom())
CHEAP = Model(GbkRom(), lacks=frozenset((b"\x1dr", b"\x1da", b"\x10\x14")), reports=frozenset((1, 4)))
"""Answers DLE EOT 1 and 4, and nothing else; cannot clear its buffers off line."""
