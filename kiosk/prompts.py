"""Everything a screen can be asked to show, one frozen struct each, and what a person can answer.

Prompts say what, never how: no size, colour or place, no language.  A screen that gets one shows it until it
gets the next; `ask` returns when the person has answered.
"""

from __future__ import annotations

import enum
from typing import Protocol

import msgspec

from kiosk.pin import Pin
from kiosk.slips.lines import Slip
from kiosk.terms import DeviceState, PadKey, Private
from kiosk.words import Message

# --- answers --------------------------------------------------------------------------


class Touched(msgspec.Struct, frozen=True):
    """Anywhere on the page."""


class Chosen(msgspec.Struct, frozen=True):
    """A tile; also a greyed one, whose reason is then explained."""

    service: str


class Agreed(msgspec.Struct, frozen=True):
    """The page's one primary act."""


class Declined(msgspec.Struct, frozen=True):
    """The page's secondary act."""


class Back(msgspec.Struct, frozen=True):
    """返回, at the foot of every page of a service."""


class Without(msgspec.Struct, frozen=True):
    """The person does not have the card that is asked for."""


class Done(msgspec.Struct, frozen=True):
    """办完了."""


class Typed(Private, frozen=True):
    """Figures that may be shown as they are typed: the code from the phone, a number that stands on a card."""

    text: str


class TypedPin(msgspec.Struct, frozen=True):
    """Whoever gets it wipes it."""

    pin: Pin


class Continue(msgspec.Struct, frozen=True):
    """The huge button of the time-out warning."""


Answer = Typed | TypedPin | Touched | Chosen | Agreed | Declined | Back | Without | Done | Continue


# --- parts of pages ---------------------------------------------------------------------


class Step(msgspec.Struct, frozen=True):
    """第2步，共4步."""

    number: int
    of: int


class Tone(enum.StrEnum):
    """Each has a colour, an icon and a word; colour is never the only sign."""

    GOOD = "good"
    WAITING = "waiting"
    BAD = "bad"
    PLAIN = "plain"


class Tile(msgspec.Struct, frozen=True):
    """One thing a person can do.  `closed` greys it and says why in at most seven characters."""

    service: str
    title: Message
    subtitle: Message
    closed: Message | None = None


class Row(msgspec.Struct, frozen=True):
    """A label and what stands beside it."""

    label: Message
    value: Message


class StageState(enum.StrEnum):
    """Each has a sign of its own."""

    DONE = "done"
    NOW = "now"
    NEXT = "next"
    FAILED = "failed"


class Stage(msgspec.Struct, frozen=True):
    """One step of something that takes weeks."""

    label: Message
    state: StageState
    note: Message
    """When it was done, or that it is done now, or not yet."""


# --- prompts -------------------------------------------------------------------------------


class Prompt(msgspec.Struct, frozen=True, kw_only=True):
    """Base of all pages."""


class ServicePage(Prompt, frozen=True, kw_only=True):
    """Base of the pages of a service: they have a step bar and 返回."""

    step: Step | None = None


class Attract(Prompt, frozen=True, kw_only=True):
    """Nobody is here.  → Touched"""

    dim: bool = False
    """Nobody was for a while: dark, and a touch anywhere on the glass only makes it light again."""


class Home(Prompt, frozen=True, kw_only=True):
    """What can be done now.  → Chosen"""

    tiles: tuple[Tile, ...]
    staff: str | None = None
    """What a clerk's key on the help sheet chooses; None: it has none."""


class PrivacyNotice(ServicePage, frozen=True, kw_only=True):
    """Shown before an ID card is read.  → Agreed | Declined | Back"""

    title: Message
    rows: tuple[Row, ...]


class Present(ServicePage, frozen=True, kw_only=True):
    """Base of the two pages that ask for a card."""

    title: Message
    body: Message
    trouble: Message | None = None
    """What went wrong a moment ago, and what to do about it."""
    without: Message | None = None
    """A button for people who do not have it with them."""
    seconds: int
    """How long the terminal waits; shown as a countdown."""


class LayIdCard(Present, frozen=True, kw_only=True):
    """→ Without | Back; otherwise ended by the card itself."""


class InsertCard(Present, frozen=True, kw_only=True):
    """→ Without | Back; otherwise ended by the card itself."""


class CardReport(ServicePage, frozen=True, kw_only=True):
    """What is known of a card, in plain words.  → Done | Chosen | Back"""

    tone: Tone
    title: Message
    sentence: Message
    rows: tuple[Row, ...]
    next: tuple[Tile, ...]
    """The services that fit now."""


class Confirm(ServicePage, frozen=True, kw_only=True):
    """The last page before something changes.  → Agreed | Declined | Back"""

    title: Message
    subject: tuple[Message, ...]
    """Whose, which card, its state now."""
    after: Message
    """办了以后: what happens."""
    at_once: bool = True
    """False: what happens is not in effect yet when the person leaves; said so that nobody overlooks it."""
    not_covered: Message
    """不包括."""
    undo: Message
    """能不能取消."""
    act: Message
    """The primary button says the act, never "OK"."""
    decline: Message


class Choose(ServicePage, frozen=True, kw_only=True):
    """Which of several ways.  → Chosen | Back"""

    title: Message
    body: Message
    options: tuple[Tile, ...]


class TypeCode(ServicePage, frozen=True, kw_only=True):
    """The code that was sent to the registered phone.  → Typed | Back"""

    title: Message
    body: Message
    trouble: Message | None = None
    digits: int


class TypeNumber(ServicePage, frozen=True, kw_only=True):
    """A number that the person reads off a card: figures, the last one may be an X.  → Typed | Back"""

    title: Message
    body: Message
    trouble: Message | None = None
    groups: tuple[int, ...]
    """How many characters stand together, for whoever compares."""
    figures_only: bool = False
    """Also the last one."""
    on_pad: bool = False
    """A PIN pad is there, which has no X: its point key stands for it."""
    typed: Typed = Typed("")
    """What stands there at first: to be corrected."""

    @property
    def digits(self) -> int:
        """How many characters it has; an X is one."""
        return sum(self.groups)


class TypePin(ServicePage, frozen=True, kw_only=True):
    """Six rings that fill; the digits are never shown.  → TypedPin | Back"""

    title: Message
    body: Message
    """Which password it is, and which it is not."""
    trouble: Message | None = None
    digits: int


class Working(ServicePage, frozen=True, kw_only=True):
    """Something is being done.  No answer: the next prompt ends it."""

    doing: Message
    about_s: int
    """About how long, in seconds."""


class Paper(enum.StrEnum):
    """What became of the slip."""

    PRINTING = "printing"
    PRINTED = "printed"
    NOT_PRINTED = "not_printed"
    UNKNOWN = "unknown"


class Result(Prompt, frozen=True, kw_only=True):
    """A service has come to its end.  → Done | Chosen | Agreed (print it again)"""

    tone: Tone
    title: Message
    sentence: Message
    warning: Message | None
    """What is not covered: the bank."""
    reference: str
    """Always on the screen too: paper may be missing."""
    hotline: str
    slip: Slip
    paper: Paper
    again: bool = False
    """The slip did not surely come, and the printer is ready."""
    next: tuple[Tile, ...] = ()
    goes_on: Message | None = None
    """What the last key says instead of 办完了, where something has to follow."""


class Progress(ServicePage, frozen=True, kw_only=True):
    """How far something is, step by step, with a slip.  → Done | Back"""

    tone: Tone
    title: Message
    sentence: Message
    first: tuple[Row, ...]
    """What is needed most: where it waits, what stopped it."""
    stages: tuple[Stage, ...]
    rows: tuple[Row, ...]
    """Whose, in place of what, since when."""
    hotline: str
    paper: Paper


class Refusal(Prompt, frozen=True, kw_only=True):
    """What cannot be done here, why, and where it can.  → Done"""

    tone: Tone = Tone.BAD
    title: Message
    why: Message
    where: Message
    hotline: str
    slip_comes: bool = False
    """One to show at the window is being printed."""


class Topics(ServicePage, frozen=True, kw_only=True):
    """One of several: what the guide can tell about, or why a card is replaced.  → Chosen | Back"""

    title: Message
    tiles: tuple[Tile, ...]


class AdviceLine(msgspec.Struct, frozen=True):
    text: Message
    point: bool
    """Something to bring or to do."""
    code: str | None = None
    """What a phone reads beside it: an address."""


class Advice(ServicePage, frozen=True, kw_only=True):
    """One topic of the guide.  → Agreed (print it) | Done | Back"""

    title: Message
    lines: tuple[AdviceLine, ...]
    as_of: Message | None = None
    """Nobody answers for it any more since then."""
    printable: bool
    paper: Paper | None = None
    """What became of its checklist, once it was asked for."""


class TakeCards(Prompt, frozen=True, kw_only=True):
    """请取走身份证和社保卡.  Ended by the slot being empty, or → Done"""

    id_card: bool
    ssc: bool
    slip: bool
    strangers: bool = False
    """An earlier person left it: whoever comes hands it to staff."""


class StillThere(Prompt, frozen=True, kw_only=True):
    """Time is nearly up.  → Continue"""

    seconds: int


class OutOfService(Prompt, frozen=True, kw_only=True):
    """Nothing can be done here now; no answer."""

    why: Message
    hotline: str


# --- what shows them -------------------------------------------------------------------------


class Standing(msgspec.Struct, frozen=True):
    """The status line at the top of every page."""

    online: bool


class Call(enum.StrEnum):
    """What is known of a person's call for staff."""

    NONE = "none"
    CALLING = "calling"
    TOLD = "told"
    """The centre has it."""
    UNREACHED = "unreached"


class Screen(Protocol):
    """The face as the desk sees it."""

    last_touch: float
    """trio time of the person's last sign of life, on whatever part of the screen."""

    touch_panel: DeviceState
    """For the technician."""

    @property
    def language(self) -> str:
        """The language the person chose, for the slip."""

    @property
    def large(self) -> bool:
        """Whether the person chose large type, for the slip."""

    @property
    def pace(self) -> int:
        """How many times as long as usual this person is waited for: twice with large type or speech."""

    @property
    def sound(self) -> DeviceState:
        """How the voice fares, for the technician."""

    async def ask(self, prompt: Prompt) -> Answer:
        """Show a page and wait for its answer.  Cancelled: the page stays until the next."""

    def show(self, prompt: Prompt) -> None:
        """Show a page that needs no answer, or replace the one being asked by a newer state of itself."""

    def stand(self, standing: Standing) -> None:
        """Change the status line."""

    async def asks(self) -> None:
        """Return once something is asked, as long as it is: what a person may answer with keys."""

    async def asks_nothing(self) -> None:
        """Return once nothing is asked any more."""

    def press(self, key: PadKey | int) -> None:
        """A key of the PIN pad, or a figure: it does what a key of the keypad does on the page that is shown."""

    async def staff_called(self) -> None:
        """Wait until the person calls for staff.  The visit does not notice it."""

    def tell_call(self, call: Call) -> None:
        """What became of the call."""

    def forget(self) -> None:
        """The visit is over: nothing of it may be left in any page; language and look go back."""
