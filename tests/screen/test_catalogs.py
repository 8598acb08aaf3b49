"""The catalogs as they stand fit on the smallest panel: a sentence that is too long is found here, not by a citizen."""

from __future__ import annotations

import pytest

from tests.screen.conftest import Glass
from tests.screen.samples import LANGUAGES
from tests.screen.written import written


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("look", ["standard", "large"])
def test_every_sentence_of_the_services_fits(glass: Glass, look: str, language: str) -> None:
    wrong = {name: glass.problems(name, look=look, language=language) for name in written(language)}
    assert {name: problems for name, problems in wrong.items() if problems} == {}
