"""The user's own rows: nothing lost silently, nothing read as what it is not."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.data.cells import class_name, distinct, in_class_order, is_missing, number
from playground.data.tables import Guess, build_table, guess_task, painted_table
from playground.messages import UserError

MAIL = [[1.5, 2, "spam"], [0.5, 1, "ham"], [2.5, 4, "spam"], [0, 0, "ham"]]


def refusal(*arguments, **settings):
    with pytest.raises(UserError) as caught:
        build_table(*arguments, **settings)
    return str(caught.value)


def notes_of(table):
    return [str(note) for note in table.notes]


def test_that_the_last_column_is_the_target_and_the_second_class_is_the_positive_one():
    table = build_table(("words", "links", "kind"), MAIL)
    assert (table.columns, table.target, table.task) == (("words", "links"), "kind", "classification")
    assert table.classes == ("ham", "spam")
    assert table.targets.tolist() == [1, 0, 1, 0]
    assert table.features.tolist() == [[1.5, 2], [0.5, 1], [2.5, 4], [0, 0]]
    assert table.features.flags.c_contiguous
    assert table.notes == ()


def test_that_a_target_in_the_middle_leaves_the_other_columns_in_order():
    table = build_table(("A", "C", "B"), [[1, 5, 2], [3, 7, -4.5]], "C", "regression")
    assert (table.columns, table.target, table.classes) == (("A", "B"), "C", ())
    assert table.features.tolist() == [[1, 2], [3, -4.5]]
    assert table.targets.tolist() == [5, 7]


def test_that_columns_without_names_are_counted():
    assert build_table((), MAIL).columns == ("c1", "c2")
    assert build_table(("", "b", ""), MAIL).columns == ("c1", "b")


def test_that_a_missing_number_is_never_zero():
    """Case C06."""
    table = build_table((), [[1, ""], [2, 5]], task="regression")
    assert table.features.tolist() == [[2.0]]
    assert notes_of(table) == ["1 of 2 rows dropped: values are missing in c2 (1)."]


@pytest.mark.parametrize("token", ["", " ", "NA", "N/A", "nan", "NaN", "?", None, math.nan])
def test_that_one_missing_token_leaves_a_column_of_numbers_numeric(token):
    rows = [[float(index), index % 2] for index in range(999)]
    table = build_table(("x", "t"), [*rows, [token, 1]])
    assert len(table.features) == 999
    assert notes_of(table) == ["1 of 1000 rows dropped: values are missing in x (1)."]


def test_that_missing_cells_are_counted_column_by_column():
    table = build_table(("a", "b", "t"), [["?", "", 0], ["NA", 1, 1], [1, 2, 0], [1, 3, 1], [2, 3, "?"]])
    assert notes_of(table) == ["3 of 5 rows dropped: values are missing in a (2), b (1), t (1)."]


def test_that_only_incomplete_rows_are_refused():
    assert "no complete rows" in refusal(("a", "b"), [["", 1], [1, "?"]])


@pytest.mark.parametrize(
    ("cells", "guess"),
    [
        ([-1, 0, 1] * 5, Guess("classification", True)),
        ([0, 1], Guess("classification", True)),
        (["0", "1", "1", "0"], Guess("classification", True)),
        ([3, 7] * 4, Guess("classification", True)),
        ([0.5, 1.5] * 4, Guess("classification", True)),
        (["spam", "ham"], Guess("classification", True)),
        ([1, 2, "three"], Guess("classification", True)),
        ([1, 2, 3, 4, 5] * 6, Guess("classification", False)),
        ([5, 7, 2, 4], Guess("regression", False)),
        ([index + 0.25 for index in range(37)], Guess("regression", True)),
        (list(range(500)), Guess("regression", True)),
    ],
)
def test_what_a_target_column_seems_to_ask_for(cells, guess):
    """Case C13."""
    assert guess_task(cells) == guess


def test_that_a_doubtful_guess_is_told():
    table = build_table(("x", "stars"), [[index, index % 5 + 1] for index in range(30)])
    assert table.task == "classification"
    assert notes_of(table) == [
        "The whole numbers in “stars” are taken for classes. If they are amounts, choose regression."
    ]
    assert build_table(("x", "stars"), [[1, 2], [2, 3], [3, 4]], task="regression").notes == ()


def test_that_words_with_regression_are_refused_by_name():
    words = refusal(("a", "b", "kind"), MAIL, task="regression")
    assert "Row 1, column kind: “spam” is not a number" in words
    assert "classification" in words


def test_that_classes_are_sorted_numbers_by_value_and_words_by_code_point():
    assert in_class_order(["10", "9", "-1", "0.5"]) == ("-1", "0.5", "9", "10")
    assert in_class_order(["spam", "ham", "Zebra", "é"]) == ("Zebra", "ham", "spam", "é")
    assert in_class_order(["b", "2", "a", "10"]) == ("2", "10", "a", "b")


def test_that_a_number_is_one_class_however_it_is_written():
    table = build_table(("x", "t"), [[1, 1], [2, 1.0], [3, "1"], [4, 0], [5, "0"]])
    assert table.classes == ("0", "1")
    assert table.targets.tolist() == [1, 1, 1, 0, 0]


@pytest.mark.parametrize(
    ("cell", "name"),
    [(1, "1"), (2.0, "2"), (0.5, "0.5"), ("007", "007"), (" ham ", "ham"), (True, "true"), ("1e3", "1000")],
)
def test_what_a_class_is_called(cell, name):
    assert class_name(cell) == name


def test_that_one_class_only_is_refused_with_its_name():
    """Case C11."""
    assert "needs at least 2 classes, found 1 (spam)" in refusal(("a", "b", "kind"), [[1, 2, "spam"]] * 5)


def test_that_stored_classes_stay_when_no_row_is_left_of_one():
    rows = [[1, "b"], [2, "c"]]
    assert build_table(("x", "t"), rows, classes=("a", "b", "c")).classes == ("a", "b", "c")
    assert build_table(("x", "t"), rows, classes=("a", "b", "c")).targets.tolist() == [1, 2]
    assert build_table(("x", "t"), rows, classes=("a", "b")).classes == ("b", "c")


def test_that_names_are_no_classes():
    assert "300 different values" in refusal(("x", "t"), [[index, f"name {index}"] for index in range(300)])


def test_that_two_columns_of_one_name_are_both_kept():
    """Case C09."""
    table = build_table(("id", "id", "name"), [[1, 2, "A"], [3, 4, "B"]])
    assert table.columns == ("id", "id_2")
    assert table.features.tolist() == [[1, 2], [3, 4]]
    assert notes_of(table) == ["Two columns had the same name; renamed: id → id_2."]


def test_that_a_real_column_keeps_its_name_when_another_needs_one():
    assert distinct(["id", "id_2", "id"]) == ("id", "id_2", "id_3")
    assert distinct(["id", "id", "id_2"]) == ("id", "id_3", "id_2")
    assert distinct(["a", "A"]) == ("a", "A")


@given(st.lists(st.sampled_from(["a", "a_2", "a_3", "b", "A", ""]), max_size=12))
def test_the_laws_of_distinct_names(names):
    result = distinct(names)
    assert len(set(result)) == len(result) == len(names)
    for index, name in enumerate(names):
        if name not in names[:index]:
            assert result[index] == name


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([[1, 0], ["red", 1]], "Row 2, column x: “red” is not a number"),
        ([[1, 0], [math.inf, 1]], "Row 2, column x: inf is too large"),
        ([["?", 0], [1, 0], ["1e999", 1]], "Row 3, column x: 1e999 is too large"),
        ([[1, 0], [10**400, 1]], "Row 2, column x"),
        ([[1, 0], ["1_000", 1]], "“1_000” is not a number"),
        ([[1, 0], [1]], "Row 2 of the table has 1 values, the table has 2 columns"),
        ([], "no rows"),
    ],
)
def test_that_a_row_that_cannot_be_used_is_named(rows, words):
    assert words in refusal(("x", "t"), rows)


def test_that_an_unknown_target_or_task_is_named_with_what_there_is():
    assert "“nope”" in refusal(("a", "b", "kind"), MAIL, "nope")
    assert "a, b, kind" in refusal(("a", "b", "kind"), MAIL, "nope")
    assert "“clustering”" in refusal(("a", "b", "kind"), MAIL, task="clustering")


def test_that_a_table_needs_a_feature_and_a_target():
    assert "1 column" in refusal(("a",), [[1], [2]])


def test_that_painted_points_are_shown_on_the_plane_or_as_far_as_they_reach():
    rows = [[0.5, -0.5, "0"], [0.25, 0.75, "1"]]
    assert painted_table(("x1", "x2", "class"), rows).extent == ((-1.0, 1.0), (-1.0, 1.0))
    assert painted_table(("x1", "x2", "class"), [*rows, [1.25, 0, "1"]]).extent == ((-1.3, 1.3), (-1.3, 1.3))


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_that_a_number_is_read_back_exactly(value):
    assert number(repr(value)) == value
    assert not is_missing(value)


def test_that_a_long_table_is_read_quickly_enough_to_be_exact():
    features = np.linspace(0, 1, 5000)
    table = build_table(("x", "t"), [[value, index % 2] for index, value in enumerate(features.tolist())])
    np.testing.assert_array_equal(table.features[:, 0], features)
