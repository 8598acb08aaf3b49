"""Pages made of the catalogs as they are: every refusal, state of a card, trouble and ending the services can show."""

from __future__ import annotations

import datetime as dt
from typing import Any, NamedTuple

import msgspec

from kiosk.contract import ReplacementReason, Text
from kiosk.endings import TO_THE_WINDOW
from kiosk.guide.leaflets import Group
from kiosk.guide.topics import Topic, topics
from kiosk.prompts import (
    Advice,
    AdviceLine,
    CardReport,
    Confirm,
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
from kiosk.slips.lines import Emphasis, Field, Heading, Paragraph, Slip
from kiosk.words import Message, language, msg, plain, said, stated
from screens.gallery.samples import (
    Words,
    advice,
    card_report,
    confirm,
    insert_card,
    lay_id_card,
    result_waiting,
    slip,
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
NEXT = {"unblocked": ("change_pin",), "unblocked_wrong": ("reset_pin",)}
"""What the result of a PIN service leads on to."""
LOSS_IN_EFFECT = ("loss.done", "loss.already")
NOW = {
    "release": "now.temporarily_lost",
    "formal_loss": "now.temporarily_lost",
    "activation": "now.sealed",
    "replacement": "loss.now.normal",
}
"""What the card is while its service asks."""
AT_THE_CENTRE = ("release", "formal_loss", "activation", "replacement")
"""Services whose effect is at the centre, and which wait for it."""
DOUBTS = {
    "doubt.reload_pin.done": ("reload_pin", "status.normal", "tries_left"),
    "doubt.unblock_pin.done": ("unblock_pin", "status.normal", "tries_left"),
    "doubt.not_done": ("reload_pin", "status.blocked", "blocked"),
    "doubt.open": ("unblock_pin", "status.blocked", "blocked"),
    "doubt.open_elsewhere": ("reload_pin", "status.normal", "unknown"),
    "doubt.pin_changed.open": ("pin_changed", "status.normal", "tries_left"),
}
"""What became of an earlier PIN service: its row, what the card is now, and its PIN."""


class State(NamedTuple):
    """What a report says of a card besides its title."""

    pin: str | None = None
    """None: the card is not in the slot."""
    following: tuple[str, ...] = ()
    expires: dt.date = dt.date(2034, 5, 31)
    lost_until: bool = False


PAST, SOON = dt.date(2026, 10, 31), dt.date(2026, 12, 31)
"""A card's end, before and after the day of the pictures."""
STATES = {
    "normal": State("tries_left", ("change_pin",)),
    "temporarily_lost": State(following=("formal_loss",), lost_until=True),
    "temporarily_lost_here": State(following=("formal_loss",), lost_until=True),
    "releasable": State("tries_left", ("release",), lost_until=True),
    "to_activate": State("tries_left", ("activation",)),
    "application_locked": State("locked_forever"),
    "unknown": State("unknown"),
    "blocked": State("blocked", ("reset_pin", "unblock_pin")),
    "blocked_unblock": State("blocked", ("unblock_pin",)),
    "blocked_elsewhere": State("blocked"),
    "expired": State("tries_left", expires=PAST),
    "expired_here": State("tries_left", ("replacement",), PAST),
    "expires_soon": State("tries_left", ("change_pin",), SOON),
    "expires_soon_here": State("tries_left", ("change_pin", "replacement"), SOON),
}
"""By the word of the state; of the others only that the card is not there."""
FOLLOWING = {"tries_left": ("change_pin",), "blocked": ("reset_pin", "unblock_pin")}
"""What fits a PIN, where it is not the state's usual one."""

UNTIL = dt.datetime(2026, 11, 25, 10, 26, tzinfo=dt.UTC)
"""Of a loss reported on the day of the pictures, where one holds for three days."""

BANK = {"bank": "中国建设银行", "hotline": "95533"}

VALUES = {
    "hotline": "12333",
    "channels": stated(Text(zh="微信公众号“广西人社”", en="WeChat “广西人社”")),
    "bank": msg("loss.bank_side", **BANK),
    "name": "欧阳*",
    "last4": "9X07",
    "tries": 6,
    "date": dt.date(2034, 5, 31),
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
    "hours": msg("guide_value.no_hours"),
    "elsewhere": msg("guide_value.ask"),
    "loss_at": stated(Text(zh="12333电话、微信“广西人社”", en="phone 12333 or WeChat 广西人社")),
    **dict.fromkeys(
        ("formal_loss_at", "replacement_at", "release_at", "reset_at", "change_at"), msg("guide_value.here_or_window")
    ),
    "clerk_at": msg("guide_value.clerk_or_window"),
}

STATED = ("replacement", "undo_loss", "loss", "pin_forgotten", "pin_change", "minors", "proxies", "channels")
"""Topics that say something else where a policy states what Guangxi's leaves open, or switches on what is off there."""

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
    but_loss = {
        f"{base}.but_loss": msgspec.structs.replace(pages[base], where=say(f"{base}.instead_but_loss"))
        for base in groups(code, "closed.", "instead_but_loss")
    }
    return pages | but_loss


def _states(code: str) -> dict[str, Prompt]:
    """With the rows and the ways on that fit the state: what a card is never contradicts what is offered for it."""
    reports: dict[str, Prompt] = {base: _report(base) for base in groups(code, "status.", "title")}
    doubts = {
        doubt: _report(status, pin, Row(say(f"row.{row}"), say(doubt))) for doubt, (row, status, pin) in DOUBTS.items()
    }
    return reports | doubts | {"pin.none": _report("status.normal", "none")}


def _report(base: str, pin: str | None = None, *more: Row) -> CardReport:
    word = base.removeprefix("status.")
    state = STATES.get(word, State())
    chip = pin or state.pin
    rows = [Row(say("row.holder"), plain("欧阳*")), Row(say("row.card"), say("row.card.value"))]
    if "lost" in word or word == "releasable":
        named = word != "formally_lost"
        bank = msg("row.bank_account.value", **BANK) if named else msg("row.bank_account.value.any_bank")
        rows += [Row(say("row.bank_account"), bank), Row(say("row.hotline"), plain("12333"))]
    rows.append(Row(say("row.expires"), msg("row.date", date=state.expires)))
    if state.lost_until:
        rows.append(Row(say("row.loss_expires"), msg("row.date", date=UNTIL)))
    if chip:
        rows.append(Row(say("row.pin"), say(f"pin.{chip}")))
    following = state.following if chip == state.pin else FOLLOWING.get(chip or "", ())
    return CardReport(
        step=Step(3, 3),
        tone=TONES.get(word, Tone.WAITING),
        title=say(f"{base}.title"),
        sentence=say(f"{base}.sentence"),
        rows=(*rows, *more),
        next=tuple(_tile("tile", service) for service in following),
    )


def _endings(code: str) -> dict[str, Prompt]:
    sample = msgspec.structs.replace(result_waiting(Words(code)), warning=msg("loss.warning", **BANK))
    pages: dict[str, Prompt] = {
        base: msgspec.structs.replace(
            sample,
            tone=Tone.GOOD if base in LOSS_IN_EFFECT else Tone.WAITING,
            slip=_slip(code, "slip.loss.title", f"{base}.title"),
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
    for prefix, kind, step in (
        ("id_card", LayIdCard, lay_id_card(Words(code)).step),
        ("ssc", InsertCard, insert_card(Words(code)).step),
    ):
        for id in sorted(id for id in language(code).ids if id.startswith(f"{prefix}.")):
            if id.removeprefix(f"{prefix}.") not in own:
                pages[id] = kind(
                    title=say(f"{prefix}.title"),
                    body=say(f"{prefix}.body"),
                    without=say(f"{prefix}.without"),
                    trouble=say(id),
                    seconds=30,
                    step=step,
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
            subject=(say("loss.subject"), say("loss.now.normal"), msg(tries, tries=left)),
            after=say("reset.after"),
            not_covered=say("reset.not_covered"),
            undo=say("reset.undo"),
            act=say("change.act"),
            decline=say("change.decline"),
        )
        for tries, left in (("change.tries", 6), ("change.few_tries", 2))
    }


def _pin_endings(code: str) -> dict[str, Prompt]:
    sample = result_waiting(Words(code))
    tries = {"tries": msg("pin.tries_left", tries=5)}
    pages: dict[str, Prompt] = {}
    for base in groups(code, "pin_result.", "title"):
        pages[base] = msgspec.structs.replace(
            sample,
            tone=(tone := PIN_TONES.get(base.removeprefix("pin_result."), Tone.WAITING)),
            title=say(f"{base}.title"),
            sentence=say(f"{base}.sentence", **tries),
            warning=None if tone is Tone.GOOD else say(f"{base}.warning", **tries),
            slip=_slip(code, "slip.pin.title", f"{base}.title"),
            next=tuple(_tile("tile", name) for name in NEXT.get(base.removeprefix("pin_result."), ())),
        )
        if varied(code, f"{base}.sentence", f"{base}.warning"):
            pages[f"{base}.otherwise"] = msgspec.structs.replace(
                pages[base],
                sentence=say(f"{base}.sentence", **OTHERWISE | tries),
                warning=say(f"{base}.warning", **OTHERWISE | tries),
            )
    return pages


def _slip(code: str, heading: str, ending: str) -> Slip:
    """Says what the page says, under the same reference."""
    say_it = language(code).say
    sample = slip(Words(code))
    lines = (line for line in sample.lines if not isinstance(line, Emphasis | Paragraph))
    return Slip(
        lines=tuple(
            Heading(say_it(msg(heading)))
            if isinstance(line, Heading)
            else msgspec.structs.replace(line, value=say_it(say(ending)))
            if isinstance(line, Field) and line.strong
            else line
            for line in lines
        )
    )


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
    """What a bank still has to open for an activated card is said with the bank's name, or without."""
    sample = confirm(Words(code))
    pages: dict[str, Prompt] = {
        base: msgspec.structs.replace(
            sample,
            title=say(f"{base}.title"),
            subject=(say("loss.subject"), say(NOW[kind])),
            after=say(f"{base}.after"),
            not_covered=msg("loss.not_covered.any_bank"),
            undo=say(f"{base}.undo"),
            act=say(f"{base}.act"),
            decline=say(f"{base}.decline"),
        )
        for kind in AT_THE_CENTRE
        for base in groups(code, f"{kind}.confirm", "title")
    }
    uncovered = {
        "activation.sealed": msg("activation.not_covered", **BANK),
        "activation.sealed.any_bank": msg("activation.not_covered.any_bank"),
    }
    activation = pages["activation.confirm"]
    for name in ("formal_loss.confirm", "replacement.confirm"):
        page = pages[name]
        assert isinstance(page, Confirm)  # noqa: S101 - made above
        pages[name] = msgspec.structs.replace(page, subject=(*page.subject, say("new_card.terms")))
    return pages | {
        name: msgspec.structs.replace(activation, not_covered=not_covered) for name, not_covered in uncovered.items()
    }


def _centre_endings(code: str) -> dict[str, Prompt]:
    sample = result_waiting(Words(code))
    pages: dict[str, Prompt] = {
        f"{kind}.{word}": msgspec.structs.replace(
            sample,
            tone=Tone.GOOD if word in ("done", "already") else Tone.WAITING,
            slip=_slip(code, f"slip.{kind}.title", f"{kind}.{word}.title"),
            title=say(f"{kind}.{word}.title"),
            sentence=say(f"{kind}.{word}.sentence"),
            warning=msg(f"{kind}.bank.any_bank") if word == "already" else msg(f"{kind}.bank", **BANK),
        )
        for kind in AT_THE_CENTRE
        for word in ("done", "already", "in_doubt", "prepared")
        if f"{kind}.{word}.title" in language(code).ids
    }
    kept = Refusal(
        tone=Tone.WAITING,
        title=say("initial_pin.title"),
        why=say("initial_pin.why"),
        where=say("initial_pin.where"),
        hotline="12333",
    )
    done = msgspec.structs.replace(pages["activation.done"], goes_on=msg("activation.change_now"))
    return pages | {"activation.done": done, "initial_pin": kept}


UNCHANGED = {
    "change.blocked": (msg("pin.blocked"), ("reset_pin", "unblock_pin")),
    "change.wrong": (msg("pin.tries_left", tries=5), ("change_pin", "reset_pin")),
    "change.wrong_few": (msg("pin.tries_left", tries=2), ("change_pin", "reset_pin")),
}
"""After a PIN change that was none: what the PIN is, and what is offered."""


def _pin_reports(code: str) -> dict[str, Prompt]:
    """A PIN that was not changed."""
    sample = card_report(Words(code))
    pages: dict[str, Prompt] = {}
    for base in groups(code, "change.", "sentence"):
        page = msgspec.structs.replace(
            sample,
            tone=Tone.WAITING,
            title=say(f"{base}.title"),
            sentence=say(f"{base}.sentence"),
            rows=(Row(say("row.card"), say("row.card.value")), Row(say("row.pin"), UNCHANGED[base][0])),
            next=tuple(_tile("tile", name) for name in UNCHANGED[base][1]),
        )
        pages[base] = page
        pages[f"{base}.otherwise"] = msgspec.structs.replace(page, sentence=say(f"{base}.sentence", **OTHERWISE))
    return pages


TROUBLES = {
    "pin.new": ("pin.weak", "pin.differ", "pin.same_as_old"),
    "pin.remembered": ("pin.wrong", "pin.few_tries"),
    "pin.old": ("pin.wrong", "pin.few_tries"),
}
"""What may be wrong with each PIN."""
LEFT = {"pin.wrong": 5, "pin.few_tries": 2}


def _entries(code: str) -> dict[str, Prompt]:
    step = type_pin("pin.new").step
    pages: dict[str, Prompt] = {
        f"code.{trouble}": TypeCode(
            step=step, title=say("code.title"), body=say("code.body"), trouble=say(f"code.{trouble}"), digits=6
        )
        for trouble in ("wrong",)
    }
    for what in groups(code, "pin.", "title"):
        for trouble in (None, *TROUBLES.get(what, ())):
            pages[f"{what}.{trouble}"] = TypePin(
                step=step,
                title=say(f"{what}.title"),
                body=say("pin.body"),
                trouble=msg(trouble, tries=LEFT.get(trouble, 0)) if trouble else None,
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
