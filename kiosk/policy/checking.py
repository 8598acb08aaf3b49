"""Everything that is wrong with a policy, for the clerk who wrote it: where it stands, and what is allowed there."""

from __future__ import annotations

import tomllib

import msgspec

from kiosk.contract import Text
from kiosk.faults import faults
from kiosk.policy import Policy, beyond_types
from kiosk.toml_lines import error_line, line_of, lines


class Mistake(msgspec.Struct, frozen=True):
    line: int
    """The first is 1; of what is missing, the table it is missing in."""
    said: Text


def mistakes(content: bytes) -> list[Mistake]:
    """In the order of the lines; of what is not TOML only the first, because nothing behind it can be read."""
    try:
        text = content.decode()
        data = tomllib.loads(text)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        return [Mistake(line, Text("不是 UTF-8 文字，请改用 UTF-8 保存", "not UTF-8: save it as UTF-8"))]
    except tomllib.TOMLDecodeError as error:
        said = Text(f"不是 TOML，其后的内容无法检查：{error}", f"not TOML, what follows cannot be checked: {error}")
        return [Mistake(error_line(error, text), said)]
    except (RecursionError, ValueError) as error:
        return [Mistake(1, Text(f"不是 TOML：{error}", f"not TOML: {error}"))]
    known = lines(text)
    found = [*faults((), data, Policy), *beyond_types(data)]
    return sorted((Mistake(line_of(fault.path, known), fault.said) for fault in found), key=lambda found: found.line)
