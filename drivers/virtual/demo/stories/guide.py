"""办事指南: somebody wants to know what to bring."""

from __future__ import annotations

from drivers.virtual.demo.citizen import StoryFailed
from drivers.virtual.demo.stories.scene import Scene
from kiosk.words import language, msg


def a_topic_printed(scene: Scene, key: str) -> None:
    """Read, printed, and the visit goes on: then they look at their card."""
    citizen = scene.citizen
    citizen.begins("guide")
    citizen.sees("Topics", saying=msg("guide_groups.title"))
    citizen.presses("tile-loss", f"按“{_said('guide_group.loss.title')}”")
    citizen.sees("Topics", saying=msg("guide_group.loss.title"))
    citizen.presses("tile-replacement", f"按“{_said('guide.replacement.tile')}”")
    citizen.sees("Advice", saying=msg("guide.replacement.title"))
    citizen.presses("print", "打印")
    citizen.sees("Advice", saying=msg("screens.advice_printed"))
    slip = citizen.takes_slip()
    citizen.presses("done", "看完了")
    citizen.sees("Topics", saying=msg("guide_group.loss.title"))
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
    if slip is not None and _said("guide.replacement.title") not in slip.text.replace("\n", ""):
        raise StoryFailed("the slip does not tell what was asked")


def _said(id: str) -> str:
    return language("zh_CN").say(msg(id))
