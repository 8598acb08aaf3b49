"""办事指南: what to bring, where to go, what to know; to be read, heard and taken home.  Guide: all of it.

Needs nothing but the screen: no card, no line, and a printer only for paper.
"""

from __future__ import annotations

import msgspec

from kiosk.desk import Desk
from kiosk.guide.leaflets import Group
from kiosk.guide.topics import Topic, topics, warn_of_expired
from kiosk.guide.values import values
from kiosk.policy import Policy
from kiosk.prompts import Advice, AdviceLine, Agreed, Back, Chosen, Paper, Tile, Topics
from kiosk.slips import receipts
from kiosk.words import msg, stated

GROUPS = Topics(
    title=msg("guide_groups.title"),
    tiles=tuple(
        Tile(group, msg(f"guide_group.{group}.title"), msg(f"guide_group.{group}.subtitle")) for group in Group
    ),
)


CHANNELS = "channels"
"""The topic with a code for each of the office's other doors that has an address."""


async def guide(desk: Desk) -> None:
    """返回 leads from a topic to its group, from there to all groups, and then home."""
    warn_of_expired(desk.terminal.clock.now().date())
    while True:
        chosen = await desk.ask(GROUPS)
        if isinstance(chosen, Chosen):
            await _group(desk, Group(chosen.service))


async def _group(desk: Desk, group: Group) -> None:
    members = {one.id: one for one in topics() if one.group is group}
    page = Topics(title=msg(f"guide_group.{group}.title"), tiles=tuple(map(_tile, members.values())))
    while not isinstance(chosen := await desk.read(page), Back):
        if isinstance(chosen, Chosen):
            await _read(desk, members[chosen.service])


def _tile(topic: Topic) -> Tile:
    return Tile(topic.id, msg(f"guide.{topic.id}.tile"), msg(f"guide.{topic.id}.under"))


async def _read(desk: Desk, topic: Topic) -> None:
    page = _page(desk, topic)
    if isinstance(await desk.read(page), Agreed) and page.printable:
        slip = receipts.checklist(desk.stationery, topic, values(desk.terminal.policy), page.as_of)
        taken = msgspec.structs.replace(page, printable=False, paper=Paper.PRINTING)
        await desk.read_with_slip(taken, slip, lambda paper: msgspec.structs.replace(taken, paper=paper))


def _page(desk: Desk, topic: Topic) -> Advice:
    as_of = None
    if topic.expired_on(desk.terminal.clock.now().date()):
        as_of = msg("guide_page.as_of", date=topic.valid_until)
    lines = (AdviceLine(text, point) for text, point in topic.lines(values(desk.terminal.policy)))
    return Advice(
        title=topic.title,
        lines=(*lines, *(_codes(desk.terminal.policy) if topic.id == CHANNELS else ())),
        as_of=as_of,
        printable=desk.may_print,
    )


def _codes(policy: Policy) -> tuple[AdviceLine, ...]:
    return tuple(
        AdviceLine(stated(channel.name), point=False, code=channel.address)
        for channel in policy.channels
        if channel.address is not None
    )
