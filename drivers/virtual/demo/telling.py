"""What a demo tells the one who started it, line by line."""

from __future__ import annotations

import sys


def say(sentence: str) -> None:
    print(sentence, flush=True)  # noqa: T201 - what a demo is for


def say_wrong(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)  # noqa: T201
