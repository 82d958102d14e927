"""Which heights of a surface have a line of their own, and the colours between them: low is the ground, high is not."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor

from playground.data.table import Array
from playground.engine.descent import Plane
from playground.ui.plots.axes import linear_ticks
from playground.ui.theme import Theme

#: At most so many lines; heights so many times as far apart are no longer evenly spaced.
MOST, _EVEN = 8, 12.0
#: What is shown reaches so many times as high as what matters, and over this share of the surface.
_HIGHER, _SHARE = 20.0, 0.6
#: How far the colour of the highest goes: what is drawn over it stands out.
_STRENGTH = 0.62
#: Heights of a series, within a power of ten.
_SERIES: tuple[tuple[float, ...], ...] = ((1.0, 2.0, 5.0), (1.0, 3.0), (1.0,))

_LOWEST_POWER = -300
#: What red, green and blue count in a pixel, and its alpha.
_PLACES, _OPAQUE = np.array([1 << 16, 1 << 8, 1], dtype=np.uint32), np.uint32(0xFF000000)

Colors = NDArray[np.uint32]


def levels_of(plane: Plane) -> Array:
    """Round heights, ascending, around those that matter: the lowest, the present one and the landing."""
    finite = plane.heights[np.isfinite(plane.heights)]
    low = float(min(finite.min(initial=plane.height), plane.height))
    top = max(plane.height, plane.lands_height) if np.isfinite(plane.lands_height) else plane.height
    highest = float(finite.max(initial=top))
    usual = float(np.sort(finite)[int(_SHARE * (len(finite) - 1))]) if len(finite) else top
    return round_levels(low, min(highest, max(low + _HIGHER * (top - low), usual)), plane.height)


def round_levels(low: float, high: float, inside: float | None = None) -> Array:
    """At most `MOST` round numbers from low to high: evenly spaced, or by factors where they are far apart.

    By factors the low ones are left out, but not those around `inside`.
    """
    if not low < high or not math.isfinite(high - low) or high - low < 1e-12 * max(1.0, abs(high)):
        return np.empty(0)
    if low < 0.0 or high < _EVEN * low:
        ticks = [value for value, _ in linear_ticks(low, high, most=MOST - 1)]
        return np.array(ticks[-MOST:])
    inside = high if inside is None else max(low, inside)
    for series in _SERIES:
        found = _by_factors(low, high, series)
        if found and (found[-1] <= max(inside, low) or len(found) < MOST):
            return np.array(found[::-1])
    return np.array(_by_factors(low, high, (1.0,), every=math.ceil(_decades(low, high) / MOST))[::-1])


def _by_factors(low: float, high: float, series: tuple[float, ...], every: int = 1) -> list[float]:
    """The highest first."""
    found: list[float] = []
    power = math.floor(math.log10(high))
    last = max(math.floor(math.log10(low)) if low > 0.0 else power - MOST, _LOWEST_POWER)
    while power >= last and len(found) < MOST:
        # A power below zero is divided by: 2 / 10 is 0.2, and 2 · 0.1 need not be.
        heights = [digit * 10.0**power if power >= 0 else digit / 10.0**-power for digit in reversed(series)]
        found += [height for height in heights if low <= height <= high]
        power -= every
    return found[:MOST]


def _decades(low: float, high: float) -> int:
    return max(1, math.ceil(math.log10(high) - math.log10(low))) if low > 0.0 else MOST


def shades(heights: Array, levels: Array, low: float) -> Array:
    """How far each height is from the lowest to the highest level, 0 to 1; what is not finite stays so.

    From one level to the next is the same way everywhere; above the highest it goes on for one more.
    """
    if not len(levels):
        return np.where(np.isfinite(heights), 0.0, np.nan)
    beyond = levels[-1] + (levels[-1] - (levels[-2] if len(levels) > 1 else low))
    knots = np.array([min(low, levels[0]), *levels, beyond])
    found = np.interp(np.where(np.isfinite(heights), heights, 0.0), knots, np.arange(len(knots)) / (len(knots) - 1))
    return np.where(np.isfinite(heights), found, np.nan)


def height_colors(shade: Array, theme: Theme) -> Colors:
    """Shades as pixels, [rows, columns] of 0xffRRGGBB, in the colour of what flows forward: the loss is its end."""
    ground, high, none = (_rgb(color) for color in (theme.surface, theme.forward, theme.chip))
    known = np.isfinite(shade)
    share = np.where(known, shade, 0.0)[:, :, None] * _STRENGTH
    pixels = np.where(known[:, :, None], ground + (high - ground) * share, none)
    packed: Colors = np.rint(pixels).astype(np.uint32) @ _PLACES
    return packed | _OPAQUE


def _rgb(color: QColor) -> Array:
    return np.array([color.red(), color.green(), color.blue()], dtype=np.float64)
