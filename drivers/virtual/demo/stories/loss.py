"""The card is gone: it must stop working now."""

from __future__ import annotations

from drivers.virtual.demo.citizen import StoryFailed
from drivers.virtual.demo.stories.scene import Scene
from kiosk.journal import View
from kiosk.words import Message, msg


def confirm(scene: Scene, key: str, saying: Message | None = None) -> None:
    """As far as the last page before something changes."""
    citizen = scene.citizen
    citizen.begins("report_loss")
    citizen.agrees_to_notice()
    citizen.sees("LayIdCard")
    citizen.lays(key)
    citizen.sees("Confirm", saying=saying)


def take_slip(scene: Scene, view: View) -> None:
    """The slip names the transaction that the journal has."""
    slip = scene.citizen.takes_slip()
    if slip is not None and view.reference not in slip.text:
        raise StoryFailed("the slip does not show the reference that the journal has")


def online(scene: Scene, key: str) -> None:
    citizen = scene.citizen
    confirm(scene, key)
    citizen.presses("act", "确认挂失")
    citizen.waits_for("Result", saying=msg("loss.done.title"))
    citizen.sees("Result", saying=msg("screens.paper_printed"))
    citizen.presses("done", "办完了")
    citizen.leaves()
    take_slip(scene, scene.witnesses.agree_on_loss(key))


def without_paper(scene: Scene, key: str) -> None:
    """A loss is never refused for lack of paper: the reference stands on the screen."""
    citizen, hands = scene.citizen, scene.bench.hands
    if not hands.has_printer:
        return
    citizen.say("打印纸用完了")
    hands.take_paper_out()
    try:
        confirm(scene, key)
        citizen.presses("act", "确认挂失")
        page = citizen.sees("Result", saying=msg("screens.paper_not_printed"))
        citizen.presses("done", "办完了")
        citizen.leaves()
    finally:
        hands.load_paper()
    view = scene.witnesses.agree_on_loss(key)
    if not page.says(view.reference):
        raise StoryFailed("no slip came out, and the screen did not show the journal's reference")
    if hands.slips:
        raise StoryFailed("a slip came out of a printer without paper")
