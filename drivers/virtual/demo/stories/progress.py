"""制卡进度: how far a new card is."""

from __future__ import annotations

from drivers.virtual.demo.citizen import StoryFailed
from drivers.virtual.demo.office import PICK_UP, WHY_STOPPED
from drivers.virtual.demo.stories.scene import Scene
from drivers.virtual.people import Person, find
from kiosk.words import msg


def by_id_card(scene: Scene, key: str) -> None:
    _asks_with_id_card(scene, key)
    _is_told(scene, key, "made")


def _asks_with_id_card(scene: Scene, key: str) -> None:
    citizen = scene.citizen
    citizen.begins("progress")
    citizen.sees("Choose", saying=msg("progress.how.title"))
    citizen.presses("tile-by_id_card", "按“用身份证查”")
    citizen.agrees_to_notice()
    citizen.sees("LayIdCard")
    citizen.lays(key)


def ready(scene: Scene, key: str) -> None:
    """The office has made it: where it waits stands first."""
    scene.office.makes(_person(scene, key))
    _asks_with_id_card(scene, key)
    _is_told(scene, key, "ready", PICK_UP[0])


def stopped(scene: Scene, key: str) -> None:
    """The photo was refused: why, and what to do."""
    scene.office.stops(_person(scene, key))
    _asks_with_id_card(scene, key)
    _is_told(scene, key, "failed", WHY_STOPPED[0])


def by_numbers(scene: Scene, key: str) -> None:
    """With no card at hand: the person's number, and the end of the old card's."""
    citizen, person = scene.citizen, _person(scene, key)
    citizen.begins("progress")
    citizen.sees("Choose", saying=msg("progress.how.title"))
    citizen.presses("tile-by_number", "按“输号码查”")
    citizen.sees("PrivacyNotice", saying=msg("progress.notice.title"))
    citizen.presses("agree", "同意按号码查")
    citizen.sees("TypeNumber", saying=msg("number.citizen.title"))
    citizen.types(person.number, "输入身份证号码")
    citizen.sees("TypeNumber", saying=msg("number.last4.title"))
    citizen.types(_card_number(person)[-4:], "输入原卡号后4位")
    _is_told(scene, key, "made")


def _is_told(scene: Scene, key: str, word: str, on_slip: str = "") -> None:
    """A question changes nothing; its slip has neither number."""
    citizen, person = scene.citizen, _person(scene, key)
    citizen.waits_for("Progress", saying=msg(f"progress.{word}.title"))
    citizen.sees("Progress", saying=msg("screens.note_printed"))
    citizen.presses("done", "看完了")
    citizen.leaves()
    assert person.card is not None, "whoever waits for a new card has an old one"  # noqa: S101
    scene.witnesses.agree_on_nothing(key, status=person.card.status.value)
    slip = citizen.takes_slip()
    if slip is not None and on_slip not in slip.text.replace("\n", "").replace(" ", ""):
        raise StoryFailed(f"the slip does not say {on_slip}")
    if slip is not None and any(number in slip.text for number in (person.number, _card_number(person))):
        raise StoryFailed("the slip shows a whole number")


def _person(scene: Scene, key: str) -> Person:
    return find(scene.bench.hands.people, key)


def _card_number(person: Person) -> str:
    assert person.card is not None, "whoever waits for a new card has an old one"  # noqa: S101
    return person.card.number
