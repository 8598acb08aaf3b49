"""What a technician is told when a file that was written by hand cannot be used."""

from __future__ import annotations

import typing
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from drivers.config import CardReaderConfig, DevicesConfig, IdReaderConfig, PrinterConfig
from kiosk.config import BadConfig, CentreConfig, ScreenConfig, SoundConfig, TerminalConfig, convert, parse, section
from kiosk.contract import Domain, Text
from kiosk.pairing import NotPaired, read_office_key
from kiosk.policy import HERE, Policy, load_policy
from kiosk.policy.signing import signature_of
from kiosk.seal import SigningKey, VerifyKey, to_text
from kiosk.words import complete
from screens.theme import LOOKS

GOOD = """
[terminal]
name = "gx-450103-0007"
place = { zh = "青秀区政务大厅", en = "Qingxiu service hall" }

[screen]
width = 1280
height = 800
ppi = 149

[sound]
voice = true
device = "plughw:1,0"
clips = "/var/lib/kiosk/clips"
jack = "/dev/input/by-path/platform-sound-event"

[centre]
url = "https://kiosk.example.gov.cn:8443"
ca = "/etc/kiosk/ca.crt"
office_key = "/etc/kiosk/office.pub"

[devices.card]
[devices.id_card]
port = "/dev/serial/by-id/usb-sam"
[devices.printer]
port = "/dev/serial/by-id/usb-printer"
width_mm = 58
"""

SECTIONS: dict[str, type[msgspec.Struct]] = {
    "terminal": TerminalConfig,
    "screen": ScreenConfig,
    "sound": SoundConfig,
    "centre": CentreConfig,
    "devices": DevicesConfig,
}

LINES = {
    "terminal": 'name = "T-1"\nplace = { zh = "大厅", en = "hall" }\n',
    "screen": "width = 1280\nheight = 800\nppi = 149\n",
    "centre": 'url = "https://centre"\nca = "/ca"\noffice_key = "/office"\n',
}


def read(folder: Path, text: str, name: str) -> msgspec.Struct:
    file = folder / "kiosk.toml"
    file.write_text(text)
    return section(file, name, SECTIONS[name])


def refused(folder: Path, text: str, name: str) -> str:
    """The sentence without the file's name, which begins it."""
    with pytest.raises(BadConfig) as caught:
        read(folder, text, name)
    said = str(caught.value)
    assert said.startswith(f"{folder}/kiosk.toml: ")
    assert "\n" not in said
    for word in ("Expected", "Invalid", "regex", "object", "Traceback"):
        assert word not in said, "a sentence for a technician, not the library's"
    return said.removeprefix(f"{folder}/kiosk.toml: ")


# --- good ones --------------------------------------------------------------------------


def test_every_section_is_read_with_its_defaults(tmp_path: Path) -> None:
    assert read(tmp_path, GOOD, "terminal") == TerminalConfig(
        "gx-450103-0007", Text("青秀区政务大厅", "Qingxiu service hall")
    )
    assert read(tmp_path, GOOD, "screen") == ScreenConfig(1280, 800, 149)
    assert read(tmp_path, GOOD, "centre") == CentreConfig(
        "https://kiosk.example.gov.cn:8443", "/etc/kiosk/ca.crt", "/etc/kiosk/office.pub"
    )
    assert read(tmp_path, GOOD, "devices") == DevicesConfig(
        card=CardReaderConfig(),
        id_card=IdReaderConfig("/dev/serial/by-id/usb-sam"),
        printer=PrinterConfig("/dev/serial/by-id/usb-printer", width_mm=58),
    )


def test_a_terminal_without_a_word_about_sound_has_a_voice_that_waits_to_be_asked(tmp_path: Path) -> None:
    file = tmp_path / "kiosk.toml"
    file.write_text(GOOD[: GOOD.index("[sound]")])
    assert section(file, "sound", SoundConfig, needed=False) == SoundConfig(voice=False, device="default", jack=None)


def test_the_configuration_allows_every_look_and_language_there_is() -> None:
    hints = typing.get_type_hints(ScreenConfig)
    assert set(typing.get_args(hints["look"])) == set(LOOKS)
    assert set(typing.get_args(hints["language"])) == set(complete())


@pytest.mark.parametrize(
    "url",
    [
        "https://centre",
        "https://127.0.0.1:8443",
        "https://a-b.example.gov.cn/kiosk",
        "https://centre:1",
        "https://centre:65535",
    ],
)
def test_addresses_of_a_centre(tmp_path: Path, url: str) -> None:
    config = read(tmp_path, f'[centre]\nurl = "{url}"\nca = "/ca"\noffice_key = "/office"', "centre")
    assert isinstance(config, CentreConfig)
    assert config.url == url


# --- wrong ones: section, what the file says, what the sentence says -------------------------

WRONG_VALUES = [
    ("terminal", 'name = "青秀 3"', ['terminal.name = "青秀 3"', "letters, digits and hyphens", "gx-450103-0007"]),
    ("terminal", "name = 7", ["terminal.name = 7", "letters, digits and hyphens"]),
    ("terminal", 'place = "大厅"', ['terminal.place = "大厅"', "both languages", '{ zh = "', 'en = "']),
    ("terminal", 'place = { zh = "大厅" }', ["terminal.place.en is missing", "text in quotes"]),
    ("terminal", "place = { zh = 1, en = 2 }", ["terminal.place.zh = 1", "text in quotes"]),
    ("terminal", 'place = { zh = "厅", en = "hall", fr = "salle" }', ['terminal.place.fr = "salle"', "zh, en"]),
    ("terminal", 'state_dir = "state"', ['terminal.state_dir = "state"', "absolute path", "/var/lib/kiosk"]),
    ("terminal", 'run_dir = ""', ['terminal.run_dir = ""', "absolute path"]),
    ("terminal", 'policy = "../guangxi"', ['terminal.policy = "../guangxi"', "guangxi", "absolute path"]),
    ("terminal", 'has_rtc = "yes"', ['terminal.has_rtc = "yes"', "true or false"]),
    ("terminal", "demo = 1", ["terminal.demo = 1", "true or false"]),
    ("terminal", 'town = "南宁"', ['terminal.town = "南宁"', "no such key", "name, place, state_dir, run_dir, policy"]),
    ("screen", "width = 0", ["screen.width = 0", "a whole number from 1 to 16384"]),
    ("screen", "height = 80.5", ["screen.height = 80.5", "a whole number from 1 to 16384"]),
    ("screen", "ppi = 5", ["screen.ppi = 5", "a number from 40 to 400"]),
    ("screen", "ppi = nan", ["screen.ppi = NaN", "a number from 40 to 400"]),
    (
        "screen",
        'look = "dark"',
        ['screen.look = "dark"', 'must be "contrast", "large", "large-contrast" or "standard"'],
    ),
    ("screen", 'language = "zh"', ['screen.language = "zh"', 'must be "en" or "zh_CN"']),
    ("screen", "fullscreen = 0", ["screen.fullscreen = 0", "true or false"]),
    ("screen", "dpi = 96", ["screen.dpi = 96", "no such key", "width, height, ppi, look, language, fullscreen"]),
    ("centre", 'url = "http://centre"', ['centre.url = "http://centre"', "https address", "https://kiosk.example"]),
    ("centre", 'url = "https://"', ['centre.url = "https://"', "https address"]),
    ("centre", 'url = "https://centre/"', ['centre.url = "https://centre/"', "without a slash at its end"]),
    ("centre", 'url = "https://centre:65536"', ['centre.url = "https://centre:65536"', "https address"]),
    ("centre", 'url = "https://centre:0"', ["centre.url", "https address"]),
    ("centre", 'url = "https://a b"', ["centre.url", "https address"]),
    ("centre", 'url = "https://.."', ["centre.url", "https address"]),
    ("centre", 'ca = "ca.crt"', ['centre.ca = "ca.crt"', "absolute path"]),
    ("centre", r'office_key = "/a\u0000b"', ["centre.office_key", "absolute path"]),
    ("centre", 'key = "/k"', ['centre.key = "/k"', "no such key", "url, ca, office_key"]),
]


@pytest.mark.parametrize(("name", "line", "parts"), WRONG_VALUES, ids=lambda value: str(value)[:40])
def test_a_wrong_value_is_named_with_what_is_allowed(tmp_path: Path, name: str, line: str, parts: list[str]) -> None:
    key = line.partition(" ")[0]
    others = [other for other in LINES[name].splitlines() if not other.startswith(f"{key} ")]
    said = refused(tmp_path, "\n".join([f"[{name}]", *others, line]), name)
    assert [part for part in parts if part not in said] == [], said


WRONG_DEVICES = [
    ('[devices]\nprinter = "usb"', ['devices.printer = "usb"', "port, baud, width_mm, encoding"]),
    ('[devices.scanner]\nport = "/dev/x"', ["devices.scanner", "no such key", "card, id_card, printer"]),
    ("[devices.card]\nreader = 1", ["devices.card.reader = 1", "text in quotes"]),
    ("[devices.card]\nbaud = 9600", ["devices.card.baud = 9600", "no such key", "may have reader"]),
    ("[devices.id_card]", ["devices.id_card.port is missing", "path of a serial line", "/dev/serial/by-id"]),
    ('[devices.id_card]\nport = "COM3"', ['devices.id_card.port = "COM3"', "path of a serial line"]),
    ('[devices.id_card]\nport = "/p"\nbaud = 5', ["devices.id_card.baud = 5", "a whole number from 1200 to 921600"]),
    ('[devices.printer]\nport = "/p"\nbaud = 1000000', ["printer.baud = 1000000", "from 1200 to 921600"]),
    ('[devices.printer]\nport = "/p"\nwidth_mm = 70', ["devices.printer.width_mm = 70", "must be 58 or 80"]),
    ('[devices.printer]\nport = "/p"\nencoding = "utf8"', ['printer.encoding = "utf8"', '"gb18030" or "gbk"']),
    ('[devices.printer]\nport = "/p"\nwith_mm = 80', ["devices.printer.with_mm = 80", "width_mm"]),
    ('[[devices]]\nprinter = "x"', ["devices = [", "a table with card, id_card, printer"]),
]


@pytest.mark.parametrize(("text", "parts"), WRONG_DEVICES, ids=lambda value: str(value)[:40])
def test_a_wrong_device_is_named_with_what_is_allowed(tmp_path: Path, text: str, parts: list[str]) -> None:
    said = refused(tmp_path, text, "devices")
    assert [part for part in parts if part not in said] == [], said


REQUIRED = [(name, line.partition(" ")[0]) for name, lines in LINES.items() for line in lines.splitlines()]


@pytest.mark.parametrize(("name", "key"), REQUIRED)
def test_a_missing_key_is_named_with_what_it_must_be(tmp_path: Path, name: str, key: str) -> None:
    lines = [line for line in LINES[name].splitlines() if not line.startswith(f"{key} ")]
    assert refused(tmp_path, "\n".join([f"[{name}]", *lines]), name).startswith(f"{name}.{key} is missing: must be ")


@pytest.mark.parametrize("name", SECTIONS)
def test_a_missing_section_is_named_with_its_keys(tmp_path: Path, name: str) -> None:
    said = refused(tmp_path, "", name)
    assert f"section [{name}] is missing" in said
    assert ", ".join(SECTIONS[name].__struct_fields__) in said


@pytest.mark.parametrize("stray", ["[center]", "[printer]", 'name = "T-1"', '["a\\nb"]'])
def test_a_stray_section_is_named_though_what_was_asked_for_is_there(tmp_path: Path, stray: str) -> None:
    said = refused(tmp_path, f"{stray}\n{GOOD}", "screen")
    assert "no such section" in said
    assert "[terminal], [screen], [sound], [centre], [devices]" in said


def test_a_long_value_is_shown_in_part(tmp_path: Path) -> None:
    assert len(refused(tmp_path, f'[centre]\nca = "/"\noffice_key = "/"\nurl = "{"x" * 5000}"', "centre")) < 250


# --- files that are none -----------------------------------------------------------------


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(BadConfig, match=r"none\.toml: No such file"):
        section(tmp_path / "none.toml", "screen", ScreenConfig)


def test_a_folder(tmp_path: Path) -> None:
    with pytest.raises(BadConfig, match="Is a directory"):
        section(tmp_path, "screen", ScreenConfig)


@pytest.mark.parametrize(
    "content",
    [b"[screen", b"\xff\xfe", b"a = 1\na = 2", b"a = " + b"[" * 20_000, b"a = " + b"9" * 5000],
    ids=["syntax", "not UTF-8", "twice", "deep", "too many digits"],
)
def test_what_is_not_toml_is_said_with_the_files_name(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "kiosk.toml"
    file.write_bytes(content)
    with pytest.raises(BadConfig, match=r"kiosk\.toml: not TOML: "):
        section(file, "screen", ScreenConfig)


# --- whatever it says ----------------------------------------------------------------------

SCALARS = st.one_of(
    st.text(max_size=20),
    st.integers(-(10**30), 10**30),
    st.floats(),
    st.booleans(),
    st.datetimes(),
    st.dates(),
    st.times(),
)
STRUCTS: tuple[type[msgspec.Struct], ...] = (*SECTIONS.values(), PrinterConfig, Policy, Text)
FIELDS = sorted({field for struct in STRUCTS for field in struct.__struct_fields__})
TOML = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(FIELDS) | st.text(max_size=8), inner, max_size=8)
    ),
    max_leaves=12,
)


def taken_or_refused(struct: type[msgspec.Struct], name: str, data: Any) -> None:
    try:
        assert isinstance(convert(Path("kiosk.toml"), name, data, struct), struct)
    except BadConfig as error:
        assert str(error).startswith("kiosk.toml: ")
        assert "\n" not in str(error)


@given(data=TOML, name=st.sampled_from(sorted(SECTIONS)))
@example(data={"width": 1 << 70_000}, name="screen")
@example(data={"card": {}, "a\nb": 1}, name="devices")
def test_whatever_a_section_says_nothing_but_bad_config_is_raised(data: Any, name: str) -> None:
    taken_or_refused(SECTIONS[name], name, data)


@given(data=TOML)
def test_whatever_a_policy_says_nothing_but_bad_config_is_raised(data: Any) -> None:
    taken_or_refused(Policy, "", data)


@given(name=st.sampled_from(sorted(SECTIONS)), value=TOML, data=st.data())
def test_one_wrong_value_among_good_ones_is_the_one_that_is_named(name: str, value: Any, data: st.DataObject) -> None:
    good = parse(Path("good.toml"), GOOD.encode())[name]
    key = data.draw(st.sampled_from(sorted(good)))
    try:
        convert(Path("kiosk.toml"), name, good | {key: value}, SECTIONS[name])
    except BadConfig as error:
        assert str(error).startswith(f"kiosk.toml: {name}.{key}")


@given(content=st.binary(max_size=200) | st.text("[]={}\"'.\n#a1e-:_ ", max_size=60).map(str.encode))
def test_whatever_bytes_a_file_has_nothing_but_bad_config_is_raised(content: bytes) -> None:
    try:
        assert isinstance(parse(Path("kiosk.toml"), content), dict)
    except BadConfig as error:
        assert str(error).startswith("kiosk.toml: not TOML: ")


# --- policies --------------------------------------------------------------------------------

OFFICE = SigningKey.generate()
OFFICE_PUBLIC = VerifyKey(OFFICE.public)

WRONG_POLICIES = [
    ('region = "45"', 'region = "广西"', ['region = "广西"', "two digits"]),
    ('hotline = "12333"', "hotline = 12333", ["hotline = 12333", "a telephone number in quotes"]),
    ("minimum_age = 16", "minimum_age = 15", ["id_card.minimum_age = 15", "a whole number, at least 16"]),
    ("minimum_age = 16", "maximum_age = 99", ["id_card.maximum_age = 99", "no such key", "minimum_age"]),
    ('name = "工商银行"', "", ["banks.102.name is missing", "text in quotes"]),
    ("[loss]", "[los]", ["los = {", "no such key", "id_card, loss"]),
    ("digits = 6", "digits = 3", ["pin.digits = 3", "a whole number from"]),
    ("[loss]", '[reset_pin]\nenabled = "on"\n[loss]', ['reset_pin.enabled = "on"', "true or false"]),
    ("[loss]", '[reset_pin]\nproof = "dna"\n[loss]', ['reset_pin.proof = "dna"', '"phone_code"']),
    ("[loss]", '[reset_pin]\nproof = "face"\n[loss]', ['reset_pin.proof = "face"', 'must be "clerk" or "phone_code"']),
]


def signed(file: Path, text: str) -> Path:
    file.write_text(text)
    signature_of(file).write_bytes(msgspec.json.encode(OFFICE.sign(Domain.POLICY, text.encode())))
    return file


@pytest.mark.parametrize(("old", "new", "parts"), WRONG_POLICIES, ids=lambda value: str(value)[:30])
def test_a_wrong_policy_is_named_with_what_is_allowed(tmp_path: Path, old: str, new: str, parts: list[str]) -> None:
    text = (HERE / "guangxi.toml").read_text()
    assert old in text
    file = signed(tmp_path / "policy.toml", text.replace(old, new, 1))
    with pytest.raises(BadConfig) as caught:
        load_policy(str(file), OFFICE_PUBLIC)
    said = str(caught.value)
    assert said.startswith(f"{file}: ")
    assert [part for part in parts if part not in said] == [], said


def test_an_unknown_policy_is_told_which_there_are() -> None:
    with pytest.raises(BadConfig, match=r'terminal\.policy = "hunan": no such policy; there is guangxi'):
        load_policy("hunan", OFFICE_PUBLIC)


def test_a_policy_that_was_changed_since_it_was_signed(tmp_path: Path) -> None:
    file = signed(tmp_path / "policy.toml", (HERE / "guangxi.toml").read_text())
    file.write_text(file.read_text() + "\n[reset_pin]\nenabled = true\n")
    with pytest.raises(BadConfig, match=r"not signed by the office: .*changed since it was signed"):
        load_policy(str(file), OFFICE_PUBLIC)


def test_a_policy_without_a_signature(tmp_path: Path) -> None:
    file = tmp_path / "policy.toml"
    file.write_text((HERE / "guangxi.toml").read_text())
    with pytest.raises(BadConfig, match=r"policy\.toml\.sig: No such file"):
        load_policy(str(file), OFFICE_PUBLIC)


def test_a_policy_signed_by_somebody_else(tmp_path: Path) -> None:
    file = signed(tmp_path / "policy.toml", (HERE / "guangxi.toml").read_text())
    with pytest.raises(BadConfig, match="not signed by the office: signed with another key"):
        load_policy(str(file), VerifyKey(SigningKey.generate().public))


# --- the office's key ----------------------------------------------------------------------


def test_the_offices_key_as_it_comes_with_the_installation(tmp_path: Path) -> None:
    file = tmp_path / "office.pub"
    file.write_text(to_text(OFFICE.public) + "\n")
    assert read_office_key(file).id == OFFICE_PUBLIC.id


def test_a_missing_office_key_is_called_missing(tmp_path: Path) -> None:
    with pytest.raises(NotPaired, match=r"office\.pub: No such file"):
        read_office_key(tmp_path / "office.pub")


@pytest.mark.parametrize("content", [b"", b"-----BEGIN PUBLIC KEY-----", b"\xff", b"AAAA"])
def test_what_is_no_key_is_called_no_key(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "office.pub"
    file.write_bytes(content)
    with pytest.raises(NotPaired, match="not the office's public key"):
        read_office_key(file)
