"""Features: a table's columns and the plane's curved ones."""

from __future__ import annotations

import numpy as np
import pytest

from playground.data.features import PLANE_FEATURES, available, transform
from playground.messages import UserError

RAW = np.array([[2.0, -3.0], [0.5, 4.0], [0.0, 1.0]])


def test_that_each_feature_of_the_plane_is_its_formula():
    assert PLANE_FEATURES == ("x1", "x2", "x1^2", "x2^2", "x1*x2", "sin(x1)", "sin(x2)")
    first, second = RAW.T
    expected = np.column_stack([first, second, first**2, second**2, first * second, np.sin(first), np.sin(second)])
    result = transform(PLANE_FEATURES, ("x1", "x2"), RAW)
    np.testing.assert_array_equal(result, expected)
    assert result.flags.c_contiguous


def test_that_features_come_in_the_order_asked_for():
    np.testing.assert_array_equal(transform(("B", "A"), ("A", "B"), RAW), RAW[:, ::-1])


def test_that_a_column_of_that_name_comes_before_a_formula():
    np.testing.assert_array_equal(transform(("x1^2",), ("x1", "x1^2"), RAW), RAW[:, 1:])


def test_that_a_table_offers_its_columns_and_what_can_be_made_of_them():
    assert available(("x1", "x2")) == PLANE_FEATURES
    assert available(("x1",)) == ("x1", "x1^2", "sin(x1)")
    assert available(("links", "words")) == ("links", "words")


@pytest.mark.parametrize(("name", "columns"), [("x3", ("x1", "x2")), ("x1", ("A", "B")), ("x1*x2", ("x1", "B"))])
def test_that_an_unknown_feature_is_named_with_what_there_is(name, columns):
    with pytest.raises(UserError) as caught:
        transform((name,), columns, RAW)
    assert f"“{name}”" in str(caught.value)
    assert columns[1] in str(caught.value)


def test_that_an_input_without_features_is_refused():
    with pytest.raises(UserError, match="at least one"):
        transform((), ("x1", "x2"), RAW)


def test_that_a_feature_that_overflows_is_named_with_its_row():
    with pytest.raises(UserError, match=r"“x1\^2” is not a finite number in row 2"):
        transform(("x1^2",), ("x1",), np.array([[1.0], [1e200]]))


def test_that_rows_of_another_width_are_the_callers_mistake():
    with pytest.raises(ValueError, match="2 columns"):
        transform(("x1",), ("x1", "x2"), np.zeros((3, 3)))
