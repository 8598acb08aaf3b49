"""What is wrong with a file that somebody wrote by hand: one sentence with key, value and what is allowed.

The rules are the types themselves; a `Meta(description=…)` says in words what a pattern or a table stands for.
"""

from __future__ import annotations

import json
import re
import typing
from collections.abc import Iterable
from typing import Any

import msgspec
from msgspec import inspect

LONGEST_SHOWN = 60
"""Characters of a value: enough to find it by."""


def first_fault(key: str, value: Any, type_: Any) -> str | None:
    """`key` as it is written in the file, with dots; "" for the whole file.  None: `msgspec.convert` will take it,
    unless two good values do not go together."""
    bare = _bare(type_)
    if isinstance(value, dict) and _is_struct(bare):
        return _table_fault(key, value, bare)
    if isinstance(value, dict) and typing.get_origin(bare) is dict:
        _, each = typing.get_args(bare)
        return next(filter(None, (first_fault(_join(key, name), part, each) for name, part in value.items())), None)
    try:
        msgspec.convert(value, type_)
    except msgspec.ValidationError:
        return f"{key} = {shown(value)}: must be {allowed(type_)}"
    return None


def _table_fault(key: str, value: dict[str, Any], struct: type[msgspec.Struct]) -> str | None:
    hints = typing.get_type_hints(struct, include_extras=True)
    for name, part in value.items():
        if name not in hints:
            there = f"[{key}]" if key else "the file"
            return f"{_join(key, name)} = {shown(part)}: no such key; {there} may have {keys(struct)}"
    for field in msgspec.structs.fields(struct):
        if field.required and field.name not in value:
            return f"{_join(key, field.name)} is missing: must be {allowed(hints[field.name])}"
    return next(
        filter(None, (first_fault(_join(key, name), part, hints[name]) for name, part in value.items())),
        None,
    )


def keys(struct: type[msgspec.Struct]) -> str:
    return ", ".join(struct.__struct_fields__)


def shown(value: Any) -> str:
    """Nearly as TOML writes it, and short."""
    try:
        text = json.dumps(value, ensure_ascii=False, default=str)
    except ValueError:
        return "…"  # a whole number of more digits than Python writes out
    return text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 1] + "…"


def _join(key: str, name: str) -> str:
    return f"{key}.{written(name)}" if key else written(name)


def written(name: str) -> str:
    """A key as it stands in the file: in quotes unless it is a bare one."""
    return name if re.fullmatch(r"[\w-]+", name, re.ASCII) else shown(name)


def _is_struct(type_: Any) -> bool:
    return isinstance(type_, type) and issubclass(type_, msgspec.Struct)


def _bare(type_: Any) -> Any:
    """Without what is annotated, and without None, which TOML does not have."""
    if typing.get_origin(type_) is typing.Annotated:
        return _bare(typing.get_args(type_)[0])
    some = [part for part in typing.get_args(type_) if part is not type(None)]
    if type(None) in typing.get_args(type_) and len(some) == 1:
        return _bare(some[0])
    return type_


# --- what is allowed, in words ------------------------------------------------------------


def allowed(type_: Any) -> str:
    return _words(inspect.type_info(type_))


def _words(info: inspect.Type) -> str:
    words = _SIMPLE.get(type(info), "a table")
    match info:
        case inspect.Metadata(type=inner, extra_json_schema=schema):
            words = str((schema or {}).get("description") or _words(inner))
        case inspect.IntType(ge=least, le=most) | inspect.FloatType(ge=least, le=most):
            words += _range(least, most)
        case inspect.LiteralType(values=values):
            words = _one_of(values)
        case inspect.EnumType(cls=cls):
            words = _one_of([member.value for member in cls])
        case inspect.StructType(cls=cls):
            words = f"a table with {keys(cls)}"
        case inspect.UnionType(types=types):
            words = " or ".join(_words(part) for part in types if not isinstance(part, inspect.NoneType))
    return words


_SIMPLE: dict[type[inspect.Type], str] = {
    inspect.IntType: "a whole number",
    inspect.FloatType: "a number",
    inspect.BoolType: "true or false",
    inspect.StrType: "text in quotes",
}


def _one_of(values: Iterable[Any]) -> str:
    *others, last = sorted(json.dumps(value) for value in values)
    return f"{', '.join(others)} or {last}" if others else last


def _range(least: float | None, most: float | None) -> str:
    match least, most:
        case None, None:
            return ""
        case _, None:
            return f", at least {least:g}"
        case None, _:
            return f", at most {most:g}"
        case _:
            return f" from {least} to {most}"
