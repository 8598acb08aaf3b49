"""补新卡、换新卡: a card that is gone for ever, and one that is worn."""

from __future__ import annotations

from drivers.virtual.demo.recorded import require
from drivers.virtual.demo.stories import assisted, kills
from drivers.virtual.demo.stories.pin_visit import (
    is_told,
    joined,
    leaves_with_slip,
    names_reference,
    pin_of,
    types_the_code,
    up_to_the_slot,
)
from drivers.virtual.demo.stories.scene import Scene
from drivers.virtual.people import find
from kiosk.contract import Kind
from kiosk.words import language, msg


def for_a_lost_one(scene: Scene, key: str) -> None:
    """Two confirmations, for nothing takes it back."""
    citizen = scene.citizen
    citizen.begins("formal_loss")
    citizen.agrees_to_notice()
    citizen.sees("LayIdCard")
    citizen.lays(key)
    citizen.sees("Confirm", saying=msg("formal_loss.confirm.title"))
    citizen.presses("act", "确认正式挂失")
    types_the_code(scene, key)
    citizen.sees("Confirm", saying=msg("formal_loss.confirm.final.title"))
    citizen.presses("act", "再确认一次")
    is_told(scene, msg("formal_loss.done.title"))
    _ordered(scene, key, Kind.FORMAL_LOSS, status="2", reason="lost")


def form_for_a_lost_one(scene: Scene, key: str) -> None:
    """At an office that leaves it to the window: form and list, and until then the card can be stopped here."""
    citizen = scene.citizen
    scene.office.leaves_formal_losses_to_the_window()
    _starts_again(scene)
    citizen.begins("formal_loss")
    citizen.agrees_to_notice()
    citizen.sees("LayIdCard")
    citizen.lays(key)
    citizen.sees("Confirm", saying=msg("formal_loss.confirm.prepare.title"))
    citizen.presses("act", "打印申请表")
    is_told(scene, msg("formal_loss.prepared.title"))
    citizen.presses("done", "办完了")
    citizen.leaves()
    _takes_papers(scene, key, "formal_loss")
    scene.office.ends_formal_losses_here()
    _starts_again(scene)


def _starts_again(scene: Scene) -> None:
    """A policy is read at the start."""
    kills.kill(scene, "terminal")
    scene.citizen.waits_for_line("Attract", online=True, within_s=kills.RESTART_S)


def form_for_a_worn_one(scene: Scene, key: str) -> None:
    """This office orders cards on a clerk's word alone: whoever comes alone gets form and list for the window."""
    citizen = scene.citizen
    up_to_the_slot(scene, "replacement", key)
    citizen.puts_in(key)
    citizen.sees("Topics", saying=msg("replacement.reason.title"))
    citizen.presses("tile-worn", "按“卡旧了”")
    citizen.sees("Confirm", saying=msg("replacement.confirm.prepare.title"))
    citizen.presses("act", "打印申请表")
    is_told(scene, msg("replacement.prepared.title"))
    citizen.presses("done", "办完了")
    citizen.leaves()
    _takes_papers(scene, key, "replacement")


def by_clerk_for_a_worn_one(scene: Scene, key: str) -> None:
    """The old one works until it is handed in."""
    citizen = scene.citizen
    assisted.signs_in(scene)
    citizen.sees("Choose", saying=msg("clerk.whom.title"))
    citizen.presses("tile-present", "工作人员按“本人在场”")
    citizen.sees("Topics", saying=msg("clerk.papers"))
    citizen.presses("tile-resident_id", "看过身份证")
    citizen.agrees_to_notice()
    citizen.sees("LayIdCard")
    citizen.lays(key)
    citizen.sees("Confirm", saying=msg("clerk.vouch.title"))
    citizen.presses("act", "工作人员核对无误")
    citizen.sees("Topics", saying=msg("clerk.service.title"))
    citizen.presses("tile-replacement", "按“换新卡”")
    citizen.sees("InsertCard")
    citizen.puts_in(key)
    citizen.sees("Topics", saying=msg("replacement.reason.title"))
    citizen.presses("tile-worn", "按“卡旧了”")
    citizen.sees("Confirm", saying=msg("replacement.confirm.title"))
    citizen.presses("act", "确认换卡")
    is_told(scene, msg("replacement.done.title"))
    _ordered(scene, key, Kind.REPLACEMENT, status="1", reason="worn")


def _takes_papers(scene: Scene, key: str, service: str) -> None:
    """Form, then list.  The form alone says in full who applies; both have the reference that the office has, too."""
    form, checklist = scene.citizen.takes_slip(), scene.citizen.takes_slip()
    view, person = scene.service_witnesses.agree_on_a_form(key), find(scene.bench.hands.people, key)
    if form is None or checklist is None:
        return
    for slip, title in ((form, "form.title"), (checklist, f"checklist.{service}.title")):
        names_reference(slip, view)
        require(language("zh_CN").say(msg(title)) in joined(slip), f"the paper with {title} is not what was printed")
    require(person.name in joined(form) and person.number in joined(form), "the form does not say who applies")
    told = [word for word in (person.name, person.number) if word in joined(checklist)]
    require(not told, "the list says whose it is")


def _ordered(scene: Scene, key: str, kind: Kind, *, status: str, reason: str) -> None:
    scene.citizen.presses("done", "办完了")
    scene.citizen.leaves()
    pin = pin_of(scene, key)
    view = scene.service_witnesses.agree(key, kind, status=status, pin=pin)
    scene.service_witnesses.agree_on_order(key, reason)
    leaves_with_slip(scene, view, never=pin)
