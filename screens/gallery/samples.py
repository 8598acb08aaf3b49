"""A page of every kind, in both languages, with what is hard to fit: long names, rare characters, long reasons."""

from __future__ import annotations

import datetime as dt

import msgspec

from kiosk.contract import Text
from kiosk.guide.leaflets import Group
from kiosk.guide.topics import Topic, topics
from kiosk.pin import MAX_DIGITS
from kiosk.prompts import (
    Advice,
    AdviceLine,
    Attract,
    CardReport,
    Confirm,
    Home,
    InsertCard,
    LayIdCard,
    OutOfService,
    Paper,
    PrivacyNotice,
    Prompt,
    Refusal,
    Result,
    Row,
    Step,
    StillThere,
    TakeCards,
    Tile,
    Tone,
    Topics,
    TypeCode,
    Typed,
    TypePin,
    Working,
)
from kiosk.slips.lines import Centred, Emphasis, Field, Gap, Heading, Paragraph, QrCode, Rule, Slip
from kiosk.words import Message, msg, plain, stated
from screens.gallery.clerk import clerk
from screens.gallery.numbers import numbers
from screens.gallery.progress import progress

LANGUAGES = ("zh_CN", "en")

LONG_NAME = "阿卜杜热合曼·麦麦提吐尔逊江·阿卜杜拉汗"
"""As long as the social security card's name field allows, 20 characters."""
RARE_NAME = "𠮷*䶮\U00031350"
"""Beyond the first plane of Unicode, and one character after that which the font lacks."""


class Words:
    """Both languages side by side; `pick` takes one."""

    def __init__(self, code: str) -> None:
        self.chinese = code == "zh_CN"

    def __call__(self, chinese: str, english: str) -> Message:
        """A sentence that is the same for everybody."""
        return stated(Text(chinese, english))

    def own(self, chinese: str, english: str) -> Message:
        """One that is a person's."""
        return plain(chinese if self.chinese else english)


def samples(code: str) -> dict[str, Prompt]:
    """Every sample by its name."""
    w = Words(code)
    return numbers() | {
        **clerk(),
        **progress(),
        "attract": Attract(),
        "attract-dark": Attract(dim=True),
        "home": home(w),
        "home-four": home_four(),
        "home-staff": msgspec.structs.replace(home_four(), staff="assisted"),
        "home-six": home_six(w),
        "privacy": privacy(w),
        "lay-id-card": lay_id_card(w),
        "insert-card": insert_card(w),
        "insert-card-trouble": insert_card_trouble(w),
        "card-report": card_report(w),
        "card-report-lost": card_report_lost(w),
        "card-report-long-name": msgspec.structs.replace(
            card_report(w), rows=(Row(w("持卡人", "Holder"), plain(LONG_NAME)), *card_report(w).rows[1:])
        ),
        "card-report-rare-name": msgspec.structs.replace(
            card_report(w), rows=(Row(w("持卡人", "Holder"), plain(RARE_NAME)), *card_report(w).rows[1:])
        ),
        "confirm": confirm(w),
        "confirm-long-name": msgspec.structs.replace(
            confirm(w),
            subject=(
                w.own(f"{LONG_NAME} · 卡号尾号 2314", f"{LONG_NAME} · card ending 2314"),
                w("现在：可以使用", "Now: can be used"),
            ),
        ),
        "type-code": type_code(),
        "type-code-wrong": type_code(trouble=msg("code.wrong", tries=2)),
        "type-pin": type_pin("pin.new"),
        "type-pin-again": type_pin("pin.again"),
        "type-pin-weak": type_pin("pin.new", trouble=msg("pin.weak")),
        "type-pin-long": type_pin("pin.remembered", digits=MAX_DIGITS),
        "working": Working(doing=w("正在向社保中心挂失", "Reporting your card lost"), about_s=5, step=Step(4, 4)),
        "result": result(w),
        "result-unprinted": msgspec.structs.replace(result(w), paper=Paper.NOT_PRINTED),
        "result-printing": msgspec.structs.replace(result(w), paper=Paper.PRINTING),
        "result-unknown": msgspec.structs.replace(result(w), paper=Paper.UNKNOWN),
        "result-again": msgspec.structs.replace(result(w), paper=Paper.NOT_PRINTED, again=True),
        "result-waiting": result_waiting(w),
        "refusal": refusal(w),
        "topics": topic_groups(),
        "topics-seven": topic_group(Group.WINDOW),
        "advice": advice(topics()[0]),
        "advice-printing": msgspec.structs.replace(advice(topics()[0]), printable=False, paper=Paper.PRINTING),
        "advice-printed": msgspec.structs.replace(advice(topics()[0]), printable=False, paper=Paper.PRINTED),
        "advice-unprinted": msgspec.structs.replace(advice(topics()[0]), printable=False, paper=Paper.NOT_PRINTED),
        "advice-unknown": msgspec.structs.replace(advice(topics()[0]), printable=False, paper=Paper.UNKNOWN),
        "advice-without-paper": msgspec.structs.replace(advice(topics()[0]), printable=False),
        "advice-codes": advice_codes(w),
        "advice-out-of-date": msgspec.structs.replace(
            advice(topics()[0]), as_of=msg("guide_page.as_of", date=dt.date(2026, 9, 30))
        ),
        "take-cards": TakeCards(id_card=True, ssc=True, slip=True),
        "take-strangers": TakeCards(id_card=False, ssc=True, slip=False, strangers=True),
        "take-id-card": TakeCards(id_card=True, ssc=False, slip=False),
        "take-both-cards": TakeCards(id_card=True, ssc=True, slip=False),
        "take-slip": TakeCards(id_card=False, ssc=False, slip=True),
        "still-there": StillThere(seconds=20),
        "out-of-service": OutOfService(
            why=w("读卡器没有回应，已通知工作人员。", "The card reader does not answer. Staff have been told."),
            hotline="12333",
        ),
    }


def home(w: Words) -> Home:
    return Home(
        tiles=(
            Tile("card_status", w("查一查", "My card"), w("卡能不能用", "Check its status")),
            Tile("report_loss", w("卡丢了", "Lost card"), w("马上挂失", "Stop it now")),
            Tile("guide", msg("tile.guide.title"), msg("tile.guide.subtitle")),
        )
    )


def home_four() -> Home:
    services = ("unblock_pin", "reset_pin", "report_loss", "card_status")
    return Home(tiles=tuple(Tile(name, msg(f"tile.{name}.title"), msg(f"tile.{name}.subtitle")) for name in services))


def home_six(w: Words) -> Home:
    return Home(
        tiles=(
            Tile("unblock_pin", w("密码锁了", "PIN blocked"), w("输错多次被锁", "Too many tries")),
            Tile("reset_pin", w("忘了密码", "Forgot PIN"), w("重新设一个", "Set a new one")),
            Tile("report_loss", w("卡丢了", "Lost card"), w("马上挂失", "Stop it now")),
            Tile("release", w("卡找到了", "Card found"), w("解除挂失", "Use it again")),
            Tile("card_status", w("查一查", "My card"), w("能不能用·进度", "Check its status")),
            Tile(
                "replacement",
                w("换新卡", "New card"),
                w("坏了旧了", "Worn or broken"),
                w("打印纸用完了", "Out of paper"),
            ),
        )
    )


def privacy(w: Words) -> PrivacyNotice:
    return PrivacyNotice(
        title=w("读身份证以前，请您知道", "Before we read your ID card"),
        rows=(
            Row(w("读什么", "What we read"), w("姓名和身份证号码", "Your name and ID number")),
            Row(w("存多久", "What we keep"), w("办完就清除，不保存", "Nothing once you finish")),
            Row(w("不同意", "If you say no"), w("可以到人工窗口办理", "You may go to the window instead")),
        ),
        step=Step(1, 4),
    )


def lay_id_card(w: Words) -> LayIdCard:
    return LayIdCard(
        title=w("请放上身份证", "Lay your ID card here"),
        body=w("平放在感应区，先不要拿开。", "Flat on the plate, and leave it there."),
        without=w("我没带身份证", "I have no ID card"),
        seconds=30,
        step=Step(1, 4),
    )


def insert_card(w: Words) -> InsertCard:
    return InsertCard(
        title=w("请插入社保卡", "Insert your card"),
        body=w("芯片朝上，插到底，先不要拔出来。", "Chip up, all the way in, and leave it there."),
        without=w("卡不在身边", "I do not have it"),
        seconds=30,
        step=Step(2, 4),
    )


def insert_card_trouble(w: Words) -> InsertCard:
    trouble = w("没读到卡。请把芯片朝上，再插一次。", "The card was not read. Turn the chip up and try again.")
    return msgspec.structs.replace(insert_card(w), trouble=trouble)


def type_code(trouble: Message | None = None) -> TypeCode:
    return TypeCode(
        title=msg("code.title"), body=msg("code.body", last2="38"), trouble=trouble, digits=6, step=Step(3, 5)
    )


def type_pin(what: str, trouble: Message | None = None, digits: int = 6) -> TypePin:
    return TypePin(title=msg(f"{what}.title"), body=msg("pin.body"), trouble=trouble, digits=digits, step=Step(5, 5))


def card_report(w: Words) -> CardReport:
    return CardReport(
        tone=Tone.GOOD,
        title=w("您的卡可以使用", "Your card can be used"),
        sentence=w("社保账户正常，密码没有被锁。", "The social security account is in order."),
        rows=(
            Row(w("持卡人", "Holder"), w.own("阿*", "A*")),
            Row(w("卡号尾号", "Card ends"), plain("2314")),
            Row(w("密码", "PIN"), w("正常，还能试 6 次", "In order, 6 tries left")),
            Row(w("有效期到", "Valid until"), w("2034年5月31日", "31 May 2034")),
        ),
        next=(
            Tile("change_pin", w("改密码", "Change PIN"), w("知道原密码", "")),
            Tile("replacement", w("换新卡", "New card"), w("坏了旧了", "")),
        ),
    )


def card_report_lost(w: Words) -> CardReport:
    return CardReport(
        tone=Tone.WAITING,
        title=w("这张卡已经挂失", "This card is reported lost"),
        sentence=w(
            "临时挂失以后，社保账户停用。银行账户的事请找银行。",
            "Its social security account is stopped. For the bank account, ask your bank.",
        ),
        rows=(
            Row(w("持卡人", "Holder"), w.own("欧阳*·买买提", "𠮷* (䶮 · Maimaiti)")),
            Row(w("卡号尾号", "Card ends"), plain("9X07")),
            Row(w("密码", "PIN"), w("正常，还能试 6 次", "In order, 6 tries left")),
        ),
        next=(Tile("release", w("解除挂失", "Use it again"), w("卡找到了", "")),),
    )


def confirm(w: Words) -> Confirm:
    return Confirm(
        title=w("挂失这张卡？", "Report this card lost?"),
        subject=(w.own("韦* · 卡号尾号 2314", "Wei* · card ending 2314"), w("现在：可以使用", "Now: can be used")),
        after=w("社保卡马上停用", "The card stops working at once"),
        not_covered=w("银行账户，另拨 95533", "The bank account: call 95533"),
        undo=w("能，找到卡就能解除", "Yes, when you find the card"),
        act=w("确认挂失", "Report lost"),
        decline=w("不挂失", "Cancel"),
        step=Step(3, 4),
    )


def slip(w: Words, *, in_effect: bool = True) -> Slip:
    def t(chinese: str, english: str) -> str:
        return chinese if w.chinese else english

    return Slip(
        lines=(
            Heading(t("临时挂失回执", "Loss report")),
            Centred(t("社会保障卡自助终端", "Social security card terminal")),
            Rule(),
            Field(t("持卡人", "Holder"), t("韦*", "Wei*")),
            Field(t("卡号尾号", "Card"), "2314"),
            Field(
                t("结果", "Result"),
                t("已生效", "In effect") if in_effect else t("已登记，尚未生效", "Registered, not yet in effect"),
                strong=True,
            ),
            Field(t("时间", "Time"), "2026-11-22 10:26"),
            Rule(),
            Emphasis(t("银行账户没有挂失", "Bank account: not reported")),
            Paragraph(t("请拨打发卡银行 95533。", "Call your bank, 95533.")),
            Paragraph(t("找到卡：可在本机解除挂失。", "Found it? Release it here.")),
            Gap(),
            Field(t("编号", "No."), "7K3Q-92MF"),
            Field(t("校验", "Check"), "4f1c a07e"),
            QrCode("7K3Q-92MF 4f1ca07e"),
            Centred(t("咨询 12333", "Hotline 12333")),
        )
    )


def result(w: Words) -> Result:
    return Result(
        tone=Tone.GOOD,
        title=w("已经挂失", "Reported lost"),
        sentence=w("您的社保卡从现在起不能使用。", "Your card cannot be used from now on."),
        warning=w("银行账户还没有挂失，请现在拨打 95533。", "The bank account is not reported. Call 95533 now."),
        reference="7K3Q-92MF",
        hotline="12333",
        slip=slip(w),
        paper=Paper.PRINTED,
        next=(Tile("formal_loss", w("补办新卡", "New card"), w("", "")),),
    )


def result_waiting(w: Words) -> Result:
    return Result(
        tone=Tone.WAITING,
        title=w("已登记，尚未生效", "Registered, not yet in effect"),
        sentence=w(
            "网络不通。一接通就先办您这一笔。着急请拨 12333。",
            "No connection now; yours goes first when it is back. Urgent? Call 12333.",
        ),
        warning=w("银行账户还没有挂失，请现在拨打 95533。", "The bank account is not reported. Call 95533 now."),
        reference="7K3Q-92MF",
        hotline="12333",
        slip=slip(w, in_effect=False),
        paper=Paper.NOT_PRINTED,
    )


def refusal(w: Words) -> Refusal:
    return Refusal(
        title=w("这张身份证过期了", "This ID card has expired"),
        why=w("要用有效的身份证才能办。请先换领新证。", "A valid one is needed. Please renew it first."),
        where=w("人工窗口，带上新证和户口簿", "The window, with your new ID card"),
        hotline="12333",
        slip_comes=True,
    )


def topic_groups() -> Topics:
    return Topics(
        title=msg("guide_groups.title"),
        tiles=tuple(
            Tile(group, msg(f"guide_group.{group}.title"), msg(f"guide_group.{group}.subtitle")) for group in Group
        ),
    )


def topic_group(group: Group) -> Topics:
    members = (one.id for one in topics() if one.group is group)
    return Topics(
        title=msg(f"guide_group.{group}.title"),
        tiles=tuple(Tile(id, msg(f"guide.{id}.tile"), msg(f"guide.{id}.under")) for id in members),
    )


POLICY = {
    "hotline": "12333",
    "hours": stated(Text("工作日有人接听，其他时间是录音", "people on working days, a recording at other times")),
    "channels": stated(Text("12333电话、微信“广西人社”", "phone 12333 or WeChat 广西人社")),
    "elsewhere": stated(
        Text("12333电话、微信“广西人社”、网上办事大厅", "phone 12333, WeChat 广西人社, the office's web hall")
    ),
    "days": msg("guide_value.days", days=20),
    "fee": msg("guide_value.ask"),
    "validity": msg("guide_value.no_validity"),
    "initial": "123456",
    "loss_at": msg(
        "guide_value.here_or", channels=stated(Text("12333电话、微信“广西人社”", "phone 12333 or WeChat 广西人社"))
    ),
    "change_at": msg("guide_value.here_or_window"),
    **dict.fromkeys(
        ("formal_loss_at", "replacement_at", "release_at", "reset_at", "clerk_at"), msg("guide_value.window")
    ),
}
"""What the guide's pages leave to a policy."""


def advice(topic: Topic) -> Advice:
    lines = tuple(AdviceLine(text, point) for text, point in topic.lines(POLICY))
    return Advice(title=topic.title, lines=lines, printable=True)


def advice_codes(w: Words) -> Advice:
    """With addresses as long as some are."""
    codes = (
        AdviceLine(w("微信“广西人社”", "WeChat 广西人社"), point=False, code="https://social.example.gov.cn/w"),
        AdviceLine(w("网上办事大厅", "The web hall"), point=False, code=f"https://social.example.gov.cn/{60 * 'a'}"),
    )
    page = advice(next(topic for topic in topics() if topic.id == "channels"))
    return msgspec.structs.replace(page, lines=(*page.lines, *codes))


def named(name: str, pages: dict[str, Prompt]) -> list[Prompt]:
    """Pages with a person's name wherever a page can hold one."""
    replace = msgspec.structs.replace
    paper = Slip(lines=(Heading(name), Field("持卡人", name), Paragraph(name)))
    return [
        replace(pages["privacy"], rows=(Row(plain("姓名"), plain(name)),)),
        replace(pages["insert-card-trouble"], trouble=plain(name), title=plain(name)),
        replace(pages["card-report"], rows=(Row(plain("姓名"), plain(name)),), sentence=plain(name)),
        replace(pages["confirm"], subject=(plain(name),), after=plain(name)),
        replace(pages["type-number"], typed=Typed(name), body=plain(name)),
        replace(pages["progress.ready"], sentence=plain(name), first=(Row(plain("姓名"), plain(name)),)),
        replace(pages["working"], doing=plain(name)),
        replace(pages["result"], slip=paper, reference=name, warning=plain(name)),
        replace(pages["refusal"], why=plain(name), where=plain(name)),
    ]
