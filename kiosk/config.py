"""kiosk.toml → frozen structs.  Each process reads only the sections it needs.

An error names the file, the key, the value and what is allowed, in one sentence for the technician.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

import msgspec

from kiosk.contract import TerminalName, Text
from kiosk.faults import first_fault, keys, written

S = TypeVar("S", bound=msgspec.Struct)

SECTIONS = ("terminal", "screen", "sound", "centre", "devices")

AbsolutePath = Annotated[
    str, msgspec.Meta(pattern=r"^/[^\x00]*\Z", description='an absolute path, e.g. "/var/lib/kiosk"')
]

_LABEL = "[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?"
_PORT = "([1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])"

CentreUrl = Annotated[
    str,
    msgspec.Meta(
        pattern=rf"^https://({_LABEL}\.)*{_LABEL}(:{_PORT})?(/[A-Za-z0-9._~-]+)*\Z",
        description='an https address without a slash at its end, e.g. "https://kiosk.example.gov.cn:8443"',
    ),
]


class BadConfig(Exception):
    """The configuration cannot be used; the text says what to correct."""


class TerminalConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """[terminal]"""

    name: Annotated[
        TerminalName,
        msgspec.Meta(description='1 to 63 letters, digits and hyphens, no hyphen first, e.g. "gx-450103-0007"'),
    ]
    place: Annotated[
        Text,
        msgspec.Meta(
            description='the place in both languages, e.g. { zh = "青秀区政务大厅", en = "Qingxiu service hall" }'
        ),
    ]
    """As it stands in the status line and on slips."""
    state_dir: AbsolutePath = "/var/lib/kiosk"
    run_dir: AbsolutePath = "/run/kiosk"
    policy: Annotated[
        str,
        msgspec.Meta(
            pattern=r"^([a-z0-9_]+|/[^\x00]*)\Z",
            description='a policy that comes with the terminal, e.g. "guangxi", or the absolute path of a signed one',
        ),
    ] = "guangxi"
    """Name of a file in kiosk/policy, or a path."""
    has_rtc: bool = False
    """A battery clock is fitted."""
    demo: bool = False
    """Slips say 演示, and virtual devices are accepted."""


class ScreenConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """[screen]"""

    width: Annotated[int, msgspec.Meta(ge=1, le=16_384)]
    height: Annotated[int, msgspec.Meta(ge=1, le=16_384)]
    ppi: Annotated[float, msgspec.Meta(ge=40, le=400)]
    look: Literal["standard", "large", "contrast", "large-contrast"] = "standard"
    language: Literal["zh_CN", "en"] = "zh_CN"
    fullscreen: bool = True


class SoundConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """[sound]"""

    voice: bool = False
    """Pages are read out to everybody; else to whoever asks for it, uses the keypad or plugs in a headphone."""
    device: Annotated[str, msgspec.Meta(min_length=1, description='an ALSA name, e.g. "default" or "plughw:1,0"')] = (
        "default"
    )
    synthesiser: Annotated[str, msgspec.Meta(min_length=1, description="a program called like espeak-ng")] = "espeak-ng"
    clips: AbsolutePath | None = None
    """Folder of recordings."""
    jack: AbsolutePath | None = None
    """Input device that reports the headphone's plug, best a name of /dev/input/by-path; none: nobody can tell."""


class CentreConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """[centre]"""

    url: CentreUrl
    ca: AbsolutePath
    """PEM file of the CA that came with the installation."""
    office_key: AbsolutePath
    """File with the public half of the office's offline key, base64url."""


def read(path: Path) -> dict[str, Any]:
    """The whole file, not yet checked."""
    try:
        return parse(path, path.read_bytes())
    except OSError as error:
        raise BadConfig(f"{path}: {error.strerror}") from None


def parse(path: Path, text: bytes) -> dict[str, Any]:
    """`path` is only named in the error."""
    try:
        return tomllib.loads(text.decode())
    except RecursionError:
        raise BadConfig(f"{path}: not TOML: nested too deeply") from None
    except ValueError as error:
        raise BadConfig(f"{path}: not TOML: {error}") from None


def section(path: Path, name: str, type_: type[S], *, needed: bool = True) -> S:
    """One section, checked; the others are only known by name."""
    data = read(path)
    known = ", ".join(f"[{section}]" for section in SECTIONS)
    for stray in data:
        if stray not in SECTIONS:
            raise BadConfig(f"{path}: [{written(stray)}]: no such section; there are {known}")
    if name not in data and not needed:
        return type_()
    if name not in data:
        raise BadConfig(f"{path}: section [{name}] is missing; it may have {keys(type_)}")
    return convert(path, name, data[name], type_)


def convert(path: Path, name: str, data: Any, type_: type[S]) -> S:
    """`name` is the section's, "" for a whole file."""
    fault = first_fault(name, data, type_)
    if fault is not None:
        raise BadConfig(f"{path}: {fault}")
    try:
        return msgspec.convert(data, type_)
    except msgspec.ValidationError as error:  # good values that do not go together: the struct's own sentence
        why, _, where = str(error).partition(" - at `$")
        place = name + where.rstrip("`")
        raise BadConfig(f"{path}: {place.lstrip('.')}: {why}") from None
