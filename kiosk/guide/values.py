"""What the guide's pages leave to the policy."""

from __future__ import annotations

from typing import Any

from kiosk.policy import Policy
from kiosk.words import msg, said


def values(policy: Policy) -> dict[str, Any]:
    """By the names that stand in braces in the pages; what a policy does not tell, the window does."""
    return {
        "hotline": policy.hotline,
        "channels": said(policy.loss.other_channels),
        "days": msg("guide_value.ask"),
        "fee": msg("guide_value.ask"),
    }
