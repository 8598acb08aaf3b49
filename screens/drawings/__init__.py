"""Icons and illustrations: SVG sources in one line style, rendered to the size and the colours that are asked for.

The sources name no colour.  Each part carries a class (`.ink`, `.accent`, `.paper` …) which the look paints; two
weights of line: 4 and 2.5 of a drawing 240 high, 2 of an icon 24 high.
"""

from __future__ import annotations

from pathlib import Path

import resvg_py

from screens.theme import Colours

FOLDER = Path(__file__).parent


def exists(name: str) -> bool:
    return (FOLDER / f"{name}.svg").is_file()


def aspect(name: str) -> float:
    """Width by height, from the drawing's viewBox."""
    source = (FOLDER / f"{name}.svg").read_text(encoding="utf-8")
    box = source.partition('viewBox="')[2].partition('"')[0].split()
    return float(box[2]) / float(box[3])


def render(name: str, width: int, height: int, colours: Colours, line: str | None = None) -> bytes:
    """PNG of a drawing.  `line`: one colour for everything that is drawn as a line, for icons."""
    return bytes(
        resvg_py.svg_to_bytes(
            svg_path=str(FOLDER / f"{name}.svg"),
            width=width,
            height=height,
            style_sheet=_style(colours, line),
            skip_system_fonts=True,
        )
    )


def _style(colours: Colours, line: str | None) -> str:
    strokes = {"ink": line or colours.ink, "accent": line or colours.accent, "soft": line or colours.ink_soft}
    fills = {
        "paper": colours.surface,
        "pale": colours.accent_pale,
        "ground": colours.ground,
        "text": colours.line,
        "ink-fill": line or colours.ink,
        "accent-fill": line or colours.accent,
    }
    return "\n".join(
        [f".{name} {{ stroke: {colour}; }}" for name, colour in strokes.items()]
        + [f".{name} {{ fill: {colour}; }}" for name, colour in fills.items()]
        + [f".text-line {{ stroke: {colours.line}; }}", f".paper-line {{ stroke: {colours.surface}; }}"]
    )
