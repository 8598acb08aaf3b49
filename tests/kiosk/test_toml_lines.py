"""On which line a key stands, however the file is written."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk import faults
from kiosk.faults import written
from kiosk.toml_lines import error_line, line_of, lines
from tests.kiosk.region import BOTH

TEXT = """\
# one
a = 1
b.c = { d = 2, e.f = 3 }

text = \'\'\'
[no.table]
no = "key"
\'\'\'
dates = [
    2026-01-01,  # ]
    2026-01-02,
]
[table."with a.dot"]
x = 1
[[many]]
x = 1
  [[many]]
y = "\u2028"
[many.below]
z = 1
[[many.inner]]
[[many.inner]]
v = 1
[many.inner.deep]
w = 1
"""


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("a",), 2),
        (("b",), 3),
        (("b", "c", "d"), 3),
        (("b", "c", "e", "f"), 3),
        (("text",), 5),
        (("dates",), 9),
        (("dates", 1), 9),
        (("table", "with a.dot"), 13),
        (("table", "with a.dot", "x"), 14),
        (("many", 0), 15),
        (("many", 0, "x"), 16),
        (("many", 1), 17),
        (("many", 1, "y"), 18),
        (("many", 1, "below"), 19),
        (("many", 1, "below", "z"), 20),
        (("many", 1, "inner", 0), 21),
        (("many", 1, "inner", 1, "v"), 23),
        (("many", 1, "inner", 1, "deep", "w"), 25),
        (("nowhere",), 1),
        (("many", 1, "below", "missing"), 19),
    ],
)
def test_where_a_key_stands(path: faults.Path, line: int) -> None:
    assert line_of(path, lines(TEXT)) == line


def test_windows_line_ends_are_line_ends() -> None:
    assert lines(TEXT.replace("\n", "\r\n")) == lines(TEXT)


def keys(data: Any, path: faults.Path = ()) -> Iterator[faults.Path]:
    """Of everything that has a statement of its own, or a table."""
    if isinstance(data, dict):
        for name, part in data.items():
            yield from keys(part, (*path, name))
    elif isinstance(data, list) and data and isinstance(data[0], dict):
        for number, part in enumerate(data):
            yield from keys(part, (*path, number))
    else:
        yield path


@pytest.mark.parametrize("region", BOTH, ids=lambda file: file.stem)
def test_every_key_of_a_region_is_found_on_its_line(region: Path) -> None:
    text = region.read_text()
    known = lines(text)
    for path in keys(tomllib.loads(text)):
        assert path in known
        line = text.split("\n")[known[path] - 1]
        assert any(name in line for name in (str(path[-1]), written(str(path[-1]))))


TABLES = st.dictionaries(
    st.text("ab.\n é", min_size=1, max_size=3), st.integers(0, 9) | st.text(max_size=4), min_size=1, max_size=4
)


@given(tables=st.dictionaries(st.text("xy.é", min_size=1, max_size=3), TABLES, max_size=4), blank=st.integers(0, 2))
def test_whatever_keys_and_texts_a_file_has(tables: dict[str, dict[str, Any]], blank: int) -> None:
    written_as: list[str] = []
    where: dict[faults.Path, int] = {}
    for table, content in tables.items():
        written_as += [""] * blank + [f"[{quoted(table)}]"]
        where[table,] = len(written_as)
        for key, value in content.items():
            written_as.append(f"{quoted(key)} = {quoted(value) if isinstance(value, str) else value}")
            where[table, key] = len(written_as)
    text = "\n".join(written_as)
    assert tomllib.loads(text) == tables
    assert lines(text) == where


def quoted(text: str) -> str:
    return '"' + "".join(f"\\U{ord(sign):08X}" for sign in text) + '"'


@pytest.mark.parametrize(("text", "line"), [("a = 1\nb = \n", 2), ("a = 1\na = 2", 2), ("a = [1,\n\n", 3)])
def test_where_a_file_stops_being_toml(text: str, line: int) -> None:
    with pytest.raises(tomllib.TOMLDecodeError) as caught:
        tomllib.loads(text)
    assert error_line(caught.value, text) == line
