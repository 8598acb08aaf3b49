"""Every slip of the services, filled in for somebody who does not exist: to be looked at."""

from __future__ import annotations

import datetime as dt
from typing import Any

import msgspec

from kiosk.config import read
from kiosk.contract import CardFacts, Kind, ProductionAnswer, ProductionFailed, ProductionStep, StepReached, Text
from kiosk.endings import TO_THE_WINDOW, Reason
from kiosk.guide.refusals import topic_of
from kiosk.guide.topics import topics
from kiosk.guide.values import values
from kiosk.journal import View
from kiosk.journal.transaction import Acknowledged, Drafted
from kiosk.policy import HERE, Bank, checked
from kiosk.prompts import Progress, Refusal
from kiosk.services.at_the_centre import Word
from kiosk.services.at_the_window import what_to_bring
from kiosk.services.progress import told
from kiosk.slips import forms, receipts
from kiosk.slips.forms import Application, Checklist
from kiosk.slips.lines import Slip
from kiosk.slips.new_card import new_card
from kiosk.slips.receipts import CentreReceipt, Loss, LossWord, PinReceipt, PinWord, Stationery
from kiosk.terms import CardStatus, Holder
from kiosk.words import Message, msg, said

WHEN = dt.datetime(2026, 11, 22, 9, 30, tzinfo=dt.timezone(dt.timedelta(hours=8)))
HOLDER = Holder("459900199001010123", "测试甲")
CARD = CardFacts(
    current=True,
    asked_for=True,
    status=CardStatus.NORMAL,
    card_last4="0028",
    masked_name="测*",
    bank_code="105",
    region="459900",
    expires=None,
    replacement_filed=False,
    loss_expires=None,
    operations=[],
)
CLERK = "120417"
BANK = Bank("建设银行", "95533")
POLICY = checked(HERE / "guangxi.toml", read(HERE / "guangxi.toml"))
KINDS = (Kind.RELEASE, Kind.FORMAL_LOSS, Kind.ACTIVATION, Kind.REPLACEMENT)
LAPSES = dt.datetime(2026, 11, 27, 9, 30, tzinfo=WHEN.tzinfo)
REACHED = {"made": 2, "ready": 4, "collected": 5, "failed": 1}
"""Steps of a new card, by what is said of it."""
VALUES: dict[str, Any] = {
    **values(POLICY),
    "bank": msg("loss.bank_side", bank=BANK.name, hotline=BANK.hotline),
    "stopped": msg("loss.stopped_until", until=LAPSES),
    "said": said(Text("身份信息与登记的不符，请到窗口核对。", "The details differ from the record. Please ask.")),
    "forgotten": msg("forgotten.window"),
    "again": msg("again.window"),
    "tries": msg("pin.tries_left", tries=5),
}
"""What services put into their sentences."""


def slips(language: str, *, large: bool = False) -> dict[str, Slip]:
    """By their names, in a language such as "en"; `large`: for somebody who reads large type."""
    paper = Stationery(
        place=Text("青秀区政务服务大厅 03号", "Qingxiu service hall 03"),
        terminal="gx-450103-0007",
        hotline="12333",
        hotline_hours=POLICY.hotline_hours,
        language=language,
        large=large,
        demo=False,
        now=WHEN,
    )
    all_of_them = (
        *(receipts.loss(paper, _loss(word)) for word in LossWord),
        *(receipts.pin(paper, PinReceipt(_view(_kind_of(word)), word, HOLDER, VALUES)) for word in PinWord),
        *(receipts.at_the_centre(paper, _at_the_centre(kind, word)) for kind in KINDS for word in Word),
        *_for_the_window(paper, "formal_loss", msg("form.reason.lost")),
        *_for_the_window(paper, "replacement", msg("replacement.reason.worn.title")),
        *(_refused(paper, reason) for reason in sorted(TO_THE_WINDOW)),
        *(receipts.checklist(paper, topic, VALUES, as_of=None) for topic in topics()),
    )
    progresses = {f"progress_{word}": receipts.progress(paper, _progress(word)) for word in REACHED}
    by_name = {slip.name: slip for slip in all_of_them} | progresses
    vouched = receipts.loss(msgspec.structs.replace(paper, clerk=CLERK, stand_in="试*"), _loss(LossWord.DONE))
    return by_name | {"assisted": vouched, "copy": receipts.copy(paper, by_name["loss_done"])}


def _loss(word: LossWord) -> Loss:
    """Offline nobody tells which card and bank it is; only what is in effect can lapse."""
    offline = word in (LossWord.REGISTERED, LossWord.HELD)
    until = LAPSES if word is LossWord.DONE else None
    return Loss(_view(Kind.TEMPORARY_LOSS), word, HOLDER, None if offline else CARD, None if offline else BANK, until)


def _kind_of(word: PinWord) -> Kind:
    if word.startswith("change"):
        return Kind.PIN_CHANGED
    return Kind.UNBLOCK_PIN if word.startswith(("unblock", "locked")) else Kind.RELOAD_PIN


def _at_the_centre(kind: Kind, word: Word) -> CentreReceipt:
    ordered = kind in {Kind.FORMAL_LOSS, Kind.REPLACEMENT} and word is Word.DONE
    new = new_card(POLICY, CARD, WHEN.date()) if ordered else None
    return CentreReceipt(_view(kind), word, HOLDER, CARD, _bank(kind), VALUES, new)


def _for_the_window(paper: Stationery, service: str, reason: Message) -> tuple[Slip, Slip]:
    new = new_card(POLICY, CARD, None)
    papers = Checklist(_view(Kind.AUDIT), service, what_to_bring(service), _bank(service), VALUES, new)
    form = Application(_view(Kind.AUDIT), service, HOLDER, CARD, BANK, reason)
    return forms.application(paper, form), forms.checklist(paper, papers)


def _refused(paper: Stationery, reason: Reason) -> Slip:
    """What the centre or the chip refused has a reference."""
    page = Refusal(
        title=msg(f"refusal.{reason}.title", **VALUES),
        why=msg(f"refusal.{reason}.why", **VALUES),
        where=msg(f"refusal.{reason}.where", **VALUES),
        hotline="12333",
    )
    about = _view(Kind.RELOAD_PIN) if reason.startswith(("live", "centre")) else None
    bring = [text for text, point in topic_of(reason).lines(VALUES) if point]
    return receipts.to_the_window(paper, reason, page, about, bring)


def _progress(word: str) -> Progress:
    steps = tuple(ProductionStep)[: REACHED[word]]
    answer = ProductionAnswer(
        masked_name=HOLDER.masked_name,
        card_last4=CARD.card_last4,
        ordered_at=WHEN - dt.timedelta(days=20),
        reached=[StepReached(step, WHEN - dt.timedelta(days=18 - 4 * number)) for number, step in enumerate(steps)],
        place=Text("南宁市青秀区民族大道一百号社保大厅", "Social security hall, 100 Minzu Avenue, Qingxiu"),
        failed=None,
    )
    if word == "failed":
        why = Text("照片不合格，请重新照相。", "The photo cannot be used; please have a new one taken.")
        answer = msgspec.structs.replace(answer, failed=ProductionFailed(why, WHEN - dt.timedelta(days=9)))
    return told(answer, "12333", lambda at: at)


def _bank(service: str) -> Message:
    return msg(f"{service}.bank", bank=BANK.name, hotline=BANK.hotline)


def _view(kind: Kind) -> View:
    return View(
        id="0193a1b2-0000-7000-8000-000000000001",
        kind=kind,
        state=Drafted(),
        delivery=Acknowledged(),
        reference="7K3Q-92MF",
        drafted_at=WHEN,
        chain_code="4f1c·a07e",
        masked_name=HOLDER.masked_name,
        holder_last4=HOLDER.last4,
        card_last4=CARD.card_last4,
    )
