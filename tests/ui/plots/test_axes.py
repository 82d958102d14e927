from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.ui.plots.axes import linear_ticks, log_ticks, nice_above
from playground.ui.plots.loss_view import MOST_DECADES, ranges_of

positive = st.floats(1e-9, 1e9)


@given(positive)
def test_that_an_axis_ends_at_or_a_little_above_what_it_holds(value):
    end = nice_above(value)
    assert value * (1 - 1e-9) <= end <= value * 1.34


@given(st.floats(-1e6, 1e6), positive, st.integers(2, 8))
def test_that_ticks_are_few_lie_inside_and_have_texts_of_their_own(low, width, most):
    high = low + width
    if high - low < 1e-6 * max(1.0, abs(low)):
        return
    ticks = linear_ticks(low, high, most)
    assert len(ticks) <= most + 1
    assert all(low - 1e-6 * width <= value <= high + 1e-6 * width for value, _ in ticks)


def test_that_numbers_are_those_of_a_textbook():
    assert [text for _, text in linear_ticks(-1.0, 1.0, 4)] == ["−1.0", "−0.5", "0", "0.5", "1.0"]
    assert [text for _, text in linear_ticks(0.0, 1.0, 4)] == ["0", "0.25", "0.50", "0.75", "1.00"]
    assert [text for _, text in linear_ticks(0.0, 30_000.0, 3)] == ["0", "10,000", "20,000", "30,000"]


def test_that_a_logarithmic_axis_names_losses_and_not_their_logarithms():
    assert log_ticks(-2.0, 0.0, 5) == [(-2.0, "0.01"), (-1.0, "0.1"), (0.0, "1")]
    between = log_ticks(-2.0, 0.0, 6)
    assert [text for _, text in between] == ["0.01", "0.03", "0.1", "0.3", "1"]
    assert between[1][0] == pytest.approx(np.log10(0.03))


def test_that_ranges_hold_every_loss_and_change_seldom():
    epochs = np.arange(2000.0)
    losses = 0.7 * np.exp(-epochs / 300.0)
    seen = set()
    for length in range(1, 2000):
        history = np.stack([epochs, losses, losses * 1.2])[:, :length]
        ranges = ranges_of(history, logarithmic=False)
        assert ranges.epochs[0] == 0.0
        assert ranges.epochs[1] >= epochs[length - 1]
        assert ranges.losses[0] < 0.0 < ranges.losses[1]
        assert ranges.losses[1] >= history[1:].max()
        seen.add(ranges)
    assert len(seen) <= 30


def test_that_losses_of_nothing_and_not_a_number_have_ranges():
    nothing, undefined = np.empty((3, 0)), np.array([[0.0, 1.0], [0.0, 0.0], [np.nan, np.nan]])
    for logarithmic in (False, True):
        for history in (nothing, undefined):
            ranges = ranges_of(history, logarithmic)
            assert np.isfinite([*ranges.epochs, *ranges.losses]).all()
            assert ranges.losses[0] < ranges.losses[1]


def test_that_a_logarithmic_axis_of_a_loss_that_reached_zero_stays_readable():
    history = np.array([[0.0, 1.0, 2.0], [10.0, 1e-3, 0.0], [10.0, 1e-20, 0.5]])
    low, high = ranges_of(history, logarithmic=True).losses
    assert high == 1.0
    assert high - low <= MOST_DECADES
