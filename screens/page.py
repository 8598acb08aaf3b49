"""The base of all pages.  A page is built once, and dressed anew for every prompt of its kind."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from kivy.app import App
from kivy.factory import Factory
from kivy.lang import Builder
from kivy.uix.screenmanager import Screen as KivyScreen

from kiosk.prompts import Answer, Prompt, ServicePage
from kiosk.words import Message, language, msg
from screens.manner import Manner
from screens.parts import library  # noqa: F401 - layout files name the parts
from screens.parts.leaves import Leaves
from screens.parts.part import Part, theme
from screens.speech.narrator import Narrator


class Page(KivyScreen):
    """`render` puts a prompt's words into the parts; `answer` tells the face what was pressed."""

    language: str
    pace = 1
    say: Callable[[Message], str]

    stacks = False
    """On a stacked theme its words stand above what is touched, and not beside it."""

    def __init__(self, **kwargs: Any) -> None:
        self.theme = theme()
        super().__init__(**kwargs)
        if "leaves" in self.ids:
            for name in ("leaf", "of"):
                self.ids.leaves.fbind(name, self._tell_leaf)
        if self.theme.stacked and self.stacks:
            self.stack()

    def stack(self) -> None:
        """The title above everything; what else is said goes in front of the matter."""
        say, leaves = self.ids.say, self.ids.get("leaves")
        say.over = True
        for sentence in (part for part in say.parts() if isinstance(part, Factory.Sentence)):
            if isinstance(leaves, Leaves):
                say.remove_widget(sentence)
                leaves.add_widget(sentence, index=len(leaves.children))

    def present(self, prompt: Prompt, manner: Manner) -> None:
        """Show a prompt in a person's manner."""
        self.language, self.pace, self.say = manner.language, manner.pace, language(manner.language).say
        self.render(prompt)
        self._tell_leaf()

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

    @property
    def narrator(self) -> Narrator:
        """Who says what a person did here."""
        return App.get_running_app().narrator  # type: ignore[no-any-return]

    def counts(self) -> bool:
        """Whether what was just pressed counts; asked once for a press that is no answer yet."""
        return bool(App.get_running_app().face.counts())

    def turn(self) -> None:
        """To the next leaf.  The finger that did it does nothing more."""
        App.get_running_app().face.turn(self.ids.leaves)

    def turn_back(self) -> bool:
        """To the leaf before, if there is one."""
        if not self.leafed:
            return False
        self.ids.leaves.turn(-1)
        return True

    @property
    def leafed(self) -> bool:
        """Another leaf than the first is shown."""
        return "leaves" in self.ids and self.ids.leaves.leaf > 0

    def first_leaf(self) -> None:
        """Where a new page begins."""
        if "leaves" in self.ids:
            self.ids.leaves.open(0)

    def _tell_leaf(self, *_: object) -> None:
        leaves = self.ids.get("leaves")
        if leaves is not None and "turn" in self.ids:
            self.ids.turn.text = self.word("turn", leaf=leaves.leaf + 1, of=leaves.of)

    def step(self, prompt: ServicePage) -> None:
        """Fill the step bar."""
        self.ids.steps.number = prompt.step.number if prompt.step else 0
        self.ids.steps.of = prompt.step.of if prompt.step else 0
        self.ids.step_words.text = (
            self.word("step", number=prompt.step.number, of=prompt.step.of) if prompt.step else ""
        )
        self.ids.step_words.shown = not self.theme.stacked

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
