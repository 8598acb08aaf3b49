"""A clerk of the office who stands beside somebody, and what the office has of clerks."""

from __future__ import annotations

import base64
from urllib.parse import parse_qs, urlsplit

import msgspec

from kiosk import contract as c
from kiosk.seal import from_text
from sync.central import serving, tables
from sync.central.rules.clerks import code_of
from tests.stories.hall import Hall

CLERK = "窗口3号"


class Clerk:
    """With credentials of today."""

    def __init__(self, hall: Hall) -> None:
        self.hall = hall
        self.given = serving.give_credentials(hall.centre, CLERK)
        hall.secrets.update({self.given.password, self.given.otpauth})

    @property
    def code(self) -> str:
        secret = parse_qs(urlsplit(self.given.otpauth).query)["secret"][0]
        return code_of(base64.b32decode(secret + "=" * (-len(secret) % 8)), int(self.hall.clock.now().timestamp()))


# --- witnesses ----------------------------------------------------------------------------------


def audits(hall: Hall) -> list[tuple[str, dict[str, object]]]:
    """What the office has of clerks, in the order it came."""
    told = [item for item in items(hall) if isinstance(item, c.Audit)]
    return [(item.event, item.details) for item in told if item.event.startswith("clerk_")]


def nobody_is_signed_in(hall: Hall) -> bool:
    """By the centre's rows."""
    with hall.centre.store.transaction():
        return all(tables.moment(row.expires_at) <= hall.clock.now() for row in tables.SignIn.select())


def items(hall: Hall) -> list[c.Transaction]:
    with hall.centre.store.transaction():
        rows = tables.Item.select().where(tables.Item.domain == "transaction").order_by(tables.Item.seq)
        signed = [msgspec.json.decode(row.signed, type=c.Signed) for row in rows]
    return [msgspec.json.decode(from_text(one.item), type=c.Transaction) for one in signed]


def opened(hall: Hall, item: c.Transaction) -> c.Personal:
    assert item.sealed is not None
    personal = hall.centre.keys.open_personal(item.sealed, hall.name, item.id)
    assert isinstance(personal, c.Personal)
    return personal
