"""One file a service, each one async function that reads like the clerk's rule book."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from kiosk.desk import Desk
from kiosk.policy.eligibility import CARD_STATUS, REPORT_LOSS
from kiosk.services.card_status import card_status
from kiosk.services.report_loss import report_loss

SERVICES: dict[str, Callable[[Desk], Awaitable[None]]] = {
    REPORT_LOSS: report_loss,
    CARD_STATUS: card_status,
}
