"""The nouns of the counter: people, cards and the states they can be in.

What identifies a person or a card never shows in a `repr`, so that no log line, exception or
assertion can leak it.  Field codes (AAC002 …) are those of the ministry's data dictionary.
"""

from __future__ import annotations

import datetime as dt
import enum
from typing import ClassVar

import msgspec


class Private(msgspec.Struct, frozen=True):
    """Base of everything that identifies a person or a card: compares and travels, never prints."""

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"

    __str__ = __repr__

    def __rich_repr__(self) -> list[tuple[str, object]]:
        return []


# --- people -----------------------------------------------------------------


class Holder(Private, frozen=True):
    """A person as the card or the ID document names them."""

    number: str
    """社会保障号码 (AAC002): for citizens the 18-character resident ID number."""
    name: str
    """姓名 (AAC003)."""

    @property
    def masked_name(self) -> str:
        """Surname and a star: what screen, slip and journal may show."""
        return mask_name(self.name)

    @property
    def last4(self) -> str:
        return self.number[-4:]


COMPOUND_SURNAMES = frozenset(
    {"欧阳", "司马", "上官", "诸葛", "皇甫", "尉迟", "公孙", "慕容", "令狐", "司徒", "端木", "夏侯"}
)


def mask_name(name: str) -> str:
    """Surname and a star."""
    surname = name[:2] if name[:2] in COMPOUND_SURNAMES else name[:1]
    return f"{surname}*"


class ResidentIdCard(Private, frozen=True, tag="resident"):
    """居民身份证, as read from the reader (protocols §4.4)."""

    holder: Holder
    birth: dt.date
    valid_from: dt.date
    valid_until: dt.date | None
    """None: 长期, valid for life."""

    def expired_on(self, day: dt.date) -> bool:
        return self.valid_until is not None and self.valid_until < day


def age_on(birth: dt.date, day: dt.date) -> int:
    """In whole years."""
    had_birthday = (day.month, day.day) >= (birth.month, birth.day)
    return day.year - birth.year - (0 if had_birthday else 1)


class VouchedPerson(Private, frozen=True):
    """Somebody whose ID card was not read: a clerk answers for the number, and the name is the centre's, masked."""

    holder: Holder
    birth: dt.date


Person = ResidentIdCard | VouchedPerson


class Clerk(msgspec.Struct, frozen=True):
    """Who signed in, for this visit."""

    name: str
    number: str
    sign_in: str
    """The centre's id of it."""


class DocumentKind(enum.StrEnum):
    """Documents the reader knows and the terminal sends to the window (protocols §4.4)."""

    HONG_KONG_MACAO_TAIWAN = "J"
    FOREIGNER_2017 = "I"
    FOREIGNER_2023 = "Y"


class OtherDocument(msgspec.Struct, frozen=True, tag="other"):
    """An identity document that is not the resident ID card: served at the window."""

    kind: DocumentKind


# --- the social security card -------------------------------------------------


class Algorithm(enum.StrEnum):
    """FCI 9F0C, template 86 01 xx (protocols §1.2)."""

    DES = "01"
    SSF33 = "02"
    SM4 = "03"


class CardVersion(enum.StrEnum):
    """规范版本, EF05 tag 03; only the first three characters count, blank means 1.0."""

    V1 = "1.0"
    V2 = "2.0"
    V3 = "3.0"


class SocialSecurityCard(Private, frozen=True):
    """What any terminal may read of a card without proving anything (EF05 and the ATR)."""

    identifier: str
    """卡识别码 (AAZ501), 32 hex digits."""
    number: str
    """卡号 (AAZ500), 9 characters."""
    version: CardVersion
    algorithm: Algorithm
    region: str
    """Issuing region, GB/T 2260, 6 digits (AAB301)."""
    reset_info: str
    """卡复位信息: the 13 historical bytes, 26 hex digits."""
    issued: dt.date | None
    expires: dt.date | None

    @property
    def last4(self) -> str:
        return self.number[-4:]

    @property
    def holder_needs_authentication(self) -> bool:
        """3.0 cards show their holder only after EXTERNAL AUTHENTICATE with RKSSSE (protocols §1.5)."""
        return self.version is CardVersion.V3


class CardStatus(enum.StrEnum):
    """AAZ502, the centre's truth about a card."""

    SEALED = "0"
    NORMAL = "1"
    FORMALLY_LOST = "2"
    APPLICATION_LOCKED = "3"
    TEMPORARILY_LOST = "4"
    CANCELLED = "9"
    UNKNOWN = "unknown"

    @classmethod
    def _missing_(cls, value: object) -> CardStatus:
        return cls.UNKNOWN


# --- the PIN on the chip: separate from the card's status ---------------------


class NoPin(msgspec.Struct, frozen=True, tag="no_pin"):
    """VERIFY with Lc=00 answered 9000: no PIN was ever set."""


class TriesLeft(msgspec.Struct, frozen=True, tag="tries_left"):
    """63Cx: x tries left."""

    tries: int


class PinBlocked(msgspec.Struct, frozen=True, tag="blocked"):
    """6983 (or 63C0): an unblock or a reset is needed."""


class PinLockedForever(msgspec.Struct, frozen=True, tag="locked_forever"):
    """9303: the application was blocked for ever; only the window can help."""


class PinUnknown(msgspec.Struct, frozen=True, tag="unknown"):
    """The card gave another answer, or none, or was not there to be asked."""


PinState = NoPin | TriesLeft | PinBlocked | PinLockedForever | PinUnknown


# --- devices ------------------------------------------------------------------


class Condition(msgspec.Struct, frozen=True, tag_field="condition"):
    """State of one device."""

    usable: ClassVar[bool] = False


class DeviceOk(Condition, frozen=True, tag="ok"):
    usable: ClassVar[bool] = True


class DeviceLow(Condition, frozen=True, tag="low"):
    """Works, but wants something soon (paper near its end)."""

    usable: ClassVar[bool] = True
    advice: str = ""


class DeviceOut(Condition, frozen=True, tag="out"):
    """Answers, but cannot work until somebody acts (no paper, cover open)."""

    advice: str = ""


class DeviceAbsent(Condition, frozen=True, tag="absent"):
    """Not connected, or not configured."""

    advice: str = ""


class DeviceFailing(Condition, frozen=True, tag="failing"):
    """Connected and in trouble: timed out, killed, or reports a fault."""

    advice: str = ""


class DeviceUnknown(Condition, frozen=True, tag="unknown"):
    """Never asked yet, or it cannot tell (a printer that stays silent may still print)."""

    advice: str = ""


class PadKey(enum.StrEnum):
    """A key of a PIN pad that is no figure."""

    CONFIRM = "confirm"
    CANCEL = "cancel"
    DELETE = "delete"
    CLEAR = "clear"


DeviceState = DeviceOk | DeviceLow | DeviceOut | DeviceAbsent | DeviceFailing | DeviceUnknown
