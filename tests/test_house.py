"""The house rules that a program can check: who may import whom, words in every language, no skipped test."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import NamedTuple

import pytest

from drivers.virtual.demo.stories import STORIES
from kiosk.endings import Reason
from kiosk.words import complete, language

ROOT = Path(__file__).parent.parent
PACKAGES = ("kiosk", "drivers", "screens", "sync")
SOURCES = [path for package in PACKAGES for path in (ROOT / package).rglob("*.py")]
JOINTS = {"kiosk.terminal", "kiosk.__main__"}
"""The only modules of the mind that know the others."""


def module(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module(path) for path in SOURCES}


def imports(path: Path) -> set[str]:
    """Every module a file imports, wherever in the file."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            found |= {f"{node.module}.{name.name}" for name in node.names} | {str(node.module)}
    return found


def within(name: str, *packages: str) -> bool:
    return any(name == package or name.startswith(package + ".") for package in packages)


class Rule(NamedTuple):
    """What the modules of some packages may import of ours, and of libraries."""

    packages: tuple[str, ...]
    never: tuple[str, ...]
    of_kiosk: frozenset[str] | None = None
    """None: whatever is not in `never`."""


def only(*modules: str) -> frozenset[str]:
    return frozenset(f"kiosk.{module}" for module in modules)


MIND = ("journal", "desk", "counter", "services", "hands", "policy", "delivery", "identification", "chip", "terminal")
"""Of kiosk, what the window, the devices and the line never need."""

RULES = (
    Rule(tuple(JOINTS), never=()),
    Rule(
        ("kiosk.services", "kiosk.policy", "kiosk.slips"),
        never=("screens", "drivers", "sync", "kivy", "serial", "smartcard", "httpx", "peewee"),
    ),
    Rule(("kiosk",), never=("screens", "drivers", "sync", "kivy", "serial", "smartcard", "httpx")),
    Rule(
        ("screens.gallery",),
        never=("drivers", "sync", "serial", "smartcard", "httpx", "peewee"),
        of_kiosk=only(
            *("contract", "endings", "guide.leaflets", "guide.topics", "pin", "prompts", "slips.lines"),
            *("unbroken", "words"),
        ),
    ),
    Rule(
        ("screens",),
        never=("drivers", "sync", "serial", "smartcard", "httpx", "peewee"),
        of_kiosk=only("contract", "pin", "prompts", "slips.lines", "terms", "unbroken", "words"),
    ),
    Rule(
        ("drivers.card",),
        never=("screens", "sync", "kivy", "cryptography", "drivers.virtual", "httpx", "peewee"),
        of_kiosk=only("contract", "devices", "link", "pin", "terms"),
    ),
    Rule(
        ("drivers.pin_pad",),
        never=("screens", "sync", "kivy", "cryptography", "drivers.virtual", "httpx", "peewee"),
        of_kiosk=only("devices", "pin", "terms"),
    ),
    Rule(("drivers.virtual.demo", "drivers.virtual.bench"), never=("screens", "kivy", "drivers.card")),
    Rule(
        ("drivers.virtual",),
        never=("screens", "kivy", "drivers.card", "httpx", "peewee"),
        of_kiosk=only("numbers", "slips.lines", "terms"),
    ),
    Rule(
        ("drivers",),
        never=("screens", "sync", "kivy", "drivers.virtual", "httpx", "peewee"),
        of_kiosk=only("devices", "frames", "link", "logs", "numbers", "slips.lines", "sockets", "terms", "unbroken"),
    ),
    Rule(
        ("sync.central",),
        never=("screens", "drivers", "kivy", "serial", "smartcard"),
        of_kiosk=only("clock", "contract", "numbers", "pairing", "policy.signing", "quotas", "seal", "terms"),
    ),
    Rule(
        ("sync",),
        never=("screens", "drivers", "kivy", "serial", "smartcard", "peewee"),
        of_kiosk=only("contract", "line", "link", "pairing", "seal", "sockets"),
    ),
)
"""The first that fits counts."""


def rule_for(name: str) -> Rule:
    return next(rule for rule in RULES if within(name, *rule.packages))


@pytest.mark.parametrize("path", SOURCES, ids=module)
def test_imports_point_one_way(path: Path) -> None:
    wrong = {name for name in imports(path) if within(name, *rule_for(module(path)).never)}
    assert not wrong, f"{module(path)} must not know {sorted(wrong)}"


GUESTS = [(path, rule.of_kiosk) for path in SOURCES if (rule := rule_for(module(path))).of_kiosk is not None]


@pytest.mark.parametrize(("path", "allowed"), GUESTS, ids=[module(path) for path, _ in GUESTS])
def test_of_kiosk_the_other_packages_know_only_its_nouns(path: Path, allowed: frozenset[str]) -> None:
    wrong = {name for name in modules_of_kiosk(path) if name not in allowed}
    assert not wrong, f"{module(path)} must not know {sorted(wrong)}"


def test_no_rule_opens_the_mind() -> None:
    opened = {name for rule in RULES for name in rule.of_kiosk or () if within(name, *only(*MIND))}
    assert opened == {"kiosk.policy.signing"}, "where the office's signature lies is all the centre knows of it"


def modules_of_kiosk(path: Path) -> set[str]:
    """Without the package itself, which has only the version."""
    named = {name for name in imports(path) if within(name, "kiosk")}
    return {name if name in MODULES else name.rpartition(".")[0] for name in named} - {"kiosk"}


def test_virtual_hardware_shares_only_cryptography_with_the_centre() -> None:
    """The chip and the HSM compute the same standard; the demo and the bench may also start and read a centre."""
    allowed = ("sync.central.card_crypto",)
    for path in (ROOT / "drivers" / "virtual").rglob("*.py"):
        if within(module(path), "drivers.virtual.demo", "drivers.virtual.bench"):
            continue
        strangers = {name for name in imports(path) if within(name, "sync") and not within(name, *allowed)}
        assert not {name for name in strangers if name not in {"sync", "sync.central"}}, module(path)


def used_ids() -> set[str]:
    """Message ids written out in the code: first argument of msg(), and every string that is an id of a catalog."""
    ids = set()
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text())):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id == "msg"
                and node.args
                and isinstance(node.args[0], ast.Constant)
                and isinstance(node.args[0].value, str)
            ):
                ids.add(node.args[0].value)
    return ids


def test_every_message_is_there_in_every_language() -> None:
    for code in complete():
        missing = used_ids() - language(code).ids
        assert not missing, f"{code} lacks {sorted(missing)}"


def test_the_languages_have_the_same_messages() -> None:
    first, *others = (language(code) for code in complete())
    for other in others:
        assert first.ids == other.ids, f"{first.code} and {other.code} differ in {sorted(first.ids ^ other.ids)}"


def test_translations_use_the_same_values() -> None:
    first, *others = (language(code) for code in complete())
    for other in others:
        for id in first.ids:
            extra = placeholders(other.template(id)) - placeholders(first.template(id)) - {"en", "zh"}
            assert not extra, f"{id} in {other.code} wants {extra}"


def placeholders(template: str) -> set[str]:
    return set(re.findall(r"{(\w+)", template))


@pytest.mark.parametrize("reason", Reason)
def test_every_refusal_says_what_why_and_where(reason: Reason) -> None:
    for code in complete():
        for part in ("title", "why", "where"):
            assert f"refusal.{reason}.{part}" in language(code).ids


def test_the_usage_names_every_group_of_stories() -> None:
    usage = (ROOT / "run").read_text()
    assert [group for group in STORIES if f"{group}," not in usage and f"{group})" not in usage] == []


def test_the_suite_skips_nothing() -> None:
    marker = re.compile(r"pytest\.(mark\.)?(skip|skipif|xfail|importorskip)\b")
    for path in (ROOT / "tests").rglob("*.py"):
        if path != Path(__file__):
            assert not marker.search(path.read_text()), path
