"""Shown before an ID card is read."""

from __future__ import annotations

from kiosk.prompts import PrivacyNotice
from screens.page import Page, load_kv
from screens.parts.text import Text

load_kv(__file__)


class PrivacyNoticePage(Page):
    """Paragraphs on paper, then 同意 or not."""

    def render(self, prompt: PrivacyNotice) -> None:
        self.step(prompt)
        self.ids.title.text = self.say(prompt.title)
        paper = self.ids.paper
        while len(paper.children) < len(prompt.paragraphs):
            paper.add_widget(Text())
        texts = [self.say(paragraph) for paragraph in prompt.paragraphs]
        for text, words in zip(reversed(paper.children), texts + [""] * len(paper.children), strict=False):
            text.text, text.shown = words, bool(words)
        self.ids.agree.text, self.ids.decline.text = self.word("agree"), self.word("decline")
