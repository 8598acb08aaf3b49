"""The conformance suite says nothing that the contract does not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sync.central.conformance.people import SHIPPED, BadPeopleFile, load
from sync.central.conformance.run import CHECKS

ROOT = Path(__file__).parent.parent.parent


def one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.run.__name__)
def test_each_check_is_a_sentence_of_the_contract(check) -> None:
    assert check.sentence in one_line((ROOT / "docs" / "central.md").read_text())


def test_no_sentence_is_checked_twice() -> None:
    assert len({check.sentence for check in CHECKS}) == len(CHECKS)


def test_the_guides_output_is_todays() -> None:
    guide = (ROOT / "docs" / "integrator.md").read_text()
    assert [check.sentence for check in CHECKS if f"ok          {check.sentence}\n" not in guide] == []


def test_a_wrong_people_file_is_named_and_nobody_in_it(tmp_path: Path) -> None:
    file = tmp_path / "people.toml"
    file.write_text(SHIPPED.read_text().replace("[to_lose]", "[to_find]"))
    with pytest.raises(BadPeopleFile, match=r"people\.toml") as caught:
        load(file)
    assert "459900" not in str(caught.value)
