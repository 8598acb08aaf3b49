"""Please take your cards and the slip."""

from __future__ import annotations

from babel.lists import format_list

from kiosk.prompts import TakeCards
from screens.page import Page, load_kv

load_kv(__file__)


class TakeCardsPage(Page):
    """A picture of each thing that is still here."""

    stacks = True

    def render(self, prompt: TakeCards) -> None:
        things = {"id_card": prompt.id_card, "ssc": prompt.ssc, "slip": prompt.slip}
        for name, here in things.items():
            self.ids[name].shown = here
            self.ids[name].dress(self.word(f"thing_{name}"))
        named = [self.word(f"take_{name}") for name, here in things.items() if here]
        self.ids.title.text = self.word("take_title", things=format_list(named, locale=self.language))
        self.ids.body.text = self.word("take_body_slip" if prompt.slip else "take_body")
        self.ids.body.shown = prompt.strangers or not self.theme.stacked
        self.ids.done.text = self.word("take_done")
        if prompt.strangers:
            self.ids.title.text, self.ids.body.text = self.word("take_strangers"), self.word("take_to_staff")
            self.ids.done.text = self.word("take_go_on")
