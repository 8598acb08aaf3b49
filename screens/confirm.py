"""The last page before something changes."""

from __future__ import annotations

from kiosk.prompts import Confirm
from screens.page import Page, load_kv

load_kv(__file__)


class ConfirmPage(Page):
    """What happens, what it does not cover, whether it can be undone; then the act by its name."""

    stacks = True

    def render(self, prompt: Confirm) -> None:
        self.step(prompt)
        self.ids.title.text = self.say(prompt.title)
        self.ids.subject.text = "\n".join(self.say(line) for line in prompt.subject)
        for row, said in (("after", prompt.after), ("not_covered", prompt.not_covered), ("undo", prompt.undo)):
            self.ids[row].label, self.ids[row].value = self.word(f"confirm_{row}"), self.say(said)
        self.ids.after.tone = "plain" if prompt.at_once else "warn"
        self.ids.act.text, self.ids.decline.text = self.say(prompt.act), self.say(prompt.decline)
