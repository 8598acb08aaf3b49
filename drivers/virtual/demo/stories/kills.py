"""kill -9 in the middle of a visit: the others go on, the screen says something true, nothing is lost or done twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import cycle
from typing import TypeVar

from drivers.virtual.bench.tripwire import Command
from drivers.virtual.demo import crowd
from drivers.virtual.demo.stories import loss, status
from drivers.virtual.demo.stories.scene import Scene
from drivers.virtual.line import Cut, LosesAnswers, Mode, Open, Stalled
from kiosk.words import msg

S = TypeVar("S")

VICTIMS = ("devices", "sync", "terminal")
CENTRE, PCSCD = "central", "pcscd"
"""What the terminal needs and does not own."""
READ_RECORD = Command(ins=0xB2)
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
    yield "kill-centre-loss-before-result", _play(loss_before_result, next(versions), CENTRE, Stalled())
    yield "kill-centre-loss-before-answer", _play(loss_before_answer, next(versions), CENTRE, LosesAnswers())
    yield "kill-pcscd-status", _play(status_while_reading, next(versions), PCSCD, Open())


def _play(tell: Callable[[Scene, str, str, Mode], None], key: str, victim: str, line: Mode) -> Callable[[Scene], None]:
    return lambda scene: tell(scene, key, victim, line)


# --- the shapes -------------------------------------------------------------------------------


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


def loss_before_answer(scene: Scene, key: str, victim: str, line: Mode) -> None:
    """The centre has taken it, and dies with its answer on the way."""
    citizen = scene.citizen
    loss.confirm(scene, key)
    scene.bench.line.put(line)
    try:
        citizen.presses("act", "确认挂失")
        scene.witnesses.wait_for_the_centre(key)
        kill(scene, victim)
    finally:
        scene.bench.line.put(Open())
    finish(scene)
    expect(scene, key, status="4")


def status_while_reading(scene: Scene, key: str, victim: str, _line: Mode) -> None:
    """The reader is gone with the card half read; once it is back, the same person is served."""
    citizen, bench = scene.citizen, scene.bench
    if victim not in bench.processes:
        citizen.say(f"{victim} 不是演示启动的，不能停")
        return
    citizen.begins("card_status")
    citizen.agrees_to_notice()
    citizen.sees("LayIdCard")
    citizen.lays(key)
    citizen.sees("InsertCard")
    citizen.say(f"kill -9 {victim}")
    bench.hands.tripwire.set(READ_RECORD, bench.processes[victim].kill)
    citizen.puts_in(key)
    citizen.sees("Refusal", saying=msg("refusal.card_reader_failed.title"), within_s=RESULT_S)
    citizen.presses("done", "知道了")
    citizen.leaves()
    scene.witnesses.agree_on_nothing(key, status="1")
    status.both_cards(scene, key)


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
