"""What pages say, and to whose ears; without a window and without a sound."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import msgspec
import pytest

from kiosk import prompts
from kiosk.contract import Text
from kiosk.prompts import (
    Attract,
    CardReport,
    Confirm,
    Prompt,
    Refusal,
    Result,
    Row,
    StillThere,
    TakeCards,
    TypeCode,
    TypePin,
    Working,
)
from kiosk.words import CHINESE, Message, language, msg, plain, said
from screens.choices import KEYS, choices, parts
from screens.gallery.cases import pages
from screens.gallery.samples import LANGUAGES, samples
from screens.speech.clips import wanted
from screens.speech.telling import BY_THE_OFFICE, PUBLIC, spoken
from screens.speech.utterance import Piece, utterance

PAGES = [pytest.param(code, prompt, id=f"{code}-{name}") for code in LANGUAGES for name, prompt in pages(code).items()]
OWN = {"欧阳", "9 X 0 7", "3 8", "2 3 1 4", "7 K 3 Q 9 2 M F", "阿某", "韦某", "A某", "Wei某"}
"""What in the samples belongs to a person."""


def texts(prompt: Prompt, code: str = CHINESE, *, private: bool = True) -> list[str]:
    return [one.text.strip() for one in spoken(prompt, code, private=private)]


def heard(prompt: Prompt, code: str = CHINESE, *, private: bool = True) -> str:
    return "\n".join(texts(prompt, code, private=private))


def test_the_samples_have_every_page() -> None:
    kinds = {type(prompt) for _, prompt in (param.values for param in PAGES)}
    every = {thing for thing in vars(prompts).values() if isinstance(thing, type) and issubclass(thing, prompts.Prompt)}
    assert every - kinds == {prompts.Prompt, prompts.ServicePage, prompts.Present}


@pytest.mark.parametrize(("code", "prompt"), PAGES)
def test_every_page_says_what_it_is_about_to_anybody(code: str, prompt: Prompt) -> None:
    for private in (True, False):
        first, *_ = texts(prompt, code, private=private)
        assert first
        assert first != language(code).template("speech.private")


@pytest.mark.parametrize(("code", "prompt"), PAGES)
def test_no_sentence_ends_twice(code: str, prompt: Prompt) -> None:
    """A voice makes two pauses of two full stops, or reads the second one out."""
    assert [text for text in texts(prompt, code) if re.search(r"[。？！.?!]\s*[。：；，.:;,]", text)] == []


@pytest.mark.parametrize(("code", "prompt"), PAGES)
def test_every_choice_is_said_with_its_number(code: str, prompt: Prompt) -> None:
    for part, some in enumerate(parts(choices(prompt))):
        said = [line.text for line in spoken(prompt, code, private=False, part=part)]
        for number, choice in zip(KEYS, some, strict=False):
            spoken_words = msg("speech.start") if isinstance(prompt, Attract) else choice.words
            key = language(code).say(msg("speech.choice", number=number, words=plain(""))).rstrip(" .。")
            words = utterance(spoken_words, code).text.strip()
            assert any(line.startswith(key) and words in line for line in said), f"{number}: {words}"


@pytest.mark.parametrize(("code", "prompt"), PAGES)
def test_what_is_a_persons_own_is_for_headphones_only(code: str, prompt: Prompt) -> None:
    aloud = heard(prompt, code, private=False)
    assert not {own for own in OWN if own in aloud}


class Marker:
    """Puts a mark of its own in the place of every value on a page, and finds again which of them are heard."""

    def __init__(self) -> None:
        self._marks: dict[str, tuple[str, str]] = {}

    def mark(self, part: Any) -> Any:
        """The same page, each value a mark; a message in a message keeps its sentence."""
        match part:
            case Message(id=id, values=values):
                return Message(id, {name: self._value(id, name, value) for name, value in values.items()})
            case Result(reference=_):
                named = {name: self.mark(getattr(part, name)) for name in part.__struct_fields__}
                return msgspec.structs.replace(
                    part, **named | {"reference": self._new("screens.reference", "reference")}
                )
            case msgspec.Struct():
                return msgspec.structs.replace(
                    part, **{name: self.mark(getattr(part, name)) for name in part.__struct_fields__}
                )
            case tuple():
                return tuple(map(self.mark, part))
            case _:
                return part

    def _value(self, id: str, name: str, value: Any) -> Any:
        return self.mark(value) if isinstance(value, Message) else self._new(id, name)

    def _new(self, id: str, name: str) -> str:
        mark = f"‹{len(self._marks)}›"
        self._marks[mark] = id, name
        return mark

    def heard_in(self, words: str) -> set[tuple[str, str]]:
        return {of for mark, of in self._marks.items() if mark in words}


OFFICE = {"bank", "hotline", "hours", "initial", "yuan"}
ANYBODYS = {
    ("guide_page.as_of", "date"),
    ("guide_value.days", "days"),
    ("guide_value.validity", "days"),
    ("stated", "en"),
    ("stated", "zh"),
}
"""Whatever else services put into a page is a person's, or may be."""


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_hall_hears_fixed_sentences_and_what_the_office_has_signed(code: str) -> None:
    """Of every value on every page; what the centre writes could name anybody."""
    aloud, into_headphones = set(), set()
    for page in pages(code).values():
        marker = Marker()
        marked = marker.mark(page)
        aloud |= marker.heard_in(heard(marked, code, private=False))
        into_headphones |= marker.heard_in(heard(marked, code))
    assert {(id, name) for id, name in aloud if name not in OFFICE} <= ANYBODYS
    private = {"said", "plain", "loss.subject", "code.body", "pin.tries_left", "loss.until", "screens.reference"}
    assert private <= {id for id, _ in into_headphones - aloud}


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("id", sorted(id for id in language(CHINESE).ids if not id.startswith("speech.")))
def test_no_sentence_lets_a_private_value_out(code: str, id: str) -> None:
    """Whichever sentence stands wherever on a page."""
    names = re.findall(r"{(\w+)}", language(code).template(id))
    marker = Marker()
    message = marker.mark(msg(id, **dict.fromkeys(names, "")))
    page = Refusal(title=message, why=msg("speech.row", label=message, value=message), where=message, hotline="")
    of_the_pages = {("screens.step", "number"), ("screens.step", "of"), ("screens.working_about", "seconds")}
    leaked = marker.heard_in(heard(page, code, private=False)) - ANYBODYS - of_the_pages
    assert {name for _, name in leaked} <= OFFICE


@pytest.mark.parametrize("code", LANGUAGES)
def test_everything_that_is_called_public_is_a_value_of_some_sentence(code: str) -> None:
    there = {(id, name) for id in language(code).ids for name in re.findall(r"{(\w+)}", language(code).template(id))}
    assert {name for _, name in there} >= BY_THE_OFFICE
    assert PUBLIC - there == {("stated", "en" if code == CHINESE else "zh")}


def test_the_centres_reason_is_read_or_heard_in_headphones() -> None:
    reason = said(Text(zh="韦大同的卡在南宁", en="Wei Datong's card is in Nanning"))
    page = Refusal(
        title=msg("refusal.centre_refused.title"),
        why=msg("refusal.centre_refused.why", said=reason),
        where=msg("refusal.centre_refused.where", hotline="12333"),
        hotline="12333",
    )
    assert "韦大同" in heard(page)
    aloud = texts(page, private=False)
    assert "原因请看屏幕，或插上耳机听。" in aloud
    assert "韦大同" not in "".join(aloud)


def test_the_samples_do_say_what_is_private_into_headphones() -> None:
    everything = "\n".join(heard(prompt, code) for code, prompt in (param.values for param in PAGES))
    assert {own for own in OWN if own in everything} == OWN


def test_a_sentence_that_is_needed_has_a_form_for_all_ears() -> None:
    page = TypeCode(title=msg("code.title"), body=msg("code.body", last2="38"), digits=6)
    page = msgspec.structs.replace(page, trouble=msg("code.wrong", tries=2))
    aloud = texts(page, private=False)
    assert "验证码不对，请再试一次。" in aloud
    assert "已发到您的手机，五分钟内有效。" in aloud


def test_that_something_is_private_is_said_once() -> None:
    page = samples(CHINESE)["card-report"]
    assert texts(page, private=False).count(language(CHINESE).template("speech.private")) == 1


def test_a_confirmation_as_a_clerk_would_read_it() -> None:
    page = samples(CHINESE)["confirm"]
    assert isinstance(page, Confirm)
    assert texts(page) == [
        "挂失这张卡？",
        "韦某 · 卡号尾号 2314",
        "现在：可以使用",
        "办了以后：社保卡马上停用。",
        "不包括：银行账户，另拨 95533。",
        "能不能取消：能，找到卡就能解除。",
        "第3步，共4步",
        "按 1，确认挂失。",
        "按 2，不挂失。",
        "按星号键，返回。",
    ]


def test_a_greyed_service_says_why() -> None:
    assert "按 6，换新卡，现在不能办，打印纸用完了。" in texts(samples(CHINESE)["home-six"])


def test_a_pin_page_says_how_to_type_and_a_working_page_that_one_must_wait() -> None:
    typing = TypePin(title=msg("pin.new.title"), body=msg("pin.body"), trouble=msg("pin.weak"), digits=6)
    assert "6位密码" in heard(typing)
    assert "太好猜" in heard(typing)
    assert texts(Working(doing=msg("loss.working"), about_s=3)) == [
        "正在办理挂失",
        "大约要 3 秒。",
        "请稍等，先不要离开。",
    ]


def test_each_thing_to_take_is_named() -> None:
    assert texts(TakeCards(id_card=True, ssc=False, slip=True))[:2] == ["请取走身份证", "请取走回执"]


def test_the_warning_says_which_key_goes_on() -> None:
    assert texts(StillThere(seconds=20))[-1] == "按 1，我还在，继续。"


# --- pieces ---------------------------------------------------------------------------------


def clips(message: Message, code: str = CHINESE) -> list[str]:
    return [piece.clip for piece in utterance(message, code).pieces if piece.clip]


def test_a_sentence_with_values_is_made_of_pieces_that_can_be_recorded() -> None:
    assert clips(msg("code.title")) == ["code.title"]
    assert clips(msg("code.body", last2="38")) == ["code.body.1", "digit.3", "digit.8", "code.body.2"]
    assert clips(msg("code.wrong", tries=2)) == ["code.wrong.1", "number.2", "code.wrong.2"]
    assert clips(msg("screens.reference", reference="7K-9")) == [
        "screens.reference.1",
        "digit.7",
        "letter.K",
        "digit.9",
    ]


def test_a_date_is_said_part_by_part() -> None:
    date = msg("row.date", date=dt.date(2034, 12, 31))
    assert clips(date)[:4] == ["digit.2", "digit.0", "digit.3", "digit.4"]
    assert clips(date)[4:] == ["speech.date.1", "speech.month.12", "number.31", "speech.date.2"]


@pytest.mark.parametrize("code", LANGUAGES)
def test_until_when_is_said_to_the_minute(code: str) -> None:
    until = dt.datetime(2034, 12, 31, 9, 0, tzinfo=dt.UTC)
    spoken_until = clips(msg("loss.stopped_until", until=until), code)
    assert {"speech.month.12", "number.31", "number.9", "number.0"} <= set(spoken_until)


def test_a_masked_name_is_said_in_chinese_in_every_language() -> None:
    for code in LANGUAGES:
        *_, surname, mask = (piece for piece in utterance(plain("韦*"), code).pieces if piece.clip)
        assert (surname, mask) == (Piece("text.韦", "韦", CHINESE), Piece("speech.masked", "某", CHINESE))


@pytest.mark.parametrize(("code", "prompt"), PAGES)
def test_everything_but_what_others_write_is_in_the_list_to_record(code: str, prompt: Prompt) -> None:
    listed = {name for name, _ in wanted(code)} | {"speech.masked"}
    pieces = [piece for one in spoken(prompt, code, private=True) for piece in one.pieces]
    assert {piece.clip for piece in pieces if piece.clip and not piece.clip.startswith("text.")} <= listed


@pytest.mark.parametrize("code", LANGUAGES)
def test_no_two_recordings_have_one_name(code: str) -> None:
    names = [name for name, _ in wanted(code)]
    assert len(names) == len(set(names))


def test_rows_of_a_report_are_a_persons_own_whatever_they_say() -> None:
    page = samples(CHINESE)["card-report"]
    assert isinstance(page, CardReport)
    page = msgspec.structs.replace(page, rows=(Row(plain("标签"), plain("秘密")),))
    assert "秘密" in heard(page)
    assert "秘密" not in heard(page, private=False)


def test_the_reference_is_for_headphones() -> None:
    page = samples(CHINESE)["result"]
    assert isinstance(page, Result)
    assert "7 K 3 Q" in heard(page)
    assert "7 K 3 Q" not in heard(page, private=False)
