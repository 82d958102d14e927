"""CSV files as spreadsheets and people write them."""

from __future__ import annotations

import codecs
import csv
import io
import os

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from playground.data.csv_table import read_csv
from playground.data.tables import build_table
from playground.messages import UserError


@pytest.fixture
def read(tmp_path):
    def reader(content):
        path = tmp_path / "신경망 data.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_csv(path)

    return reader


@pytest.fixture
def refusal(read):
    def refused(content):
        with pytest.raises(UserError) as caught:
            read(content)
        words = str(caught.value)
        assert "신경망 data.csv" in words
        assert "\n" not in words
        return words

    return refused


def notes_of(table):
    return [str(note) for note in table.notes]


PLAIN = "x1,x2,label\n1,2.5,spam\n-3,4e-1,ham\n"


@pytest.mark.parametrize(
    "content",
    [
        PLAIN.encode(),
        codecs.BOM_UTF8 + PLAIN.encode(),
        codecs.BOM_UTF16_LE + PLAIN.encode("utf-16-le"),
        codecs.BOM_UTF16_BE + PLAIN.encode("utf-16-be"),
        codecs.BOM_UTF32_LE + PLAIN.encode("utf-32-le"),
        PLAIN.replace("\n", "\r\n").encode(),
        PLAIN.replace("\n", "\r").encode(),
        PLAIN.rstrip().encode(),
        ("\n\n" + PLAIN.replace("\n", "\n\n \n,,\n")).encode(),
        PLAIN.replace(",", ";").encode(),
        PLAIN.replace(",", "\t").encode(),
        PLAIN.replace(",", "|").encode(),
        PLAIN.replace(",", " , ").encode(),
        PLAIN.replace("spam", '"spam"').replace("x1", '"x1"').encode(),
        PLAIN.replace("\n", ",\n").encode(),
        PLAIN.replace(",", ";").replace("2.5", "2,5").replace("4e-1", "0,4").encode(),
    ],
)
def test_that_every_way_of_writing_a_table_reads_the_same(read, content):
    """Case C01 among others."""
    table = read(content)
    assert table.columns == ("x1", "x2", "label")
    assert len(table.columns[0]) == 2
    assert table.rows == ((1, 2.5, "spam"), (-3, 0.4, "ham"))


def test_that_whole_numbers_stay_whole_and_codes_stay_words(read):
    table = read("a,b,c\n1,1.0,007\n2,2.5,008\n")
    assert [type(cell) for cell in table.rows[0]] == [int, float, str]
    assert table.rows[0][2] == "007"


def test_that_a_column_of_addresses_is_not_split_at_a_letter(read):
    """Case C03."""
    table = read("address\nann@example.org\nben@example.net\neve@example.com\n")
    assert all(len(row) == 1 for row in table.rows)
    assert read("a\n100\n").columns == ("a",)
    assert read("a\n100\n").rows == ((100,),)


def test_that_free_text_is_not_split_without_the_user_seeing_it(read):
    table = read("likes apples, bananas\nlikes pears, plums\n")
    assert any("2 columns" in note and "comma" in note for note in notes_of(table))
    assert all(len(row) == 1 for row in read("likes apples, bananas\nlikes pears\nlikes nothing\n").rows)


def test_that_delimiters_inside_quotation_marks_do_not_count(read):
    table = read('x,label\n1,"ham, eggs"\n2,"say ""spam"""\n3,"two\nlines"\n')
    assert table.rows == ((1, "ham, eggs"), (2, 'say "spam"'), (3, "two\nlines"))


def test_that_decimal_commas_are_read_and_told(read):
    table = read("1,5;2\n2,25;3\n")
    assert table.rows == ((1.5, 2), (2.25, 3))
    assert "Commas were read as decimal signs." in notes_of(table)


def test_that_a_comma_that_may_group_thousands_is_not_guessed(read):
    table = read("x;y\n1,234;0.5\n2,000;0.7\n")
    assert table.rows[0] == ("1,234", 0.5)
    with pytest.raises(UserError, match="Row 1, column x: “1,234” is not a number"):
        build_table(table.columns, table.rows)


def test_that_a_file_without_names_gets_counted_columns(read):
    table = read("1,2,spam\n3,4,ham\n")
    assert table.columns == ("c1", "c2", "c3")
    assert len(table.rows) == 2
    assert any("c1, c2" in note for note in notes_of(table))


@pytest.mark.parametrize(
    ("content", "columns"),
    [
        ("id,2019,2020\n1,2,3\n4,5,6\n", ("id", "2019", "2020")),
        (",x1,label\n0,1,a\n1,2,b\n", ("c1", "x1", "label")),
        ("colour,label\nred,spam\nblue,ham\n", ("colour", "label")),
        ("x,label\n?,spam\n1,ham\n", ("x", "label")),
        ("x1,x2,label\n", ("x1", "x2", "label")),
        ("?,1\n2,3\n", ("c1", "c2")),
        ("1,\n2,5\n", ("c1", "c2")),
    ],
)
def test_whether_the_first_row_names_the_columns(read, content, columns):
    assert read(content).columns == columns


def test_that_missing_cells_keep_their_token(read):
    """Case C06."""
    table = read("1,\n2,5\n")
    assert table.rows == ((1, ""), (2, 5))
    built = build_table(table.columns, table.rows, task="regression")
    assert built.features.tolist() == [[2.0]]


def test_that_two_columns_of_one_name_are_both_kept_with_a_notice(read):
    """Case C09."""
    table = read("id,id,name\n1,2,A\n")
    assert table.columns == ("id", "id_2", "name")
    assert table.rows == ((1, 2, "A"),)
    assert "Two columns had the same name; renamed: id → id_2." in notes_of(table)
    assert read("a,A\n1,2\n").columns == ("a", "A")
    assert read("id,id_2,id\n1,2,3\n").columns == ("id", "id_2", "id_3")


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ("a,b,c\n1,2,3\n4,5\n6,7,8\n", 3),
        ("a,b,c\n1,2\n", 2),
        ("a,b,c\n\n1,2,3\n\n4,5,6,7\n", 5),
        ('a,b\n1,"x\ny"\n2,z,3\n4,w\n', 4),
    ],
)
def test_that_a_ragged_row_is_named_by_its_line(refusal, content, line):
    assert f", line {line}:" in refusal(content)


@pytest.mark.parametrize("content", [b"", b"  \n\r\n", codecs.BOM_UTF8, codecs.BOM_UTF16_LE, b",,\n,,\n"])
def test_that_an_empty_file_is_refused(refusal, content):
    assert "is empty" in refusal(content)


@pytest.mark.parametrize("content", [b"PK\x03\x04\x00\x00", b"\x89PNG\r\n\x1a\n\x00\x00\x00", b"a,b\n1,\x002\n"])
def test_that_a_file_that_is_no_text_is_refused(refusal, content):
    assert "not a text file" in refusal(content)


def test_that_a_quotation_mark_left_open_is_refused(refusal):
    assert ", line 2: a field's quotation marks" in refusal('a,b\n1,"2\n3,4\n')
    assert ", line 3: a field's quotation marks" in refusal('a;b\n1;2\n"3"x;4\n')


@pytest.mark.parametrize(("encoding", "word"), [("cp949", "스팸"), ("cp1252", "café")])
def test_that_what_windows_writes_is_read_and_told(read, encoding, word):
    table = read(f"x,{word}\n1,2\n".encode(encoding))
    assert table.columns == ("x", word)
    assert any(encoding in note for note in notes_of(table))


def test_that_a_missing_file_and_a_folder_are_one_sentence(tmp_path):
    with pytest.raises(UserError, match="there is no such file"):
        read_csv(tmp_path / "nowhere.csv")
    with pytest.raises(UserError, match="is a folder"):
        read_csv(str(tmp_path))
    with pytest.raises(UserError, match="can't be read"):
        read_csv("a\0b.csv")


@given(
    st.one_of(
        st.binary(max_size=40),
        st.text(st.sampled_from(list(",;|\t\n\r 1a.-?é\x0b\xa0\"'")), max_size=40).map(str.encode),
    )
)
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_that_any_file_is_read_into_whole_rows_or_refused_in_one_sentence(tmp_path, content):
    path = tmp_path / "any.csv"
    path.write_bytes(content)
    try:
        table = read_csv(path)
    except UserError as error:
        assert "any.csv" in str(error)  # noqa: PT017
        return
    assert len(set(table.columns)) == len(table.columns) > 0
    assert all(len(row) == len(table.columns) for row in table.rows)


CELLS = st.one_of(
    st.integers(-(10**6), 10**6),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(st.characters(codec="utf-8", categories=("L",)), min_size=1, max_size=6),
)


@given(
    rows=st.integers(2, 4).flatmap(lambda width: st.lists(st.lists(CELLS, min_size=width, max_size=width), min_size=1)),
    delimiter=st.sampled_from(",;\t|"),
)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_that_what_was_written_is_read_back(tmp_path, rows, delimiter):
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter)
    writer.writerow([f"column {index}" for index in range(len(rows[0]))])
    writer.writerows(rows)
    path = tmp_path / "table.csv"
    path.write_text(text.getvalue(), encoding="utf-8", newline="")
    table = read_csv(path)
    assert table.columns == tuple(f"column {index}" for index in range(len(rows[0])))
    assert table.rows == tuple(map(tuple, rows))


@pytest.mark.skipif(os.name == "nt", reason="a device as POSIX has it")
def test_that_a_device_without_an_end_is_refused():
    with pytest.raises(UserError, match="/dev/zero is a device"):
        read_csv("/dev/zero")
