"""忘了密码: a new PIN, also when fingers slip, cards leave too early and processes die."""

from __future__ import annotations

from drivers.virtual.demo.pin_witnesses import Chip
from drivers.virtual.demo.stories.pin_visit import (
    PUK_AUTHENTICATION,
    SECURE_MESSAGE,
    TRIES,
    agrees_to_reset,
    chooses,
    chooses_on_pad,
    dies_at,
    goes_in_again,
    is_told,
    leaves_with_slip,
    looks_at_status,
    pin_of,
    types_two,
    up_to_the_new_pin,
    up_to_the_slot,
)
from drivers.virtual.demo.stories.scene import Scene
from drivers.virtual.vpcd import PullAfter, PullBefore
from kiosk.contract import Kind
from kiosk.journal.transaction import Stage
from kiosk.words import msg

BLOCKED = Chip(tries=0)


def with_new_pin(scene: Scene) -> Chip:
    return Chip(TRIES, scene.cast.new_pin)


def in_good_luck(scene: Scene, key: str) -> None:
    up_to_the_new_pin(scene, key)
    chooses(scene)
    new_pin_works(scene, key)


def on_the_pad(scene: Scene, key: str) -> None:
    """Both entries on the PIN pad."""
    up_to_the_new_pin(scene, key)
    chooses_on_pad(scene)
    new_pin_works(scene, key)


def new_pin_works(scene: Scene, key: str) -> None:
    """From the second entry on."""
    scene.citizen.sees("Working", "Result")
    is_told(scene, msg("pin_result.reset.title"))
    scene.citizen.presses("done", "办完了")
    scene.citizen.leaves()
    view = scene.pin_witnesses.agree(key, Kind.RELOAD_PIN, Stage.DONE, with_new_pin(scene))
    leaves_with_slip(scene, view, never=scene.cast.new_pin)


# --- fingers ------------------------------------------------------------------------------------


def weak_pin(scene: Scene, key: str) -> None:
    up_to_the_new_pin(scene, key)
    scene.citizen.types(scene.cast.weak_pin, "设一个太简单的密码")
    scene.citizen.sees("TypePin", saying=msg("pin.weak"))
    chooses(scene)
    new_pin_works(scene, key)


def two_differ(scene: Scene, key: str) -> None:
    up_to_the_new_pin(scene, key)
    types_two(scene, scene.cast.new_pin, scene.cast.other_pin)
    scene.citizen.sees("TypePin", saying=msg("pin.differ"))
    chooses(scene)
    new_pin_works(scene, key)


def wrong_code_once(scene: Scene, key: str) -> None:
    citizen = scene.citizen
    up_to_the_slot(scene, "reset_pin", key)
    citizen.puts_in(key)
    citizen.sees("TypeCode")
    code = citizen.reads_code(key)
    citizen.types(_another(code), "看错了，输错验证码")
    citizen.sees("TypeCode", saying=msg("code.wrong", tries=2))
    citizen.types(code, "输入验证码")
    agrees_to_reset(scene)
    chooses(scene)
    new_pin_works(scene, key)


def _another(code: str) -> str:
    return f"{code[:-1]}{(int(code[-1]) + 1) % 10}"


# --- cards ---------------------------------------------------------------------------------------


def pulled_while_choosing(scene: Scene, key: str) -> None:
    """Nothing has begun, and the page says so; then it goes well."""
    citizen = scene.citizen
    up_to_the_new_pin(scene, key)
    citizen.types(scene.cast.new_pin[:3], "才输了三位")
    citizen.sees("TypePin")
    citizen.pulls_out()
    citizen.sees("Refusal", saying=msg("refusal.card_taken.title"))
    scene.pin_witnesses.agree_on_nothing(key, Chip(TRIES, pin_of(scene, key)))
    goes_in_again(scene, key)
    chooses(scene)
    new_pin_works(scene, key)


def pulled_after_it_was_done(scene: Scene, key: str) -> None:
    """The chip did it, and nobody heard: the card that comes back with its tries restored says so."""
    doubt(scene, key, PullAfter(ins=SECURE_MESSAGE.ins))
    looks_at_status(scene, key)
    scene.pin_witnesses.agree(key, Kind.RELOAD_PIN, Stage.DONE, with_new_pin(scene))
    scene.citizen.say("查清了：新密码已生效")


def pulled_before_it_was_done(scene: Scene, key: str) -> None:
    """The command never arrived.  A card that comes back blocked tells nothing; another reset makes it certain."""
    doubt(scene, key, PullBefore(ins=SECURE_MESSAGE.ins))
    looks_at_status(scene, key)
    scene.pin_witnesses.agree(key, Kind.RELOAD_PIN, Stage.IN_DOUBT, BLOCKED)
    scene.citizen.say("还是不清楚：再办一次")
    up_to_the_new_pin(scene, key)
    chooses(scene)
    new_pin_works(scene, key)


def doubt(scene: Scene, key: str, pull: PullAfter | PullBefore) -> None:
    """As far as “还不知道成没成” and its slip."""
    citizen = scene.citizen
    up_to_the_new_pin(scene, key, pull)
    citizen.say("写卡时会把卡拔出来")
    chooses(scene)
    tells_the_doubt(scene, key)


def tells_the_doubt(scene: Scene, key: str) -> None:
    is_told(scene, msg("pin_result.doubt.title"))
    scene.citizen.presses("done", "知道了")
    scene.citizen.leaves()
    view = scene.pin_witnesses.agree(key, Kind.RELOAD_PIN, Stage.IN_DOUBT, None)
    leaves_with_slip(scene, view, never=scene.cast.new_pin)


# --- processes -------------------------------------------------------------------------------------


def sync_killed_between_the_steps(scene: Scene, key: str) -> None:
    """The chip has accepted the unblock key, and the line to the HSM dies: nothing was changed."""
    citizen = scene.citizen
    up_to_the_new_pin(scene, key)
    dies_at(scene, "sync", PUK_AUTHENTICATION, lambda: chooses(scene))
    citizen.sees("Refusal", saying=msg("refusal.live_line.title"))
    citizen.presses("done", "知道了")
    citizen.leaves()
    scene.pin_witnesses.agree(key, Kind.RELOAD_PIN, Stage.NOT_DONE, BLOCKED)
