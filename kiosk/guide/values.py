"""What the guide's pages leave to the policy."""

from __future__ import annotations

from typing import Any

from kiosk.contract import Text
from kiosk.policy import Policy
from kiosk.policy.eligibility import (
    ASSISTED,
    CHANGE_PIN,
    FORMAL_LOSS,
    RELEASE,
    REPLACEMENT,
    REPORT_LOSS,
    RESET_PIN,
)
from kiosk.policy.places import Channel
from kiosk.words import Message, msg, stated


def values(policy: Policy) -> dict[str, Any]:
    """By the names that stand in braces in the pages; what a policy does not tell, the window does."""
    channels = stated(policy.loss_channels(None))
    return {
        "hotline": policy.hotline,
        "hours": stated(policy.hotline_hours) if policy.hotline_hours else msg("guide_value.no_hours"),
        "channels": channels,
        "elsewhere": _elsewhere(policy.channels),
        "days": msg("guide_value.days", days=policy.production.working_days),
        "fee": _fee(policy.production.fee_yuan),
        "validity": _validity(policy.loss.valid_hours),
        "initial": policy.pin.initial,
        "loss_at": msg("guide_value.here_or", channels=channels) if policy.enabled(REPORT_LOSS) else channels,
        "formal_loss_at": _at(policy.finished_alone(FORMAL_LOSS)),
        "replacement_at": _at(policy.finished_alone(REPLACEMENT)),
        "release_at": _at(policy.finished_alone(RELEASE)),
        "reset_at": _at(policy.finished_alone(RESET_PIN)),
        "change_at": _at(policy.finished_alone(CHANGE_PIN)),
        "clerk_at": msg("guide_value.clerk_or_window" if policy.enabled(ASSISTED) else "guide_value.window"),
    }


def _at(here: bool) -> Message:
    return msg("guide_value.here_or_window" if here else "guide_value.window")


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
