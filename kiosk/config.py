"""kiosk.toml → frozen structs.  Each process reads only the sections it needs.

An error names the file, the key, the value and what is allowed, in one sentence for the technician.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Annotated, Any, TypeVar

import msgspec

from kiosk.contract import TerminalName, Text

S = TypeVar("S", bound=msgspec.Struct)


class BadConfig(Exception):
    """The configuration cannot be used; the text says what to correct."""


class TerminalConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """[terminal]"""

    name: TerminalName
    place: Text
    """As it stands in the status line and on slips."""
    state_dir: str = "/var/lib/kiosk"
    run_dir: str = "/run/kiosk"
    policy: str = "guangxi"
    """Name of a file in kiosk/policy, or a path."""
    has_rtc: bool = False
    """A battery clock is fitted."""
    demo: bool = False
    """Slips say 演示, and virtual devices are accepted."""


class ScreenConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """[screen]"""

    width: Annotated[int, msgspec.Meta(ge=1)]
    height: Annotated[int, msgspec.Meta(ge=1)]
    ppi: Annotated[float, msgspec.Meta(ge=40, le=400)]
    look: str = "standard"
    language: str = "zh_CN"
    fullscreen: bool = True


class CentreConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """[centre]"""

    url: Annotated[str, msgspec.Meta(pattern="^https://")]
    ca: str
    """PEM file of the CA that came with the installation."""
    office_key: str
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
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadConfig(f"{path}: not TOML: {error}") from None


def section(path: Path, name: str, type_: type[S]) -> S:
    """One section, checked."""
    data = read(path)
    if name not in data:
        raise BadConfig(f"{path}: section [{name}] is missing")
    return convert(path, name, data[name], type_)


def convert(path: Path, name: str, data: Any, type_: type[S]) -> S:
    try:
        return msgspec.convert(data, type_)
    except msgspec.ValidationError as error:
        why, _, where = str(error).partition(" - at `$")
        keys = re.findall(r"\w+", where)
        value = data
        for key in keys:
            value = value.get(key) if isinstance(value, dict) else None
        shown = f" = {value!r}" if keys else ""
        raise BadConfig(f"{path}: {'.'.join([name, *keys])}{shown}: {why}") from None
