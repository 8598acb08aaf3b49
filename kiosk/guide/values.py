"""What the guide's pages leave to the policy."""

from __future__ import annotations

from typing import Any

from kiosk.contract import Text
from kiosk.policy import Policy
from kiosk.policy.places import Channel
from kiosk.words import Message, msg, stated


def values(policy: Policy) -> dict[str, Any]:
    """By the names that stand in braces in the pages; what a policy does not tell, the window does."""
    return {
        "hotline": policy.hotline,
        "channels": stated(policy.loss.other_channels),
        "elsewhere": _elsewhere(policy.channels),
        "days": msg("guide_value.days", days=policy.production.working_days),
        "fee": _fee(policy.production.fee_yuan),
        "validity": _validity(policy.loss.valid_hours),
        "initial": policy.pin.initial,
    }


def _fee(yuan: str | None) -> Message:
    return msg("guide_value.ask") if yuan is None else msg("guide_value.yuan", yuan=yuan)


def _validity(hours: int | None) -> Message:
    if hours is None:
        return msg("guide_value.no_validity")
    days, rest = divmod(hours, 24)
    return msg("guide_value.validity_hours", hours=hours) if rest else msg("guide_value.validity", days=days)


def _elsewhere(channels: list[Channel]) -> Message:
    """Their names in one row."""
    if not channels:
        return msg("guide_value.ask")
    names = [one.name for one in channels]
    return stated(Text("、".join(name.zh for name in names), ", ".join(name.en for name in names)))
