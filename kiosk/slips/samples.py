"""Every slip of the services at the centre, filled in for somebody who does not exist: to be looked at."""

from __future__ import annotations

import datetime as dt

from kiosk.config import read
from kiosk.contract import CardFacts, Kind, Text
from kiosk.guide.values import values
from kiosk.journal import View
from kiosk.journal.transaction import Acknowledged, Drafted
from kiosk.policy import HERE, Bank, checked
from kiosk.services.at_the_window import what_to_bring
from kiosk.slips import forms, receipts
from kiosk.slips.lines import Slip
from kiosk.slips.receipts import CentreReceipt, Stationery
from kiosk.terms import CardStatus, Holder
from kiosk.words import Message, msg

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
BANK = Bank("建设银行", "95533")
KINDS = (Kind.RELEASE, Kind.FORMAL_LOSS, Kind.ACTIVATION, Kind.REPLACEMENT)
POLICY = checked(HERE / "guangxi.toml", read(HERE / "guangxi.toml"))


def slips(language: str) -> dict[str, Slip]:
    """By their names, in a language such as "en"."""
    paper = Stationery(
        place=Text("青秀区政务服务大厅 03号", "Qingxiu service hall 03"),
        terminal="gx-450103-0007",
        hotline="12333",
        language=language,
        large=False,
        demo=False,
        now=WHEN,
    )
    of_centre = [_receipt(paper, kind, word) for kind in KINDS for word in ("done", "already", "in_doubt")]
    of_window = [
        slip
        for service, reason in (
            ("formal_loss", msg("form.reason.lost")),
            ("replacement", msg("replacement.reason.worn.title")),
        )
        for slip in (
            forms.application(paper, forms.Application(_view(Kind.AUDIT), service, HOLDER, CARD, BANK, reason)),
            forms.checklist(
                paper,
                forms.Checklist(_view(Kind.AUDIT), service, what_to_bring(POLICY), _bank(service), values(POLICY)),
            ),
        )
    ]
    return {slip.name: slip for slip in of_centre + of_window}


def _receipt(paper: Stationery, kind: Kind, word: str) -> Slip:
    said = {"hotline": "12333", **values(POLICY)}
    return receipts.at_the_centre(paper, CentreReceipt(_view(kind), word, HOLDER, CARD, _bank(kind), said))


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
