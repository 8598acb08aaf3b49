"""What is wrong with a file that somebody wrote by hand: one sentence each, with key, value and what is allowed.

The rules are the types themselves; a `Meta(description=…, extra={"zh": …})` says in words what a pattern or a table
stands for, and a struct's `disagreements()` which good values do not go together.
"""

from __future__ import annotations

import json
import re
import typing
from collections.abc import Iterable, Iterator
from typing import Any, Protocol, runtime_checkable

import msgspec
from msgspec import inspect

from kiosk.contract import Text

LONGEST_SHOWN = 60
"""Characters of a value: enough to find it by."""

Path = tuple[str | int, ...]
"""Keys from the file's top, and places in arrays, the first of which is 0."""


class Fault(msgspec.Struct, frozen=True):
    path: Path
    said: Text
    """Begins with the key."""


@runtime_checkable
class Judges(Protocol):
    """A struct that knows which good values do not go together."""

    def disagreements(self) -> Iterator[tuple[Path, Text]]:
        """Where below the struct, and why."""


def first_fault(key: str, value: Any, type_: Any) -> str | None:
    """`key`: the section's, "" for the whole file.  None: `msgspec.convert` will take it, unless a `__post_init__`
    knows better."""
    fault = next(faults((key,) if key else (), value, type_), None)
    return None if fault is None else fault.said.en


def faults(path: Path, value: Any, type_: Any) -> Iterator[Fault]:
    """Every one there is below `path`; none for what `msgspec.convert` will take."""
    bare = _bare(type_)
    origin = typing.get_origin(bare)
    if isinstance(value, dict) and _is_struct(bare):
        yield from _table_faults(path, value, bare)
    elif isinstance(value, dict) and origin is dict:
        of_key, each = typing.get_args(bare)
        for name, part in value.items():
            yield from _name_faults(path, name, of_key)
            yield from faults((*path, name), part, each)
    elif isinstance(value, list) and origin is list:
        (each,) = typing.get_args(bare)
        for number, part in enumerate(value):
            yield from faults((*path, number), part, each)
    elif not _fits(value, type_):
        subject = f"{joined(path)} = {shown(value)}"
        yield Fault(path, Text(f"{subject}：应为{_words(type_, ZH)}", f"{subject}: must be {_words(type_, EN)}"))


def _table_faults(path: Path, value: dict[str, Any], struct: type[msgspec.Struct]) -> Iterator[Fault]:
    hints = typing.get_type_hints(struct, include_extras=True)
    sound = True
    for name, part in value.items():
        for fault in faults((*path, name), part, hints[name]) if name in hints else [_stray(path, name, part, struct)]:
            sound = False
            yield fault
    for field in msgspec.structs.fields(struct):
        if field.required and field.name not in value:
            sound = False
            yield _missing((*path, field.name), hints[field.name])
    if sound:
        for below, why in _disagreements(value, struct):
            subject = joined((*path, *below))
            yield Fault((*path, *below), Text(f"{subject}：{why.zh}", f"{subject}: {why.en}"))


def _stray(path: Path, name: str, value: Any, struct: type[msgspec.Struct]) -> Fault:
    subject = f"{joined((*path, name))} = {shown(value)}"
    zh, en = (f"[{joined(path)}] ",) * 2 if path else ("此文件", "the file ")
    return Fault(
        (*path, name),
        Text(
            f"{subject}：没有这个项；{zh}可以有 {keys(struct)}", f"{subject}: no such key; {en}may have {keys(struct)}"
        ),
    )


def _missing(path: Path, type_: Any) -> Fault:
    subject, zh, en = joined(path), _words(type_, ZH), _words(type_, EN)
    return Fault(path, Text(f"缺少 {subject}：应为{zh}", f"{subject} is missing: must be {en}"))


def _name_faults(path: Path, name: str, of_key: Any) -> Iterator[Fault]:
    if not _fits(name, of_key):
        subject = joined((*path, name))
        yield Fault(
            (*path, name),
            Text(f"{subject}：名称应为{_words(of_key, ZH)}", f"{subject}: its name must be {_words(of_key, EN)}"),
        )


def _disagreements(value: dict[str, Any], struct: type[msgspec.Struct]) -> Iterator[tuple[Path, Text]]:
    try:
        whole = msgspec.convert(value, struct)
    except msgspec.ValidationError:
        return  # whoever converts it is told
    if isinstance(whole, Judges):
        yield from whole.disagreements()


def _fits(value: Any, type_: Any) -> bool:
    try:
        msgspec.convert(value, type_)
    except msgspec.ValidationError:
        return False
    return True


# --- keys and values as they are written ------------------------------------------------------


def keys(struct: type[msgspec.Struct]) -> str:
    return ", ".join(struct.__struct_fields__)


def shown(value: Any) -> str:
    """Nearly as TOML writes it, and short."""
    try:
        text = json.dumps(value, ensure_ascii=False, default=str)
    except ValueError:
        return "…"  # a whole number of more digits than Python writes out
    return text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 1] + "…"


def joined(path: Path) -> str:
    """With dots, and the number of an array's element in brackets, the first of which is 1."""
    text = "".join(f"[{part + 1}]" if isinstance(part, int) else f".{written(part)}" for part in path)
    return text.removeprefix(".")


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


class Vocabulary(typing.NamedTuple):
    number: str
    whole_number: str
    truth: str
    text: str
    date: str
    list: str
    table: str
    table_with: str
    least: str
    most: str
    range: str
    between: str
    last: str


EN = Vocabulary(
    number="a number",
    whole_number="a whole number",
    truth="true or false",
    text="text in quotes",
    date="a date, e.g. 2026-10-01",
    list="a list in brackets",
    table="a table",
    table_with="a table with {}",
    least=", at least {:g}",
    most=", at most {:g}",
    range=" from {} to {}",
    between=", ",
    last=" or ",
)
ZH = Vocabulary(
    number="数字",
    whole_number="整数",
    truth=" true 或 false",
    text="引号内的文字",
    date="日期，例如 2026-10-01",
    list="方括号内的列表",
    table="一组项",
    table_with="一组项：{}",
    least="，不小于 {:g}",
    most="，不大于 {:g}",
    range="，从 {} 到 {}",
    between="、",
    last=" 或 ",
)


def _words(type_: Any, say: Vocabulary) -> str:
    return _allowed(inspect.type_info(type_), say)


def _allowed(info: inspect.Type, say: Vocabulary) -> str:
    words = getattr(say, _SIMPLE.get(type(info), "table"))
    match info:
        case inspect.Metadata(type=inner, extra_json_schema=schema, extra=extra):
            own = (extra or {}).get("zh") if say is ZH else (schema or {}).get("description")
            words = own or _allowed(inner, say)
        case inspect.IntType(ge=least, le=most) | inspect.FloatType(ge=least, le=most):
            words += _range(least, most, say)
        case inspect.LiteralType(values=values):
            words = _one_of(values, say)
        case inspect.EnumType(cls=cls):
            words = _one_of([member.value for member in cls], say)
        case inspect.StructType(cls=cls):
            words = say.table_with.format(keys(cls))
        case inspect.UnionType(types=types):
            words = say.last.join(_allowed(part, say) for part in types if not isinstance(part, inspect.NoneType))
    return str(words)


_SIMPLE: dict[type[inspect.Type], str] = {
    inspect.IntType: "whole_number",
    inspect.FloatType: "number",
    inspect.BoolType: "truth",
    inspect.StrType: "text",
    inspect.DateType: "date",
    inspect.ListType: "list",
}
"""Each kind's word in a `Vocabulary`."""


def _one_of(values: Iterable[Any], say: Vocabulary) -> str:
    *others, last = sorted(json.dumps(value) for value in values)
    return f"{say.between.join(others)}{say.last}{last}" if others else last


def _range(least: float | None, most: float | None, say: Vocabulary) -> str:
    match least, most:
        case None, None:
            return ""
        case _, None:
            return say.least.format(least)
        case None, _:
            return say.most.format(most)
        case _:
            return say.range.format(least, most)
