"""Pages made of the catalogs as they are: every refusal, state of a card, trouble and ending the services can show."""

from __future__ import annotations

import datetime as dt

import msgspec

from kiosk.contract import Text
from kiosk.endings import TO_THE_WINDOW
from kiosk.prompts import (
    InsertCard,
    LayIdCard,
    PrivacyNotice,
    Prompt,
    Refusal,
    Row,
    Step,
    Tone,
    TypeCode,
    TypePin,
    Working,
)
from kiosk.words import Message, language, msg, said
from screens.gallery.samples import Words, card_report, confirm, home_four, insert_card, result_waiting, type_pin

UNTIL = dt.datetime(2034, 12, 31, 23, 59, tzinfo=dt.UTC)

VALUES = {
    "hotline": "12333",
    "channels": "微信公众号“广西人社”",
    "bank": "中国建设银行",
    "name": "欧阳*",
    "last4": "9X07",
    "tries": 6,
    "date": dt.date(2034, 12, 31),
    "said": said(Text(zh="身份信息与登记的不符，请到窗口核对。", en="The details differ from the record. Please ask.")),
    "last2": "38",
    "forgotten": msg("forgotten.window"),
    "again": msg("again.here"),
    "until": UNTIL,
    "stopped": msg("loss.stopped_until", until=UNTIL),
}


def say(id: str) -> Message:
    return msg(id, **VALUES)


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
        | _pin_endings(code)
        | _entries(code)
        | _work(code)
        | _notice(code)
    )


def _refusals(code: str) -> dict[str, Prompt]:
    pages: dict[str, Prompt] = {}
    for base in groups(code, "refusal.", "where"):
        title = base if base in language(code).ids else f"{base}.title"
        pages[base] = Refusal(
            title=say(title),
            why=say(f"{base}.why"),
            where=say(f"{base}.where"),
            hotline="12333",
            slip_comes=base.removeprefix("refusal.") in TO_THE_WINDOW,
        )
    for base in groups(code, "closed.", "instead"):
        pages[base] = Refusal(
            tone=Tone.WAITING, title=say(base), why=say(f"{base}.why"), where=say(f"{base}.instead"), hotline="12333"
        )
    return pages


def _states(code: str) -> dict[str, Prompt]:
    sample = card_report(Words(code))
    rows = (
        Row(say("row.holder"), say("loss.subject.unchecked")),
        Row(say("row.card"), say("row.card.value")),
        Row(say("row.pin"), say("pin.locked_forever")),
        Row(say("row.expires"), say("row.date")),
        Row(say("row.loss_expires"), msg("row.date", date=UNTIL)),
    )
    return {
        base: msgspec.structs.replace(
            sample, title=say(f"{base}.title"), sentence=say(f"{base}.sentence"), rows=rows, next=sample.next[1:]
        )
        for base in groups(code, "status.", "title")
    }


def _endings(code: str) -> dict[str, Prompt]:
    sample = msgspec.structs.replace(result_waiting(Words(code)), warning=say("loss.warning"))
    pages: dict[str, Prompt] = {
        base: msgspec.structs.replace(sample, title=say(f"{base}.title"), sentence=say(f"{base}.sentence"))
        for base in groups(code, "loss.", "title")
        if f"{base}.sentence" in language(code).ids
    }
    until = msgspec.structs.replace(sample, title=say("loss.already.title"), sentence=say("loss.until"))
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
    return {
        f"confirm.{word}.{covered}": msgspec.structs.replace(
            sample,
            title=say(f"loss.{word}.confirm"),
            subject=(say("loss.subject"), say("loss.now.unknown"), say("loss.urgent")),
            after=say(f"loss.{word}.after"),
            at_once=word == "report",
            not_covered=say(covered),
            undo=say("loss.undo"),
            act=say(f"loss.{word}.act"),
            decline=say("loss.decline"),
        )
        for word in ("report", "register")
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


def _pin_endings(code: str) -> dict[str, Prompt]:
    sample = result_waiting(Words(code))
    tries = {"tries": msg("pin.tries_left", tries=6)}
    return {
        base: msgspec.structs.replace(
            sample,
            title=say(f"{base}.title"),
            sentence=msg(f"{base}.sentence", **VALUES | tries),
            warning=msg(f"{base}.warning", **VALUES | tries),
            next=home_four().tiles[1:2],
        )
        for base in groups(code, "pin_result.", "title")
    }


def _entries(code: str) -> dict[str, Prompt]:
    step = type_pin("pin.new").step
    pages: dict[str, Prompt] = {
        f"code.{trouble}": TypeCode(
            step=step, title=say("code.title"), body=say("code.body"), trouble=say(f"code.{trouble}"), digits=6
        )
        for trouble in ("wrong",)
    }
    for what in groups(code, "pin.", "title"):
        for trouble in (None, "pin.weak", "pin.differ"):
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
    doing = ("reset.working", "unblock.working", "code.sending", "code.checking", "centre.asking")
    return {id: Working(step=step, doing=say(id), about_s=5) for id in doing}


def _notice(code: str) -> dict[str, Prompt]:
    rows = tuple(Row(say(f"notice.{row}"), say(f"notice.{row}.answer")) for row in ("what", "why", "how_long"))
    return {"notice": PrivacyNotice(title=say("notice.title"), rows=rows)}
