"""Please insert the social security card."""

from __future__ import annotations

from screens.page import load_kv
from screens.present import PresentPage

load_kv(__file__)


class InsertCardPage(PresentPage):
    """The picture shows this terminal's slot."""
