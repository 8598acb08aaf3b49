"""Receipt numbers: the day and a running number, so that a clerk on the telephone can find it."""

from __future__ import annotations

import datetime as dt

from sync.central import tables


def next_number(now: dt.datetime) -> str:
    day = f"{now:%Y%m%d}"
    counter = tables.ReceiptCounter.find_or_create({"last": 0}, day=day)
    counter.last += 1
    counter.save()
    return f"{day}-{counter.last:06d}"
