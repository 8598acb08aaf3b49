"""A clerk's pages: signing in, for whom, what was seen, and what is answered for."""

from __future__ import annotations

from kiosk.contract import PAPERS, PaperSeen, Whom
from kiosk.prompts import (
    Choose,
    Confirm,
    LayIdCard,
    PrivacyNotice,
    Prompt,
    Row,
    Step,
    Tile,
    Topics,
    TypeCode,
    TypeNumber,
    TypePin,
    Working,
)
from kiosk.words import Message, msg

SIX = 6
NUMBER_GROUPS = (3, 3)
HOLDER = {"name": "欧阳*", "last4": "9X07"}
SERVICES = (
    *("report_loss", "formal_loss", "replacement", "activation"),
    *("reset_pin", "unblock_pin", "change_pin", "release"),
)


def clerk() -> dict[str, Prompt]:
    """By name."""
    return {
        "clerk-number": _number(None),
        "clerk-number-refused": _number(msg("clerk.refused")),
        "clerk-password": TypePin(
            step=Step(1, 5), title=msg("clerk.password.title"), body=msg("clerk.password.body"), digits=SIX
        ),
        "clerk-code": TypeCode(step=Step(1, 5), title=msg("clerk.code.title"), body=msg("clerk.code.body"), digits=SIX),
        "clerk-checking": Working(step=Step(1, 5), doing=msg("clerk.checking"), about_s=2),
        "clerk-whom": Choose(
            step=Step(2, 5),
            title=msg("clerk.whom.title"),
            body=msg("clerk.whom.body"),
            options=tuple(_tile(f"clerk.{whom}") for whom in Whom),
        ),
        **{f"clerk-papers-{whom}": _papers("clerk.papers", *PAPERS[whom]) for whom in Whom},
        "clerk-papers-more": _papers("clerk.papers.more", *PAPERS[Whom.GUARDIAN][1:], "all_seen"),
        "clerk-notice": _notice(),
        **{f"clerk-id-card-{who}": _id_card(f"clerk.{who}.id_card") for who in ("guardian", "proxy")},
        "clerk-id-card-holder": _id_card("clerk.holder.id_card", without=msg("clerk.type_number")),
        "clerk-vouch": _vouch(None, PaperSeen.PASSPORT),
        "clerk-vouch-guardian": _vouch(Whom.GUARDIAN, *PAPERS[Whom.GUARDIAN]),
        "clerk-vouch-proxy": _vouch(Whom.PROXY, *PAPERS[Whom.PROXY]),
        "clerk-service": Topics(
            step=Step(5, 5), title=msg("clerk.service.title"), tiles=tuple(_tile(f"tile.{one}") for one in SERVICES)
        ),
    }


def _number(trouble: Message | None) -> TypeNumber:
    title, body = msg("number.clerk.title"), msg("number.clerk.body")
    return TypeNumber(step=Step(1, 5), title=title, body=body, trouble=trouble, groups=NUMBER_GROUPS, figures_only=True)


def _tile(id: str) -> Tile:
    return Tile(id.rpartition(".")[2], msg(f"{id}.title"), msg(f"{id}.subtitle"))


def _papers(title: str, *papers: str) -> Topics:
    return Topics(step=Step(2, 5), title=msg(title), tiles=tuple(_tile(f"paper.{paper}") for paper in papers))


def _notice() -> PrivacyNotice:
    """Somebody has another paper, whose number the clerk types."""
    rows = (
        Row(msg("notice.what"), msg("clerk.notice.what.answer")),
        *(Row(msg(f"notice.{row}"), msg(f"notice.{row}.answer")) for row in ("why", "how_long")),
    )
    return PrivacyNotice(step=Step(3, 5), title=msg("clerk.notice.title"), rows=rows)


def _id_card(title: str, without: Message | None = None) -> LayIdCard:
    return LayIdCard(step=Step(3, 5), title=msg(title), body=msg("id_card.body"), without=without, seconds=30)


def _vouch(other: Whom | None, *papers: str) -> Confirm:
    seen = {f"paper{number}": msg(f"paper.{paper}.title") for number, paper in enumerate(papers, 1)}
    subject = [msg("clerk.vouch.holder", **HOLDER, card="2314")]
    if other is not None:
        subject.append(msg(f"clerk.vouch.{other}", **HOLDER))
    return Confirm(
        step=Step(4, 5),
        title=msg("clerk.vouch.title"),
        subject=(*subject, msg(f"clerk.vouch.papers_{len(papers)}", **seen)),
        after=msg("clerk.vouch.after"),
        not_covered=msg("clerk.vouch.not_covered"),
        undo=msg("clerk.vouch.undo"),
        act=msg("clerk.vouch.act"),
        decline=msg("clerk.vouch.decline"),
    )
