"""Grounds with round corners and a line round them, each rendered once: drawing one is one textured rectangle.

Stacked shapes cost a software renderer five times as much, and a page has twenty of them.
"""

from __future__ import annotations

import functools
import io

import resvg_py
from kivy.core.image import Image
from kivy.graphics.texture import Texture

from screens.parts.picture import exact

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}">'
    '<rect width="{side}" height="{side}" rx="{corner}" fill="{edge}"/>'
    '<rect x="{line}" y="{line}" width="{inside}" height="{inside}" rx="{inner}" fill="{fill}"/></svg>'
)

DASHED_SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">'
    '<rect x="{half}" y="{half}" width="{wide}" height="{high}" rx="{corner}" fill="{fill}" stroke="{edge}" '
    'stroke-width="{line}" stroke-dasharray="{dash} {between}"/></svg>'
)
DASH, BETWEEN = 6, 5
"""Lengths of a dash and of what is between two, in thicknesses of the line."""


@functools.cache
def ground(corner: int, line: int, fill: str, edge: str) -> Texture:
    """Of this corner radius and line in pixels and in these colours (#RRGGBB); its middle pixel is what stretches.

    A look has few of them, so all are kept.
    """
    side = 2 * max(corner, line) + 1
    drawing = SVG.format(
        side=side, corner=corner, edge=edge, line=line, inside=side - 2 * line, inner=max(0, corner - line), fill=fill
    )
    png = bytes(resvg_py.svg_to_bytes(svg_string=drawing, width=side, height=side, skip_system_fonts=True))
    return exact(Image(io.BytesIO(png), ext="png", nocache=True).texture)


@functools.cache
def dashed(width: int, height: int, corner: int, line: int, fill: str, edge: str) -> Texture:
    """The same with a broken line round it, in its whole size: dashes cannot be stretched."""
    drawing = DASHED_SVG.format(
        width=width,
        height=height,
        half=line / 2,
        wide=width - line,
        high=height - line,
        corner=corner,
        fill=fill,
        edge=edge,
        line=line,
        dash=DASH * line,
        between=BETWEEN * line,
    )
    png = bytes(resvg_py.svg_to_bytes(svg_string=drawing, width=width, height=height, skip_system_fonts=True))
    return exact(Image(io.BytesIO(png), ext="png", nocache=True).texture)
