"""What the centre can decide about a transaction, with the sentence the citizen is told."""

from __future__ import annotations

import datetime as dt

import msgspec

from kiosk.contract import Text, VerdictOutcome
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

NOT_OFFERED = _refusal("not_offered", "中心尚未开办此项业务。", "The centre does not offer this yet.")
TOO_LATE = _refusal("too_late", "请求已超时，没有办理。", "The request came too late; nothing was done.")
PROOF_MISSING = _refusal("proof_missing", "缺少身份证明，没有办理。", "Proof of identity is missing; nothing was done.")
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
