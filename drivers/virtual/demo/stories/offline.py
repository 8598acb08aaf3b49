"""The card is gone, and so is the line: registered, and delivered when it is back."""

from __future__ import annotations

from drivers.virtual.demo.stories import loss
from drivers.virtual.demo.stories.scene import Scene
from drivers.virtual.line import Cut, LosesAnswers, Open
from kiosk.words import msg


def line_cut(scene: Scene, key: str) -> None:
    """Cut before: 已登记，尚未生效."""
    citizen, line = scene.citizen, scene.bench.line
    citizen.say("网络断了")
    line.put(Cut())
    try:
        loss.confirm(scene, key, saying=msg("loss.register.confirm"))
        citizen.waits_for_line("Confirm", online=False)
        citizen.presses("act", "确认登记")
        citizen.waits_for("Result", saying=msg("loss.registered.title"))
        citizen.sees("Result", saying=msg("screens.paper_printed"))
        loss.take_slip(scene, scene.witnesses.agree_on_waiting(key))
        citizen.presses("done", "办完了")
        citizen.leaves()
    finally:
        citizen.say("网络恢复了")
        line.put(Open())
    scene.witnesses.agree_on_loss(key)
    citizen.say("中心已收到：临时挂失（4）")


def answer_lost(scene: Scene, key: str) -> None:
    """Lost after the loss was handed to the line: 已登记，尚未确认生效; the centre has it all the same."""
    citizen, line = scene.citizen, scene.bench.line
    loss.confirm(scene, key)
    citizen.say("网络丢了回答")
    line.put(LosesAnswers())
    try:
        citizen.presses("act", "确认挂失")
        citizen.waits_for("Result", saying=msg("loss.unconfirmed.title"), within_s=30)
        citizen.sees("Result", saying=msg("screens.paper_printed"))
        citizen.presses("done", "办完了")
        citizen.leaves()
    finally:
        citizen.say("网络恢复了")
        line.put(Open())
    loss.take_slip(scene, scene.witnesses.agree_on_loss(key))
