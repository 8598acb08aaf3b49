"""Slips as they come out of the printer: dot for dot, and what must or must not stand on any of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from PIL import Image, ImageChops

from drivers.printer.columns import width
from drivers.printer.layout import lay_out
from drivers.printer.rows import Paper, TextRow
from kiosk.__main__ import main
from kiosk.contract import Kind
from kiosk.endings import TO_THE_WINDOW
from kiosk.guide.topics import topics
from kiosk.services.at_the_centre import Word
from kiosk.slips.lines import Slip
from kiosk.slips.receipts import LossWord, PinWord
from kiosk.slips.samples import HOLDER, slips
from kiosk.words import CHINESE, complete, language
from tests.slips import pictures
from tests.slips.pictures import Sheet

PAPER_ONLY = ("slip.", "form.", "checklist.")
"""Ids of sentences that stand on paper and nowhere else,"""
NOT_ON_SAMPLES = {"slip.demo", "slip.printing", "form.bank.unknown"}
"""but these: of a demo, on the screen, and where nobody told which bank it is."""


@pytest.fixture(autouse=True)
def logs_as_before() -> Iterator[None]:
    """The command sets up its process's logs; here it is only a guest."""
    before = structlog.get_config()
    yield
    structlog.configure(**before)


VARIANTS = [(code, large, paper) for code in complete() for large in (False, True) for paper in Paper]


def on_paper(slip: Slip, paper: Paper) -> list[str]:
    """Its lines of text."""
    return [row.text for row in lay_out(slip, paper) if isinstance(row, TextRow)]


@pytest.mark.parametrize("sheet", [*pictures.sheets()], ids=lambda sheet: sheet.name)
def test_a_slip_is_as_it_was_looked_at(sheet: Sheet) -> None:
    kept, drawn = pictures.kept(sheet), pictures.drawn(sheet)
    differing = [name for name in drawn if not pictures.same(kept[name], drawn[name])]
    assert not differing, _shown(sheet, {name: (kept[name], drawn[name]) for name in differing})


def _shown(sheet: Sheet, differing: dict[str, tuple[Image.Image, Image.Image]]) -> str:
    """Leaves beside each other what was kept, what is drawn now, and the dots between them."""
    pictures.DIFFERING.mkdir(parents=True, exist_ok=True)
    for name, (kept, drawn) in differing.items():
        dots = ImageChops.invert(ImageChops.logical_xor(*pictures.equally_long(kept, drawn)))
        pictures.side_by_side([kept, drawn, dots]).save(pictures.DIFFERING / f"{sheet.name}-{name}.png")
    of_fonts = ""
    if (then := pictures.kept_by(sheet)) != (now := pictures.drawn_by()):
        of_fonts = f"\nIt may be the font: kept with {then}; this machine has {now}."
    return (
        f"{', '.join(differing)}: not as kept in {sheet.file.name}.  Kept, drawn now, and their difference: "
        f"{pictures.DIFFERING}/{sheet.name}-*.png.  If the change is meant: ./run slips, and look at them.{of_fonts}"
    )


def test_no_picture_is_left_over() -> None:
    assert set(pictures.GOLDEN.glob("*")) == {sheet.file for sheet in pictures.sheets()}


def test_everything_the_services_print_is_among_the_samples() -> None:
    centre = {kind for kind in Kind if f"slip.{kind}.title" in language(CHINESE).ids}
    wanted = {
        *(f"loss_{word}" for word in LossWord),
        *(f"pin_{word}" for word in PinWord),
        *(f"{kind}_{word}" for kind in centre for word in Word),
        *(f"window_{reason}" for reason in TO_THE_WINDOW),
        *(f"guide_{topic.id}" for topic in topics()),
        *(id.removesuffix(".title").replace(".", "_") for id in language(CHINESE).ids if _is_checklist(id)),
        *(id.removeprefix("form.wish.").join(("form_", "")) for id in language(CHINESE).ids if _is_wish(id)),
        "progress",
    }
    assert {slip.name for slip in slips(CHINESE).values()} == wanted


def _is_checklist(id: str) -> bool:
    return id.startswith("checklist.") and id.endswith(".title")


def _is_wish(id: str) -> bool:
    return id.startswith("form.wish.")


@pytest.mark.parametrize("code", complete())
def test_every_sentence_of_paper_stands_on_a_sample(code: str) -> None:
    told = "\n".join(str(line) for slip in slips(code).values() for line in slip.lines)
    ids = {id for id in language(code).ids if id.startswith(PAPER_ONLY)}
    of_form = {id for id in ids if id.startswith("form.")}  # in Chinese, whatever the person reads
    words = {id: language(CHINESE if id in of_form else code).template(id) for id in ids}
    missing = {id for id, text in words.items() if not all(part in told for part in re.split(r"{\w+}", text))}
    assert missing == NOT_ON_SAMPLES


@pytest.mark.parametrize(("code", "large", "paper"), VARIANTS)
def test_what_to_name_and_whom_to_ask_stands_on_every_slip_uncut(code: str, large: bool, paper: Paper) -> None:
    for name, slip in slips(code, large=large).items():
        lines = on_paper(slip, paper)
        wanted = {"12333", "gx-450103-0007"}
        if not name.startswith(("window_", "guide_", "progress_")):
            wanted |= {"7K3Q-92MF", "4f1c·a07e"}
        for one in wanted:
            assert any(one in line.split(" ") for line in lines), (name, one)
        assert max(map(width, lines)) <= paper.columns


@pytest.mark.parametrize(("code", "large", "paper"), VARIANTS)
def test_only_the_form_has_the_full_name_and_number(code: str, large: bool, paper: Paper) -> None:
    for name, slip in slips(code, large=large).items():
        text = "".join(on_paper(slip, paper)).replace(" ", "")
        of_form = name.startswith("form_")
        assert (HOLDER.number in text) is of_form
        assert (HOLDER.name in text) is of_form


def test_a_slip_is_drawn_for_whoever_asks(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "release.png"
    words = ["release_done", "--width", "58", "--large", "--language", "en", "--png", str(file)]
    assert main(["slips", "preview", *words]) == 0
    assert "7K3Q-92MF" in capsys.readouterr().out
    kept = pictures.kept(Sheet("release", Paper.MM_58, True, "en"))["release_done"]
    assert pictures.same(Image.open(file).convert("1"), kept)


def test_a_slip_that_there_is_not_is_told_with_those_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["slips", "preview", "relase"]) == 1
    told = capsys.readouterr().err
    for name in slips(CHINESE):
        assert name in told
