"""Between the desk and the face: one page at a time, one answer to each question.

Knows no Kivy: the face draws, this decides what is shown, what is being asked and whose answer counts.
"""

from __future__ import annotations

import enum
from typing import Protocol

import trio

from kiosk.words import complete
