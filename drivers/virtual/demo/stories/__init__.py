"""The stories a citizen plays.  Each is a few acts, and ends with what the witnesses must agree on."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable

import msgspec

from drivers.virtual.demo import crowd
from drivers.virtual.demo.stories import (
    activation,
    assisted,
    change_pin,
    guide,
    heard,
    kills,
    loss,
    new_card,
    offline,
    pin_kills,
    progress,
    release,
    reset_pin,
    status,
    trouble,
    unblock_pin,
)
from drivers.virtual.demo.stories.scene import Scene


class Story(msgspec.Struct, frozen=True):
    name: str
    """As in the pictures' file names."""
    play: Callable[[Scene], None]


LAST = crowd.EACH - 1
"""Of the crowd; the kills take it from the front."""

NOT_HERE = (("window", "wrong_data"), ("pin", "bank"), ("card", "electronic"))
"""What no service here does: groups of the guide, and the topic that says who does it."""

# Whoever reports a loss or gets a PIN is in no other story: they can be played in any order.
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
        Story("card-reader-hangs", lambda scene: trouble.card_reader_hangs(scene, "normal_v1")),
        Story("expired-id-card", lambda scene: trouble.sent_to_the_window(scene, "expired_id_card", "id_expired")),
        Story("under-16", lambda scene: trouble.sent_to_the_window(scene, "under_16", "under_age")),
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
    "reset-pin": (
        Story("reset-v1", lambda scene: reset_pin.in_good_luck(scene, crowd.key("1", LAST - 1))),
        Story("reset-v2", lambda scene: reset_pin.in_good_luck(scene, crowd.key("2", LAST - 1))),
        Story("reset-v3", lambda scene: reset_pin.in_good_luck(scene, crowd.key("3", LAST - 1))),
        Story("reset-on-pad", lambda scene: reset_pin.on_the_pad(scene, crowd.key("1", LAST - 3))),
        Story("reset-blocked", lambda scene: reset_pin.in_good_luck(scene, crowd.blocked_key("2", LAST))),
        Story("reset-weak-pin", lambda scene: reset_pin.weak_pin(scene, crowd.key("2", LAST - 2))),
        Story("reset-two-differ", lambda scene: reset_pin.two_differ(scene, crowd.key("3", LAST - 2))),
        Story("reset-wrong-code", lambda scene: reset_pin.wrong_code_once(scene, crowd.key("1", LAST - 2))),
        Story("reset-pulled-choosing", lambda scene: reset_pin.pulled_while_choosing(scene, crowd.key("2", LAST - 3))),
        Story(
            "reset-in-doubt-done",
            lambda scene: reset_pin.pulled_after_it_was_done(scene, crowd.blocked_key("3", LAST - 1)),
        ),
        Story(
            "reset-in-doubt-not-done",
            lambda scene: reset_pin.pulled_before_it_was_done(scene, crowd.blocked_key("2", LAST - 1)),
        ),
        Story(
            "reset-sync-killed",
            lambda scene: reset_pin.sync_killed_between_the_steps(scene, crowd.blocked_key("3", LAST - 2)),
        ),
    ),
    "unblock-pin": (
        Story("unblock-v2", lambda scene: unblock_pin.remembered(scene, crowd.blocked_key("2", LAST - 3))),
        Story("unblock-v3", lambda scene: unblock_pin.remembered(scene, crowd.blocked_key("3", LAST - 3))),
        Story("unblock-wrong-pin", lambda scene: unblock_pin.remembered_wrongly(scene, crowd.blocked_key("3", LAST))),
        Story(
            "unblock-forgotten", lambda scene: unblock_pin.forgotten_after_all(scene, crowd.blocked_key("2", LAST - 2))
        ),
    ),
    "change-pin": (
        Story("change-v2", lambda scene: change_pin.in_good_luck(scene, crowd.key("2", LAST - 4))),
        Story("change-v3", lambda scene: change_pin.in_good_luck(scene, crowd.key("3", LAST - 6))),
    ),
    "release": (Story("release-found", lambda scene: release.found_again(scene, crowd.key("1", LAST - 4))),),
    "formal-loss": (
        Story("formal-loss-full", lambda scene: new_card.for_a_lost_one(scene, crowd.key("2", LAST - 5))),
        Story("formal-loss-form", lambda scene: new_card.form_for_a_lost_one(scene, "neighbour_v3")),
    ),
    "replacement": (
        Story("replacement-form", lambda scene: new_card.form_for_a_worn_one(scene, crowd.key("1", LAST - 6))),
        Story("replacement-by-clerk", lambda scene: new_card.by_clerk_for_a_worn_one(scene, crowd.key("1", LAST - 5))),
    ),
    "activation": (Story("activation-new-pin", lambda scene: activation.with_a_new_pin(scene, "sealed")),),
    "assisted": (
        Story("assisted-proxy", lambda scene: assisted.loss_by_proxy(scene, crowd.key("2", LAST - 6), "normal_v1")),
    ),
    "progress": (
        Story("progress-id-card", lambda scene: progress.by_id_card(scene, "on_order")),
        Story("progress-numbers", lambda scene: progress.by_numbers(scene, "on_order")),
        Story("progress-ready", lambda scene: progress.ready(scene, "lost_and_on_order")),
        Story("progress-stopped", lambda scene: progress.stopped(scene, "formally_lost")),
    ),
    "refusals": (
        *(
            Story(
                f"refused-{name}", functools.partial(trouble.sent_to_the_window, key=key, reason=reason, status=status)
            )
            for name, key, reason, status in (
                ("foreigner", "foreigner_2023", "other_document", None),
                ("no-card", "no_card", "no_card_on_record", None),
                ("sealed", "sealed_elsewhere", "sealed", "0"),
                ("office-locked", "application_locked", "application_locked", "3"),
                ("cancelled", "cancelled", "cancelled", "9"),
            )
        ),
    ),
    "guide": (
        Story("guide-printed", lambda scene: guide.topics_printed(scene, "normal_v1", (("loss", "replacement"),))),
        Story("guide-elsewhere", lambda scene: guide.topics_printed(scene, "normal_v2", NOT_HERE)),
    ),
    "heard": (
        Story("heard-loss", lambda scene: heard.loss(scene, crowd.key("3", LAST - 4))),
        Story("heard-reset", lambda scene: heard.reset(scene, crowd.key("3", LAST - 5))),
    ),
    "kills": kills.stories(Story) + pin_kills.stories(Story),
}

IN_ALL = tuple(group for group in STORIES if group != "kills")
"""What `--story all` plays; the kills take as long again and are asked for by name."""


SINGLE = {story.name: (story,) for group in STORIES.values() for story in group}

NAMES = ("all", *STORIES, *SINGLE)
"""What can be asked for."""


def chosen(names: Iterable[str]) -> tuple[Story, ...]:
    groups = [group for name in names for group in (IN_ALL if name == "all" else (name,))]
    return tuple(story for group in groups for story in (STORIES | SINGLE)[group])
