"""The stories a citizen plays.  Each is a few acts, and ends with what the witnesses must agree on."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import msgspec

from drivers.virtual.demo import crowd
from drivers.virtual.demo.stories import kills, loss, offline, status, trouble
from drivers.virtual.demo.stories.scene import Scene


class Story(msgspec.Struct, frozen=True):
    name: str
    """As in the pictures' file names."""
    play: Callable[[Scene], None]


LAST = crowd.EACH - 1
"""Of the crowd; the kills take it from the front."""

# Whoever reports a loss is in no other story: they can be played in any order.
STORIES: dict[str, tuple[Story, ...]] = {
    "status": (
        Story("status-v1", lambda scene: status.both_cards(scene, "normal_v1")),
        Story("status-v2", lambda scene: status.both_cards(scene, "normal_v2")),
        Story("status-v3", lambda scene: status.both_cards(scene, "normal_v3")),
        Story("status-id-card-alone", lambda scene: status.id_card_alone(scene, "temporarily_lost")),
    ),
    "trouble": (
        Story("another-persons-card", lambda scene: trouble.another_persons_card(scene, "normal_v3", "neighbour_v3")),
        Story("card-pulled-early", lambda scene: trouble.card_pulled_early(scene, "normal_v2")),
        Story("not-a-social-security-card", lambda scene: trouble.foreign_card(scene, "normal_v2")),
        Story("id-lifted-early", lambda scene: trouble.id_lifted_early(scene, "normal_v2")),
        Story("expired-id-card", lambda scene: trouble.refused_at_the_id_card(scene, "expired_id_card", "id_expired")),
        Story("under-16", lambda scene: trouble.refused_at_the_id_card(scene, "under_16", "under_age")),
        Story("already-lost", lambda scene: trouble.already_lost(scene, "temporarily_lost")),
    ),
    "report-loss": (
        Story("loss-v1", lambda scene: loss.online(scene, "one_try_left_v1")),
        Story("loss-v2", lambda scene: loss.online(scene, "neighbour_v2")),
        Story("loss-v3", lambda scene: loss.online(scene, "pin_blocked")),
        Story("loss-without-paper", lambda scene: loss.without_paper(scene, "long_name")),
    ),
    "report-loss-offline": (
        Story("offline-v1", lambda scene: offline.line_cut(scene, crowd.key("1", LAST))),
        Story("offline-v2", lambda scene: offline.line_cut(scene, crowd.key("2", LAST))),
        Story("offline-v3", lambda scene: offline.line_cut(scene, crowd.key("3", LAST))),
        Story("answer-lost", lambda scene: offline.answer_lost(scene, "rare_character")),
    ),
    "kills": kills.stories(Story),
}

IN_ALL = ("status", "trouble", "report-loss", "report-loss-offline")
"""What `--story all` plays; the kills take as long again and are asked for by name."""


SINGLE = {story.name: (story,) for group in STORIES.values() for story in group}

NAMES = ("all", *STORIES, *SINGLE)
"""What can be asked for."""


def chosen(names: Iterable[str]) -> tuple[Story, ...]:
    groups = [group for name in names for group in (IN_ALL if name == "all" else (name,))]
    return tuple(story for group in groups for story in (STORIES | SINGLE)[group])
