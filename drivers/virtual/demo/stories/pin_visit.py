"""The acts that visits for a PIN have in common."""

from __future__ import annotations

from collections.abc import Callable

from drivers.virtual.bench.tripwire import Command
from drivers.virtual.demo.citizen import StoryFailed
from drivers.virtual.demo.stories.scene import Scene
from drivers.virtual.people import find
from drivers.virtual.printer import PrintedSlip
from drivers.virtual.vpcd import Pull
from kiosk.journal import View
from kiosk.words import Message, language, msg

TRIES = 6

COMMAND_S = 20.0
"""From the second entry: a verdict (10 s) and a cryptogram (8 s) may come first."""

CHALLENGE = Command(0x84)
"""GET CHALLENGE, for the unblock key."""
PUK_AUTHENTICATION = Command(0x82, p2=0x06)
"""EXTERNAL AUTHENTICATE with the unblock key, the first of the two steps with the HSM."""
SECURE_MESSAGE = Command(0x24)
"""84 24, the one command that changes the chip."""
VERIFY = Command(0x20)
"""With the PIN that was typed, right after it."""


def up_to_the_slot(scene: Scene, service: str, key: str) -> None:
    citizen = scene.citizen
    citizen.begins(service)
    citizen.agrees_to_notice()
    citizen.sees("LayIdCard")
    citizen.lays(key)
    citizen.sees("InsertCard")


def types_the_code(scene: Scene, key: str) -> None:
    citizen = scene.citizen
    citizen.sees("TypeCode")
    citizen.types(citizen.reads_code(key), "输入验证码")


def up_to_the_new_pin(scene: Scene, key: str, pull: Pull | None = None) -> None:
    up_to_the_slot(scene, "reset_pin", key)
    scene.citizen.puts_in(key, pull)
    types_the_code(scene, key)
    agrees_to_reset(scene)


def up_to_the_remembered_pin(scene: Scene, key: str) -> None:
    citizen = scene.citizen
    up_to_the_slot(scene, "unblock_pin", key)
    citizen.puts_in(key)
    citizen.sees("Confirm", saying=msg("unblock.confirm.title"))
    citizen.presses("act", "按“记得，解锁”")
    types_the_code(scene, key)
    citizen.sees("TypePin", saying=msg("pin.remembered.title"))


def goes_in_again(scene: Scene, key: str) -> None:
    """From a refusal in the middle; the visit goes on, and the ID card need not be read again."""
    citizen = scene.citizen
    citizen.presses("done", "知道了")
    citizen.sees("Home")
    citizen.presses("tile-reset_pin", "再来一次")
    citizen.sees("InsertCard")
    citizen.puts_in(key)
    types_the_code(scene, key)
    agrees_to_reset(scene)


def agrees_to_reset(scene: Scene) -> None:
    citizen = scene.citizen
    citizen.sees("Confirm")
    citizen.presses("act", "按“重设密码”")
    citizen.sees("TypePin", saying=msg("pin.new.title"))


def chooses(scene: Scene) -> None:
    types_two(scene, scene.cast.new_pin, scene.cast.new_pin)


def types_two(scene: Scene, first: str, second: str) -> None:
    citizen = scene.citizen
    citizen.types(first, "设新密码")
    citizen.sees("TypePin", saying=msg("pin.again.title"))
    citizen.types(second, "再输一次")


def chooses_on_pad(scene: Scene) -> None:
    citizen, pin = scene.citizen, scene.cast.new_pin
    citizen.types_on_pad(pin, "在密码键盘上设新密码")
    citizen.sees("TypePin", saying=msg("pin.again.title"))
    citizen.types_on_pad(pin, "在密码键盘上再输一次")


def dies_at(scene: Scene, victim: str, command: Command, act: Callable[[], None]) -> None:
    """kill -9 at the moment when the chip has carried out this command, which `act` leads to.  Raises StoryFailed."""
    tripwire = scene.bench.hands.tripwire
    tripwire.set(command, scene.bench.processes[victim].kill)
    act()
    if not tripwire.wait(COMMAND_S):
        raise StoryFailed("the command at which a process was to die never came to the chip")
    scene.citizen.say(f"kill -9 {victim}")
    scene.citizen.album.page("Killed")


def is_told(scene: Scene, title: Message) -> None:
    """The last page, once the paper is there too."""
    citizen = scene.citizen
    citizen.waits_for("Result", saying=title)
    citizen.sees("Result", saying=msg("screens.paper_printed"))


def leaves_with_slip(scene: Scene, view: View, *, never: str) -> PrintedSlip | None:
    """The slip names the transaction that the journal has, and not the PIN `never`."""
    slip = scene.citizen.takes_slip()
    if slip is None:
        return None
    names_reference(slip, view)
    if never in slip.text:
        raise StoryFailed("the slip shows the PIN")
    return slip


def names_reference(slip: PrintedSlip | None, view: View) -> None:
    """None where the printer is somebody else's."""
    if slip is not None and view.reference not in slip.text:
        raise StoryFailed("the slip does not show the reference that the journal has")


def joined(slip: PrintedSlip) -> str:
    """What it says, wherever its lines were broken."""
    return "".join(slip.text.split())


def takes_true_slip(scene: Scene, view: View, *, saying: Message, never: str) -> None:
    """The slip tells this, too."""
    slip = leaves_with_slip(scene, view, never=never)
    if slip is not None and language("zh_CN").say(saying) not in slip.text:
        raise StoryFailed("the slip does not say what has become of it")


def looks_at_status(scene: Scene, key: str) -> None:
    """The same card comes back in another visit."""
    citizen = scene.citizen
    up_to_the_slot(scene, "card_status", key)
    citizen.puts_in(key)
    citizen.sees("CardReport")
    citizen.presses("done", "看完了")
    citizen.leaves()


def pin_of(scene: Scene, key: str) -> str:
    """The PIN that the card was issued with."""
    card = find(scene.bench.hands.people, key).card
    assert card is not None, "whoever comes for a PIN has a card"  # noqa: S101
    return card.pin
