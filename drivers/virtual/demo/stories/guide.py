"""办事指南: somebody wants to know what to bring."""

from __future__ import annotations

from collections.abc import Iterable

from drivers.virtual.demo.recorded import require
from drivers.virtual.demo.stories.pin_visit import joined
from drivers.virtual.demo.stories.scene import Scene
from kiosk.words import language, msg


def topics_printed(scene: Scene, key: str, topics: Iterable[tuple[str, str]]) -> None:
    """Read and printed, each with its group; and the visit goes on: then they look at their card."""
    citizen = scene.citizen
    citizen.begins("guide")
    for group, topic in topics:
        citizen.sees("Topics", saying=msg("guide_groups.title"))
        citizen.presses(f"tile-{group}", f"按“{_said(f'guide_group.{group}.title')}”")
        citizen.sees("Topics", saying=msg(f"guide_group.{group}.title"))
        citizen.presses(f"tile-{topic}", f"按“{_said(f'guide.{topic}.tile')}”")
        citizen.sees("Advice", saying=msg(f"guide.{topic}.title"))
        citizen.presses("print", "打印")
        citizen.sees("Advice", saying=msg("screens.advice_printed"))
        slip = citizen.takes_slip()
        require(slip is None or _said(f"guide.{topic}.title") in joined(slip), "the slip does not tell what was asked")
        citizen.presses("done", "看完了")
        citizen.sees("Topics", saying=msg(f"guide_group.{group}.title"))
        citizen.presses("back", "返回")
    citizen.sees("Topics", saying=msg("guide_groups.title"))
    citizen.presses("back", "返回")
    citizen.sees("Home")
    citizen.chooses("card_status")
    citizen.agrees_to_notice()
    citizen.sees("LayIdCard")
    citizen.lays(key)
    citizen.sees("InsertCard")
    citizen.puts_in(key)
    citizen.sees("CardReport", saying=msg("status.normal.title"))
    citizen.presses("done", "看完了")
    citizen.leaves()
    scene.witnesses.agree_on_nothing(key, status="1")


def _said(id: str) -> str:
    return language("zh_CN").say(msg(id))
