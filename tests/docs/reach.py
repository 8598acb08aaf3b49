"""What a function of `kiosk` can come to: every name it uses, and what those use, over all modules."""

from __future__ import annotations

import ast
import functools
import importlib.util
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

NOT_FOLLOWED = ("kiosk.desk", "kiosk.journal", "kiosk.contract", "kiosk.prompts", "kiosk.words", "kiosk.policy")
"""What every service uses alike, and what never refuses anybody."""


class Place(NamedTuple):
    """A name at the top of a module."""

    module: str
    name: str


class Source(NamedTuple):
    defined: dict[str, ast.AST]
    imported: dict[str, Place]


@functools.cache
def source(module: str) -> Source:
    spec = importlib.util.find_spec(module)
    assert spec is not None
    assert spec.origin is not None
    defined: dict[str, ast.AST] = {}
    imported: dict[str, Place] = {}
    for node in ast.parse(Path(spec.origin).read_text()).body:
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                defined[name] = node
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                defined[name] = node
            case ast.ImportFrom(module=str(origin)) if origin.startswith("kiosk."):
                imported |= {alias.asname or alias.name: Place(origin, alias.name) for alias in node.names}
    return Source(defined, imported)


def reached(start: Place) -> dict[Place, ast.AST]:
    """With the code of each, in the order they are come to; what is imported from elsewhere is not there."""
    found: dict[Place, ast.AST] = {}
    waiting = [start]
    while waiting:
        place = waiting.pop(0)
        code = source(place.module).defined.get(place.name)
        if place in found or code is None:
            continue
        found[place] = code
        waiting += _used(place.module, code)
    return found


def _used(module: str, code: ast.AST) -> Iterator[Place]:
    known = source(module)
    for node in ast.walk(code):
        if isinstance(node, ast.Name) and node.id in known.defined:
            yield Place(module, node.id)
        elif isinstance(node, ast.Name) and node.id in known.imported:
            place = known.imported[node.id]
            if not place.module.startswith(NOT_FOLLOWED):
                yield place


def members(of: str, codes: Iterator[ast.AST] | list[ast.AST]) -> list[str]:
    """Names of the members of an enumeration that the code names, each once, e.g. of `Reason`."""
    named = (
        node.attr
        for code in codes
        for node in ast.walk(code)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == of
    )
    return list(dict.fromkeys(named))
