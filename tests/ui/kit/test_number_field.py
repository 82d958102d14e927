"""Typing a number: what a person means is what counts, in every locale, and nothing bad ever leaves the field."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QLocale, QPoint, QPointF, Qt
from PySide6.QtGui import QInputMethodEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QLineEdit

from playground.document.catalog import DATA_FIELDS, NODE_KINDS, TRAINING_FIELDS
from playground.document.fields import fit
from playground.ui.theme import LIGHT, apply
from playground.ui.translation import number_text, set_language
from playground.ui.widgets.number_field import NumberField, read_number, stepped

FIELDS = {field.key: field for field in (*TRAINING_FIELDS, *NODE_KINDS["dense"].fields)}
FIELDS["noise"] = next(field for field in DATA_FIELDS if field.key == "noise")
RATE, UNITS = FIELDS["learning_rate"], FIELDS["units"]


@pytest.fixture(params=["C", "ko_KR", "de_DE"])
def locale(request):
    before = QLocale()
    QLocale.setDefault(QLocale.c() if request.param == "C" else QLocale(request.param))
    yield request.param
    QLocale.setDefault(before)


@pytest.fixture
def make(qtbot, qapp):
    apply(qapp, LIGHT)

    def made(key: str, value=None) -> NumberField:
        field = NumberField(FIELDS[key])
        qtbot.addWidget(field)
        field.show()
        field.setFocus()
        qtbot.waitUntil(field.hasFocus)
        if value is not None:
            field.set_value(value)
        return field

    return made


def retype(qtbot, field, text):
    field.selectAll()
    qtbot.keyClicks(field, text)
    qtbot.keyClick(field, Qt.Key.Key_Return)


@pytest.mark.parametrize(
    ("text", "value"),
    [("0.05", 0.05), ("0,05", 0.05), ("1e-4", 1e-4), ("0.0005", 0.0005), ("0.02", 0.02), (",5", 0.5), ("3", 3.0)],
)
def test_that_a_rate_is_read_alike_in_every_locale(qtbot, locale, make, text, value):
    field = make("learning_rate")
    with qtbot.waitSignal(field.value_changed) as said:
        retype(qtbot, field, text)
    assert said.args == [value]
    assert field.text() == number_text(value)
    assert field.problem() == ""


def test_that_small_numbers_are_shown_in_full(make):
    assert make("learning_rate", 1e-4).text() == "0.0001"
    assert make("learning_rate", 2.5e-7).text() == "2.5e-7"
    assert make("learning_rate", 0.1 + 0.2).text() == "0.30000000000000004"
    assert make("seed", 4294967295).text() == "4294967295"


@given(st.floats(min_value=1e-12, max_value=10.0))
def test_that_every_rate_survives_being_shown_and_read(value):
    assert read_number(number_text(value)) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("−3", -3.0), ("＋０．０５", 0.05), (" 7 ", 7.0), ("1.", 1.0), ("2E3", 2000.0),
        ("nan", None), ("inf", None), ("1e999", None), ("0x10", None), ("1_000", None), ("1,2,3", None), ("", None),
        ("--1", None), ("1e", None), ("0.0.5", None),
    ],
)  # fmt: skip
def test_what_is_a_number_and_what_is_not(text, value):
    assert read_number(text) == value


@pytest.mark.parametrize(("text", "value"), [("1,204,000", 1204000), ("1,000", 1000), ("12", 12), ("1e3", 1000.0)])
def test_that_whole_numbers_may_be_grouped(text, value):
    assert read_number(text, whole=True) == value


@pytest.mark.parametrize("text", ["abc", "", "0", "-1", "11", "1e999"])
def test_that_a_bad_rate_is_named_and_never_told(qtbot, make, text):
    field = make("learning_rate", 0.03)
    told = []
    field.value_changed.connect(told.append)
    field.setText(text)
    with qtbot.waitSignal(field.problem_changed):
        qtbot.keyClick(field, Qt.Key.Key_Return)
    assert told == []
    assert field.value() == 0.03
    assert field.problem().endswith(".")
    assert field.problem() == field.accessibleDescription() == field.toolTip()
    assert field.property("invalid") is True
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert (field.text(), field.problem(), field.property("invalid")) == ("0.03", "", False)


def test_that_a_range_is_named_with_the_field(qtbot, make):
    field = make("units", 4)
    retype(qtbot, field, "2000")
    assert field.problem() == "Units is 2000; it must be a whole number from 1 to 1024."
    retype(qtbot, field, "3.5")
    assert "3.5" in field.problem()
    retype(qtbot, field, "8")
    assert (field.value(), field.problem()) == (8, "")
    assert isinstance(field.value(), int)


def test_that_leaving_the_field_commits_and_a_value_from_elsewhere_does_not_tell(qtbot, make):
    field, other = make("learning_rate", 0.03), QLineEdit()
    qtbot.addWidget(other)
    other.show()
    field.selectAll()
    qtbot.keyClicks(field, "0.5")
    assert field.value() == 0.03
    with qtbot.waitSignal(field.value_changed):
        field.clearFocus()
    assert field.value() == 0.5
    with qtbot.assertNotEmitted(field.value_changed):
        field.set_value(0.25)
    assert field.text() == "0.25"


def test_that_the_same_value_again_is_no_change(qtbot, make):
    field = make("learning_rate", 0.05)
    with qtbot.assertNotEmitted(field.value_changed):
        retype(qtbot, field, "0,050")
    assert field.text() == "0.05"


def test_that_an_empty_field_is_none_only_where_that_means_something(qtbot, make):
    pace = make("pace", 20.0)
    with qtbot.waitSignal(pace.value_changed) as said:
        pace.clear()
        qtbot.keyClick(pace, Qt.Key.Key_Return)
    assert said.args == [None]
    units = make("units", 4)
    units.clear()
    qtbot.keyClick(units, Qt.Key.Key_Return)
    assert units.problem() == "Write a number here, such as 4."


@pytest.mark.parametrize(
    ("key", "value", "up", "down"),
    [
        ("learning_rate", 0.03, 0.1, 0.01),
        ("learning_rate", 0.05, 0.1, 0.03),
        ("learning_rate", 10.0, 10.0, 3.0),
        ("l2", 0.0, 0.0001, 0.0),
        ("l2", 0.0001, 0.0003, 0.0),
        ("momentum", 0.9, 0.95, 0.85),
        ("momentum", 0.95, 0.95, 0.9),
        ("noise", 0.12, 0.15, 0.1),
        ("units", 4, 5, 3),
        ("units", 1, 2, 1),
        ("batch_size", 100, 110, 99),
        ("epochs", 200, 210, 190),
        ("seed", 7, 8, 6),
        ("seed", 0, 1, 0),
    ],
)
def test_that_arrow_keys_step_sensibly(qtbot, make, key, value, up, down):
    field = make(key, value)
    qtbot.keyClick(field, Qt.Key.Key_Up)
    assert field.value() == pytest.approx(up)
    field.set_value(value)
    qtbot.keyClick(field, Qt.Key.Key_Down)
    assert field.value() == pytest.approx(down)


@given(st.sampled_from(sorted(FIELDS)), st.lists(st.booleans(), max_size=60))
def test_that_no_number_of_steps_leaves_the_range(key, ups):
    field = FIELDS[key]
    if field.type not in ("int", "float"):
        return
    value = field.default
    for up in ups:
        after = stepped(field, value, up)
        assert after == fit(field, after)
        if value is not None:
            assert (after >= value) if up else (after <= value)
        value = after


def wheel(field, notches):
    position = QPointF(5, 5)
    return QWheelEvent(
        position, field.mapToGlobal(position), QPoint(), QPoint(0, 120 * notches), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip


def test_that_the_wheel_turns_only_the_field_that_has_the_focus(qtbot, make):
    field = make("units", 4)
    QApplication.sendEvent(field, wheel(field, 2))
    assert field.value() == 6
    field.clearFocus()
    away = wheel(field, 2)
    QApplication.sendEvent(field, away)
    assert field.value() == 6
    assert not away.isAccepted()


def test_that_composing_is_left_alone(make):
    field = make("learning_rate", 0.03)
    field.clear()
    for syllable in ("ㅎ", "하", "한"):
        QApplication.sendEvent(field, QInputMethodEvent(syllable, []))
        assert field.text() == ""
    done = QInputMethodEvent()
    done.setCommitString("한")
    QApplication.sendEvent(field, done)
    assert field.text() == "한"
    field.commit()
    assert "한" in field.problem()
    assert field.value() == 0.03


def test_that_arrows_belong_to_the_composition(qtbot, make):
    field = make("units", 4)
    QApplication.sendEvent(field, QInputMethodEvent("ㅎ", []))
    qtbot.keyClick(field, Qt.Key.Key_Up)
    assert field.value() == 4
    QApplication.sendEvent(field, QInputMethodEvent("", []))
    qtbot.keyClick(field, Qt.Key.Key_Up)
    assert field.value() == 5


def test_that_a_reason_follows_the_language(qtbot, make):
    field = make("units", 4)
    field.setText("x")
    field.commit()
    set_language("ko")
    try:
        assert field.problem() == field.accessibleDescription()
    finally:
        set_language("en")
    assert field.problem().startswith("“x”")
