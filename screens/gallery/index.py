"""The one page on which all pictures hang; plain HTML that works from a folder, filtered by CSS alone."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from itertools import groupby

from screens.gallery.wall import Hung

FILTERS = {"panel": "size", "language": "language", "dress": "look"}
"""An attribute of a case, and what a person calls it."""

STYLE = """
body { font: 15px/1.4 system-ui, sans-serif; margin: 0; background: #f3f6fb; color: #0f2544 }
header { position: sticky; top: 0; z-index: 1; background: #fff; border-bottom: 1px solid #d5deec; padding: .6em 1em }
fieldset { display: inline-block; border: 0; margin: 0; padding: 0 2em 0 0 }
legend { float: left; padding-right: .6em; color: #44556f }
label { padding-right: .8em }
nav { columns: 14em; padding: 1em }
nav a { display: block; color: #0b57c5 }
section { padding: 0 1em; content-visibility: auto; contain-intrinsic-size: auto 400px; scroll-margin-top: 4em }
figure { display: inline-block; vertical-align: top; width: 300px; margin: 0 12px 16px 0 }
figure.tall { width: 170px }
img { width: 100%; display: block; border: 1px solid #d5deec }
figcaption { font-size: 13px; color: #44556f }
li { color: #a61b1b }
.wrong img { outline: 3px solid #a61b1b }
body:has(#wrong:checked) figure:not(.wrong) { display: none }
body:has(#wrong:checked) section:not(:has(figure.wrong)) { display: none }
"""


def index(hung: Iterable[Hung], missing: list[str]) -> str:
    """All of them, page by page."""
    sorted_hung = sorted(
        hung, key=lambda one: (one.case.page, one.case.panel, one.case.language, one.case.dress, one.case.leaf)
    )
    pages = {page: list(group) for page, group in groupby(sorted_hung, key=lambda one: one.case.page)}
    wrong = sum(bool(one.faults) for one in sorted_hung)
    links = "".join(f'<a href="#{escape(page)}">{escape(page)}</a>' for page in pages)
    filters = "".join(_filter(name, sorted_hung) for name in FILTERS)
    count = f"{len(sorted_hung)} pictures, {wrong} wrong"
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>Gallery</title><style>{STYLE}{_rules(sorted_hung)}</style><header>{filters}"
        f'<label><input type="checkbox" id="wrong"> only what is wrong</label> {count}</header>'
        f"{_list(missing)}<nav>{links}</nav>{''.join(_section(page, ones) for page, ones in pages.items())}</html>"
    )


def _values(name: str, hung: list[Hung]) -> list[str]:
    return list(dict.fromkeys(getattr(one.case, name) for one in hung))


def _filter(name: str, hung: list[Hung]) -> str:
    choices = "".join(_choice(name, value) for value in ("", *_values(name, hung)))
    return f"<fieldset><legend>{FILTERS[name]}</legend>{choices}</fieldset>"


def _choice(name: str, value: str) -> str:
    checked = "" if value else " checked"
    return f'<label><input type="radio" name="{name}" id="{name}-{value}"{checked}> {value or "all"}</label>'


def _rules(hung: list[Hung]) -> str:
    return "\n".join(
        f"body:has(#{name}-{value}:checked) figure:not(.{value}) {{ display: none }}"
        for name in FILTERS
        for value in _values(name, hung)
    )


def _section(page: str, hung: list[Hung]) -> str:
    return f'<section id="{escape(page)}"><h2>{escape(page)}</h2>{"".join(map(_figure, hung))}</section>'


def _figure(one: Hung) -> str:
    case, file = one.case, escape(one.case.file)
    classes = f"{case.panel} {case.language} {case.dress}{' wrong' if one.faults else ''}"
    words = f"{case.panel} · {case.language} · {case.dress}"
    return (
        f'<figure class="{classes}"><a href="{file}"><img loading="lazy" src="{file}" alt="{escape(str(case))}"></a>'
        f"<figcaption>{words}{_list(one.faults)}</figcaption></figure>"
    )


def _list(faults: list[str]) -> str:
    return f"<ul>{''.join(f'<li>{escape(fault)}</li>' for fault in faults)}</ul>" if faults else ""
