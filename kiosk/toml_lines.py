"""On which line of a TOML file a key stands: the standard library's parser does not tell.

A line that does not parse alone goes on in the next: an array, a text of several lines.  So what a key is is decided
by the same parser that reads the file.
"""

from __future__ import annotations

import contextlib
import re
import tomllib
from typing import Any

from kiosk.faults import Path


def lines(text: str) -> dict[Path, int]:
    """Of every key and table of a file that is TOML; what stands within one statement is where that begins."""
    found: dict[Path, int] = {}
    table: Path = ()
    statement = ""
    for number, line in enumerate(text.split("\n"), 1):
        statement += line + "\n"
        with contextlib.suppress(tomllib.TOMLDecodeError):
            said = tomllib.loads(statement)
            first = number - statement.count("\n", 0, -1)
            if re.match(r"\s*\[", statement):
                table = _table(said, found)
                found.setdefault(table, first)
            else:
                for path in _keys(said):
                    found.setdefault(table + path, first)
            statement = ""
    return found


def line_of(path: Path, known: dict[Path, int]) -> int:
    """Where it stands, or what it would stand in; 1: only the file."""
    return next((known[path[:end]] for end in range(len(path), 0, -1) if path[:end] in known), 1)


def error_line(error: tomllib.TOMLDecodeError, text: str) -> int:
    """The parser says it in its sentence."""
    told = re.search(r"at line (\d+)", str(error))
    return int(told[1]) if told else text.count("\n") + 1


def _table(header: dict[str, Any], found: dict[Path, int]) -> Path:
    """The whole path of `[a.b]` or `[[a.b]]`: within arrays it is about the newest element."""
    path: Path = ()
    part: Any = header
    while part:
        (name, part), *_ = part.items()
        path = (*path, name)
        newest = _elements(path, found)
        if isinstance(part, list):
            path, part = (*path, newest), part[0]
        elif newest:
            path = (*path, newest - 1)
    return path


def _elements(path: Path, found: dict[Path, int]) -> int:
    """How many there are so far."""
    count = 0
    while (*path, count) in found:
        count += 1
    return count


def _keys(said: dict[str, Any]) -> list[Path]:
    paths: list[Path] = []
    for name, part in said.items():
        paths.append((name,))
        if isinstance(part, dict):
            paths += [(name, *below) for below in _keys(part)]
    return paths
