"""From settings to a table to the arrays a network takes."""

from __future__ import annotations

import time

import numpy as np
import pytest

from playground.data.families import FAMILIES
from playground.data.prepare import inputs, make_table, prepare, target_array
from playground.messages import UserError

ROWS = ((1, 2, 5), (3, -4, 7), (0, 1, 2), (2, 2, 4), (1, 1, 1))


def prepared(table, **settings):
    asked = {"features": table.columns, "test_fraction": 0.5, "seed": 0, "scaling": "none", "encoding": "zero_one"}
    return prepare(table, **{**asked, **settings})


@pytest.mark.parametrize("name", sorted(FAMILIES))
def test_that_every_family_can_be_prepared_as_it_starts(name):
    family = FAMILIES[name]
    table = make_table(name, family.samples, family.noise, 0)
    encoding = {0: "value", 2: "zero_one", 3: "one_hot"}[len(table.classes)]
    data = prepared(table, test_fraction=family.test_fraction, scaling=family.scaling, encoding=encoding)
    assert len(data.train) + len(data.test) == len(table.features)
    assert len(data.test) == pytest.approx(family.test_fraction * len(table.features), abs=5)
    for x, y, rows in ((data.x_train, data.y_train, data.train), (data.x_test, data.y_test, data.test)):
        assert x.shape == (len(rows), len(table.columns))
        assert y.shape == (len(rows), max(1, len(table.classes)) if encoding == "one_hot" else 1)
        assert all(array.flags.c_contiguous and array.dtype == np.float64 for array in (x, y))
        assert np.isfinite(x).all()


def test_that_a_table_comes_with_the_lectures_first_row_in_training():
    table = make_table("table", 0, 0.0, 0, ("A", "B", "C"), ROWS, "C", "regression")
    for seed in range(20):
        data = prepared(table, test_fraction=0.2, seed=seed, encoding="value")
        assert data.x_train[0].tolist() == [1, 2]
        assert data.y_train[0].tolist() == [5]
        assert len(data.test) == 1


def test_that_scaling_is_fitted_on_training_rows_only():
    table = make_table("spambase", 0, 0.0, 0)
    data = prepared(table, test_fraction=0.25, scaling="standardise")
    np.testing.assert_allclose(data.x_train.mean(axis=0), 0.0, atol=1e-9)
    np.testing.assert_allclose(data.x_train.std(axis=0), 1.0)
    assert np.abs(data.x_test.mean(axis=0)).max() > 0.01
    np.testing.assert_array_equal(data.scaling.offset, table.features[data.train].mean(axis=0))


def test_that_new_raw_rows_go_the_way_of_the_training_rows():
    table = make_table("moons", 200, 0.1, 3)
    data = prepared(table, features=("x2", "x1^2", "x1"), scaling="standardise")
    np.testing.assert_array_equal(inputs(data, table.features[data.train]), data.x_train)
    np.testing.assert_array_equal(inputs(data, table.features[data.test]), data.x_test)
    new = inputs(data, np.array([[0.25, -1.0]]))
    np.testing.assert_allclose(new[0], ([-1.0, 0.0625, 0.25] - data.scaling.offset) / data.scaling.scale)


def test_that_the_split_depends_on_the_rows_and_the_seed_alone():
    table = make_table("circle", 100, 0.1, 0)
    plain, curved = prepared(table), prepared(table, features=("x1^2",), scaling="min_max", encoding="one_hot")
    np.testing.assert_array_equal(plain.test, curved.test)
    assert prepared(table, seed=1).test.tolist() != plain.test.tolist()


@pytest.mark.parametrize(
    ("encoding", "expected"),
    [
        ("zero_one", [[0], [1], [1], [0]]),
        ("plus_minus", [[-1], [1], [1], [-1]]),
        ("one_hot", [[1, 0], [0, 1], [0, 1], [1, 0]]),
        ("one_hot_plus_minus", [[1, -1], [-1, 1], [-1, 1], [1, -1]]),
    ],
)
def test_how_two_classes_are_given_to_a_loss(encoding, expected):
    table = make_table("xor-corners", 4, 0.0, 0)
    assert target_array(table, np.arange(4), encoding).tolist() == expected


def test_that_three_classes_need_three_outputs():
    table = make_table("three-classes", 9, 0.1, 0)
    assert target_array(table, np.arange(3), "one_hot").tolist() == np.eye(3).tolist()
    with pytest.raises(UserError, match=r"2 classes apart.*has 3 \(0, 1, 2\)"):
        target_array(table, np.arange(3), "zero_one")


def test_that_classes_are_no_values_and_values_no_classes():
    with pytest.raises(UserError, match=r"“class” holds classes \(ham, spam\)"):
        target_array(make_table("spam-linear", 10, 0.8, 0), np.arange(3), "value")
    with pytest.raises(UserError, match="“y” holds values"):
        target_array(make_table("plane", 10, 0.0, 0), np.arange(3), "one_hot")


def test_that_an_unknown_kind_is_refused_with_the_kinds_there_are():
    with pytest.raises(UserError, match=r"“donuts”.*xor.*spambase.*table, painted"):
        make_table("donuts", 100, 0.1, 0)


def test_that_a_split_that_leaves_one_class_to_train_is_refused():
    """Case C11: both rows of “b” have the features of a row of “a”, and train or test with it."""
    rows = (*((1, "a"),) * 3, *((2, "a"),) * 3, *((2, "b"),) * 2)
    table = make_table("table", 0, 0.0, 0, ("x", "t"), rows)
    with pytest.raises(UserError, match=r"needs at least 2 classes, found 1 \(a\)"):
        prepared(table, test_fraction=0.5)


def test_that_notes_of_the_table_the_split_and_the_scaling_arrive():
    rows = [(1.0, index, "ab"[index % 2]) for index in range(12)] + [(1.0, 50, "rare"), ("?", 1, "a")]
    table = make_table("table", 0, 0.0, 0, ("steady", "x", "t"), rows)
    notes = [str(note) for note in prepared(table, scaling="standardise", encoding="one_hot").notes]
    assert [any(word in note for note in notes) for word in ("1 of 14 rows dropped", "“rare”", "steady")] == [True] * 3


def test_that_a_test_row_far_outside_its_scaling_is_one_sentence():
    table = make_table("table", 0, 0.0, 0, ("x", "t"), [(1e-140, 0), (2e-140, 1), (3e-140, 0), (4e-140, 1)])
    data = prepared(table, test_fraction=0.0, scaling="standardise")
    with pytest.raises(UserError, match="“x” has a value far outside"):
        inputs(data, np.array([[1e200]]))


def test_that_the_real_mails_are_ready_while_nobody_waits():
    started = time.perf_counter()
    prepared(make_table("spambase", 0, 0.0, 0), test_fraction=0.25, scaling="standardise")
    assert time.perf_counter() - started < 1.0  # about 0.03 s on an idle machine
