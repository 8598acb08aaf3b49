"""工作人员协助办理: a neighbour comes with a power of attorney, and a clerk signs in beside them."""

from __future__ import annotations

from drivers.virtual.demo.stories.loss import take_slip
from drivers.virtual.demo.stories.pin_visit import is_told
from drivers.virtual.demo.stories.scene import Scene
from drivers.virtual.people import find
from kiosk.words import msg


def loss_by_proxy(scene: Scene, holder: str, proxy: str) -> None:
    """The holder's number is typed, for the holder's cards are at home, or gone."""
    citizen = scene.citizen
    signs_in(scene)
    citizen.sees("Choose", saying=msg("clerk.whom.title"))
    citizen.presses("tile-proxy", "工作人员按“委托代办”")
    citizen.sees("Topics", saying=msg("clerk.papers"))
    citizen.presses("tile-power_of_attorney", "看过委托书")
    citizen.sees("Topics", saying=msg("clerk.papers.more"))
    citizen.presses("tile-all_seen", "按“就这些”")
    citizen.agrees_to_notice()
    citizen.sees("LayIdCard", saying=msg("clerk.proxy.id_card"))
    citizen.lays(proxy)
    citizen.sees("LayIdCard", saying=msg("clerk.holder.id_card"))
    citizen.lifts()
    citizen.presses("without", "按“没带，输号码”")
    citizen.sees("TypeNumber", saying=msg("number.citizen.title"))
    citizen.types(find(scene.bench.hands.people, holder).number, "输入持卡人的身份证号码")
    citizen.sees("Confirm", saying=msg("clerk.vouch.title"))
    citizen.presses("act", "工作人员核对无误")
    citizen.sees("Topics", saying=msg("clerk.service.title"))
    citizen.presses("tile-report_loss", "按“卡丢了”")
    citizen.sees("Confirm", saying=msg("loss.report.confirm"))
    citizen.presses("act", "确认挂失")
    is_told(scene, msg("loss.done.title"))
    citizen.presses("done", "办完了")
    citizen.leaves()
    view = scene.witnesses.agree_on_loss(holder)
    scene.witnesses.agree_on_clerk(view, scene.clerk.name, find(scene.bench.hands.people, proxy))
    take_slip(scene, view)


def signs_in(scene: Scene) -> None:
    """On the key that nobody but staff looks for."""
    citizen, clerk = scene.citizen, scene.clerk
    citizen.sees("Attract")
    citizen.presses("start", "触摸屏幕")
    citizen.sees("Home")
    citizen.presses("help", "按“求助”")
    citizen.presses("staff-key", "工作人员按“工作人员协助办理”")
    citizen.sees("TypeNumber", saying=msg("number.clerk.title"))
    citizen.types(clerk.number, "输入工作人员编号")
    citizen.sees("TypePin", saying=msg("clerk.password.title"))
    citizen.types(clerk.password, "输入工作人员密码")
    citizen.sees("TypeCode", saying=msg("clerk.code.title"))
    citizen.types(clerk.code(), "输入动态码")
