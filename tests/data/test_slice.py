"""The plane a picture shows: cell centres, fixed ranges, everything else held still."""

from __future__ import annotations

import numpy as np
import pytest

from playground.data.families import FAMILIES
from playground.data.prepare import make_table, prepare
from playground.data.slice import centres, column_range, held_values, line, plane, target_range
from playground.messages import UserError


def mails():
    table = make_table("spambase", 0, 0.0, 0)
    return prepare(
        table, features=table.columns, test_fraction=0.25, seed=0, scaling="standardise", encoding="zero_one"
    )


def test_that_fifty_cells_on_minus_one_to_one_start_at_their_centre():
    """Case D06."""
    grid = plane(make_table("xor", 100, 0.12, 0), "x1", "x2", resolution=50)
    assert grid.raw.shape == (2500, 2)
    assert grid.raw[0] == pytest.approx([-0.98, -0.98])
    assert grid.raw[-1] == pytest.approx([0.98, 0.98])
    assert grid.a_range == grid.b_range == (-1.0, 1.0)


def test_that_a_reshaped_output_is_a_picture_with_its_lowest_row_first():
    grid = plane(make_table("xor", 100, 0.12, 0), "x1", "x2", resolution=4)
    first, second = (grid.raw[:, column].reshape(4, 4) for column in range(2))
    at = centres((-1.0, 1.0), 4)
    np.testing.assert_array_equal(first, np.tile(at, (4, 1)))
    np.testing.assert_array_equal(second, np.tile(at[:, None], (1, 4)))


def test_that_axes_can_be_exchanged():
    table = make_table("spam-linear", 100, 0.8, 0)
    straight, turned = plane(table, "x1", "x2", resolution=5), plane(table, "x2", "x1", resolution=5)
    np.testing.assert_array_equal(straight.raw.reshape(5, 5, 2).transpose(1, 0, 2), turned.raw.reshape(5, 5, 2))


def test_that_other_columns_are_held_at_the_mean_of_the_training_rows_or_at_a_chosen_mail():
    data = mails()
    a, b = "word_freq_free", "char_freq_!"
    shown = [data.table.columns.index(name) for name in (a, b)]
    others = [index for index in range(57) if index not in shown]
    mean, chosen = plane(data, a, b, resolution=3), plane(data, a, b, held=7, resolution=3)
    np.testing.assert_allclose(mean.raw[:, others], [data.table.features[data.train].mean(axis=0)[others]] * 9)
    np.testing.assert_array_equal(chosen.raw[:, others], [data.table.features[7][others]] * 9)
    np.testing.assert_array_equal(mean.raw[:, shown], chosen.raw[:, shown])
    mixed = held_values(data, np.arange(57.0))
    np.testing.assert_array_equal(plane(data, a, b, held=mixed, resolution=3).raw[:, others], [mixed[others]] * 9)


def test_that_holding_a_row_never_changes_the_table():
    table = make_table("xor", 100, 0.12, 0)
    before = table.features.copy()
    held_values(table, 3)[:] = 99.0
    plane(table, "x1", "x2", held=3, resolution=2).raw[:] = 99.0
    np.testing.assert_array_equal(table.features, before)


@pytest.mark.parametrize("column", ["word_freq_free", "word_freq_3d", "char_freq_$", "capital_run_length_total"])
def test_that_heavy_tails_do_not_squeeze_the_mails_into_a_corner(column):
    table = make_table("spambase", 0, 0.0, 0)
    values = table.features[:, table.columns.index(column)]
    low, high = column_range(table, column)
    assert low >= 0
    assert high > low
    assert ((values >= low) & (values <= high)).mean() > 0.98
    assert high < values.max() or (values > 0).mean() < 0.01 + 1e-9


def test_that_ranges_do_not_depend_on_the_split_and_hold_every_row_of_a_small_table():
    table = make_table("table", 0, 0.0, 0, ("x", "y", "t"), [(1, -5, 0), (2, 5, 1), (3, 0, 0), (5, 1, 1)])
    assert column_range(table, "x") == pytest.approx((0.68, 5.32))
    assert column_range(table, "y") == pytest.approx((-5.8, 5.8))


def test_that_a_constant_column_still_has_a_range():
    table = make_table("table", 0, 0.0, 0, ("x", "y", "t"), [(-3, 0, 0), (-3, 1, 1)])
    assert column_range(table, "x") == (-4.0, -2.0)


def test_that_values_to_regress_have_a_fixed_range_too():
    assert target_range(make_table("sine", 50, 0.1, 0)) == (-1.5, 1.5)
    assert target_range(make_table("xor", 50, 0.1, 0)) == (0.0, 1.0)
    low, high = target_range(make_table("bumps", 500, 0.0, 0))
    assert low < -0.9
    assert high > 0.9


def test_that_one_column_is_shown_along_a_line():
    table = FAMILIES["sine"].make(50, 0.1, 0)
    curve = line(table, "x1", resolution=50)
    assert curve.raw.shape == (50, 1)
    assert curve.at[0] == pytest.approx(-0.98)
    np.testing.assert_array_equal(curve.raw[:, 0], curve.at)
    assert curve.range == (-1.0, 1.0)
    np.testing.assert_array_equal(line(make_table("xor", 50, 0.1, 0), "x2", held=4, resolution=9).raw[0, 0],
                                  make_table("xor", 50, 0.1, 0).features[4, 0])  # fmt: skip


def test_that_what_is_not_there_is_named():
    table = make_table("xor", 50, 0.1, 0)
    with pytest.raises(UserError, match=r"“x3”.*x1, x2"):
        plane(table, "x1", "x3")
    with pytest.raises(UserError, match="both axes"):
        plane(table, "x1", "x1")
    with pytest.raises(UserError, match=r"no row 50.*0 to 49"):
        plane(table, "x1", "x2", held=50)
    with pytest.raises(ValueError, match="2 columns"):
        plane(table, "x1", "x2", held=np.zeros(3))
