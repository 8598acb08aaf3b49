"""The rules that differ from place to place, as data: one TOML file a region."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, get_args

import msgspec

from kiosk.config import BadConfig, convert, parse, read
from kiosk.contract import OLD_ENOUGH, CardFacts, Kind, ProofKind, Text
from kiosk.faults import Fault, shown
from kiosk.faults import Path as Keys
from kiosk.pin import MAX_DIGITS, MIN_DIGITS
from kiosk.policy.places import Area, Channel, Outlet, PickUp, astray
from kiosk.policy.signing import read_signed
from kiosk.policy.switches import Assisted, HolderService, Open, OrderService, ProvenService, SiteService
from kiosk.policy.texts import unsayable
from kiosk.policy.working_days import Year, YearNumber, after
from kiosk.quotas import Quotas
from kiosk.seal import Rejected, VerifyKey

HERE = Path(__file__).parent

CHANNELS_SAID = 2
"""Of the ways to report a loss, in a sentence that somebody in a hurry reads; the guide has them all."""


Telephone = Annotated[
    str,
    msgspec.Meta(
        pattern=r"^[0-9]{3,}(-[0-9]{2,})*\Z",
        description='a telephone number in quotes, e.g. "12333" or "0771-5555555"',
        extra={"zh": '引号内的电话号码，例如 "12333" 或 "0771-5555555"'},
    ),
]
Named = Annotated[
    str, msgspec.Meta(pattern=r"\S", description="text in quotes, not empty", extra={"zh": "引号内的文字，不能为空"})
]


class Bank(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: Named
    hotline: Telephone


class IdCardRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    minimum_age: Annotated[int, msgspec.Meta(ge=OLD_ENOUGH)] = OLD_ENOUGH
    """Younger people are served at the window."""


class LossRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    valid_hours: Annotated[int, msgspec.Meta(ge=24, le=366 * 24)] | None = None
    """How long a temporary loss holds by the region's rules; None: they state nothing.  When one lapses, only the
    centre knows."""


class PinRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    digits: Annotated[int, msgspec.Meta(ge=MIN_DIGITS, le=MAX_DIGITS)] = 6
    initial: Annotated[
        str,
        msgspec.Meta(
            pattern=rf"^[0-9]{{{MIN_DIGITS},{MAX_DIGITS}}}\Z",
            description=f"{MIN_DIGITS} to {MAX_DIGITS} figures in quotes",
            extra={"zh": f"引号内 {MIN_DIGITS} 至 {MAX_DIGITS} 位数字"},
        ),
    ] = "123456"
    """The PIN that cards are handed out with; nobody may choose it."""

    def disagreements(self) -> Iterator[tuple[Keys, Text]]:
        if len(self.initial) != self.digits:
            yield (
                ("initial",),
                Text(
                    f"初始密码有 {len(self.initial)} 位，而密码是 {self.digits} 位",
                    f"it has {len(self.initial)} figures, but PINs have {self.digits}",
                ),
            )


class Production(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Of a card that replaces another."""

    working_days: Annotated[int, msgspec.Meta(ge=1, le=366)] = 20
    fee_yuan: (
        Annotated[
            str,
            msgspec.Meta(
                pattern=r"^[0-9]{1,4}(\.[0-9]{2})?\Z",
                description='yuan in quotes, e.g. "20" or "12.50"',
                extra={"zh": '引号内的金额（元），例如 "20" 或 "12.50"'},
            ),
        ]
        | None
    ) = None
    """None: people are told to ask at the window."""


MOST_UNSENT_DAYS = 6
"""The centre takes no report of a loss that is older than seven days without a person's word."""

HALF_YEAR_DAYS = 184
"""Six months, whichever they are: logs are kept at least so long (网络安全法)."""


class Limits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The terminal's own; `quotas` are the centre's."""

    readings: Annotated[int, msgspec.Meta(ge=2, le=10)] = 5
    """How often a person is asked to present a card again before being sent to the window."""
    unsent_items: Annotated[int, msgspec.Meta(ge=100, le=100_000)] = 2_000
    """So many wait for the centre: until the line is back only losses are taken on besides."""
    unsent_days: Annotated[int, msgspec.Meta(ge=1, le=MOST_UNSENT_DAYS)] = 3
    """One has waited so long: until the line is back no loss either, for nobody can say when it would arrive."""
    keep_days: Annotated[int, msgspec.Meta(ge=HALF_YEAR_DAYS, le=3660)] = HALF_YEAR_DAYS
    """How long what is over stays in the journal."""


class Policy(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    version: Named
    region: Annotated[
        str,
        msgspec.Meta(
            pattern=r"^[0-9]{2}\Z",
            description='two digits of GB/T 2260, e.g. "45"',
            extra={"zh": '行政区划代码（GB/T 2260）的前两位，例如 "45"'},
        ),
    ]
    hotline: Telephone
    notice_version: Named
    """Of the privacy notice people agree to."""
    banks: dict[str, Bank]
    """By the code the centre uses."""
    renewal_days: Annotated[int, msgspec.Meta(ge=0, le=366)] = 60
    """A card that expires within so many days is to be replaced."""
    hotline_hours: Text | None = None
    """When a person answers at the hotline; printed under its number."""
    id_card: IdCardRules = IdCardRules()
    loss: LossRules = LossRules()
    pin: PinRules = PinRules()
    production: Production = Production()
    limits: Limits = Limits()
    quotas: Quotas = Quotas()
    channels: list[Channel] = []
    """Where else the office serves people, without this terminal."""
    pick_up: list[PickUp] = []
    """How a card that was made comes to its holder."""
    areas: dict[str, Area] = {}
    """Parts of the region that differ, by a name of the file's own."""
    outlets: list[Outlet] = []
    """Where cards are handed out."""
    calendar: dict[YearNumber, Year] = {}
    texts: dict[str, Text] = {}
    """Sentences in the region's own words, by their ids."""

    card_status: Open = Open()
    report_loss: Open = Open()
    change_pin: Open = Open()
    progress: Open = Open()
    guide: Open = Open()
    unblock_pin: ProvenService = ProvenService()
    reset_pin: ProvenService = ProvenService()
    activation: ProvenService = ProvenService()
    release: SiteService = SiteService()
    formal_loss: OrderService = OrderService()
    replacement: OrderService = OrderService()
    assisted: Assisted = Assisted()

    def disagreements(self) -> Iterator[tuple[Keys, Text]]:
        if self.activation.enabled and not self.change_pin.enabled:
            yield (
                ("activation", "enabled"),
                Text(
                    "启用后必须当场改掉初始密码，而 change_pin 已关闭",
                    "the first PIN is changed in the same visit, but change_pin is switched off",
                ),
            )
        for service in get_args(HolderService):
            if self.needs_clerk(service) and not (self.assisted.enabled and service in self.assisted.present):
                yield (
                    (service, "proof"),
                    Text(
                        "要工作人员在场，而 [assisted] 没有开通，或 present 里没有这项业务",
                        "it takes a clerk, but [assisted] is switched off, or does not have the service in present",
                    ),
                )

    def enabled(self, service: str) -> bool:
        """Whether this site offers a service at all.  Raises AttributeError for one that no policy knows."""
        switched: bool = getattr(self, service).enabled
        return switched

    def full(self, service: str) -> bool:
        """Whether people can finish it here; else it is only prepared for the window, or not offered."""
        section = getattr(self, service)
        return self.enabled(service) and (not isinstance(section, OrderService) or section.full)

    def needs_clerk(self, service: str) -> bool:
        """Whether only a clerk's word proves who the person is."""
        section = getattr(self, service)
        return isinstance(section, ProvenService | OrderService) and section.proof == "clerk"

    def open_to_all(self, service: str) -> bool:
        """Whether people get something of it without a clerk: what ends in a form needs no proof here."""
        section = getattr(self, service)
        return self.enabled(service) and (isinstance(section, OrderService) or not self.needs_clerk(service))

    def finished_alone(self, service: str) -> bool:
        """Whether people can finish it here without a clerk."""
        return self.full(service) and not self.needs_clerk(service)

    def proof_for(self, kind: Kind) -> ProofKind:
        """What is asked for beyond the cards."""
        proven: dict[Kind, ProvenService | OrderService] = {
            Kind.RELOAD_PIN: self.reset_pin,
            Kind.UNBLOCK_PIN: self.unblock_pin,
            Kind.ACTIVATION: self.activation,
            Kind.FORMAL_LOSS: self.formal_loss,
            Kind.REPLACEMENT: self.replacement,
        }
        return ProofKind(proven[kind].proof) if kind in proven else ProofKind.NONE

    def bank(self, code: str | None) -> Bank | None:
        return self.banks.get(code) if code is not None else None

    def channels_for(self, service: str, card: CardFacts) -> tuple[Channel, ...]:
        """Where else this card's holder gets it, first choice first."""
        area = self.area_of(card)
        known = (*(area.channels if area else ()), *self.channels)
        return tuple(channel for channel in known if service in channel.services)

    def loss_channels(self, card: CardFacts | None) -> Text:
        """Where a loss is reported at once without this terminal, in a few words; `card` None: nobody knows which."""
        known = self.channels if card is None else self.channels_for("report_loss", card)
        names = [one.name for one in known if "report_loss" in one.services][:CHANNELS_SAID]
        if not names:
            return Text(self.hotline, self.hotline)
        return Text("、".join(name.zh for name in names), " or ".join(name.en for name in names))

    def area_of(self, card: CardFacts) -> Area | None:
        """None: what holds for the whole region holds for the card."""
        return next((area for area in self.areas.values() if card.region.startswith(area.code)), None)

    def outlets_for(self, card: CardFacts) -> tuple[Outlet, ...]:
        """Where the card that replaces this one can be collected."""
        area = self.area_of(card)
        here = (outlet for outlet in self.outlets if area == self.areas.get(outlet.area or ""))
        return tuple(outlet for outlet in here if outlet.bank in {None, card.bank_code})

    def card_ready(self, ordered: dt.date) -> dt.date | None:
        """When a card ordered that day should be made; None: "about so many working days", no calendar tells."""
        return after(ordered, self.production.working_days, self.calendar)


def load_policy(name: str, office_key: VerifyKey) -> Policy:
    """`name` is a region shipped here, or a path to a file that the office has signed (`FILE.sig` beside it)."""
    shipped = HERE / f"{name}.toml"
    if "/" not in name:
        if not shipped.exists():
            known = ", ".join(sorted(file.stem for file in HERE.glob("*.toml")))
            raise BadConfig(f"terminal.policy = {shown(name)}: no such policy; there is {known}, or an absolute path")
        return checked(shipped, read(shipped))
    text = read_signed(Path(name), office_key)
    if isinstance(text, Rejected):
        raise BadConfig(f"terminal.policy = {shown(name)}: not signed by the office: {text.why}")
    return checked(Path(name), parse(Path(name), text))


def beyond_types(data: dict[str, Any]) -> Iterator[Fault]:
    """What is wrong between the sections of a file, or with the words of its texts."""
    yield from astray(data)
    yield from unsayable(data)


def checked(file: Path, data: dict[str, Any]) -> Policy:
    """A region's rules, or what is wrong with them first; `file` is only named in the error."""
    policy = convert(file, "", data, Policy)
    wrong: Fault | None = next(beyond_types(data), None)
    if wrong is not None:
        raise BadConfig(f"{file}: {wrong.said.en}")
    return policy
