"""The virtual card against the standard: what a real one shows, refuses, counts and remembers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.virtual.card import Chip, ForeignChip, issue
from drivers.virtual.people import IssuedCard, Person, find, load_people
from kiosk.terms import Algorithm, CardStatus, CardVersion
from sync.central.card_crypto import CardAddress, KeyName, cipher_of, load_master_keys
from sync.central.hsm import Challenge, SoftwareHsm

MASTERS = load_master_keys()
PEOPLE = load_people()
SELECT_SSSE = "00A404000F7378312E73682EC9E7BBE1B1A3D5CF"
CARRIERS = [person for person in PEOPLE if person.card]


class Unlimited:
    """For the HSM's side of these tests: the chip's own rules are under test."""

    def spend(self, _factor: bytes) -> bool:
        return True


HSM = SoftwareHsm(MASTERS, Unlimited())


class Line:
    """Hex in, hex out; follows 61xx as a terminal does."""

    def __init__(self, chip: Chip | ForeignChip) -> None:
        self.chip = chip
        chip.power_on()

    def raw(self, apdu: str) -> str:
        return self.chip.transmit(bytes.fromhex(apdu)).hex().upper()

    def __call__(self, apdu: str) -> str:
        response = self.raw(apdu)
        return self.raw(f"00C00000{response[2:]}") if response[:-2] == "61" else response

    def challenge(self) -> bytes:
        return bytes.fromhex(self("0084000008"))[:8]


def open_card(key: str) -> tuple[Line, CardAddress]:
    person = find(PEOPLE, key)
    line = Line(issue(person))
    line(SELECT_SSSE)
    return line, address_of(person)


def address_of(person: Person) -> CardAddress:
    return CardAddress(person.card.algorithm, person.card.region, person.card.reset_info)


def authenticate(line: Line, card: CardAddress, key_id: str) -> str:
    operation = {"0A": HSM.authenticate_for_reading, "06": HSM.authenticate_for_pin}[key_id]
    original, factor = line.challenge(), line.challenge()
    return line(f"008200{key_id}10{operation(card, Challenge(factor, original)).hex()}")


def reload(line: Line, card: CardAddress, pin: str) -> str:
    message = HSM.reload_message(card, line.challenge(), bytes.fromhex(pin))
    return line(f"84240001{len(message):02X}{message.hex()}")


@pytest.fixture(params=["normal_v2", "normal_v3"], ids=["DES", "SM4"])
def opened(request: pytest.FixtureRequest) -> tuple[Line, CardAddress]:
    return open_card(request.param)


# --- what it shows ----------------------------------------------------------------------

SYNTHETIC = Person(
    name="测试甲",
    number="459900190001010018",
    sex="1",
    nation="08",
    birth=dt.date(1900, 1, 1),
    phone="10000000000",
    about="",
    key="synthetic",
    card=IssuedCard(
        version=CardVersion.V3,
        algorithm=Algorithm.SM4,
        region="459900",
        number="T0000001X",
        identifier="459900D15600000500000001FFFFFFFF",
        historical_bytes="00814A44468660459900000001",
        issued=dt.date(2024, 6, 1),
        expires=dt.date(2034, 6, 1),
        status=CardStatus.NORMAL,
        bank_code="102",
    ),
)


def test_a_third_generation_card_shows_the_recorded_bytes():
    line = Line(issue(SYNTHETIC))
    assert line.chip.atr.hex().upper() == "3B6D000000814A44468660459900000001"
    assert line(SELECT_SSSE) == "6F1C840F7378312E73682EC9E7BBE1B1A3D5CFA50988011E9F0C038601039000"
    assert line("00A4020002EF05") == "9000"
    assert line("00B2010540") == (
        "0110459900D15600000500000001FFFFFFFF0201330304332E3030040C915600000245990045990001"
        "0504202406010604203406010709543030303030303158" + "9000"
    )
    assert line("00B206342A") == "6982"
    authenticate(line, address_of(SYNTHETIC), "0A")
    assert line("00B201355B") == (
        "0812343539393030313930303031303130303138" + "091EB2E2CAD4BCD7" + "00" * 24 + "4E14" + "00" * 20
        + "0A01310B01080C034599000D0419000101" + "9000"
    )  # fmt: skip


def test_a_first_generation_card_names_no_algorithm_and_pads_with_spaces():
    line, _ = open_card("normal_v1")
    assert line(SELECT_SSSE) == "6F16840F7378312E73682EC9E7BBE1B1A3D5CFA50388010B9000"
    assert line("00B2093020") == "091E" + "李试".encode("gbk").ljust(30).hex().upper() + "9000"
    assert line("00B24E3016") == "6A83"
    assert line("00B2033403") == "0A0131" + "9000"


def test_some_cards_keep_twelve_bytes_for_their_number():
    line, _ = open_card("normal_v1")
    assert line("00B207280B") == "6C0E"
    assert line("00B207280E").startswith("070C")


@pytest.mark.parametrize("select", ["00A4020002EF05", "00A4000002EF05"])
@pytest.mark.parametrize("read", ["00B2030406", "00B2030006", "00B2032806", "00B2032C06"])
def test_every_way_to_a_record_leads_to_the_same_bytes(opened, select, read):
    line, _ = opened
    assert line(select) == "9000"
    assert line(read)[:4] == "0304"


def test_a_long_name_goes_on_in_the_second_record():
    person = find(PEOPLE, "long_name")
    line, card = open_card("long_name")
    authenticate(line, card, "0A")
    first, second = bytes.fromhex(line("00B2093020"))[2:-2], bytes.fromhex(line("00B24E3016"))[2:-2]
    assert len(first) == 30
    assert second.rstrip(b"\0")
    assert (first + second).rstrip(b"\0").decode("gb18030") == person.name


@pytest.mark.parametrize(
    ("apdu", "sw"),
    [
        ("00A4040008A0000003330101", "6700"),
        ("00A4040008A000000333010100", "6A82"),
        ("00A404000E315041592E5359532E4444463031", "6A82"),
        ("00A4020002EF33", "6A82"),
        ("00A40000023F00", "9000"),
        ("00B2990006", "6986"),
        ("00B2992806", "6A83"),
        ("00B2012F06", "6A86"),
        ("0084000005", "6700"),
        ("00D6000000", "6D00"),
        ("80B2010440", "6E00"),
        ("0082000410" + "00" * 16, "6A88"),
        ("0082000A08" + "00" * 8, "6700"),
        ("0088000011" + "00" * 16 + "07", "6A88"),
        ("00C0000010", "6985"),
        ("00", "6700"),
    ],
)
def test_status_words_of_the_standard(opened, apdu, sw):
    line, _ = opened
    assert line.raw(apdu) == sw


def test_get_response_says_the_right_length_and_then_gives_it(opened):
    line, _ = opened
    assert line.raw(SELECT_SSSE) == "611E"
    assert line.raw("00C0000000") == "6C1E"
    assert line.raw("00C000001E").endswith("9000")
    assert line.raw("00C000001E") == "6985"


@given(st.lists(st.binary(max_size=40), max_size=8), st.sampled_from(CARRIERS))
def test_nothing_that_is_sent_breaks_it(apdus, person):
    chip = issue(person)
    chip.power_on()
    chip.transmit(bytes.fromhex(SELECT_SSSE))
    for apdu in apdus:
        assert len(chip.transmit(apdu)) >= 2


@given(
    st.sampled_from([(0x00, i) for i in (0xA4, 0xB2, 0x84, 0x88, 0x82, 0x20, 0xC0)] + [(0x80, 0x5E), (0x84, 0x24)]),
    st.integers(0, 11),
    st.integers(0, 255),
    st.binary(max_size=24),
)
def test_no_command_without_the_right_keys_changes_the_pin(name, p1, p2, data):
    chip = issue(find(PEOPLE, "normal_v3"))
    chip.power_on()
    chip.transmit(bytes.fromhex(SELECT_SSSE))
    before = chip.memory
    chip.transmit(bytes([*name, p1, p2, len(data)]) + data)
    assert chip.memory.pin == before.pin
    assert not chip.memory.application_blocked
    assert chip.memory.pin_tries >= before.pin_tries - 1


# --- authentication -----------------------------------------------------------------------


@pytest.mark.parametrize("person", CARRIERS, ids=lambda person: person.key)
def test_chip_and_hsm_agree_on_every_card(person):
    if person.card.application_blocked:
        assert Line(issue(person))(SELECT_SSSE) == "9303"
        return
    line, card = open_card(person.key)
    original, factor = line.challenge(), line.challenge()
    response = bytes.fromhex(line(f"0088000010{factor.hex()}{original.hex()}"))[:8]
    assert HSM.is_authentic(card, Challenge(factor, original), response) is True
    assert authenticate(line, card, "0A") == "9000"
    assert authenticate(line, card, "06") == "9000"


def test_the_holder_of_a_3_0_card_is_shown_only_after_authentication():
    line, card = open_card("normal_v3")
    assert line("00B2083014") == "6982"
    assert authenticate(line, card, "06") == "9000"
    assert line("00B2083014") == "6982", "the PUK opens no file"
    assert authenticate(line, card, "0A") == "9000"
    assert line("00B2083014").endswith("9000")


ENDINGS = {
    "reset": lambda line: line.chip.power_on(),
    "master file": lambda line: line("00A40000023F00"),
    "selected anew": lambda _: None,
}


@pytest.mark.parametrize("end", ENDINGS.values(), ids=ENDINGS.keys())
def test_what_was_proved_ends_with_power_or_another_selection(end):
    line, card = open_card("normal_v3")
    authenticate(line, card, "0A")
    end(line)
    line(SELECT_SSSE)
    assert line("00B2083014") == "6982"


def proof_for(line: Line, card: CardAddress, between: Callable[[], object]) -> str:
    original, factor = line.challenge(), line.challenge()
    proof = HSM.authenticate_for_reading(card, Challenge(factor, original))
    between()
    return line(f"0082000A10{proof.hex()}")


@pytest.mark.parametrize("between", ["0020000000", "00A4020002EF05", "00B2012812", SELECT_SSSE])
def test_any_command_between_challenge_and_use_loses_the_challenge(opened, between):
    line, card = opened
    assert proof_for(line, card, lambda: line(between)) == "6984"
    assert line.chip.memory.key_tries[0x0A] == 15, "no challenge is no wrong key"


def test_only_the_latest_challenge_counts(opened):
    line, card = opened
    assert proof_for(line, card, line.challenge) == "63CE"


def test_a_challenge_is_good_once(opened):
    line, card = opened
    original, factor = line.challenge(), line.challenge()
    command = f"0082000A10{HSM.authenticate_for_reading(card, Challenge(factor, original)).hex()}"
    assert [line(command), line(command)] == ["9000", "6984"]


def test_the_puk_blocks_for_ever_and_even_the_right_one_comes_too_late(opened):
    line, card = opened
    wrong = []
    for _ in range(4):
        line.challenge()
        wrong.append(line("0082000610" + "00" * 16))
    assert wrong == ["63C2", "63C1", "63C0", "6983"]
    line.chip.power_on()
    line(SELECT_SSSE)
    assert authenticate(line, card, "06") == "6983"


def test_a_right_authentication_restores_the_keys_tries(opened):
    line, card = opened
    line.challenge()
    assert line("0082000610" + "00" * 16) == "63C2"
    assert authenticate(line, card, "06") == "9000"
    line.challenge()
    assert line("0082000610" + "00" * 16) == "63C2"


def test_des_makes_no_session_from_a_challenge_of_sixteen_bytes():
    line, _ = open_card("normal_v2")
    line("0084000010")
    assert line("0082000A10" + "00" * 16) == "6984"


# --- PIN ------------------------------------------------------------------------------------


def test_asking_for_the_tries_costs_none(opened):
    line, _ = opened
    assert [line("0020000000") for _ in range(9)] == ["63C6"] * 9


def test_six_wrong_tries_block_the_pin(opened):
    line, _ = opened
    answers = [line("0020000003000000") for _ in range(7)]
    assert answers == ["63C5", "63C4", "63C3", "63C2", "63C1", "63C0", "6983"]
    assert line("0020000000") == "6983"
    assert line("0020000003123456") == "6983", "also the right one"


def test_a_right_pin_restores_the_tries():
    line, _ = open_card("two_tries_left")
    assert line("0020000000") == "63C2"
    assert line("0020000003123456") == "9000"
    assert line("0020000000") == "63C6"


def test_a_card_without_a_pin_says_so():
    line, _ = open_card("no_pin")
    assert line("0020000000") == "9000"


def test_change_needs_the_old_pin(opened):
    line, _ = opened
    assert line("805E010007000000FF654321") == "63C5"
    assert line("805E010007123456FF654321") == "9000"
    assert line("0020000003123456") == "63C5"
    assert line("0020000003654321") == "9000"


@given(st.text("0123456789", min_size=4, max_size=12))
def test_every_pin_of_4_to_12_digits_can_be_set_and_verified(pin):
    bcd = pin + "F" * (len(pin) % 2)
    line, _ = open_card("normal_v2")
    change = f"123456FF{bcd}"
    assert line(f"805E0100{len(change) // 2:02X}{change}") == "9000"
    assert line(f"00200000{len(bcd) // 2:02X}{bcd}") == "9000"


@pytest.mark.parametrize("new", ["12", "", "1234567890123456", "12AB"])
def test_no_pin_outside_4_to_12_digits_is_taken(opened, new):
    line, _ = opened
    data = f"123456FF{new}"
    assert line(f"805E0100{len(data) // 2:02X}{data}") == "6A80"
    assert line("0020000003123456") == "9000"


# --- unblock and reload ------------------------------------------------------------------------


def test_unblock_restores_the_tries_and_leaves_the_pin():
    line, card = open_card("pin_blocked")
    assert line("0020000000") == "6983"
    assert authenticate(line, card, "06") == "9000"
    message = HSM.unblock_message(card, line.challenge())
    assert line(f"8424000004{message.hex()}") == "9000"
    assert line("0020000000") == "63C6"
    assert line("0020000003123456") == "9000"


def test_reload_sets_a_new_pin(opened):
    line, card = opened
    assert authenticate(line, card, "06") == "9000"
    assert reload(line, card, "135790") == "9000"
    assert line("0020000003135790") == "9000"


def test_reload_without_the_puk_is_refused(opened):
    line, card = opened
    assert reload(line, card, "135790") == "6982"
    assert authenticate(line, card, "0A") == "9000"
    assert reload(line, card, "135790") == "6982", "the key for reading opens nothing else"


def test_a_message_for_an_older_challenge_has_a_wrong_mac(opened):
    line, card = opened
    authenticate(line, card, "06")
    message = HSM.unblock_message(card, line.challenge())
    line.challenge()
    assert line(f"8424000004{message.hex()}") == "6988"


def test_a_message_without_a_challenge_is_refused(opened):
    line, card = opened
    authenticate(line, card, "06")
    assert line("8424000004" + "00" * 4) == "6984"


@given(st.data(), st.sampled_from(["normal_v2", "normal_v3"]))
def test_a_message_changed_on_the_way_changes_nothing(data, key):
    line, card = open_card(key)
    authenticate(line, card, "06")
    message = bytearray(HSM.reload_message(card, line.challenge(), bytes.fromhex("135790")))
    message[data.draw(st.integers(0, len(message) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    assert line(f"84240001{len(message):02X}{message.hex()}") == "6988"
    assert line("0020000003123456") == "9000"


# --- for ever -----------------------------------------------------------------------------------


def blocked(command: str) -> Line:
    """A card after a block command that only the issuer's own key could have made."""
    line, card = open_card("normal_v2")
    cipher = cipher_of(card.algorithm)
    bk, stk = MASTERS.card_key(KeyName.BK, card), MASTERS.card_key(KeyName.STKSSSE, card)
    original, factor = line.challenge(), line.challenge()
    proof = cipher.authenticate(cipher.session_key(bk, factor), original)
    assert line(f"0082000510{proof.hex()}{original.hex()}") == "9000"
    mac = cipher.mac(cipher.session_key(stk, line.challenge()), bytes.fromhex(command))
    assert line(f"{command}{mac.hex()}") == "9000"
    line.chip.power_on()
    return line


def test_a_blocked_application_answers_9303_to_everything():
    line = blocked("841E000104")
    assert [line(SELECT_SSSE), line("0020000000"), line("0084000008")] == ["9303"] * 3
    assert line("00A40000023F00") == "9000"


def test_a_blocked_card_lets_nothing_be_selected():
    line = blocked("8416000004")
    assert [line(SELECT_SSSE), line("00A40000023F00")] == ["6A81"] * 2


@pytest.mark.parametrize("command", ["841E000104", "8416000004"])
def test_nobody_blocks_a_card_with_the_puk(opened, command):
    line, card = opened
    authenticate(line, card, "06")
    line.challenge()
    assert line(command + "00" * 4) == "6982"
    assert not line.chip.memory.application_blocked
    assert not line.chip.memory.card_blocked


# --- memory ---------------------------------------------------------------------------------------


def test_a_card_taken_out_and_put_back_remembers(tmp_path):
    person = find(PEOPLE, "normal_v3")
    line = Line(issue(person, tmp_path))
    line(SELECT_SSSE)
    line("805E010007123456FF654321")
    line("0020000003000000")
    again = Line(issue(person, tmp_path))
    again(SELECT_SSSE)
    assert again("0020000000") == "63C5"
    assert again("0020000003654321") == "9000"


def test_the_file_of_a_chip_is_not_named_after_a_number(tmp_path):
    person = find(PEOPLE, "normal_v3")
    line = Line(issue(person, tmp_path))
    line(SELECT_SSSE)
    line("0020000003000000")
    assert [file.name for file in tmp_path.iterdir()] == ["normal_v3.json"]


def test_two_chips_of_one_person_share_no_memory():
    person = find(PEOPLE, "normal_v3")
    one, other = Line(issue(person)), Line(issue(person))
    one(SELECT_SSSE)
    one("0020000003000000")
    assert (one.chip.memory.pin_tries, other.chip.memory.pin_tries) == (5, 6)


def test_a_memory_file_that_is_none_is_named(tmp_path):
    (tmp_path / "normal_v3.json").write_text("{}")
    with pytest.raises(ValueError, match=r"normal_v3\.json: not a chip's memory"):
        issue(find(PEOPLE, "normal_v3"), tmp_path)


def test_a_bank_card_has_no_social_security_application():
    assert Line(ForeignChip())(SELECT_SSSE) == "6A82"
