"""What nobody breaks over two lines: words, a number with what it is about, and a Chinese name in other words.

Chinese is written without spaces: its words are those of ICU's dictionary, which knows what everybody says, and the
trade's own, which it cuts (挂|失, 身份|证).
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from icu4py.breakers import WordBreaker

LOCALE = "zh_CN"
"""ICU's name of it: Latin words are found, too."""

OF_THE_TRADE = (
    *("社会保障卡", "社会保障", "社保卡", "社保账户", "社保中心", "社保密码", "社保局", "社保", "医保卡", "电子卡"),
    *("银行账户", "银行密码", "发卡银行", "发卡", "余额", "开户"),
    *("身份证号", "身份证", "居民身份证", "户口簿", "复印件", "委托书", "申请表", "小票", "回执", "个人信息"),
    *("联系电话", "手机号", "尾号", "卡号", "卡面", "整张"),
    *("新卡", "旧卡", "原卡", "换卡", "补卡", "制卡", "办卡", "领卡", "插卡", "拔卡", "读卡", "写卡", "读卡器"),
    *("阅读器", "感应区", "芯片", "打印机", "数字键", "回车键", "二维码", "本机"),
    *("临时挂失", "正式挂失", "口头挂失", "挂失", "补办", "注销", "重设", "重置", "解锁", "锁住", "新密码", "原密码"),
    *("初始密码", "密码锁", "验证码", "校验", "星号", "斜杠"),
    *("参保地", "参保", "停保", "缴费", "交费", "保费", "起付线", "封顶", "转诊", "异地", "急诊", "寄送", "微信"),
    *("联网", "来电", "语速", "清空", "写入", "工作日"),
    *("持卡人", "工作人员", "经办人", "申请人", "监护人", "代办人", "外国人", "港澳台", "新生儿", "这张", "那张"),
    *("办好", "办成", "办完", "拨打", "输错", "带上", "没带", "朝上", "弯折", "刮花", "稍后", "请勿", "好猜"),
    *("一会儿", "接下来", "已过期", "这台"),
    *("拔出来", "读出来", "想不起来", "对不上", "读不到", "看不清", "不一样", "怎么办"),
)
"""What that dictionary lacks and our sentences say."""

END_OF_NUMBER = re.compile(r"(?:身份证|证件|卡)?尾号 ?[0-9X]{4}")
"""People read it out in one breath, and compare it so."""

NAME = re.compile(r"(?<=[A-Za-z] )[\u4e00-\u9fff]{2,8}(?![\u4e00-\u9fff])")
"""In another language's sentence: as it is written on a door or an app."""

COUNTED = re.compile(
    r"第? ?[0-9一二两三四五六七八九十几]+ ?"
    r"(?:个工作日|个自然日|个月|分钟|小时|[年月日天次个张位步页条种台笔边件号遍秒元岁])"
)

HALF = re.compile(r"[\ud800-\udfff]")
"""Of a character in UTF-16, alone: in no dictionary, and ICU's binding takes no text with one."""


def unbroken(text: str) -> Iterator[tuple[int, int]]:
    """Where each begins and ends.  They may overlap, or lie in one another as 社会保障 in 社会保障卡."""
    at = 0
    # Not its own offsets: those count UTF-16, in which a rare character of a name is two.
    for word in WordBreaker(HALF.sub("\ufffd", text), LOCALE):
        yield at, at + len(word)
        at += len(word)
    for word in OF_THE_TRADE:
        at = text.find(word)
        while at >= 0:
            yield at, at + len(word)
            at = text.find(word, at + 1)
    for whole in (COUNTED, END_OF_NUMBER, NAME):
        yield from (found.span() for found in whole.finditer(text))


def cut(text: str, lines: list[str]) -> list[str]:
    """What begins on one of the text's lines and ends on another."""
    ends = list(itertools.accumulate(_solid(line) for line in lines[:-1]))
    found = ((start, _solid(text[:start]), end, _solid(text[:end])) for start, end in unbroken(text))
    return [text[start:end] for start, before, end, until in found if any(before < at < until for at in ends)]


def _solid(text: str) -> int:
    """How long it is without spaces, which vanish where a line ends."""
    return len("".join(text.split()))
