"""kill -9 in the middle of a visit: the others go on, the screen says something true, nothing is lost or done twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import cycle
from typing import TypeVar

from drivers.virtual.demo import crowd
from drivers.virtual.demo.stories import loss
from drivers.virtual.demo.stories.scene import Scene
from drivers.virtual.line import Cut, Mode, Open, Stalled

S = TypeVar("S")

VICTIMS = ("devices", "sync", "terminal")
RESTART_S = 40.0
"""For the terminal's window to stand again, on a small machine under load."""
RESULT_S = 40.0
"""A verdict is waited for 10 s; printing by a device that was just killed another 30 s at most."""


def stories(story: Callable[[str, Callable[[Scene], None]], S]) -> tuple[S, ...]:
    return tuple(story(name, play) for name, play in _all())


def _all() -> Iterator[tuple[str, Callable[[Scene], None]]]:
    people = (crowd.key(version, number) for number in range(crowd.EACH) for version in "123")
    versions = cycle(people)
    for victim in VICTIMS:
        yield f"kill-{victim}-status", _play(status_after_id_card, next(versions), victim, Open())
        for name, line in (("loss", Open()), ("offline", Cut())):
            yield f"kill-{victim}-{name}-after-id-card", _play(loss_after_id_card, next(versions), victim, line)
            between = Stalled() if isinstance(line, Open) else line
            yield f"kill-{victim}-{name}-before-result", _play(loss_before_result, next(versions), victim, between)


def _play(tell: Callable[[Scene, str, str, Mode], None], key: str, victim: str, line: Mode) -> Callable[[Scene], None]:
    return lambda scene: tell(scene, key, victim, line)


# --- the three shapes -------------------------------------------------------------------------


def status_after_id_card(scene: Scene, key: str, victim: str, _line: Mode) -> None:
    citizen = scene.citizen
    citizen.begins("card_status")
    citizen.agrees_to_notice()
    citizen.sees("LayIdCard")
    citizen.lays(key)
    citizen.sees("InsertCard")
    if kill(scene, victim):
        citizen.puts_in(key)
        citizen.sees("CardReport", "Refusal", within_s=RESULT_S)
        citizen.presses("done", "看完了")
        citizen.leaves()
    scene.witnesses.agree_on_nothing(key, status="1")


def loss_after_id_card(scene: Scene, key: str, victim: str, line: Mode) -> None:
    citizen = scene.citizen
    scene.bench.line.put(line)
    try:
        loss.confirm(scene, key)
        if kill(scene, victim):
            citizen.presses("act", "确认挂失")
            finish(scene)
    finally:
        scene.bench.line.put(Open())
    expect(scene, key, status="1" if victim == "terminal" else "4")


def loss_before_result(scene: Scene, key: str, victim: str, line: Mode) -> None:
    """The intent is on the disk when the process dies."""
    citizen = scene.citizen
    if isinstance(line, Cut):
        scene.bench.line.put(line)
    try:
        loss.confirm(scene, key)
        scene.bench.line.put(line)
        citizen.presses("act", "确认挂失")
        citizen.sees("Working", "Result")
        alive = kill(scene, victim)
        if not isinstance(line, Cut):
            scene.bench.line.put(Open())
        if alive:
            finish(scene)
    finally:
        scene.bench.line.put(Open())
    expect(scene, key, status="4")


# --- their parts ------------------------------------------------------------------------------


def kill(scene: Scene, victim: str) -> bool:
    """False: it was the terminal, and the visit is over."""
    citizen, process = scene.citizen, scene.bench.processes[victim]
    citizen.say(f"kill -9 {victim}")
    if victim != "terminal":
        process.kill()
        citizen.album.page("Killed")
        return True
    citizen.forgets_the_glass()
    process.kill()
    citizen.album.page("Killed")
    citizen.sees("Attract", within_s=RESTART_S)
    citizen.lifts()
    citizen.pulls_out()
    return False


def finish(scene: Scene) -> None:
    citizen = scene.citizen
    citizen.sees("Result", within_s=RESULT_S)
    citizen.presses("done", "办完了")
    citizen.leaves()
    if scene.bench.hands.slips:
        citizen.takes_slip()


def expect(scene: Scene, key: str, *, status: str) -> None:
    if status == "4":
        scene.witnesses.agree_on_loss(key)
    else:
        scene.witnesses.agree_on_nothing(key, status=status)
    scene.citizen.say(f"证据一致：中心状态 {status}")
