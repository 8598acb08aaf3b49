"""The topics of the guide, the same in every language."""

from __future__ import annotations

import datetime as dt
import functools
from typing import Any

import msgspec
import structlog

from kiosk.config import BadConfig
from kiosk.guide.leaflets import Front, Group, Leaflet, Owner, leaflets
from kiosk.words import CHINESE, Message, complete, msg

log = structlog.get_logger()


class Topic(msgspec.Struct, frozen=True):
    """Its words are messages, so that the language can be switched on the page."""

    id: str
    group: Group
    owner: Owner
    valid_until: dt.date
    points: tuple[bool, ...]
    """Of each line, whether it is a point."""

    @property
    def title(self) -> Message:
        return msg(f"guide.{self.id}.title")

    def lines(self, values: dict[str, Any]) -> tuple[tuple[Message, bool], ...]:
        """Each line, and whether it is a point.  `values`: the policy's."""
        return tuple((msg(f"guide.{self.id}.{number}", **values), point) for number, point in enumerate(self.points, 1))

    def expired_on(self, day: dt.date) -> bool:
        return self.valid_until < day


@functools.cache
def topics() -> tuple[Topic, ...]:
    """In the order of their tiles.  Raises BadConfig unless every language tells the same ones line by line."""
    first = leaflets(CHINESE)
    for code in complete():
        _check_same(code, first, leaflets(code))
    return tuple(map(_topic, first))


def topic(id: str) -> Topic | None:
    return next((one for one in topics() if one.id == id), None)


def expired(day: dt.date) -> tuple[Topic, ...]:
    """Those that their owner should look through again."""
    return tuple(one for one in topics() if one.expired_on(day))


def warn_of_expired(day: dt.date) -> None:
    """A log line for each."""
    for one in expired(day):
        log.warning("guide_page_expired", topic=one.id, owner=one.owner, valid_until=str(one.valid_until))


def _topic(leaflet: Leaflet) -> Topic:
    front = leaflet.front
    points = tuple(line.point for line in leaflet.lines)
    return Topic(front.topic, front.group, front.owner, front.valid_until, points)


def _check_same(code: str, first: tuple[Leaflet, ...], other: tuple[Leaflet, ...]) -> None:
    ours, theirs = ({one.front.topic: one for one in each} for each in (first, other))
    if lone := ours.keys() ^ theirs.keys():
        raise BadConfig(f"kiosk/guide: {min(lone)}.md: must be there in {CHINESE} and in {code}")
    for id, leaflet in ours.items():
        if _shape(leaflet) != _shape(theirs[id]):
            raise BadConfig(f"kiosk/guide/{code}/{id}.md: must have the same lines and front matter as in {CHINESE}")


def _shape(leaflet: Leaflet) -> tuple[Front, list[bool]]:
    bare = msgspec.structs.replace(leaflet.front, title="", tile="", under="")
    return bare, [line.point for line in leaflet.lines]
