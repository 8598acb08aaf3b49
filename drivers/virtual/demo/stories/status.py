"""Somebody wants to know how their card is."""

from __future__ import annotations

from drivers.virtual.demo.stories.scene import Scene
from kiosk.words import msg


def both_cards(scene: Scene, key: str) -> None:
    """ID card and social security card: the chip is read, on a 3.0 card after the centre's authentication."""
    citizen = scene.citizen
    citizen.begins("card_status")
    citizen.agrees_to_notice()
    citizen.sees("LayIdCard")
    citizen.lays(key)
    citizen.sees("InsertCard")
    citizen.puts_in(key)
    citizen.sees("CardReport", saying=msg("status.normal.title"))
    citizen.presses("done", "看完了")
    citizen.leaves()
    scene.witnesses.agree_on_nothing(key, status="1")


def id_card_alone(scene: Scene, key: str) -> None:
    """The card is at home; it was reported lost before."""
    citizen = scene.citizen
    citizen.begins("card_status")
    citizen.agrees_to_notice()
    citizen.sees("LayIdCard")
    citizen.lays(key)
    citizen.sees("InsertCard")
    citizen.presses("without", "按“卡不在身边”")
    citizen.sees("CardReport", saying=msg("status.temporarily_lost.title"))
    citizen.presses("done", "看完了")
    citizen.leaves()
    scene.witnesses.agree_on_nothing(key, status="4")
