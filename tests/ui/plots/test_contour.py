from __future__ import annotations

import numpy as np
import pytest

from playground.ui.plots.contour import contour


def lengths(pieces: np.ndarray) -> np.ndarray:
    return np.hypot(*(pieces[:, 1] - pieces[:, 0]).T)


def test_that_the_line_of_a_slope_is_where_interpolation_says():
    columns = np.arange(6.0)
    pieces = contour(np.tile(columns, (4, 1)), 2.25)
    assert pieces[:, :, 0] == pytest.approx(np.full((3, 2), 2.25))
    assert lengths(pieces).sum() == pytest.approx(3.0)


def test_that_a_circle_has_its_own_length_and_radius():
    y, x = np.mgrid[0:101, 0:101] - 50.0
    pieces = contour(np.hypot(x, y), 30.0)
    assert np.hypot(*(pieces.reshape(-1, 2) - 50.0).T) == pytest.approx(30.0, abs=0.02)
    assert lengths(pieces).sum() == pytest.approx(2 * np.pi * 30.0, rel=1e-3)


def test_that_every_end_but_those_at_the_rim_meets_one_other_end():
    field = np.random.default_rng(3).normal(size=(40, 50))
    ends = contour(field, 0.1).reshape(-1, 2)
    inside = (ends > 0).all(axis=1) & (ends[:, 0] < 49) & (ends[:, 1] < 39)
    _, counts = np.unique(ends[inside].round(9), axis=0, return_counts=True)
    assert set(counts) == {2}


@pytest.mark.parametrize("corners", range(16))
def test_that_each_case_and_its_mirror_image_draw_the_same_line(corners):
    values = np.array([[corners & 1, corners >> 1 & 1], [corners >> 3 & 1, corners >> 2 & 1]], dtype=float)
    there = contour(values, 0.4)
    back = contour(1.0 - values, 0.6)
    assert len(there) == {0: 0, 15: 0, 5: 2, 10: 2}.get(corners, 1)
    if corners not in (5, 10):
        assert there == pytest.approx(back)


def test_that_a_saddle_joins_what_its_middle_belongs_to():
    high = contour(np.array([[1.0, 0.2], [0.2, 1.0]]), 0.5)
    low = contour(np.array([[1.0, 0.0], [0.0, 1.0]]), 0.6)
    assert lengths(high).sum() < 2 * 0.9
    assert not np.allclose(np.sort(high.reshape(-1, 2), axis=0), np.sort(low.reshape(-1, 2), axis=0))


def test_that_flat_and_undefined_pictures_have_no_line():
    assert len(contour(np.full((5, 5), 0.5), 0.5)) == 0
    hole = np.tile(np.arange(6.0), (4, 1))
    hole[1, 2] = np.nan
    with np.errstate(all="raise"):
        pieces = contour(hole, 2.5)
    assert np.isfinite(pieces).all()
    assert len(pieces) == 1
