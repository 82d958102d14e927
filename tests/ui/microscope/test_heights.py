"""Which heights of a surface have a line, and how the colours lie between them."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.engine.descent import Plane
from playground.ui.microscope.heights import MOST, height_colors, levels_of, round_levels, shades
from playground.ui.theme import DARK, LIGHT, Theme


def plane(heights: np.ndarray, *, height: float = 4.5, lands_height: float = 3.0) -> Plane:
    size = heights.shape[0]
    line = np.linspace(0.0, 1.0, size)
    numbers = (("a", (0,)), ("b", (0,)))
    return Plane(numbers, (0.5, 0.5), height, (1.0, 2.0), (line, line), heights, (0.4, 0.3), lands_height)


@pytest.mark.parametrize(
    ("low", "high", "inside", "levels"),
    [
        (0.0, 60.0, 4.5, [0.2, 0.5, 1, 2, 5, 10, 20, 50]),
        (0.45, 1.3, None, [0.6, 0.8, 1.0, 1.2]),
        (1e-6, 0.5, 0.4, [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5]),
        (0.5, 3e6, 4.5, [1, 10, 100, 1e3, 1e4, 1e5, 1e6]),
        (-2.0, 2.0, None, [-2, -1, 0, 1, 2]),
    ],
)
def test_that_levels_are_round(low: float, high: float, inside: float | None, levels: list[float]) -> None:
    found = round_levels(low, high, inside)
    assert found == pytest.approx(levels)
    assert len(found) <= MOST


@pytest.mark.parametrize(("low", "high"), [(1.0, 1.0), (2.0, 1.0), (0.0, math.inf), (1.0, math.nan)])
def test_that_a_flat_surface_has_no_lines(low: float, high: float) -> None:
    assert not len(round_levels(low, high))


@given(
    low=st.floats(0.0, 1e12),
    more=st.floats(1e-6, 1e12),
    share=st.floats(0.0, 1.0),
)
def test_that_levels_ascend_within_the_heights_and_are_few(low: float, more: float, share: float) -> None:
    high = low + more
    found = round_levels(low, high, low + share * more)
    assert len(found) <= MOST
    assert (np.diff(found) > 0.0).all()
    assert all(low - 1e-9 * more <= level <= high + 1e-9 * more for level in found)


def test_that_lines_are_where_they_matter_and_not_where_the_surface_runs_away() -> None:
    heights = np.full((5, 5), 1e9)
    heights[:4] = np.linspace(0.5, 8.0, 20).reshape(4, 5)
    found = levels_of(plane(heights))
    assert found[0] <= 4.5 <= found[-1] <= 100.0


def test_that_heights_that_are_not_finite_take_no_part() -> None:
    heights = np.linspace(1.0, 9.0, 25).reshape(5, 5)
    heights[0, 0], heights[4, 4] = math.inf, math.nan
    assert np.isfinite(levels_of(plane(heights))).all()
    assert np.isfinite(levels_of(plane(heights, lands_height=math.inf))).all()
    assert not len(levels_of(plane(np.full((5, 5), math.nan))))


def test_that_a_shade_climbs_evenly_from_line_to_line() -> None:
    levels = np.array([1.0, 2.0, 5.0, 10.0])
    found = shades(np.array([0.0, 1.0, 2.0, 5.0, 10.0, 15.0, 1e9, math.inf]), levels, 0.0)
    assert found[:6] == pytest.approx([0.0, 0.2, 0.4, 0.6, 0.8, 1.0])
    assert found[6] == 1.0
    assert math.isnan(found[7])
    assert shades(np.array([3.0, math.inf]), np.empty(0), 3.0)[0] == 0.0


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_that_low_is_the_ground_and_what_is_not_finite_has_its_own_colour(theme: Theme) -> None:
    found = height_colors(np.array([[0.0, 1.0, math.nan]]), theme)
    assert found.dtype == np.uint32
    low, high, none = (int(pixel) & 0xFFFFFF for pixel in found[0])
    assert low == int(theme.surface.rgb()) & 0xFFFFFF
    assert none == int(theme.chip.rgb()) & 0xFFFFFF
    assert high not in (low, none)
    assert all(int(pixel) >> 24 == 0xFF for pixel in found[0])
