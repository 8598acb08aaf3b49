"""Short stories of bad luck: each page says what, why and what to do; nothing changes anywhere."""

from __future__ import annotations

from drivers.virtual.bench.hands import FOREIGN
from drivers.virtual.demo.citizen import StoryFailed
from drivers.virtual.demo.recorded import require, wait
from drivers.virtual.demo.stories.pin_visit import joined
from drivers.virtual.demo.stories.scene import Scene
from drivers.virtual.id_reader.faults import SELECT, Lifted
from drivers.virtual.people import find
from drivers.virtual.vpcd import PullBefore
from kiosk.words import language, msg

READ_RECORD = 0xB2
CARD_PROCESS = "kiosk-card"


def another_persons_card(scene: Scene, key: str, other: str) -> None:
    citizen = scene.citizen
    _to_the_slot(scene, key)
    citizen.puts_in(other)
    citizen.sees("InsertCard", saying=msg("ssc.another_persons"))
    citizen.pulls_out()
    citizen.puts_in(key)
    citizen.sees("CardReport", saying=msg("status.normal.title"))
    citizen.presses("done", "看完了")
    citizen.leaves()
    scene.witnesses.agree_on_nothing(key, status="1")
    scene.witnesses.agree_on_nothing(other, status="1")


def card_pulled_early(scene: Scene, key: str) -> None:
    citizen = scene.citizen
    _to_the_slot(scene, key)
    citizen.puts_in(key, PullBefore(nth=2, ins=READ_RECORD))
    citizen.say("卡拔早了")
    citizen.sees("InsertCard", saying=msg("ssc.pulled"))
    citizen.puts_in(key)
    citizen.sees("CardReport", saying=msg("status.normal.title"))
    citizen.presses("done", "看完了")
    citizen.leaves()
    scene.witnesses.agree_on_nothing(key, status="1")


def foreign_card(scene: Scene, key: str) -> None:
    citizen = scene.citizen
    _to_the_slot(scene, key)
    citizen.puts_in(FOREIGN)
    citizen.sees("InsertCard", saying=msg("ssc.not_ssc"))
    citizen.pulls_out()
    citizen.presses("back", "返回")
    citizen.sees("Home")
    citizen.presses("tile-card_status", "再来一次")
    citizen.sees("InsertCard")
    citizen.puts_in(key)
    citizen.sees("CardReport", saying=msg("status.normal.title"))
    citizen.presses("done", "看完了")
    citizen.leaves()
    scene.witnesses.agree_on_nothing(key, status="1")


def id_lifted_early(scene: Scene, key: str) -> None:
    citizen, hands = scene.citizen, scene.bench.hands
    citizen.begins("card_status")
    citizen.agrees_to_notice()
    citizen.sees("LayIdCard")
    if hands.has_id_reader:
        hands.spoil_reading(Lifted(command=SELECT, times=1))
    citizen.lays(key)
    citizen.say("身份证拿早了")
    citizen.sees("LayIdCard", saying=msg("id_card.lifted_early"))
    citizen.lays(key)
    citizen.sees("InsertCard")
    citizen.presses("without", "按“卡不在身边”")
    citizen.sees("CardReport", saying=msg("status.normal.title"))
    citizen.presses("done", "看完了")
    citizen.leaves()
    scene.witnesses.agree_on_nothing(key, status="1")


def card_reader_hangs(scene: Scene, key: str) -> None:
    """Its process answers nobody.  Screen and ID reader go on; another takes its place, and the visit goes on."""
    citizen, devices = scene.citizen, scene.bench.processes["devices"]
    citizen.begins("card_status")
    citizen.agrees_to_notice()
    before = citizen.sees("LayIdCard")
    hanging = devices.child(CARD_PROCESS)
    if hanging is None:
        raise StoryFailed(f"no process {CARD_PROCESS} serves the card reader")
    citizen.say(f"kill -STOP {CARD_PROCESS}")
    hanging.stop()
    citizen.presses("language", "换个语言")
    after = citizen.sees("LayIdCard")
    require(after.language != before.language, "the screen did not answer a press")
    citizen.lays(key)
    citizen.sees("InsertCard")
    require(hanging.stopped, "the ID card was read only after the card reader's process was gone")
    wait(lambda: devices.child(CARD_PROCESS) not in (None, hanging), "no other process took its place")
    citizen.say(f"{CARD_PROCESS} 已自动重启")
    require(devices.starts == 1, "all devices were started anew, not the one that hung")
    citizen.puts_in(key)
    citizen.sees("CardReport", saying=msg("status.normal.title"))
    citizen.presses("done", "看完了")
    citizen.leaves()
    scene.witnesses.agree_on_nothing(key, status="1")


def sent_to_the_window(scene: Scene, key: str, reason: str, status: str | None = "1") -> None:
    """Not here, but where it can be done is said; with a slip to show there."""
    citizen = scene.citizen
    citizen.begins("report_loss")
    citizen.agrees_to_notice()
    citizen.sees("LayIdCard")
    citizen.lays(key)
    citizen.sees("Refusal", saying=msg(f"refusal.{reason}.title"))
    citizen.presses("done", "知道了")
    citizen.lifts()
    citizen.waits_for("Attract")
    scene.witnesses.agree_on_nothing(key, status=status)
    _takes_leaf(scene, key, reason)


def _takes_leaf(scene: Scene, key: str, reason: str) -> None:
    """It tells a clerk what was refused, and the person what to bring; whose it is it does not say."""
    slip = scene.citizen.takes_slip()
    if slip is None:
        return
    say, person = language("zh_CN").say, find(scene.bench.hands.people, key)
    for id in (f"refusal.{reason}.title", "slip.window.title", "slip.window.bring"):
        require("".join(say(msg(id)).split()) in joined(slip), f"the leaf does not have {id}")
    require(person.number not in joined(slip) and person.name not in joined(slip), "the leaf says whose it is")


def already_lost(scene: Scene, key: str) -> None:
    citizen = scene.citizen
    citizen.begins("report_loss")
    citizen.agrees_to_notice()
    citizen.sees("LayIdCard")
    citizen.lays(key)
    citizen.sees("Refusal", saying=msg("refusal.already_lost.title"))
    citizen.presses("done", "知道了")
    citizen.leaves()
    scene.witnesses.agree_on_nothing(key, status="4")


def _to_the_slot(scene: Scene, key: str) -> None:
    citizen = scene.citizen
    citizen.begins("card_status")
    citizen.agrees_to_notice()
    citizen.sees("LayIdCard")
    citizen.lays(key)
    citizen.sees("InsertCard")
