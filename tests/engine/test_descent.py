"""Descent, seen: curves and surfaces of the true loss, and where steps lead over them."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from lectures import (
    W1,
    W2,
    W3,
    lecture_program,
    lecture_rows,
    lecture_state,
)
from native.random_programs import Case, cases

from playground.engine.descent import (
    Terrain,
    equal_spans,
    full_step,
    handed_to,
    plane_along,
    slice_along,
    span_around,
    trail,
)
from playground.engine.optimizers import Hyper


def terrain(rate: float = 0.01, **settings: float) -> Terrain:
    return Terrain(lecture_program(), *lecture_rows(), Hyper(learning_rate=rate, **settings))


class Counted(Terrain):
    """A terrain that counts how often it was asked for a height."""

    def __init__(self, ground: Terrain) -> None:
        super().__init__(ground.program, ground.x, ground.y, ground.hyper)
        self.asked = 0

    def height(self, values: np.ndarray) -> float:
        self.asked += 1
        return super().height(values)


def test_that_a_slope_once_worked_out_is_that_of_other_numbers_only_where_they_are_the_same() -> None:
    ground, state = terrain(), lecture_state()
    first = ground.slope(state.values)
    first += 1.0
    assert ground.slope(state.values).tolist() == [6.0, 12.0, 12.0]
    state.values[0] = 1.0
    assert ground.slope(state.values).tolist() == terrain().slope(state.values).tolist() != [6.0, 12.0, 12.0]


def test_that_a_rate_of_a_tenth_overshoots() -> None:
    ground, state = terrain(0.1), lecture_state()
    step = full_step(ground, state, ground.updated(state).values)
    assert (step.height_before, step.height_after) == (4.5, pytest.approx(8.82, abs=1e-12))
    assert step.overshoots


def test_that_the_lecture_descends_at_its_own_rate() -> None:
    ground, state, heights = terrain(), lecture_state(), [4.5]
    for _ in range(3):
        state = ground.updated(state)
        heights.append(ground.height(state.values))
    assert [round(height, 2) for height in heights] == [4.5, 1.91, 0.92, 0.47]


def test_that_the_slice_lands_elsewhere_than_the_full_step() -> None:
    """Along w1 alone η = 0.1 leads down; it is all three together that jump the valley."""
    ground, state = terrain(0.1), lecture_state()
    along = slice_along(ground, state, W1, ground.updated(state).values)
    assert (along.at, along.height, along.slope) == (2.0, 4.5, 6.0)
    assert along.lands == pytest.approx(1.4)
    assert along.lands_height == pytest.approx(0.5 * (2 * (1.4 + 2) - 5) ** 2)
    assert along.tangent(along.lands) == pytest.approx(4.5 - 0.6 * 6)
    assert along.places[0] < along.lands < along.at < along.places[-1]
    np.testing.assert_allclose(along.heights, 0.5 * (2 * (along.places + 2) - 5) ** 2, atol=1e-12)


def test_that_a_plane_has_the_heights_of_the_closed_form() -> None:
    """L = ½(w₃·(w₁A + w₂B) − C)² by hand, with A = 1, B = 2, w₂ = 1 and C = 5."""
    ground, state = terrain(0.01), lecture_state()
    *_, plane = plane_along(ground, state, (W1, W3), ground.updated(state).values)
    w1, w3 = np.meshgrid(*plane.places)
    assert plane.heights.shape == (65, 65)
    np.testing.assert_allclose(plane.heights, 0.5 * (w3 * (w1 + 2.0) - 5.0) ** 2, rtol=1e-12, atol=1e-12)
    assert (plane.at, plane.height, plane.slopes) == ((2.0, 2.0), 4.5, (6.0, 12.0))
    assert plane.lands == pytest.approx((1.94, 1.88))
    assert plane.lands_height == pytest.approx(0.5 * (1.88 * (1.94 + 2.0) - 5.0) ** 2)


def test_that_a_plane_goes_through_its_slices() -> None:
    ground, state = terrain(0.01), lecture_state()
    after = ground.updated(state).values
    *_, plane = plane_along(ground, state, (W1, W3), after, spans=((0.0, 4.0), (0.0, 4.0)), points=5)
    assert plane.heights[2, 2] == plane.height == 4.5
    w1 = slice_along(ground, state, W1, after, span=(0.0, 4.0), points=5)
    w3 = slice_along(ground, state, W3, after, span=(0.0, 4.0), points=5)
    assert plane.heights[2].tolist() == w1.heights.tolist()
    assert plane.heights[:, 2].tolist() == w3.heights.tolist()


def test_that_a_plane_gets_finer_and_keeps_what_it_has() -> None:
    ground, state = terrain(0.01), lecture_state()
    heights = Counted(ground)
    planes = list(plane_along(heights, state, (W1, W3), ground.updated(state).values, points=33))
    assert [plane.heights.shape for plane in planes] == [(5, 5), (9, 9), (17, 17), (33, 33)]
    for coarse, fine in itertools.pairwise(planes):
        assert fine.heights[::2, ::2].tolist() == coarse.heights.tolist()
        assert all(one.tolist() == other[::2].tolist() for one, other in zip(coarse.places, fine.places, strict=True))
    assert heights.asked <= 33 * 33 + 2


def test_that_a_plane_and_a_slice_can_be_stopped() -> None:
    ground, state = terrain(0.01), lecture_state()
    after = ground.updated(state).values
    assert not list(plane_along(ground, state, (W1, W3), after, stop=lambda: True))
    left = iter([False] * 30)
    planes = list(plane_along(ground, state, (W1, W3), after, stop=lambda: next(left, True)))
    assert [plane.heights.shape for plane in planes] == [(5, 5)]
    assert np.isnan(slice_along(ground, state, W1, after, stop=lambda: True).heights).all()


def test_that_equal_spans_have_one_scale_and_hold_both() -> None:
    across, up = equal_spans(((1.0, 3.0), (0.0, 4.0)), 2.5)
    assert (across[1] - across[0]) / (up[1] - up[0]) == pytest.approx(2.5)
    assert across[0] <= 1.0
    assert across[1] >= 3.0
    assert up == (0.0, 4.0)
    across, up = equal_spans(((0.0, 10.0), (0.0, 1.0)), 2.0)
    assert (across, up) == ((0.0, 10.0), (-2.0, 3.0))


@pytest.mark.parametrize("lands", [2.5, -30.0, math.inf, -math.inf, math.nan, 1e300])
def test_that_a_span_holds_the_landing_unless_that_is_far_away(lands: float) -> None:
    low, high = span_around(2.0, lands)
    assert low < 2.0 < high < low + 200.0
    assert (low < lands < high) == (lands == 2.5)


@pytest.mark.parametrize(("at", "lands"), [(2.0, 1.94), (0.0, 1e-4), (-3.0, -3.0), (1e6, 1e6 + 1e-3)])
def test_that_a_close_look_is_as_wide_as_the_step(at: float, lands: float) -> None:
    low, high = span_around(at, lands, close=True)
    assert low < min(at, lands) <= max(at, lands) < high
    assert high - low <= max(4.0 * abs(lands - at), 1e-4 * max(1.0, abs(at)))


def test_that_the_trail_holds_places_and_heights() -> None:
    ground, state = terrain(), lecture_state()
    vectors = [state.values, ground.updated(state).values]
    found = trail(ground, vectors, (W1,))
    assert found.shape == (2, 2)
    np.testing.assert_allclose(found, [[2.0, 4.5], [1.94, 1.912968]], atol=1e-6)
    assert trail(ground, [], (W1, W2)).shape == (0, 3)


def test_that_one_gradient_makes_two_different_steps() -> None:
    sgd, adam = handed_to(terrain(), lecture_state(), (Hyper(learning_rate=0.01), Hyper("adam", 0.01)))
    np.testing.assert_allclose(sgd, [-0.06, -0.12, -0.12], rtol=1e-12)
    np.testing.assert_allclose(adam, [-0.01, -0.01, -0.01], rtol=1e-6)


def test_that_the_penalty_is_part_of_the_height() -> None:
    ground = terrain(0.01, l2=0.2)
    assert ground.height(lecture_state().values) == pytest.approx(4.5 + 0.1 * 9.0)
    state = lecture_state()
    assert slice_along(ground, state, W1, state.values).slope == pytest.approx(6.0 + 0.2 * 2.0)


@given(cases().filter(lambda case: case.program.size > 0))
@settings(max_examples=40, deadline=None)
def test_that_the_slope_of_a_slice_is_that_of_its_curve(case: Case) -> None:
    x, y = (array[:3] for array in case.data())
    ground, state = Terrain(case.program, x, y, case.hyper), case.state()
    place = case.seed % case.program.size
    parameter = next(p for p in case.program.parameters if place < case.program.slices[p.name].stop)
    inside = place - case.program.slices[parameter.name].start
    index = tuple(int(k) for k in np.unravel_index(inside, parameter.shape))
    at = float(state.values[place])
    near = slice_along(ground, state, (parameter.name, index), state.values, span=(at - 1e-5, at + 1e-5), points=3)
    left, right = near.height - near.heights[0], near.heights[2] - near.height
    scale = max(1.0, abs(near.height))
    low, high = sorted((left / 1e-5, right / 1e-5))
    # At corners of several rows the two sides differ, and the slope, 0 where a ReLU's input is, may be neither.
    assume(high - low <= 1e-2 * max(scale, abs(low)))
    assert low - 2e-3 * scale - 1e-3 * abs(low) <= near.slope <= high + 2e-3 * scale + 1e-3 * abs(high)
