"""Plays the stories one by one, and says how each ended."""

from __future__ import annotations

import time

import msgspec

from drivers.virtual.demo.album import Album
from drivers.virtual.demo.citizen import Citizen, StoryFailed
from drivers.virtual.demo.display import Pointer
from drivers.virtual.demo.house import House
from drivers.virtual.demo.listener import Listener
from drivers.virtual.demo.options import Options
from drivers.virtual.demo.pin_witnesses import PinWitnesses
from drivers.virtual.demo.recorded import Recorded
from drivers.virtual.demo.service_witnesses import ServiceWitnesses
from drivers.virtual.demo.stories import Story, chosen
from drivers.virtual.demo.stories.scene import Scene
from drivers.virtual.demo.telling import say, say_wrong
from drivers.virtual.demo.witnesses import Witnesses

ONLINE_S = 60.0
"""The terminal hears from the centre at its start, and after a cut at the next try."""


def play(house: House, options: Options, display: str) -> int:
    """→ exit status: 0 if every story passed.  The first that fails is the last."""
    stage = set_up(house, options, display)
    stories = chosen(options.stories)
    for number, story in enumerate(stories, 1):
        say(f"[{number}/{len(stories)}] {story.name}")
        if not _passes(story, stage):
            return 1
    say(f"{len(stories)} 个故事全部通过；图片在 {options.out}/")
    return 0


class Set(msgspec.Struct, frozen=True):
    """Where stories are played, and what they are checked against."""

    scene: Scene
    album: Album
    recorded: Recorded

    def play(self, story: Story) -> None:
        """Raises StoryFailed."""
        self.album.story = story.name
        self.scene.citizen.waits_for_line("Attract", online=True, within_s=ONLINE_S)
        self.recorded.begin()  # not before there is a journal to look into
        story.play(self.scene)


def set_up(house: House, options: Options, display: str) -> Set:
    pointer = Pointer(display)
    album = Album(options.out, pointer)
    recorded = Recorded(house.records, house.bench)
    scene = Scene(
        cast=house.cast,
        citizen=Citizen(house.bench, pointer, house.stage_file, album),
        listener=Listener(house.ears, pointer, options.language),
        bench=house.bench,
        witnesses=Witnesses(recorded),
        pin_witnesses=PinWitnesses(recorded),
        service_witnesses=ServiceWitnesses(recorded),
        clerk=house.clerk,
        office=house.office,
    )
    return Set(scene, album, recorded)


def _passes(story: Story, stage: Set) -> bool:
    began = time.monotonic()
    try:
        stage.play(story)
    except StoryFailed as failure:
        say_wrong(f"  没有通过 (failed): {failure}")
        return False
    say(f"  通过，{time.monotonic() - began:.0f} 秒")
    return True
