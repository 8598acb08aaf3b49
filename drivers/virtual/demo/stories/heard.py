"""Whole services without sight: headphones, a keypad, a black screen."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from drivers.virtual.demo.pin_witnesses import Chip
from drivers.virtual.demo.stories.loss import take_slip
from drivers.virtual.demo.stories.pin_visit import TRIES, leaves_with_slip
from drivers.virtual.demo.stories.scene import Scene
from kiosk.contract import Kind
from kiosk.journal.transaction import Stage
from kiosk.words import msg


def loss(scene: Scene, key: str) -> None:
    listener = scene.listener
    with _by_ear(scene):
        _up_to_the_id_card(scene, "report_loss", key)
        listener.hears(msg("loss.report.confirm"))
        listener.chooses(msg("loss.report.act"))
        listener.hears(msg("loss.done.title"))
        _leaves(scene)
    take_slip(scene, scene.witnesses.agree_on_loss(key))


def reset(scene: Scene, key: str) -> None:
    citizen, listener = scene.citizen, scene.listener
    with _by_ear(scene):
        _up_to_the_id_card(scene, "reset_pin", key)
        listener.hears(msg("ssc.title"))
        citizen.puts_in(key)
        listener.hears(msg("code.title"))
        listener.types(citizen.reads_code(key), "听手机念验证码，按数字键")
        listener.hears(msg("reset.confirm.title"))
        listener.chooses(msg("reset.act"))
        listener.hears(msg("pin.new.title"))
        listener.types(scene.cast.new_pin, "设新密码，每按一下响一声")
        listener.hears(msg("pin.again.title"))
        listener.types(scene.cast.new_pin, "再输一次")
        listener.hears(msg("pin_result.reset.title"))
        _leaves(scene)
    view = scene.pin_witnesses.agree(key, Kind.RELOAD_PIN, Stage.DONE, Chip(TRIES, scene.cast.new_pin))
    leaves_with_slip(scene, view, never=scene.cast.new_pin)


@contextlib.contextmanager
def _by_ear(scene: Scene) -> Iterator[None]:
    """From the headphone's plug until it is pulled; the screen stays black all the while."""
    listener = scene.listener
    listener.plugs_in()
    listener.hears(msg("speech.keys"))
    listener.asks_for_help()
    listener.chooses(msg("speech.dark"))
    listener.hears(msg("screens.attract_title"))
    listener.is_in_the_dark()
    try:
        yield
    finally:
        listener.pulls_out()


def _up_to_the_id_card(scene: Scene, service: str, key: str) -> None:
    listener = scene.listener
    listener.chooses(msg("speech.start"))
    listener.hears(msg("screens.home_title"))
    listener.chooses(msg(f"tile.{service}.title"))
    listener.hears(msg("notice.title"))
    listener.chooses(msg("screens.agree"))
    listener.hears(msg("id_card.title"))
    scene.citizen.lays(key)


def _leaves(scene: Scene) -> None:
    citizen, listener = scene.citizen, scene.listener
    listener.hears(msg("screens.paper_printed"))
    listener.is_in_the_dark()
    listener.asks_again()
    listener.chooses(msg("screens.done"))
    listener.hears(msg("screens.take_id_card"))
    listener.is_in_the_dark()
    citizen.lifts()
    citizen.pulls_out()
    listener.hears(msg("screens.attract_title"))
