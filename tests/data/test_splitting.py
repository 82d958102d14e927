"""Splitting: in proportion, never a row on both sides, never a test row seen in training."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.data.families import FAMILIES
from playground.data.splitting import split
from playground.data.table import Table
from playground.messages import UserError


def table_of(targets, features=None, classes=None):
    targets = np.array(targets, dtype=np.float64)
    features = np.arange(len(targets), dtype=np.float64)[:, None] if features is None else np.array(features, float)
    if classes is None:
        classes = tuple(str(index) for index in range(int(targets.max()) + 1))
    columns = tuple(f"c{index}" for index in range(features.shape[1]))
    return Table(columns, features, "t", targets, "classification" if classes else "regression", classes)


def test_that_rows_sorted_by_class_are_split_in_proportion():
    """Case A20: 50 rows A then 50 rows B, 20 % test."""
    table = table_of([0] * 50 + [1] * 50)
    first, again, other = split(table, 0.2, 3), split(table, 0.2, 3), split(table, 0.2, 4)
    assert np.bincount(table.targets[first.test].astype(int)).tolist() == [10, 10]
    assert sorted([*first.train, *first.test]) == list(range(100))
    np.testing.assert_array_equal(first.test, again.test)
    assert first.test.tolist() != other.test.tolist()
    assert first.notes == ()


def test_that_a_class_of_one_row_trains_and_a_note_says_so():
    parts = split(table_of([0] * 10 + [1] * 10 + [2], classes=("a", "b", "rare")), 0.5, 0)
    assert 20 in parts.train
    assert [str(note) for note in parts.notes] == ["Class “rare” has only 1 row: it trains and is not tested."]


def test_that_a_share_which_leaves_no_row_to_train_is_not_blamed_on_equal_rows():
    parts = split(table_of([0, 1] * 4), 0.99, 0)
    assert (len(parts.train), len(parts.test)) == (2, 6)
    assert parts.notes == ()


@pytest.mark.parametrize("kind", ["xor", "gauss", "three-classes"])
def test_that_without_noise_every_place_of_a_family_is_trained_and_tested(kind):
    """XOR with its noise at 0 would otherwise train on two corners and be tested on the others."""
    table = FAMILIES[kind].make(200, 0.0, 0)
    places = np.unique(table.features, axis=0)
    parts = split(table, 0.5, 0)
    assert len(places) <= 4
    for side in (parts.train, parts.test):
        assert len(side) == 100
        np.testing.assert_array_equal(np.unique(table.features[side], axis=0), places)


@given(
    labels=st.lists(st.integers(0, 3), min_size=1, max_size=80),
    values=st.data(),
    share=st.floats(0.0, 0.99),
    seed=st.integers(0, 2**63),
)
@settings(max_examples=200, deadline=None)
def test_the_laws_of_every_split(labels, values, share, seed):
    distinct = values.draw(st.integers(1, 100))
    features = [[float(values.draw(st.integers(1, distinct)))] for _ in labels]
    table = table_of(labels, features, ("0", "1", "2", "3"))
    parts = split(table, share, seed)
    assert sorted([*parts.train, *parts.test]) == list(range(len(labels)))
    assert (np.diff(parts.train) > 0).all()
    assert (np.diff(parts.test) > 0).all()
    assert len(parts.train) > 0
    assert not {row.tobytes() for row in table.features[parts.train]} & {
        row.tobytes() for row in table.features[parts.test]
    }
    if share == 0:
        assert len(parts.test) == 0


@given(
    counts=st.lists(st.integers(2, 60), min_size=2, max_size=4), share=st.floats(0.05, 0.9), seed=st.integers(0, 999)
)
@settings(max_examples=200, deadline=None)
def test_that_distinct_rows_are_split_to_within_a_row_of_the_share(counts, share, seed):
    labels = np.repeat(np.arange(len(counts)), counts)
    parts = split(table_of(labels), share, seed)
    tested = np.bincount(labels[parts.test], minlength=len(counts))
    for count, found in zip(counts, tested.tolist(), strict=True):
        assert abs(found - min(share * count, count - 1)) <= 1 + 1e-9
        assert found < count
    wanted = min(share * len(labels), len(labels) - len(counts))
    assert abs(len(parts.test) - wanted) <= len(counts)


def test_that_negative_zero_and_zero_are_the_same_row():
    parts = split(table_of([0, 0, 0, 0], [[0.0], [-0.0], [0.0], [-0.0]], ("0", "1")), 0.5, 0)
    assert len(parts.test) == 0
    assert "stay on one side" in str(parts.notes[-1])


def test_that_no_real_mail_is_tested_that_was_trained_on_and_the_quarter_is_kept():
    table = FAMILIES["spambase"].make(0, 0.0, 0)
    for seed in range(5):
        parts = split(table, 0.25, seed)
        trained = {row.tobytes() for row in table.features[parts.train]}
        assert not any(row.tobytes() in trained for row in table.features[parts.test])
        assert len(parts.test) == pytest.approx(0.25 * 4601, abs=5)
        assert table.targets[parts.test].mean() == pytest.approx(1813 / 4601, abs=0.002)


def test_that_a_value_to_regress_is_split_plainly():
    parts = split(table_of(np.linspace(0, 1, 101), classes=()), 0.3, 0)
    assert len(parts.test) == 30
    assert parts.notes == ()


def test_that_a_table_worked_by_hand_holds_one_row_out_and_never_the_first():
    table = table_of([5, 7, 2, 4, 9, 1], classes=())
    tested = [split(table, 0.2, seed).test.tolist() for seed in range(50)]
    assert all(len(rows) == 1 for rows in tested)
    assert {rows[0] for rows in tested} == {1, 2, 3, 4, 5}


@pytest.mark.parametrize("share", [-0.1, 1.0, 1.5, float("nan")])
def test_that_a_share_that_leaves_nothing_to_train_is_refused(share):
    with pytest.raises(UserError, match="test share"):
        split(table_of([0, 1, 0, 1]), share, 0)
