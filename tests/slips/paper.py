"""Every slip of the services at the centre, as the virtual printer draws it on both papers and in both languages.

`python -m tests.slips.paper` writes the golden texts anew; look at what changed before it is kept.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from drivers.printer import commands
from drivers.printer.encoders import Gb18030Encoder
from drivers.printer.layout import lay_out
from drivers.printer.rows import Paper
from drivers.virtual.printer import Printer
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
from kiosk.words import Message, languages, msg

GOLDEN = Path(__file__).parent / "golden"
PAPERS = {58: Paper.MM_58, 80: Paper.MM_80}

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
    """By their names."""
    paper = Stationery(
        place=Text("青秀区政务服务大厅 03号", "Qingxiu service hall 03"),
        terminal="gx-450103-0007",
        hotline="12333",
        language=language,
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


def printed(slip: Slip, width_mm: int) -> str:
    """What comes out of a printer with paper so wide."""
    printer = Printer(width_mm)
    for piece in commands.slip(lay_out(slip, PAPERS[width_mm]), Gb18030Encoder()):
        printer.feed(piece)
    assert not printer.errors
    return printer.slips[0].text + "\n"


def golden(name: str, width_mm: int, language: str) -> Path:
    return GOLDEN / f"{name}-{width_mm}-{language}.txt"


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


if __name__ == "__main__":
    for code in languages():
        for name, slip in slips(code).items():
            for width in PAPERS:
                golden(name, width, code).write_text(printed(slip, width))
