"""Plays the stories one by one, and says how each ended."""

from __future__ import annotations

import time

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
    pointer = Pointer(display)
    album = Album(options.out, pointer)
    citizen = Citizen(house.bench, pointer, house.stage_file, album)
    recorded = Recorded(house.records, house.bench)
    listener = Listener(house.ears, pointer, options.language)
    scene = Scene(
        citizen=citizen,
        listener=listener,
        bench=house.bench,
        witnesses=Witnesses(recorded),
        pin_witnesses=PinWitnesses(recorded),
        service_witnesses=ServiceWitnesses(recorded),
        clerk=house.clerk,
        office=house.office,
    )
    stories = chosen(options.stories)
    for number, story in enumerate(stories, 1):
        say(f"[{number}/{len(stories)}] {story.name}")
        if not _passes(story, scene, album, recorded):
            return 1
    say(f"{len(stories)} 个故事全部通过；图片在 {options.out}/")
    return 0


def _passes(story: Story, scene: Scene, album: Album, recorded: Recorded) -> bool:
    began = time.monotonic()
    album.story = story.name
    try:
        scene.citizen.waits_for_line("Attract", online=True, within_s=ONLINE_S)
        recorded.begin()  # not before there is a journal to look into
        story.play(scene)
    except StoryFailed as failure:
        say_wrong(f"  没有通过 (failed): {failure}")
        return False
    say(f"  通过，{time.monotonic() - began:.0f} 秒")
    return True
