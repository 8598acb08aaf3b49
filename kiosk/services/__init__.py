"""One file a service, each one async function that reads like the clerk's rule book."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from kiosk.desk import Desk
from kiosk.policy.eligibility import (
    ACTIVATION,
    CARD_STATUS,
    CHANGE_PIN,
    FORMAL_LOSS,
    GUIDE,
    PROGRESS,
    RELEASE,
    REPLACEMENT,
    REPORT_LOSS,
    RESET_PIN,
    UNBLOCK_PIN,
)
from kiosk.services.activation import activation
from kiosk.services.card_status import card_status
from kiosk.services.change_pin import change_pin
from kiosk.services.formal_loss import formal_loss
from kiosk.services.guide import guide
from kiosk.services.progress import progress
from kiosk.services.release import release
from kiosk.services.replacement import replacement
from kiosk.services.report_loss import report_loss
from kiosk.services.reset_pin import reset_pin
from kiosk.services.unblock_pin import unblock_pin

SERVICES: dict[str, Callable[[Desk], Awaitable[None]]] = {
    UNBLOCK_PIN: unblock_pin,
    RESET_PIN: reset_pin,
    CHANGE_PIN: change_pin,
    REPORT_LOSS: report_loss,
    CARD_STATUS: card_status,
    RELEASE: release,
    FORMAL_LOSS: formal_loss,
    ACTIVATION: activation,
    REPLACEMENT: replacement,
    GUIDE: guide,
    PROGRESS: progress,
}
