"""What a page says, in the order a clerk would: what it is about, what went wrong, then what can be chosen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from kiosk import prompts
from kiosk.prompts import Call, Prompt
from kiosk.words import Message, language, msg
from screens.choices import KEYS, OTHERS, choices, parts
from screens.facts import FACTS
from screens.speech.utterance import Utterance, fields, utterance

BY_THE_OFFICE = frozenset({"bank", "hotline", "hours", "initial", "yuan"})
"""Values that stand in the signed policy, whatever sentence tells them."""
PUBLIC = frozenset(
    {
        ("guide_page.as_of", "date"),
        ("guide_value.days", "days"),
        ("guide_value.validity", "days"),
        ("screens.step", "number"),
        ("screens.step", "of"),
        ("screens.working_about", "seconds"),
        ("speech.choice", "number"),
        ("speech.language", "tongue"),
        ("speech.seconds", "seconds"),
        ("speech.type_code", "digits"),
        ("speech.type_number", "digits"),
        ("speech.type_pin", "digits"),
        ("speech.volume_to", "level"),
        ("stated", "en"),
        ("stated", "zh"),
    }
)
"""Other values that anybody may hear: the sentence, and the value's name in it.

Whatever is neither here nor by the office is a person's own, or may be: last four, tries, a reference, words of the
centre.  A message in a message is judged as one.
"""


class Told(msgspec.Struct, frozen=True):
    """One thing to say."""

    message: Message
    private: bool = False
    """A person's own by its place on the page, whatever its values are called."""


def spoken(prompt: Prompt, code: str, *, private: bool, part: int = 0) -> tuple[Utterance, ...]:
    """Everything a page says; without `private`, what only the person may hear is left out, and said to be.

    `part`: of the choices, where there are more than figures.
    """
    return _utterances([*_page(prompt), *_choices(prompt, part), *_keys(prompt)], code, private=private)


def spoken_choices(prompt: Prompt, code: str, *, private: bool, part: int) -> tuple[Utterance, ...]:
    """Only what can be pressed now."""
    return _utterances([*_choices(prompt, part), *_keys(prompt)], code, private=private)


def spoken_facts(hotline: str, code: str) -> tuple[Utterance, ...]:
    """What is good to know about one's card, for whoever listens on at the first page."""
    told = [
        Told(sentence)
        for fact in FACTS
        for sentence in (msg(f"screens.{fact.id}_title"), msg(f"screens.{fact.id}_body", hotline=hotline))
    ]
    return _utterances(told, code, private=False)


def called_out(prompt: prompts.TakeCards, code: str) -> tuple[Utterance, ...]:
    """What is said also to somebody who reads: whoever leaves something behind does not look any more."""
    return _utterances(list(_things(prompt)), code, private=False)


def spoken_settings(title: str, menu: Sequence[Message], code: str) -> tuple[Utterance, ...]:
    """The sheet on which the look or the sound is chosen; its title by its id."""
    return _utterances([Told(msg(title)), *_numbered(menu)], code, private=False)


def spoken_help(hotline: str, call: Call, menu: Sequence[Message], code: str) -> tuple[Utterance, ...]:
    """What lies over the page after a call for help, and what can be chosen there."""
    become = () if call is Call.NONE else (Told(msg(f"screens.call_{call.value}")),)
    told = [
        Told(msg("screens.help_title")),
        *become,
        *_row(msg("screens.help_window_label"), msg("screens.help_window")),
        Told(msg("screens.hotline_beside", hotline=hotline)),
        *_numbered(menu),
    ]
    return _utterances(told, code, private=False)


def is_private(message: Message, code: str) -> bool:
    return any(_is_private(message, name, code) for name in fields(message, code))


def _is_private(message: Message, name: str, code: str) -> bool:
    value = message.values[name]
    if isinstance(value, Message):
        return is_private(value, code)
    return name not in BY_THE_OFFICE and (message.id, name) not in PUBLIC


def _utterances(told: Sequence[Told], code: str, *, private: bool) -> tuple[Utterance, ...]:
    said = (utterance(one.message if private else _for_all_ears(one, code), code) for one in told)
    return tuple(dict.fromkeys(said))  # that something is private is said once


def _for_all_ears(told: Told, code: str) -> Message:
    """The sentence itself, the same without what is private, or that there is more to be read."""
    if not (told.private or is_private(told.message, code)):
        return told.message
    public = f"aloud.{told.message.id}"
    return msg(public if public in language(code).ids else "speech.private")


# --- the page ---------------------------------------------------------------------------


def _page(prompt: Prompt) -> Iterator[Told]:  # noqa: C901, PLR0912, PLR0915 - one case a page
    match prompt:
        case prompts.Attract():
            yield from _all(msg("screens.attract_title"), msg("screens.attract_body"), msg("speech.keys"))
        case prompts.Home():
            yield from _all(msg("screens.home_title"), msg("screens.home_body"))
        case prompts.Topics(title=title):
            yield Told(title)
        case prompts.Advice():
            yield from _advice(prompt)
        case prompts.PrivacyNotice(title=title, rows=rows):
            yield Told(title)
            for row in rows:
                yield from _row(row.label, row.value)
        case prompts.Present(title=title, body=body):
            yield from _all(title, body)
        case prompts.CardReport(title=title, sentence=sentence, rows=rows):
            yield from _all(title, sentence)
            for row in rows:
                yield from _row(row.label, row.value, private=True)
        case prompts.Choose(title=title, body=body):
            yield from _all(title, body)
        case prompts.Progress():
            yield from _progress(prompt)
        case prompts.Confirm(title=title, subject=subject):
            yield from _all(title, *subject)
            yield from _row(msg("screens.confirm_after"), prompt.after)
            yield from _row(msg("screens.confirm_not_covered"), prompt.not_covered)
            yield from _row(msg("screens.confirm_undo"), prompt.undo)
        case prompts.TypeCode(title=title, body=body, digits=digits):
            yield from _all(title, body, msg("speech.type_code", digits=digits))
        case prompts.TypeNumber(title=title, body=body):
            yield from _all(title, body, msg("speech.type_number", digits=prompt.digits))
            if not prompt.figures_only:
                yield Told(msg("speech.type_x_on_pad" if prompt.on_pad else "speech.type_x"))
        case prompts.TypePin(title=title, body=body, digits=digits):
            yield from _all(title, body, msg("speech.type_pin", digits=digits))
        case prompts.Working(doing=doing, about_s=seconds):
            yield from _all(doing, msg("screens.working_about", seconds=seconds), msg("screens.working_stay"))
        case prompts.Result():
            yield from _result(prompt)
        case prompts.Refusal(title=title, why=why, where=where):
            yield from _all(title, why)
            yield from _row(msg("screens.refusal_where"), where)
            if prompt.slip_comes:
                yield Told(msg("screens.refusal_slip"))
            yield Told(msg("screens.hotline_beside", hotline=prompt.hotline))
        case prompts.TakeCards():
            yield from _things(prompt)
        case prompts.StillThere(seconds=seconds):
            yield from _all(
                msg("screens.still_title"), msg("speech.seconds", seconds=seconds), msg("screens.still_body")
            )
        case prompts.OutOfService(why=why, hotline=hotline):
            yield from _all(msg("screens.closed_title"), why)
            yield from _row(msg("screens.help_window_label"), msg("screens.help_window"))
            yield Told(msg("screens.hotline_beside", hotline=hotline))
    if isinstance(prompt, prompts.ServicePage) and prompt.step:
        yield Told(msg("screens.step", number=prompt.step.number, of=prompt.step.of))
    if isinstance(prompt, prompts.Present | prompts.TypeCode | prompts.TypeNumber | prompts.TypePin) and prompt.trouble:
        yield Told(prompt.trouble)


def _advice(prompt: prompts.Advice) -> Iterator[Told]:
    yield from _all(prompt.title, *(line.text for line in prompt.lines))
    if prompt.as_of:
        yield Told(prompt.as_of)
    if prompt.paper:
        yield Told(msg(f"screens.advice_{prompt.paper.value}"))


def _result(prompt: prompts.Result) -> Iterator[Told]:
    yield from _all(prompt.title, prompt.sentence)
    if prompt.warning:
        yield Told(prompt.warning)
    yield Told(msg(f"screens.paper_{prompt.paper.value}"))
    yield Told(msg("screens.reference", reference=prompt.reference))
    yield Told(msg("screens.hotline_beside", hotline=prompt.hotline))


def _progress(prompt: prompts.Progress) -> Iterator[Told]:
    yield from _all(prompt.title, prompt.sentence)
    for row in prompt.first:
        yield from _row(row.label, row.value, private=True)
    for stage in prompt.stages:
        yield from _row(stage.label, stage.note, private=True)
    for row in prompt.rows:
        yield from _row(row.label, row.value, private=True)
    yield Told(msg(f"screens.note_{prompt.paper.value}"))


def _things(prompt: prompts.TakeCards) -> Iterator[Told]:
    if prompt.strangers:
        yield from _all(msg("screens.take_strangers"), msg("screens.take_to_staff"))
        return
    for name, here in (("id_card", prompt.id_card), ("ssc", prompt.ssc), ("slip", prompt.slip)):
        if here:
            yield Told(msg("screens.take_title", things=msg(f"screens.take_{name}")))
    yield Told(msg("screens.take_body_slip" if prompt.slip else "screens.take_body"))


def _all(*messages: Message) -> Iterator[Told]:
    yield from map(Told, messages)


def _row(label: Message, value: Message, *, private: bool = False) -> Iterator[Told]:
    yield Told(msg("speech.row", label=label, value=value), private=private)


# --- what can be pressed ------------------------------------------------------------------


def _choices(prompt: Prompt, part: int) -> Iterator[Told]:
    """Those of one part, and how the others are reached."""
    divided = parts(_words(prompt))
    yield from _numbered(divided[part])
    if len(divided) > 1:
        others = msg("speech.others" if part + 1 < len(divided) else "speech.first_again")
        yield Told(msg("speech.choice", number=OTHERS, words=others))


def _words(prompt: Prompt) -> list[Message]:
    """Of each choice, with more than its button says."""
    match prompt:
        case prompts.Attract():
            return [msg("speech.start")]
        case prompts.Home(tiles=tiles) | prompts.Topics(tiles=tiles) | prompts.Choose(options=tiles):
            return [_tile(tile) for tile in tiles]
    return [choice.words for choice in choices(prompt)]


def _numbered(words: Sequence[Message]) -> Iterator[Told]:
    """Each with its key."""
    for number, one in zip(KEYS, words, strict=False):
        yield Told(msg("speech.choice", number=number, words=one))


def _tile(tile: prompts.Tile) -> Message:
    if tile.closed is None:
        return msg("speech.tile", title=tile.title, subtitle=tile.subtitle)
    return msg("speech.tile_closed", title=tile.title, closed=tile.closed)


def _keys(prompt: Prompt) -> Iterator[Told]:
    if goes_back(prompt):
        yield Told(msg("speech.back"))


def goes_back(prompt: Prompt) -> bool:
    """返回 is there."""
    return isinstance(prompt, prompts.ServicePage) and not isinstance(prompt, prompts.Working)
