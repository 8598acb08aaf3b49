"""`./run slips`: draw every slip anew; look at what changed before it is kept."""

from __future__ import annotations

from tests.slips.pictures import GOLDEN, keep, sheets

wanted = set()
for sheet in sheets():
    keep(sheet)
    wanted.add(sheet.file)
for left_over in set(GOLDEN.glob("*")) - wanted:
    left_over.unlink()
