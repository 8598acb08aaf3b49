"""What the terminal asks of `kiosk devices`, and what it is told unasked: the calls over the link.

Each call is a struct; its answer is a closed union with one class per case.  A pulled card, a silent
printer or an ID card lifted too early are answers, never errors.
"""

from __future__ import annotations

import msgspec

from kiosk.contract import SecureFunction
from kiosk.link import Call, CarriesPin, News
from kiosk.pin import Pin
from kiosk.slips.lines import Slip
from kiosk.terms import (
    DeviceState,
    Holder,
    OtherDocument,
    PadKey,
    PinState,
    ResidentIdCard,
    SocialSecurityCard,
)

# --- news: published on change, and in full on connect --------------------------


class NoCard(msgspec.Struct, frozen=True, tag="no_card"):
    """The slot is empty, or there is no reader."""


class CardIn(msgspec.Struct, frozen=True, tag="card_in"):
    """A card is in the slot.  `insertion` counts insertions, so that another card is another number."""

    insertion: int


class MuteCard(msgspec.Struct, frozen=True, tag="mute_card"):
    """Something is in the slot that gives no answer to reset: wrong way round, or broken."""

    insertion: int


SlotState = NoCard | CardIn | MuteCard


class DeviceNews(News, frozen=True, tag="devices"):
    """Everything `kiosk devices` knows of its hardware."""

    card_reader: DeviceState
    id_reader: DeviceState
    printer: DeviceState
    slot: SlotState
    virtual: bool = False
    """At least one of them exists only on the wire."""
    pin_pad: DeviceState | None = None
    """None: this terminal has none, and needs none."""


# --- ID card ---------------------------------------------------------------------


class IdLiftedEarly(msgspec.Struct, frozen=True, tag="lifted_early"):
    """The card was found but gone before it was read (SAM_V 81, 41, 47 …)."""


class IdReaderFailed(msgspec.Struct, frozen=True, tag="reader_failed"):
    """The reader is absent, answers noise, or reports a fault of its own."""

    advice: str


class IdCardUnreadable(msgspec.Struct, frozen=True, tag="unreadable"):
    """Read completely, but its content is no valid document (bad number, bad dates)."""


class OldIdCardLies(msgspec.Struct, frozen=True, tag="old_card_lies"):
    """A card lies there that may be an earlier citizen's: it must be lifted before one is read.

    Said once: the `ReadIdCard` that follows waits until it was lifted, and then for a card.  Most readers do not
    find a card again that they have read: of such a card they cannot tell, and it is waited for another.
    """


IdCardReading = ResidentIdCard | OtherDocument | IdLiftedEarly | IdReaderFailed | IdCardUnreadable | OldIdCardLies


class ReadIdCard(Call[IdCardReading], frozen=True, tag="read_id_card"):
    """Wait until an ID card is laid on, and read it.  Ends only with an answer, cancellation or the deadline.

    A card laid on before the answer to an earlier `ReadIdCard` is never read, nor one that lay there when the reader
    was opened.
    """


# --- social security card ----------------------------------------------------------


class CardPulled(msgspec.Struct, frozen=True, tag="pulled"):
    """The card left the slot before the step was finished."""


class CardMute(msgspec.Struct, frozen=True, tag="mute"):
    """No answer to reset: wrong way round or broken."""


class NotASocialSecurityCard(msgspec.Struct, frozen=True, tag="not_ssc"):
    """Answers, but has no 社会保障 application (SELECT SSSE ≠ 9000)."""

    sw: str


class CardBlocked(msgspec.Struct, frozen=True, tag="card_blocked"):
    """SELECT SSSE answered 6A81: the whole card was blocked."""


class CardLockedForever(msgspec.Struct, frozen=True, tag="locked_forever"):
    """9303: the application was blocked for ever."""


class CardUnexpected(msgspec.Struct, frozen=True, tag="unexpected"):
    """A status word or a record the standard does not foresee at this step."""

    step: str
    sw: str


class ReaderFailed(msgspec.Struct, frozen=True, tag="reader_failed"):
    """PC/SC or the reader is not there, or a call hung and its process was replaced."""

    advice: str


class CardOpened(msgspec.Struct, frozen=True, tag="opened"):
    """Powered, SSSE selected, EF05 and the retry counter read; it stays powered until `CloseCard`."""

    card: SocialSecurityCard
    pin: PinState


CardProblem = (
    CardPulled | CardMute | NotASocialSecurityCard | CardBlocked | CardLockedForever | CardUnexpected | ReaderFailed
)


class OpenCard(Call[CardOpened | CardProblem], frozen=True, tag="open_card"):
    """Power the card in the slot and read what is free."""


class Challenged(msgspec.Struct, frozen=True, tag="challenged"):
    """iReadCardBas_HSM_Step1 (protocols §2.4).  All values hex, 16 digits.

    `external_*` is None on cards whose holder can be read freely.  After this no other APDU may go to the
    card until `ReadHolder`: EXTERNAL AUTHENTICATE uses the card's latest challenge.
    """

    internal_factor: str
    internal_original: str
    internal_response: str
    external_factor: str | None
    external_original: str | None


class ChallengeCard(Call[Challenged | CardProblem], frozen=True, tag="challenge_card"):
    """Let the card prove itself, and ask for its challenges."""


class HolderRead(msgspec.Struct, frozen=True, tag="holder"):
    holder: Holder


class AuthenticationRefused(msgspec.Struct, frozen=True, tag="authentication_refused"):
    """The card refused EXTERNAL AUTHENTICATE with RKSSSE (63Cx, 6983, 6984, 6988)."""

    sw: str


class ReadHolder(Call[HolderRead | AuthenticationRefused | CardProblem], frozen=True, tag="read_holder"):
    """iReadCardBas_HSM_Step2: authenticate where the card asks for it, and read EF06.

    `external` is 32 hex digits (鉴别数据 ‖ 原始信息), or None for 1.0 and 2.0 cards.
    """

    external: str | None


# --- PIN reload and unblock: iReloadPIN_HSM, iUnblockPIN_HSM (LD/T 33) ---------------------
#
# The card stays powered from OpenCard to CloseCard.  Between the last GET CHALLENGE and the command that
# uses it no other APDU goes out.


class AnotherCard(msgspec.Struct, frozen=True, tag="another_card"):
    """Not the card that was opened in this visit: identifier or number differ (−22 of LD/T 33)."""


class PinChallenged(msgspec.Struct, frozen=True, tag="pin_challenged"):
    """Step 1.  Hex, 16 digits each: 过程因子 and 原始信息 for the PUK authentication."""

    factor: str
    original: str


class ChallengePin(Call[PinChallenged | AnotherCard | CardProblem], frozen=True, tag="challenge_pin"):
    """Step 1: the card is still the same one; two challenges for the PUK authentication."""

    identifier: str
    number: str


class PukAccepted(msgspec.Struct, frozen=True, tag="puk_accepted"):
    """Step 2.  `factor`: the fresh challenge for the secure message, 16 hex digits."""

    factor: str


class PukRefused(msgspec.Struct, frozen=True, tag="puk_refused"):
    """63Cx: the unblock key did not fit.  One try of the card's PUK is gone; never repeat."""

    sw: str


class PukLocked(msgspec.Struct, frozen=True, tag="puk_locked"):
    """6983 on `0082 00 06`: the unblock key itself is locked; only the window can help."""


class AuthenticatePuk(Call[PukAccepted | PukRefused | PukLocked | CardProblem], frozen=True, tag="authenticate_puk"):
    """Step 2: EXTERNAL AUTHENTICATE with the PUK, once, and a fresh challenge.  `authentication`: 32 hex digits."""

    authentication: str


class Applied(msgspec.Struct, frozen=True, tag="applied"):
    """9000."""


class MessageRefused(msgspec.Struct, frozen=True, tag="message_refused"):
    """6988, 6984, 6982 …: the chip is as it was."""

    sw: str


class MessageUnsent(msgspec.Struct, frozen=True, tag="message_unsent"):
    """Nothing went to the card."""

    why: CardPulled | ReaderFailed | None = None
    """The card had left before, or its reader; None: not 4, 12 or 20 bytes as function and algorithm demand, or no
    challenge to use."""


class ApplySecureMessage(
    Call[Applied | MessageRefused | MessageUnsent | CardProblem], frozen=True, tag="apply_secure_message"
):
    """Step 3: `84 24` with a header of our own and the centre's enc ‖ MAC.

    Any `CardProblem` means that nobody knows whether the chip did it.
    """

    function: SecureFunction
    message: str
    """Hex: 8 digits (unblock), 24 (DES reload) or 40 (SM4 reload)."""


class PinVerified(msgspec.Struct, frozen=True, tag="pin_verified"):
    """9000: this is the card's PIN."""


class PinWrong(msgspec.Struct, frozen=True, tag="pin_wrong"):
    """63Cx: it is not, and one try is gone; or 6983: it is blocked."""

    state: PinState


class VerifyPin(CarriesPin, Call[PinVerified | PinWrong | CardProblem], frozen=True, tag="verify_pin"):
    """iVerifyPIN: VERIFY with the PIN that the person typed.  The terminal never tries one of its own."""


class Changed(msgspec.Struct, frozen=True, tag="changed"):
    """9000: the new PIN is the card's, and all its tries are there again."""


class ChangeRefused(msgspec.Struct, frozen=True, tag="change_refused"):
    """6A80, 6985, 9303 …: the chip is as it was, its tries too."""

    sw: str


class ChangeUnsent(msgspec.Struct, frozen=True, tag="change_unsent"):
    """Nothing went to the card."""

    why: CardPulled | ReaderFailed | None = None
    """The card had left before, or its reader; None: one of the PINs is too short."""


class ChangePin(
    CarriesPin, Call[Changed | PinWrong | ChangeRefused | ChangeUnsent | CardProblem], frozen=True, tag="change_pin"
):
    """iChangePIN: CHANGE PIN from `pin` to `new`, both typed by the person.

    `PinWrong`: `pin` is not the card's.  Any `CardProblem` means that nobody knows whether the chip did it.
    """

    new: Pin


class PinAsked(msgspec.Struct, frozen=True, tag="pin_asked"):
    state: PinState


class AskPinState(Call[PinAsked | CardProblem], frozen=True, tag="ask_pin_state"):
    """VERIFY with Lc=00: tries left, without using one."""


class Closed(msgspec.Struct, frozen=True, tag="closed"):
    """Powered off and released; also when there was nothing to close."""


class CloseCard(Call[Closed], frozen=True, tag="close_card"):
    """Power the card off and let go of the reader."""


# --- printer ----------------------------------------------------------------------


class Printed(msgspec.Struct, frozen=True, tag="printed"):
    """The printer answered after the last byte, with paper and no fault."""


class NotPrinted(msgspec.Struct, frozen=True, tag="not_printed"):
    """No whole slip came out; `advice` is for the technician."""

    advice: str


class PrintUnknown(msgspec.Struct, frozen=True, tag="unknown"):
    """The bytes went out and nothing came back: there may be a slip, whole or not."""

    advice: str


Printing = Printed | NotPrinted | PrintUnknown


class PrintSlip(Call[Printing], frozen=True, tag="print_slip"):
    slip: Slip


# --- PIN pad ----------------------------------------------------------------------


class FigurePressed(CarriesPin, frozen=True, tag="figure"):
    """A figure: one digit, attached, because it may be one of a PIN."""


class PadKeyPressed(msgspec.Struct, frozen=True, tag="key"):
    """One of the other keys."""

    key: PadKey


class NoKeyPressed(msgspec.Struct, frozen=True, tag="no_key"):
    """Nobody waits any more."""


class PinPadFailed(msgspec.Struct, frozen=True, tag="pin_pad_failed"):
    """The pad is absent, answers nothing, or reports a fault of its own."""

    advice: str


PadPress = FigurePressed | PadKeyPressed | NoKeyPressed | PinPadFailed


class ReadPadKey(Call[PadPress], frozen=True, tag="read_pad_key"):
    """Switch the pad on for input and wait for one key.

    Who wants the next one asks again at once; where nobody does, the pad is switched off, and keys pressed then are
    nobody's.
    """
