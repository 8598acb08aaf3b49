"""Pages made of the catalogs as they are: every refusal, state of a card, trouble and ending the services can show."""

from __future__ import annotations

import datetime as dt
from typing import Any

import msgspec

from kiosk.contract import ReplacementReason, Text
from kiosk.endings import TO_THE_WINDOW
from kiosk.guide.leaflets import Group
from kiosk.guide.topics import Topic, topics
from kiosk.prompts import (
    Advice,
    AdviceLine,
    Home,
    InsertCard,
    LayIdCard,
    OutOfService,
    PrivacyNotice,
    Prompt,
    Refusal,
    Row,
    Step,
    Tile,
    Tone,
    Topics,
    TypeCode,
    TypePin,
    Working,
)
from kiosk.words import Message, language, msg, plain, said, stated
from screens.gallery.samples import (
    Words,
    advice,
    card_report,
    confirm,
    home_four,
    insert_card,
    result_waiting,
    topic_group,
    type_pin,
)

TONES = {
    "normal": Tone.GOOD,
    **dict.fromkeys(("application_locked", "cancelled", "unknown"), Tone.BAD),
}
"""Of the states of a card; of the others it is waiting."""
PIN_TONES = {"reset": Tone.GOOD, "unblocked": Tone.GOOD, "changed": Tone.GOOD, "reset_unverified": Tone.BAD}
"""Of the results of a PIN service, likewise."""
LOSS_IN_EFFECT = ("loss.done", "loss.already")
AT_THE_CENTRE = ("release", "formal_loss", "activation", "replacement")
"""Services whose effect is at the centre, and which wait for it."""
DOUBTS = {
    "doubt.reload_pin.done": ("row.reload_pin", "pin.tries_left"),
    "doubt.unblock_pin.done": ("row.unblock_pin", "pin.tries_left"),
    "doubt.not_done": ("row.reload_pin", "pin.blocked"),
    "doubt.open": ("row.unblock_pin", "pin.none"),
    "doubt.open_elsewhere": ("row.reload_pin", "pin.unknown"),
    "doubt.pin_changed.open": ("row.pin_changed", "pin.tries_left"),
}
"""What became of an earlier PIN service: its row, and what the PIN is now."""

UNTIL = dt.datetime(2034, 12, 31, 23, 59, tzinfo=dt.UTC)

BANK = {"bank": "中国建设银行", "hotline": "95533"}

VALUES = {
    "hotline": "12333",
    "channels": stated(Text(zh="微信公众号“广西人社”", en="WeChat “广西人社”")),
    "bank": msg("loss.bank_side", **BANK),
    "name": "欧阳*",
    "last4": "9X07",
    "tries": 6,
    "date": dt.date(2034, 12, 31),
    "said": said(Text(zh="身份信息与登记的不符，请到窗口核对。", en="The details differ from the record. Please ask.")),
    "last2": "38",
    "forgotten": msg("forgotten.window"),
    "again": msg("again.here"),
    "until": UNTIL,
    "days": msg("guide_value.days", days=20),
    "fee": msg("guide_value.yuan", yuan="12.50"),
    "validity": msg("guide_value.validity", days=3),
    "initial": "123456",
    "stopped": msg("loss.stopped_until", until=UNTIL),
}

STATED = ("replacement", "undo_loss")
"""Topics that say something else where a policy states what Guangxi's leaves open."""

OTHERWISE = {
    "bank": msg("loss.bank_side.any_bank"),
    "forgotten": msg("forgotten.here"),
    "again": msg("again.window"),
    "stopped": msg("loss.stopped"),
}
"""What else a service may put into its sentences."""


def say(id: str, **others: Message) -> Message:
    return msg(id, **VALUES | others)


def varied(code: str, *ids: str) -> bool:
    """Whether a service puts one sentence or another into these."""
    return any(f"{{{name}}}" in language(code).template(id) for id in ids for name in OTHERWISE)


def groups(code: str, prefix: str, last: str) -> list[str]:
    """What stands before `.<last>` in the ids that begin with the prefix."""
    ids = language(code).ids
    return sorted(id.removesuffix(f".{last}") for id in ids if id.startswith(prefix) and id.endswith(f".{last}"))


def written(code: str) -> dict[str, Prompt]:
    """Every page by the id its words begin with."""
    return (
        _refusals(code)
        | _states(code)
        | _endings(code)
        | _troubles(code)
        | _confirmations(code)
        | _pin_confirmations(code)
        | _pin_change_confirmations(code)
        | _pin_endings(code)
        | _all_tiles(code)
        | _replacement()
        | _centre_confirmations(code)
        | _centre_endings(code)
        | _pin_reports(code)
        | _entries(code)
        | _work(code)
        | _notice(code)
        | _closures()
        | _guide()
    )


def _refusals(code: str) -> dict[str, Prompt]:
    pages: dict[str, Prompt] = {}
    for base in groups(code, "refusal.", "where"):
        pages[base] = Refusal(
            title=say(f"{base}.title"),
            why=say(f"{base}.why"),
            where=say(f"{base}.where"),
            hotline="12333",
            slip_comes=base.removeprefix("refusal.") in TO_THE_WINDOW,
        )
        if varied(code, f"{base}.why", f"{base}.where"):
            pages[f"{base}.otherwise"] = msgspec.structs.replace(
                pages[base], why=say(f"{base}.why", **OTHERWISE), where=say(f"{base}.where", **OTHERWISE)
            )
    for base in groups(code, "closed.", "instead"):
        pages[base] = Refusal(
            tone=Tone.WAITING, title=say(base), why=say(f"{base}.why"), where=say(f"{base}.instead"), hotline="12333"
        )
    but_loss = msgspec.structs.replace(pages["closed.line"], where=say("closed.line.instead_but_loss"))
    return pages | {"closed.line.but_loss": but_loss}


def _states(code: str) -> dict[str, Prompt]:
    sample = card_report(Words(code))
    holder, card = Row(say("row.holder"), plain("欧阳*")), Row(say("row.card"), say("row.card.value"))
    rows = (
        *(holder, card, Row(say("row.pin"), say("pin.locked_forever"))),
        *(Row(say("row.expires"), say("row.date")), Row(say("row.loss_expires"), msg("row.date", date=UNTIL))),
    )
    pages: dict[str, Prompt] = {
        base: msgspec.structs.replace(
            sample,
            tone=TONES.get(base.removeprefix("status."), Tone.WAITING),
            title=say(f"{base}.title"),
            sentence=say(f"{base}.sentence"),
            rows=rows,
            next=sample.next[1:],
        )
        for base in groups(code, "status.", "title")
    }
    for doubt, (row, pin) in DOUBTS.items():
        pages[doubt] = msgspec.structs.replace(
            pages["status.normal"],
            rows=(holder, card, Row(say("row.pin"), say(pin)), Row(say(row), say(doubt))),
        )
    return pages


def _endings(code: str) -> dict[str, Prompt]:
    sample = msgspec.structs.replace(result_waiting(Words(code)), warning=msg("loss.warning", **BANK))
    pages: dict[str, Prompt] = {
        base: msgspec.structs.replace(
            sample,
            tone=Tone.GOOD if base in LOSS_IN_EFFECT else Tone.WAITING,
            title=say(f"{base}.title"),
            sentence=say(f"{base}.sentence"),
        )
        for base in groups(code, "loss.", "title")
    }
    until = msgspec.structs.replace(
        pages["loss.done"], sentence=say("loss.until"), warning=say("loss.warning.any_bank")
    )
    return pages | {"loss.until": until}


def _troubles(code: str) -> dict[str, Prompt]:
    pages: dict[str, Prompt] = {}
    own = {"title", "body", "without", "reading"}
    for prefix, kind in (("id_card", LayIdCard), ("ssc", InsertCard)):
        for id in sorted(id for id in language(code).ids if id.startswith(f"{prefix}.")):
            if id.removeprefix(f"{prefix}.") not in own:
                pages[id] = kind(
                    title=say(f"{prefix}.title"),
                    body=say(f"{prefix}.body"),
                    without=say(f"{prefix}.without"),
                    trouble=say(id),
                    seconds=30,
                    step=insert_card(Words(code)).step,
                )
    return pages


def _confirmations(code: str) -> dict[str, Prompt]:
    sample = confirm(Words(code))
    subjects = {
        "report": (say("loss.subject"), say("loss.now.normal"), say("loss.questions")),
        "register": (say("loss.subject.unchecked"), say("loss.now.unknown"), say("loss.urgent")),
    }
    return {
        f"confirm.{word}.{covered}": msgspec.structs.replace(
            sample,
            title=say(f"loss.{word}.confirm"),
            subject=subject,
            after=say(f"loss.{word}.after"),
            at_once=word == "report",
            not_covered=msg(covered, **BANK),
            undo=say("loss.undo"),
            act=say(f"loss.{word}.act"),
            decline=say("loss.decline"),
        )
        for word, subject in subjects.items()
        for covered in ("loss.not_covered", "loss.not_covered.any_bank")
    }


def _pin_confirmations(code: str) -> dict[str, Prompt]:
    sample = confirm(Words(code))
    return {
        f"{base}.confirm": msgspec.structs.replace(
            sample,
            title=say(f"{base}.confirm.title"),
            subject=(say("loss.subject"),),
            after=say(f"{base}.after"),
            not_covered=say("reset.not_covered"),
            undo=say(f"{base}.undo"),
            act=say(f"{base}.act"),
            decline=say(f"{base}.decline"),
        )
        for base in ("reset", "unblock")
    }


def _pin_change_confirmations(code: str) -> dict[str, Prompt]:
    sample = confirm(Words(code))
    return {
        f"{tries}.confirm": msgspec.structs.replace(
            sample,
            title=say("change.confirm.title"),
            subject=(say("loss.subject"), say("loss.now.normal"), say(tries)),
            after=say("reset.after"),
            not_covered=say("reset.not_covered"),
            undo=say("reset.undo"),
            act=say("change.act"),
            decline=say("change.decline"),
        )
        for tries in ("change.tries", "change.few_tries")
    }


def _pin_endings(code: str) -> dict[str, Prompt]:
    sample = result_waiting(Words(code))
    tries = {"tries": msg("pin.tries_left", tries=6)}
    pages: dict[str, Prompt] = {}
    for base in groups(code, "pin_result.", "title"):
        pages[base] = msgspec.structs.replace(
            sample,
            tone=(tone := PIN_TONES.get(base.removeprefix("pin_result."), Tone.WAITING)),
            title=say(f"{base}.title"),
            sentence=say(f"{base}.sentence", **tries),
            warning=None if tone is Tone.GOOD else say(f"{base}.warning", **tries),
            next=home_four().tiles[1:2],
        )
        if varied(code, f"{base}.sentence", f"{base}.warning"):
            pages[f"{base}.otherwise"] = msgspec.structs.replace(
                pages[base],
                sentence=say(f"{base}.sentence", **OTHERWISE | tries),
                warning=say(f"{base}.warning", **OTHERWISE | tries),
            )
    return pages


def _tile(prefix: str, name: str) -> Tile:
    return Tile(name, msg(f"{prefix}.{name}.title"), msg(f"{prefix}.{name}.subtitle"))


def _all_tiles(code: str) -> dict[str, Prompt]:
    """A site that offers everything."""
    names = (id.removeprefix("tile.") for id in groups(code, "tile.", "title"))
    return {"home-all": Home(tiles=tuple(_tile("tile", name) for name in names))}


def _replacement() -> dict[str, Prompt]:
    """Why a card is replaced, and that it need not be there."""
    reasons = tuple(_tile("replacement.reason", reason) for reason in ReplacementReason)
    present = insert_card(Words("zh_CN"))
    return {
        "replacement.reason": Topics(title=msg("replacement.reason.title"), tiles=reasons),
        "replacement.without": msgspec.structs.replace(present, without=msg("replacement.without")),
    }


def _centre_confirmations(code: str) -> dict[str, Prompt]:
    sample = confirm(Words(code))
    sealed = msgspec.structs.replace(
        sample,
        title=say("activation.confirm.title"),
        subject=(say("loss.subject"), say("now.sealed")),
        not_covered=msg("activation.not_covered", **BANK),
    )
    any_bank = msgspec.structs.replace(sealed, not_covered=msg("activation.not_covered.any_bank"))
    pages: dict[str, Prompt] = {"activation.sealed": sealed, "activation.sealed.any_bank": any_bank}
    return pages | {
        base: msgspec.structs.replace(
            sample,
            title=say(f"{base}.title"),
            subject=(say("loss.subject"), say("now.temporarily_lost")),
            after=say(f"{base}.after"),
            not_covered=msg("loss.not_covered.any_bank"),
            undo=say(f"{base}.undo"),
            act=say(f"{base}.act"),
            decline=say(f"{base}.decline"),
        )
        for kind in AT_THE_CENTRE
        for base in groups(code, f"{kind}.confirm", "title")
    }


def _centre_endings(code: str) -> dict[str, Prompt]:
    sample = result_waiting(Words(code))
    return {
        f"{kind}.{word}": msgspec.structs.replace(
            sample,
            tone=Tone.GOOD if word in ("done", "already") else Tone.WAITING,
            title=say(f"{kind}.{word}.title"),
            sentence=say(f"{kind}.{word}.sentence"),
            warning=msg(f"{kind}.bank.any_bank") if word == "already" else msg(f"{kind}.bank", **BANK),
        )
        for kind in AT_THE_CENTRE
        for word in ("done", "already", "in_doubt", "prepared")
        if f"{kind}.{word}.title" in language(code).ids
    }


def _pin_reports(code: str) -> dict[str, Prompt]:
    """A PIN that was not changed."""
    sample = card_report(Words(code))
    rows = (Row(say("row.card"), say("row.card.value")), Row(say("row.pin"), say("pin.tries_left")))
    following = tuple(
        Tile(name, msg(f"tile.{name}.title"), msg(f"tile.{name}.subtitle")) for name in ("change_pin", "reset_pin")
    )
    pages: dict[str, Prompt] = {}
    for base in groups(code, "change.", "sentence"):
        page = msgspec.structs.replace(
            sample,
            tone=Tone.WAITING,
            title=say(f"{base}.title"),
            sentence=say(f"{base}.sentence"),
            rows=rows,
            next=following,
        )
        pages[base] = page
        pages[f"{base}.otherwise"] = msgspec.structs.replace(page, sentence=say(f"{base}.sentence", **OTHERWISE))
    return pages


def _entries(code: str) -> dict[str, Prompt]:
    step = type_pin("pin.new").step
    pages: dict[str, Prompt] = {
        f"code.{trouble}": TypeCode(
            step=step, title=say("code.title"), body=say("code.body"), trouble=say(f"code.{trouble}"), digits=6
        )
        for trouble in ("wrong",)
    }
    for what in groups(code, "pin.", "title"):
        for trouble in (None, "pin.weak", "pin.differ", "pin.wrong", "pin.same_as_old", "pin.few_tries"):
            pages[f"{what}.{trouble}"] = TypePin(
                step=step,
                title=say(f"{what}.title"),
                body=say("pin.body"),
                trouble=say(trouble) if trouble else None,
                digits=6,
            )
    return pages


def _work(code: str) -> dict[str, Prompt]:
    step = Step(4, 4)
    doing = (
        *("ssc.reading", "centre.asking", "code.sending", "code.checking"),
        *("loss.working", "reset.working", "unblock.working", "pin.checking"),
        *(f"{kind}.working" for kind in AT_THE_CENTRE),
    )
    return {id: Working(step=step, doing=say(id), about_s=5) for id in doing}


def _notice(code: str) -> dict[str, Prompt]:
    rows = tuple(Row(say(f"notice.{row}"), say(f"notice.{row}.answer")) for row in ("what", "why", "how_long"))
    return {"notice": PrivacyNotice(title=say("notice.title"), rows=rows, step=Step(1, 4))}


def _closures() -> dict[str, Prompt]:
    return {id: OutOfService(why=say(id), hotline="12333") for id in ("out.journal", "screens.fault")}


def _guide() -> dict[str, Prompt]:
    groups: dict[str, Prompt] = {f"guide_group.{group}": topic_group(group) for group in Group}
    pages: dict[str, Prompt] = {f"guide.{topic.id}": advice(topic) for topic in topics()}
    hours = VALUES | {"validity": msg("guide_value.validity_hours", hours=36)}
    for topic in topics():
        if topic.id in STATED:
            pages[f"guide.{topic.id}.stated"] = _stated(topic, VALUES)
            pages[f"guide.{topic.id}.in_hours"] = _stated(topic, hours)
    return groups | pages


def _stated(topic: Topic, values: dict[str, Any]) -> Advice:
    lines = tuple(AdviceLine(text, point) for text, point in topic.lines(values))
    return Advice(title=topic.title, lines=lines, printable=True)
