"""Please lay the ID card on the plate."""

from __future__ import annotations

from screens.page import load_kv
from screens.present import PresentPage

load_kv(__file__)


class LayIdCardPage(PresentPage):
    """The picture shows this terminal's plate."""
