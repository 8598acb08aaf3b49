"""The golden texts of the samples, on both papers and in both languages.

`python -m tests.slips.paper` writes them anew; look at what changed before it is kept.
"""

from __future__ import annotations

from pathlib import Path

from drivers.printer.rows import Paper
from drivers.virtual.printer.preview import preview
from kiosk.slips.samples import slips
from kiosk.words import languages

GOLDEN = Path(__file__).parent / "golden"


def golden(name: str, paper: Paper, language: str) -> Path:
    return GOLDEN / f"{name}-{paper.width_mm}-{language}.txt"


if __name__ == "__main__":
    for code in languages():
        for name, slip in slips(code).items():
            for paper in Paper:
                golden(name, paper, code).write_text(preview(slip, paper).text + "\n")
