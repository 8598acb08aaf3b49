"""The gallery's checks can fail: each finds the fault that is planted in a real window, and says how bad it is."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image, ImageChops

from tests.screen.conftest import Glass


def faults(glass: Glass, page: str, planted: str) -> list[str]:
    glass.tell(forget=True, show=page, settle=True)
    assert glass.tell(faults=True)["faults"] == []
    glass.tell(plant=planted)
    found = list(glass.tell(faults=True)["faults"])
    glass.tell(heal=True)
    return found


@pytest.mark.parametrize(
    ("page", "planted", "found"),
    [
        ("type-pin", "grey", "'请设新密码': contrast 2.2 is less than 4.5 (#9EA8B8 on #F3F6FB)"),
        ("type-pin", "small", "'请设新密码': capitals of 3.3 mm are lower than 4.8 mm"),
        ("type-pin", "covered", "'请设新密码': cut off or covered, "),
        ("type-pin", "broken", "'Sozialversicherungskartenselbstbedienung' is broken in two"),
        ("type-pin", "narrow", "'新密码' is broken in two"),
        ("type-pin", "overflowing", "Text '5' lies over Title '社会保障卡应用锁定密码重置服务指南'"),
        ("type-pin", "lying over", "Sentence '这是社保密码，不是银行密码。请用手挡住键盘。' lies over StepBar"),
        ("type-pin", "small key", "PadKey '5': 22.0×15.0 mm is less than 22×20 mm"),
        ("type-pin", "near keys", "PadKey '6' is nearer than 3 mm to PadKey '5'"),
        ("confirm", "off the glass", ": outside the stage"),
    ],
    ids=[
        "grey",
        "small",
        "covered",
        "broken",
        "narrow",
        "overflowing",
        "lying-over",
        "small-key",
        "near-keys",
        "off-the-glass",
    ],
)
def test_a_planted_fault_is_found(glass: Glass, page: str, planted: str, found: str) -> None:
    said = faults(glass, page, planted)
    assert any(found in fault for fault in said), said


def test_a_picture_is_what_the_x_server_shows(glass: Glass, tmp_path: Path) -> None:
    ours, servers = tmp_path / "ours.png", tmp_path / "servers.png"
    glass.tell(forget=True, show="result", settle=True)
    glass.tell(picture=str(ours), shot=str(servers))
    with Image.open(ours) as one, Image.open(servers) as other:
        assert ImageChops.difference(one.convert("RGB"), other.convert("RGB")).getbbox() is None
