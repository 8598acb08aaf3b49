"""The map of the glass that the terminal writes in a demo (screens.stage), so that a finger finds its buttons."""

from __future__ import annotations

from pathlib import Path

import msgspec


class Target(msgspec.Struct, frozen=True):
    name: str
    x: int
    y: int
    width: int
    height: int

    @property
    def middle(self) -> tuple[int, int]:
        return self.x + self.width // 2, self.y + self.height // 2


class Stage(msgspec.Struct, frozen=True):
    page: str
    language: str
    online: bool
    """Large type on a small glass has no line to say it."""
    acts: int
    """How many touches did something so far."""
    texts: tuple[str, ...]
    targets: tuple[Target, ...]

    def says(self, sentence: str) -> bool:
        """Whether it stands on the page, wherever its lines break."""
        return any(_close_up(sentence) in _close_up(text) for text in self.texts)

    def target(self, name: str) -> Target | None:
        return next((target for target in self.targets if target.name == name), None)


def _close_up(text: str) -> str:
    return "".join(text.split())


def read(file: Path) -> Stage | None:
    """None until the terminal's first page stands."""
    try:
        return msgspec.json.decode(file.read_bytes(), type=Stage)
    except FileNotFoundError:
        return None
