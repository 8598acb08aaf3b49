"""The sheet behind 语音, at a real window: a finger finds what whoever listens has on keys."""

from __future__ import annotations

from tests.screen.conftest import Glass
from tests.screen.test_by_ear import hears


def test_a_finger_makes_the_voice_louder_and_faster_and_it_goes_back_with_the_visit(glass: Glass) -> None:
    """Whoever has no keypad and hears badly; nobody after them is shouted at."""
    glass.tell(forget=True, manner={"spoken": False})
    glass.ears.hear()
    glass.tell(show="home", settle=True)
    glass.press("speech")
    hears(glass, "听得更清楚")
    glass.press("dial-volume")
    hears(glass, "音量4")
    glass.press("dial-speed")
    hears(glass, "语速改成慢速")
    assert {"4", "快速", "开"} <= set(glass.texts())
    glass.press("close-sound")
    glass.tell(settle=True, forget=True, show="home")
    glass.press("speech")
    assert {"3", "正常", "开"} <= set(glass.texts())
    glass.press("switch-voice")
    assert "关" in glass.texts()
    glass.tell(settle=True, forget=True)
