"""The second region says some things in its own words: on the page, into the ear and on paper."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.contract import Text
from kiosk.prompts import Home, Refusal
from kiosk.words import CHINESE, language, word_as_the_region
from screens.speech.telling import spoken
from tests.kiosk.region import OTHER, policy
from tests.stories.hall import Hall, switched_on
from tests.stories.steps import up_to_the_id_card
from tests.stories.test_checklists import and_leaves

WHERE, TITLE = "refusal.cancelled.where", "tile.report_loss.title"


@pytest.fixture
def words() -> Iterator[dict[str, Text]]:
    yield policy(OTHER).texts
    word_as_the_region({})


def written(texts: dict[str, Text]) -> str:
    """As they stand in a policy file."""
    lines = [f'"{id}" = {{ zh = "{text.zh}", en = "{text.en}" }}\n' for id, text in texts.items()]
    return "\n[texts]\n" + "".join(lines)


async def test_a_region_sends_people_where_it_wants_them(
    autojump_clock: object, tmp_path: Path, words: dict[str, Text]
) -> None:
    async with switched_on(Hall(tmp_path, site_rules=written(words))) as hall:
        await hall.citizen.comes()
        home = await hall.citizen.sees(Home)
        tile = next(tile for tile in home.tiles if tile.service == "report_loss")
        assert [language(code).say(tile.title) for code in (CHINESE, "en")] == [words[TITLE].zh, words[TITLE].en]
        assert words[TITLE].zh in "".join(one.text for one in spoken(home, CHINESE, private=False))
        await up_to_the_id_card(hall, "report_loss")
        hall.lays("cancelled")
        page = await hall.citizen.sees(Refusal)
        assert words[WHERE].zh in hall.citizen.words()
        assert words[WHERE].zh in "".join(one.text for one in spoken(page, CHINESE, private=False))
        await and_leaves(hall)
        (slip,) = hall.hardware.slips
        assert words[WHERE].zh in slip.replace("\n", "")
