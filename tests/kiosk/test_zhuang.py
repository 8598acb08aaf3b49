"""The place for Zhuang: offered on the language key once a translator has finished it, and not a sentence sooner."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[2]
ZHUANG = "za"
NAME = "Vahcuengh"
"""The language's own name, on its key."""
LOOK = """
import json
from kiosk.guide.topics import topics
from kiosk.words import language, warn_of_incomplete
from screens.presenter import LANGUAGES, next_language

topics()
warn_of_incomplete()
following = next_language("en")
print(json.dumps({"offered": LANGUAGES, "key": language(following).template("screens.language")}))
"""


class House:
    """A terminal's own files, and a translator at work on them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for package in ("kiosk", "screens"):
            shutil.copytree(ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
        self.catalogs = folder / "kiosk" / "locale" / ZHUANG / "LC_MESSAGES"

    def translate(self) -> None:
        """Every sentence.  The words are those of the Chinese: only a translator has others."""
        shutil.copytree(self.catalogs.parents[1] / "zh_CN" / "LC_MESSAGES", self.catalogs)
        shutil.copytree(self.folder / "kiosk" / "guide" / "zh_CN", self.folder / "kiosk" / "guide" / ZHUANG)
        self.say("screens.language", NAME)

    def say(self, id: str, words: str, *, fuzzy: bool = False) -> None:
        for file in self.catalogs.glob("*.po"):
            with file.open("rb") as old:
                catalog = read_po(old, locale=ZHUANG)
            if (entry := catalog.get(id)) is not None:
                entry.string = words
                if fuzzy:
                    entry.flags.add("fuzzy")
                with file.open("wb") as new:
                    write_po(new, catalog)

    def looked_at(self) -> tuple[dict[str, Any], str]:
        """What is offered, and what the log says."""
        started = subprocess.run(
            [sys.executable, "-c", LOOK],
            cwd=self.folder,
            env=os.environ | {"PYTHONPATH": str(self.folder)},
            capture_output=True,
            text=True,
            check=True,
        )
        *log, last = started.stdout.splitlines()
        return json.loads(last), "\n".join(log)


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


def test_a_place_without_a_translation_offers_nothing_and_says_nothing(house: House) -> None:
    assert (house.catalogs.parent / "README.md").exists()
    found, log = house.looked_at()
    assert found == {"offered": ["zh_CN", "en"], "key": "中文"}
    assert "language_incomplete" not in log


def test_a_finished_translation_is_on_the_language_key(house: House) -> None:
    house.translate()
    found, log = house.looked_at()
    assert found == {"offered": ["zh_CN", "en", ZHUANG], "key": NAME}
    assert "language_incomplete" not in log


@pytest.mark.parametrize(
    "spoil",
    [
        lambda house: house.say("loss.done.title", ""),
        lambda house: house.say("loss.done.title", "guessed", fuzzy=True),
        lambda house: house.say("loss.urgent", "{hotlin}"),
        lambda house: house.say("loss.urgent", "{hotline"),
        lambda house: (house.catalogs / "speech.po").unlink(),
        lambda house: (house.catalogs / "kiosk.po").unlink(),
        lambda house: (house.folder / "kiosk" / "guide" / ZHUANG / "minors.md").unlink(),
        lambda house: shutil.rmtree(house.folder / "kiosk" / "guide" / ZHUANG),
    ],
    ids=["empty", "fuzzy", "strange value", "broken braces", "no speech", "no services", "a guide page", "no guide"],
)
def test_one_that_is_not_finished_is_not_offered_and_the_technician_is_told(house: House, spoil: Any) -> None:
    house.translate()
    spoil(house)
    found, log = house.looked_at()
    assert found["offered"] == ["zh_CN", "en"]
    assert "language_incomplete" in log
    assert f"language={ZHUANG}" in log
