"""What a person takes home of a new card: when it is made, how and where it is collected, who tells more."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import msgspec

from kiosk.contract import CardFacts, Text
from kiosk.policy import Policy
from kiosk.policy.places import Channel, Outlet, PickUp
from kiosk.slips.lines import Field, Item, Line, Paragraph, Rule
from kiosk.words import Message, language, msg, said


class NewCard(msgspec.Struct, frozen=True):
    """As the region's rules have it for this holder's card."""

    ready: Message
    ways: dict[PickUp, tuple[Outlet, ...]]
    """How it comes to its holder, with the places that the office has named for it."""
    channels: tuple[Channel, ...]
    """That tell how far it is."""


def new_card(policy: Policy, card: CardFacts, ordered: dt.date | None) -> NewCard:
    """`card`: the old one.  `ordered`: None as long as only the form is filled in."""
    day = None if ordered is None else policy.card_ready(ordered)
    days = msg("guide_value.days", days=policy.production.working_days)
    outlets = policy.outlets_for(card)
    ways = set(policy.pick_up) | {outlet.pick_up for outlet in outlets}
    return NewCard(
        ready=days if day is None else msg("row.date", date=day),
        ways={way: tuple(one for one in outlets if one.pick_up is way) for way in PickUp if way in ways},
        channels=policy.channels_for("progress", card),
    )


def told_of(new: NewCard, code: str, hotline: str) -> Iterator[Line]:
    """In a language such as "en"."""
    say = language(code).say
    yield Rule()
    yield Field(say(msg("slip.new_card.ready")), say(new.ready), strong=True)
    if len(new.ways) > 1:
        yield Paragraph(say(msg("slip.new_card.choose")), strong=True)
    for way, outlets in new.ways.items():
        yield Item(say(msg(f"slip.new_card.{way}")))
        for outlet in outlets:
            yield Paragraph(say(said(outlet.name)), strong=True)
            yield from (Paragraph(say(said(text))) for text in (outlet.address, outlet.hours) if text is not None)
    if not all(new.ways.values()):
        yield Paragraph(say(msg("slip.new_card.where", hotline=hotline)))
    if new.channels:
        names = Text("、".join(one.name.zh for one in new.channels), ", ".join(one.name.en for one in new.channels))
        yield Paragraph(say(msg("slip.new_card.progress", channels=said(names))))
