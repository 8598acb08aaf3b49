"""The conformance suite says nothing that the contract does not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sync.central.conformance.live import NEED_A_CHIP
from sync.central.conformance.people import SHIPPED, BadPeopleFile, load
from sync.central.conformance.run import CHECKS

ROOT = Path(__file__).parent.parent.parent


def one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.run.__name__)
def test_each_check_is_a_sentence_of_the_contract(check) -> None:
    assert check.sentence in one_line((ROOT / "docs" / "central.md").read_text())


@pytest.mark.parametrize("sentence", NEED_A_CHIP)
def test_what_needs_a_chip_is_a_sentence_of_the_contract_too(sentence: str) -> None:
    assert sentence in one_line((ROOT / "docs" / "central.md").read_text())


def test_no_sentence_is_told_twice() -> None:
    told = [check.sentence for check in CHECKS] + list(NEED_A_CHIP)
    assert len(set(told)) == len(told)


def test_the_guides_output_is_todays() -> None:
    guide = (ROOT / "docs" / "integrator.md").read_text()
    told = [f"{'ok':<13}{check.sentence}\n" for check in CHECKS]
    told += [f"needs a chip {sentence}\n" for sentence in NEED_A_CHIP]
    assert [line for line in told if line not in guide] == []


def test_a_wrong_people_file_is_named_and_nobody_in_it(tmp_path: Path) -> None:
    file = tmp_path / "people.toml"
    file.write_text(SHIPPED.read_text().replace("[to_lose]", "[to_find]"))
    with pytest.raises(BadPeopleFile, match=r"people\.toml") as caught:
        load(file)
    assert "459900" not in str(caught.value)
