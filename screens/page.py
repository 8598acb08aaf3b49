"""The base of all pages.  A page is built once, and dressed anew for every prompt of its kind."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from kivy.app import App
from kivy.lang import Builder
from kivy.uix.screenmanager import Screen as KivyScreen

from kiosk.prompts import Answer, Prompt, ServicePage
from kiosk.words import Message, language, msg
from screens.manner import Manner
from screens.parts import library  # noqa: F401 - layout files name the parts
from screens.parts.part import Part, theme


class Page(KivyScreen):
    """`render` puts a prompt's words into the parts; `answer` tells the face what was pressed."""

    language: str
    pace: int
    say: Callable[[Message], str]

    def __init__(self, **kwargs: Any) -> None:
        self.theme = theme()
        super().__init__(**kwargs)

    def present(self, prompt: Prompt, manner: Manner) -> None:
        """Show a prompt in a person's manner."""
        self.language, self.pace, self.say = manner.language, manner.pace, language(manner.language).say
        self.render(prompt)

    def render(self, prompt: Any) -> None:
        """Each page's own."""
        raise NotImplementedError

    def word(self, id: str, /, **values: Any) -> str:
        """One of the pages' own words, by its id without the prefix."""
        return self.say(msg(f"screens.{id}", **values))

    def answer(self, answer: Answer) -> None:
        """Something was pressed."""
        App.get_running_app().face.answer(answer)

    def give(self, answer: Answer) -> None:
        """An answer that comes after the touch that made it."""
        App.get_running_app().face.give(answer)

    def counts(self) -> bool:
        """Whether what was just pressed counts; asked once for a press that is no answer yet."""
        return bool(App.get_running_app().face.counts())

    def step(self, prompt: ServicePage) -> None:
        """Fill the step bar."""
        self.ids.steps.number = prompt.step.number if prompt.step else 0
        self.ids.steps.of = prompt.step.of if prompt.step else 0
        self.ids.step_words.text = (
            self.word("step", number=prompt.step.number, of=prompt.step.of) if prompt.step else ""
        )

    def begin(self, prompt: Any) -> None:
        """A new prompt, not a language: clocks start here."""

    def touched(self) -> None:
        """A sign of life: time-outs start again."""

    def leave(self) -> None:
        """Another page is shown: clocks stop."""

    def clear(self) -> None:
        """Nothing of the visit stays in any part."""
        for part in self.children:
            if isinstance(part, Part):
                part.clear()


def load_kv(path: str) -> None:
    """Load the layout that stands beside a page's module."""
    Builder.load_file(str(Path(path).with_suffix(".kv")))
