"""What the centre can decide about a transaction, with the sentence the citizen is told."""

from __future__ import annotations

import datetime as dt

import msgspec

from kiosk.contract import ChipResult, Kind, Text, VerdictOutcome
from kiosk.terms import CardStatus
from sync.central import tables


class Ruling(msgspec.Struct, frozen=True):
    """An outcome with its stable code and its reason."""

    outcome: VerdictOutcome
    code: str
    reason: Text


class Decision(msgspec.Struct, frozen=True):
    """A ruling, and what became true with it."""

    ruling: Ruling
    person: tables.Person | None = None
    effective_at: dt.datetime | None = None
    card_status: CardStatus | None = None
    receipt_no: str | None = None


def _ruling(outcome: VerdictOutcome, code: str, zh: str, en: str) -> Ruling:
    return Ruling(outcome, code, Text(zh, en))


def _refusal(code: str, zh: str, en: str) -> Ruling:
    return _ruling(VerdictOutcome.REFUSED, code, zh, en)


STORED = _ruling(VerdictOutcome.DONE, "stored", "已登记。", "Recorded.")
LOSS_DONE = _ruling(
    VerdictOutcome.DONE,
    "done",
    "社会保障账户已临时挂失。",
    "The social security account is reported lost (temporary).",
)
LOSS_ALREADY = _ruling(
    VerdictOutcome.ALREADY, "already", "此前已经挂失，挂失继续有效。", "It was reported lost before, and still is."
)
VOID = _ruling(
    VerdictOutcome.VOID, "void", "此笔业务已作废，没有办理。", "This transaction was made void; nothing was done."
)

AUTHORISED = _ruling(
    VerdictOutcome.AUTHORISED, "authorised", "中心已同意办理，请勿取走卡片。", "Authorised; please leave the card in."
)
CHIP_DONE = {
    Kind.RELOAD_PIN: _ruling(
        VerdictOutcome.DONE, "done", "社会保障卡密码已重置。", "The social security card has a new PIN."
    ),
    Kind.UNBLOCK_PIN: _ruling(
        VerdictOutcome.DONE, "done", "社会保障卡密码已解锁。", "The social security card's PIN is unblocked."
    ),
}
CHIP_PIN_DIFFERS = _ruling(
    VerdictOutcome.DONE,
    "pin_differs",
    "卡内密码与持卡人输入的不一致，请核查。",
    "The PIN on the card is not the one that was typed: to be looked into.",
)
CHIP_NOT_DONE = _ruling(
    VerdictOutcome.VOID, "not_done", "没有办理，卡没有变化。", "Nothing was done; the card is as it was."
)
ISSUED = _ruling(
    VerdictOutcome.ISSUED,
    "issued",
    "安全报文已经发出，是否办成以卡为准。",
    "The secure message went out; only the card knows whether it was done.",
)
CHIP_DOUBTFUL = {
    ChipResult.UNKNOWN: ISSUED,
    ChipResult.MOOT: _ruling(
        VerdictOutcome.ISSUED,
        "moot",
        "是否办成已无从得知，此后卡已另行办理。",
        "Whether it was done no longer matters: the card was served again since.",
    ),
    ChipResult.UNRESOLVABLE: _ruling(
        VerdictOutcome.ISSUED, "unresolvable", "是否办成无法查明。", "Whether it was done cannot be found out."
    ),
}

TOO_LATE = _refusal("too_late", "请求已超时，没有办理。", "The request came too late; nothing was done.")
PROOF_MISSING = _refusal("proof_missing", "缺少身份证明，没有办理。", "Proof of identity is missing; nothing was done.")
PROOF_LATE = _refusal("proof_late", "验证码已过期，没有办理。", "The code has expired; nothing was done.")
HOLDER_UNKNOWN = _refusal("holder_unknown", "未查到您的参保信息。", "The centre has no record of this person.")
NO_CARD = _refusal("no_card", "您名下没有社会保障卡。", "No social security card is in your name.")
SUPERSEDED = _refusal(
    "superseded",
    "登记之后卡的状态已有变更，未再挂失。",
    "The card changed after this was registered; it was not reported lost again.",
)
NEEDS_PERSON = _refusal(
    "needs_person",
    "登记时间无法确认，须由工作人员处理，请拨打12333。",
    "The time of registration cannot be trusted; staff must decide. Please call 12333.",
)
QUOTA_PERSON = _refusal(
    "quota_person", "今日挂失次数已达上限，请到窗口办理。", "Too many loss reports today; please go to the window."
)

NOT_THIS_HOLDER = _refusal(
    "not_this_holder", "这不是您本人的社保卡。", "The card is not that of the person in this visit."
)
CARD_UNKNOWN = _refusal("card_unknown", "未查到此卡。", "The centre has no such card.")
QUOTA_PIN_WORK = _refusal(
    "quota_pin_work", "今日办理次数已达上限，请到窗口办理。", "Too many times today; please go to the window."
)
QUOTA_UNBLOCK = _refusal(
    "quota_unblock",
    "此卡今日已解锁过，请重置密码或到窗口办理。",
    "This card was unblocked today already; reset the PIN or go to the window.",
)
QUOTA_CARD_WORK = _refusal(
    "quota_card_work", "今日办理次数已达上限，请到窗口办理。", "Too many times today; please go to the window."
)
CLERK_UNKNOWN = _refusal(
    "clerk_unknown",
    "为您担保的工作人员没有登记，没有办理。",
    "The clerk who vouches is not on record; nothing was done.",
)
NOT_BY_CLERK = _refusal(
    "not_by_clerk",
    "这项业务不能这样代办，没有办理。",
    "This cannot be done in this way for somebody else; nothing was done.",
)
QUOTA_TERMINAL = _refusal(
    "quota_terminal",
    "本终端今日办理次数已达上限，请到窗口办理。",
    "This terminal did too much today; please use the window.",
)

NO_PIN_WORK = {
    CardStatus.SEALED: _refusal("card_sealed", "卡还没有启用，请先启用。", "The card is not activated yet."),
    CardStatus.FORMALLY_LOST: _refusal("card_lost", "卡已正式挂失，不能办理。", "The card is reported lost."),
    CardStatus.APPLICATION_LOCKED: _refusal(
        "card_locked", "卡的应用已锁定，请到窗口办理。", "The card is locked by the office; please go to the window."
    ),
    CardStatus.TEMPORARILY_LOST: _refusal(
        "card_lost", "卡已临时挂失，请先解除挂失。", "The card is reported lost; release it first."
    ),
    CardStatus.CANCELLED: _refusal("card_cancelled", "卡已注销，不能办理。", "The card is cancelled."),
    CardStatus.UNKNOWN: _refusal(
        "status_unknown", "卡状态不明，请到窗口办理。", "The card's status is unknown; please go to the window."
    ),
}
"""Why the PIN of a card is not touched, by the card's status: everything but 1."""

CARD_REPLACED = _refusal("card_replaced", "此卡已被新卡替换。", "Another card has replaced this one.")

WRONG_STATUS = {
    CardStatus.SEALED: _refusal("card_sealed", "卡还没有启用，不能挂失。", "The card is not activated yet."),
    CardStatus.APPLICATION_LOCKED: _refusal(
        "card_locked", "卡的应用已锁定，请到窗口办理。", "The card is locked by the office; please go to the window."
    ),
    CardStatus.CANCELLED: _refusal("card_cancelled", "卡已注销，不能挂失。", "The card is cancelled."),
    CardStatus.UNKNOWN: _refusal(
        "status_unknown", "卡状态不明，请到窗口办理。", "The card's status is unknown; please go to the window."
    ),
}
"""Why a loss is refused, by the card's status; statuses 1, 2 and 4 are no refusals."""


# --- release, formal loss, replacement, activation ---------------------------------------------

_AT_THE_WINDOW_ONLY = {
    CardStatus.APPLICATION_LOCKED: NO_PIN_WORK[CardStatus.APPLICATION_LOCKED],
    CardStatus.CANCELLED: NO_PIN_WORK[CardStatus.CANCELLED],
    CardStatus.UNKNOWN: NO_PIN_WORK[CardStatus.UNKNOWN],
}
_SEALED = NO_PIN_WORK[CardStatus.SEALED]

RELEASE_DONE = _ruling(
    VerdictOutcome.DONE,
    "done",
    "社会保障账户的临时挂失已解除。",
    "The loss report on the social security account is taken back.",
)
RELEASE_ALREADY = _ruling(VerdictOutcome.ALREADY, "already", "卡没有挂失，可以使用。", "It is not reported lost.")
REPLACEMENT_FILED = _refusal(
    "replacement_filed",
    "已经申请补换卡，挂失不能解除。",
    "A replacement was applied for: the loss report cannot be taken back.",
)
NO_RELEASE = _AT_THE_WINDOW_ONLY | {
    CardStatus.SEALED: _SEALED,
    CardStatus.FORMALLY_LOST: _refusal(
        "card_lost", "卡已正式挂失，不能解除。", "The card is formally reported lost, for good."
    ),
}

FORMAL_LOSS_DONE = _ruling(
    VerdictOutcome.DONE,
    "done",
    "社会保障账户已正式挂失，补卡已受理。",
    "The social security account is formally reported lost; a new card is ordered.",
)
FORMAL_LOSS_ALREADY = _ruling(
    VerdictOutcome.ALREADY, "already", "此前已经正式挂失。", "It was formally reported lost before."
)

REPLACEMENT_DONE = _ruling(VerdictOutcome.DONE, "done", "换卡申请已受理。", "A new card is ordered.")
REPLACEMENT_ALREADY = _ruling(
    VerdictOutcome.ALREADY, "already", "此前已经申请补换卡。", "A new card was ordered before."
)
NOT_DUE = _refusal(
    "not_due",
    "卡离到期还早，也没有说明换卡原因，没有办理。",
    "The card is not near its last day, and no other reason was given; nothing was done.",
)
NO_REPLACEMENT = _AT_THE_WINDOW_ONLY | {
    CardStatus.SEALED: _SEALED,
    CardStatus.FORMALLY_LOST: _refusal("card_lost", "卡已正式挂失，不能换卡。", "The card is reported lost."),
    CardStatus.TEMPORARILY_LOST: _refusal(
        "card_lost",
        "卡已临时挂失，请先解除挂失，或办理正式挂失补卡。",
        "The card is reported lost: take that back first, or report it lost for good.",
    ),
}

ACTIVATION_DONE = _ruling(
    VerdictOutcome.DONE, "done", "社会保障账户已启用。", "The social security account is activated."
)
ACTIVATION_ALREADY = _ruling(VerdictOutcome.ALREADY, "already", "卡此前已经启用。", "It was activated before.")
OTHER_CITY = _refusal(
    "other_city",
    "此卡不是本市发的，请到发卡地办理启用。",
    "Another city issued this card: it is activated there.",
)
PLACE_UNKNOWN = _refusal(
    "place_unknown",
    "本终端没有登记所在城市，不能启用卡，请到窗口办理。",
    "The office has not said in which city this terminal stands; please go to the window.",
)
NO_ACTIVATION = _AT_THE_WINDOW_ONLY | {
    CardStatus.FORMALLY_LOST: NO_PIN_WORK[CardStatus.FORMALLY_LOST],
    CardStatus.TEMPORARILY_LOST: NO_PIN_WORK[CardStatus.TEMPORARILY_LOST],
}
