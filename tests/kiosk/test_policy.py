"""Which PINs are refused as too easy, and what a region may say: the rules hold in two that differ."""

from __future__ import annotations

import datetime as dt
import itertools
from pathlib import Path
from typing import get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.config import BadConfig, read
from kiosk.contract import MAY_WAIT, CardFacts, Kind, PaperSeen, ProofKind, Vouching, Whom
from kiosk.devices import DeviceNews, NoCard
from kiosk.line import Online
from kiosk.numbers import citizen_number_check
from kiosk.pin import Pin
from kiosk.policy import Policy, checked
from kiosk.policy.eligibility import Readiness, home_tiles, open_here, opened_by_clerk
from kiosk.policy.pin import is_weak
from kiosk.policy.places import PickUp
from kiosk.policy.room import Disk, Room, Unsent
from kiosk.policy.switches import HolderService
from kiosk.quotas import Quotas
from kiosk.services import SERVICES as BUILT
from kiosk.slips.new_card import new_card, told_of
from kiosk.slips.samples import CARD as OLD_CARD
from kiosk.terms import Algorithm, CardVersion, DeviceOk, Holder, ResidentIdCard, SocialSecurityCard
from kiosk.words import languages
from tests.kiosk.region import BOTH, GUANGXI, OTHER, policy

BODY = "45990019830714008"
PERSON = ResidentIdCard(
    holder=Holder(BODY + citizen_number_check(BODY), "测试甲"),
    birth=dt.date(1983, 7, 14),
    valid_from=dt.date(2020, 1, 1),
    valid_until=None,
)
CARD = SocialSecurityCard(
    identifier="459900D15600000500000042FFFFFFFF",
    number="T9052638X",
    version=CardVersion.V2,
    algorithm=Algorithm.DES,
    region="459900",
    reset_info="0011223344556677889900AABB",
    issued=None,
    expires=None,
)
EACH_REGION = pytest.mark.parametrize("region", BOTH, ids=lambda file: file.stem)


def weak(digits: str | tuple[int, ...], region: Path = GUANGXI) -> bool:
    with Pin(tuple(int(digit) for digit in digits)) as pin:
        return is_weak(pin, PERSON, CARD, policy(region).pin.initial)


def digits_of(region: Path) -> st.SearchStrategy[tuple[int, ...]]:
    return st.tuples(*[st.integers(0, 9)] * policy(region).pin.digits)


# --- PINs -----------------------------------------------------------------------------------

WEAK = {
    GUANGXI: [
        *("000000", "999999"),
        *("123456", "654321", "567890", "098765", "890123"),
        *("830714", "140783", "071483", "198307", "071498", "907140", "119832"),
        *("459900", "900198", "307140"),
        "905263",
    ],
    OTHER: [
        *("00000000", "99999999"),
        *("12345678", "87654321", "34567890"),
        "00112233",
        *("83071492", "92140783", "52071483", "19839252", "92520714"),
        *("45990019", "83459900", "90019889"),
        "29052638",
    ],
}
STRONG = {GUANGXI: ["274906", "135790", "112233", "520131"], OTHER: ["27490613", "13579024", "11223344"]}


@pytest.mark.parametrize(("region", "digits"), [(region, pin) for region, pins in WEAK.items() for pin in pins])
def test_what_anybody_would_try_first_is_weak(region: Path, digits: str) -> None:
    assert weak(digits, region)


@pytest.mark.parametrize(("region", "digits"), [(region, pin) for region, pins in STRONG.items() for pin in pins])
def test_what_is_not_on_the_list_is_taken(region: Path, digits: str) -> None:
    assert not weak(digits, region)


@EACH_REGION
def test_the_pin_that_cards_are_handed_out_with_is_weak(region: Path) -> None:
    assert weak(policy(region).pin.initial, region)


@EACH_REGION
@given(start=st.integers(0, 9), step=st.sampled_from([0, 1, 9]))
def test_every_row_up_or_down_round_the_nine_is_weak(region: Path, start: int, step: int) -> None:
    assert weak(tuple((start + step * place) % 10 for place in range(policy(region).pin.digits)), region)


@EACH_REGION
@given(start=st.integers(0, 12), data=st.data())
def test_every_six_digits_of_the_citizens_number_are_weak(region: Path, start: int, data: st.DataObject) -> None:
    six = PERSON.holder.number[start : start + 6]
    if six.isdigit():
        before = data.draw(st.text("0123456789", max_size=policy(region).pin.digits - 6))
        after = "5" * (policy(region).pin.digits - 6 - len(before))
        assert weak(before + six + after, region)


@EACH_REGION
@given(data=st.data())
def test_a_pin_is_refused_only_for_a_reason_a_person_could_be_told(region: Path, data: st.DataObject) -> None:
    digits = data.draw(digits_of(region))
    text = "".join(map(str, digits))
    steps = {(b - a) % 10 for a, b in itertools.pairwise(digits)}
    six = [text[start : start + 6] for start in range(len(text) - 5)]
    reasons = (
        steps in ({0}, {1}, {9}),
        text == policy(region).pin.initial,
        any(form in text for form in ("830714", "140783", "071483", "0714", "1983")),
        any(part in PERSON.holder.number for part in six),
        any(part in CARD.number for part in six),
    )
    assert weak(digits, region) == any(reasons)


@EACH_REGION
@given(data=st.data())
def test_judging_a_pin_leaves_it_as_it_is(region: Path, data: st.DataObject) -> None:
    digits = data.draw(digits_of(region))
    with Pin(digits) as pin:
        is_weak(pin, PERSON, CARD, "123456")
        assert tuple(pin) == digits


# --- what a region says -------------------------------------------------------------------------


@EACH_REGION
def test_a_region_is_read_as_it_is_written(region: Path) -> None:
    assert isinstance(policy(region), Policy)
    assert policy(region).id_card.minimum_age >= 16


def test_the_two_regions_differ_in_every_section_there_is() -> None:
    one, other = policy(GUANGXI), policy(OTHER)
    alike = {name for name in Policy.__struct_fields__ if getattr(one, name) == getattr(other, name)}
    assert alike == {"card_status", "report_loss", "progress", "reset_pin", "activation"}


SERVICES = {
    "card_status": (True, True),
    "report_loss": (True, True),
    "progress": (True, True),
    "change_pin": (True, False),
    "guide": (True, False),
    "reset_pin": (False, False),
    "activation": (False, False),
    "unblock_pin": (False, True),
    "release": (False, True),
    "formal_loss": (True, True),
    "replacement": (True, False),
}


@pytest.mark.parametrize("service", SERVICES)
def test_services_are_offered_as_the_region_switches_them(service: str) -> None:
    assert (policy(GUANGXI).enabled(service), policy(OTHER).enabled(service)) == SERVICES[service]


@EACH_REGION
@pytest.mark.parametrize("service", SERVICES)
def test_only_what_is_offered_is_finished_here(region: Path, service: str) -> None:
    rules = policy(region)
    assert rules.full(service) == (rules.enabled(service) and (service, region) not in PREPARED)


PREPARED = {("formal_loss", GUANGXI), ("replacement", GUANGXI)}


@EACH_REGION
@pytest.mark.parametrize("service", ["formal_loss", "replacement"])
def test_a_card_is_ordered_to_the_end_only_where_the_office_says_so(region: Path, service: str) -> None:
    assert not policy(region, **{service: {}}).full(service)
    assert policy(region, **{service: {}}).enabled(service)
    assert policy(region, **{service: {"full": True}}).full(service)


@EACH_REGION
@pytest.mark.parametrize("service", ["reset_pin", "unblock_pin", "release", "activation"])
def test_each_is_switched_alone(region: Path, service: str) -> None:
    off = {key: {"enabled": False} for key in ("reset_pin", "unblock_pin", "release", "activation")}
    rules = policy(region, change_pin={}, **off | {service: {"enabled": True}})
    assert [name for name in off if rules.enabled(name)] == [service]


READY = Readiness(
    devices=DeviceNews(card_reader=DeviceOk(), id_reader=DeviceOk(), printer=DeviceOk(), slot=NoCard()),
    line=Online(),
    clock_trusted=True,
    demo=False,
    puk_off=False,
    room=Room(Disk.AMPLE, Unsent.FEW),
)


@EACH_REGION
def test_the_first_page_has_only_what_is_built_and_offered(region: Path) -> None:
    every = {service: {"enabled": True} for service in SERVICES}
    for rules in (policy(region), policy(region, **every)):
        offered = [tile.service for tile in home_tiles(READY, rules)]
        assert {service for service in offered if rules.enabled(service) and service in BUILT} == set(offered)
    assert set(offered) >= {"unblock_pin", "reset_pin", "report_loss", "card_status"}


def test_every_service_that_is_built_can_be_switched() -> None:
    assert set(BUILT) <= set(SERVICES)


def test_a_service_that_no_policy_knows_is_a_mistake_of_ours() -> None:
    with pytest.raises(AttributeError):
        policy().enabled("cancel_card")


# --- the floor ------------------------------------------------------------------------------------

PROVEN = {
    Kind.RELOAD_PIN: "reset_pin",
    Kind.UNBLOCK_PIN: "unblock_pin",
    Kind.ACTIVATION: "activation",
    Kind.FORMAL_LOSS: "formal_loss",
    Kind.REPLACEMENT: "replacement",
}


@EACH_REGION
@pytest.mark.parametrize("kind", Kind)
def test_a_further_proof_is_asked_for_wherever_the_cards_alone_are_not_enough(region: Path, kind: Kind) -> None:
    assert policy(region).proof_for(kind) is (ProofKind.PHONE_CODE if kind in PROVEN else ProofKind.NONE)


@EACH_REGION
@pytest.mark.parametrize("service", PROVEN.values())
@pytest.mark.parametrize("proof", [ProofKind.NONE, ProofKind.FACE])
def test_no_office_can_do_without_it(region: Path, service: str, proof: ProofKind) -> None:
    with pytest.raises(BadConfig, match=rf'{service}\.proof = "{proof}": must be "clerk" or "phone_code"'):
        policy(region, **{service: {"proof": proof.value}})


@EACH_REGION
@pytest.mark.parametrize("service", PROVEN.values())
def test_only_a_clerks_word_can_be_asked_for_where_clerks_vouch(region: Path, service: str) -> None:
    alone = {service: {"proof": "clerk"}, "assisted": {"enabled": False}}
    with pytest.raises(BadConfig, match=rf"{service}\.proof: it takes a clerk"):
        policy(region, **alone)
    others = [one for one in get_args(HolderService) if one not in {service, "activation"}]
    with pytest.raises(BadConfig, match=rf"{service}\.proof: it takes a clerk"):
        policy(region, **alone | {"assisted": {"enabled": True, "present": others}})


@EACH_REGION
@pytest.mark.parametrize("service", ["reset_pin", "unblock_pin", "activation"])
def test_what_takes_a_clerk_is_on_no_page_for_everybody(region: Path, service: str) -> None:
    clerks = {service: {"enabled": True, "proof": "clerk"}, "assisted": {"enabled": True}, "change_pin": {}}
    rules = policy(region, **clerks)
    assert service not in {tile.service for tile in home_tiles(READY, rules)}
    assert not open_here(service, READY, rules)
    assert service in opened_by_clerk(Vouching(Whom.PRESENT, (PaperSeen.RESIDENT_ID,)), rules)
    at_home = {tile.service for tile in home_tiles(READY, policy(region, **clerks | {service: {"enabled": True}}))}
    assert service in at_home


@EACH_REGION
@pytest.mark.parametrize("service", ["formal_loss", "replacement"])
def test_a_form_for_the_window_needs_no_clerk(region: Path, service: str) -> None:
    rules = policy(region, **{service: {"full": True, "proof": "clerk"}, "assisted": {"enabled": True}})
    assert service in {tile.service for tile in home_tiles(READY, rules)}
    assert rules.full(service)
    assert not rules.finished_alone(service)


@EACH_REGION
def test_no_card_is_activated_where_its_first_pin_cannot_be_changed(region: Path) -> None:
    with pytest.raises(BadConfig, match=r"activation\.enabled: the first PIN"):
        policy(region, activation={"enabled": True}, change_pin={"enabled": False})


@EACH_REGION
@pytest.mark.parametrize("empty", ["", " "])
@pytest.mark.parametrize("key", ["version", "hotline", "notice_version"])
def test_nothing_that_people_are_told_may_be_empty(region: Path, key: str, empty: str) -> None:
    with pytest.raises(BadConfig, match=rf"{key} = "):
        policy(region, **{key: empty})
    with pytest.raises(BadConfig, match=r"banks\.999"):
        policy(region, banks={"999": {"name": empty or "甲", "hotline": "95533" if empty else ""}})


def test_a_loss_is_reported_elsewhere_where_the_cards_own_city_says() -> None:
    """Nanning has channels of its own; offline nobody knows which city's card it is."""
    nanning = policy().loss_channels(msgspec.structs.replace(OLD_CARD, region="450103"))
    assert nanning.zh.startswith("微信“南宁人社”")
    assert policy().loss_channels(None).zh == "12333电话、微信“广西人社”"
    assert policy(OTHER).loss_channels(None).zh == policy(OTHER).hotline


@EACH_REGION
@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("key", ["may_wait", "queue", "offline", "evidence"])
def test_no_office_can_let_a_service_wait_for_the_line_or_change_its_cards(
    region: Path, service: str, key: str
) -> None:
    with pytest.raises(BadConfig, match=rf"{service}\.{key} = true: no such key"):
        policy(region, **{service: {key: True}})


def test_what_may_wait_stands_in_the_contract() -> None:
    assert {Kind.TEMPORARY_LOSS, Kind.PIN_CHANGED, Kind.AUDIT} == MAY_WAIT


# --- places -----------------------------------------------------------------------------------------


def test_a_bank_nobody_knows_has_no_hotline() -> None:
    bank = policy().bank("102")
    assert bank is not None
    assert bank.hotline == "95588"
    assert policy().bank("999") is None
    assert policy().bank(None) is None
    assert policy(OTHER).bank("102") is None


def card_of(region: str, bank: str | None = None) -> CardFacts:
    return msgspec.structs.replace(OLD_CARD, region=region, bank_code=bank)


def test_cards_of_an_area_are_told_by_where_they_were_issued() -> None:
    nanning = policy().area_of(card_of("450103"))
    assert nanning is not None
    assert nanning.name.zh == "南宁市"
    assert policy().area_of(card_of("459900")) is None
    assert policy(OTHER).area_of(card_of("450103")) is None


def test_a_card_is_collected_in_its_own_area() -> None:
    rules = policy(OTHER)
    assert [(outlet.name.en, outlet.pick_up) for outlet in rules.outlets_for(card_of("990102"))] == [
        ("East outlet", PickUp.INSTANT_ISSUE)
    ]
    assert [outlet.name.en for outlet in rules.outlets_for(card_of("990200"))] == ["Central outlet"]
    assert policy().outlets_for(card_of("450103")) == ()


def test_a_card_of_another_bank_is_collected_elsewhere() -> None:
    outlets = read(OTHER)["outlets"]
    rules = policy(OTHER, banks={"102": {"name": "甲", "hotline": "96888"}}, outlets=[outlets[1] | {"bank": "102"}])
    assert [outlet.name.en for outlet in rules.outlets_for(card_of("990200", "102"))] == ["Central outlet"]
    assert rules.outlets_for(card_of("990200", "103")) == ()
    assert rules.outlets_for(card_of("990200")) == ()


def test_an_outlet_of_nowhere_and_areas_that_look_alike_are_refused() -> None:
    file = read(OTHER)
    nowhere = file["outlets"][0] | {"area": "west"}
    with pytest.raises(BadConfig, match=r'outlets\[1\]\.area = "west": there is no \[areas\.west\]'):
        checked(OTHER, file | {"outlets": [nowhere]})
    alike = file["areas"] | {"far_east": {"name": {"zh": "远东", "en": "Far East"}, "code": "9901"}}
    with pytest.raises(BadConfig, match=r'far_east\.code = "9901": cannot be told from .* areas\.east'):
        checked(OTHER, file | {"areas": alike})


def test_other_ways_to_the_same_service() -> None:
    of_region = ["微信“广西人社”", "网上办事大厅", "人社手机应用"]
    of_nanning = ["微信“南宁人社”", "“南宁智慧人社”手机应用"]
    for region, names in (("450200", of_region), ("450103", of_nanning + of_region)):
        assert [channel.name.zh for channel in policy().channels_for("progress", card_of(region))] == names
    assert policy(OTHER).channels_for("report_loss", card_of("990102")) == ()


@pytest.mark.parametrize("code", languages())
def test_each_region_says_on_paper_when_and_where_its_new_cards_are_collected(code: str) -> None:
    told = {}
    for region, card, ordered in (
        (GUANGXI, card_of("450103"), dt.date(2026, 11, 25)),
        (GUANGXI, card_of("450200"), dt.date(2026, 12, 10)),
        (OTHER, card_of("990102"), dt.date(2031, 1, 31)),
        (OTHER, card_of("990200"), None),
    ):
        lines = told_of(new_card(policy(region), card, ordered), code, "12333")
        told[card.region] = " ".join(str(value) for line in lines for value in msgspec.structs.astuple(line))
    wanted = {
        "zh_CN": {
            "450103": ("2026年12月23日", "南宁人社", "快递"),
            "450200": ("约20个工作日", "广西人社", "即时制卡网点"),
            "990102": ("2031年2月8日", "东区网点", "测试路1号", "工作日 9–17 点", "只能本人去", "快递"),
            "990200": ("约3个工作日", "中心网点", "测试路2号"),
        },
        "en": {"450103": ("December 23, 2026", "WeChat 南宁人社"), "990102": ("East outlet", "in person", "courier")},
    }
    for region, parts in wanted[code].items():
        assert [part for part in parts if part not in told[region]] == []
    assert "南宁" not in told["450200"]
    assert "东区" not in told["990200"]


def test_a_centre_that_was_given_no_policy_keeps_guangxis_quotas() -> None:
    assert policy().quotas == Quotas()
    assert policy(OTHER).quotas != Quotas()


# --- dates --------------------------------------------------------------------------------------------


def test_a_card_is_ready_after_the_regions_working_days() -> None:
    assert policy().card_ready(dt.date(2026, 11, 25)) == dt.date(2026, 12, 23)
    assert policy(OTHER).card_ready(dt.date(2031, 1, 31)) == dt.date(2031, 2, 8)


def test_beyond_the_calendar_no_date_is_told() -> None:
    assert policy().card_ready(dt.date(2026, 12, 10)) is None
    assert policy(OTHER).card_ready(dt.date(2026, 11, 25)) is None
