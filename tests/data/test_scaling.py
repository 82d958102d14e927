"""Scaling: fitted on training rows, and exact where a column never varies."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from playground.data.scaling import fit
from playground.messages import UserError

COLUMNS = arrays(np.float64, (7, 2), elements=st.floats(-1e6, 1e6))


@pytest.mark.parametrize("kind", ["standardise", "min_max"])
def test_that_a_constant_column_is_exactly_zero_and_a_later_value_keeps_its_distance(kind):
    scaling, notes = fit(kind, ("steady", "moving"), np.column_stack([np.full(1000, 14.62), np.arange(1000.0)]))
    assert (scaling.apply(np.array([[14.62, 0.0]] * 3))[:, 0] == 0.0).all()
    assert (scaling.scale[0], scaling.offset[0]) == (1.0, 14.62)
    assert scaling.apply(np.array([[15.62, 0.0]]))[0, 0] == pytest.approx(1.0, abs=1e-9)
    assert scaling.constant == (0,)
    assert ["steady" in str(note) for note in notes] == [True]
    assert "moving" not in str(notes[0])


def test_that_a_column_that_varies_by_rounding_only_is_constant():
    column = np.full((50, 1), 0.1)
    column[::2] += 1e-17 + 0.1 * 1e-15
    scaling, _ = fit("standardise", ("x",), column)
    assert scaling.constant == (0,)
    assert np.abs(scaling.apply(column)).max() < 1e-12


@given(COLUMNS)
def test_that_standardised_columns_have_mean_0_and_deviation_1(column):
    scaling, _ = fit("standardise", ("a", "b"), column)
    scaled = scaling.apply(column)
    for place in range(2):
        deviation = 0.0 if place in scaling.constant else 1.0
        assert scaled[:, place].std() == pytest.approx(deviation, abs=1e-6)
        assert scaled[:, place].mean() == pytest.approx(0.0, abs=1e-3)


@given(COLUMNS)
def test_that_min_max_reaches_from_0_to_1(column):
    scaling, _ = fit("min_max", ("a", "b"), column)
    scaled = scaling.apply(column)
    for place in range(2):
        assert scaled[:, place].min() == pytest.approx(0.0, abs=1e-9)
        assert scaled[:, place].max() == pytest.approx(0.0 if place in scaling.constant else 1.0, abs=1e-9)


def test_that_no_scaling_changes_no_bit_and_flags_nothing():
    column = np.array([[0.1, 5.0], [0.3, 5.0]])
    scaling, notes = fit("none", ("a", "b"), column)
    np.testing.assert_array_equal(scaling.apply(column), column)
    assert (scaling.constant, notes) == ((), ())


def test_that_an_unknown_kind_is_refused_by_name():
    with pytest.raises(UserError, match=r"“robust”.*none, standardise, min_max"):
        fit("robust", ("a",), np.ones((2, 1)))


def test_that_numbers_too_large_to_scale_are_named():
    with pytest.raises(UserError, match="“b”"):
        fit("standardise", ("a", "b"), np.array([[1.0, 1e300], [2.0, -1e300]]))


def test_that_numbers_too_small_to_scale_give_no_nan():
    scaling, _ = fit("standardise", ("a",), np.array([[1e-200], [2e-200]]))
    assert np.isfinite(scaling.apply(np.array([[1.0]]))).all()
