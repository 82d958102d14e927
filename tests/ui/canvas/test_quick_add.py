"""Typing on the canvas searches for what to add: in any script, with numbers, while a syllable is being composed."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QInputMethodEvent, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from playground.document.model import Document
from playground.ui.canvas.matching import initials, letters, rows_asked
from playground.ui.canvas.quick_add import QuickAdd
from playground.ui.translation import set_language, tr

Key = Qt.Key
NONE, CTRL, SHIFT = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
)


@pytest.fixture
def korean():
    set_language("ko")
    yield
    set_language("en")


def first(text: str) -> tuple[str, dict]:
    row = rows_asked(text)[0]
    return row.name, dict(getattr(row, "fields", {}))


def opened(hand) -> QuickAdd | None:
    found = [one for one in hand.view.viewport().findChildren(QuickAdd) if one.isVisible()]
    assert len(found) <= 1
    return found[0] if found else None


def compose(hand, preedit: str, commit: str = "") -> None:
    event = QInputMethodEvent(preedit, [])
    if commit:
        event.setCommitString(commit)
    QApplication.sendEvent(QApplication.focusWidget(), event)


# --- what words ask for -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "name", "fields"),
    [
        ("dense 8", "dense", {"units": 8}),
        ("Dense8", "dense", {"units": 8}),
        ("8", "dense", {"units": 8}),
        ("8 units", "dense", {"units": 8}),
        ("layer 16", "dense", {"units": 16}),
        ("tanh", "tanh", {"function": "tanh"}),
        ("relu", "relu", {"function": "relu"}),
        ("dropout 0.3", "dropout", {"rate": 0.3}),
        ("dropout 0,3", "dropout", {"rate": 0.3}),
        ("drop 30 %", "dropout", {"rate": 0.3}),
        ("0.25", "dropout", {"rate": 0.25}),
        ("sum", "add", {}),
        ("skip", "residual", {}),
        ("deep", "deep", {}),
    ],
)
def test_that_words_and_numbers_are_read(text, name, fields):
    assert first(text) == (name, fields)


def test_that_a_name_itself_comes_before_what_only_holds_it():
    assert [row.name for row in rows_asked("relu")][:2] == ["relu", "leaky_relu"]
    assert next(row.name for row in rows_asked("sin")) == "sin"
    assert rows_asked("nothing like it") == ()
    assert rows_asked("tanh 3") == (), "an activation has no number"


def test_that_what_a_network_has_once_is_offered_once():
    assert {"input", "loss"} <= {row.name for row in rows_asked("")}
    assert not {"input", "loss"} & {row.name for row in rows_asked("", {"input", "loss", "dense"})}


def test_that_korean_is_compared_by_its_letters():
    assert letters("드롭아웃").startswith(letters("ㄷ"))
    assert letters("드롭아웃").startswith(letters("드"))
    assert letters("가나다").startswith(letters("간")), "the ㄴ may belong to the syllable that comes"
    assert letters("닭이").startswith(letters("달"))
    assert letters(initials(letters("드롭아웃"))) == letters("ㄷㄹㅇㅇ")
    assert initials("tanh") == ""


def test_that_the_languages_words_and_english_ones_both_find_in_korean(korean):
    for row in rows_asked(""):
        assert row in rows_asked(str(row.label))
        assert row in rows_asked(tr(row.label))
    name = tr(rows_asked("loss")[0].label)
    assert first(name[:1])[0] == "loss" or "loss" in {row.name for row in rows_asked(name[:1])}


# --- on the canvas ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("key", "text"), [(Key.Key_D, "d"), (Key.Key_A, "a"), (Key.Key_F, "f"), (Key.Key_C, "c")])
def test_that_a_letter_opens_the_search_with_itself_typed(hand, key, text):
    QTest.keyClick(hand.view, key)
    found = opened(hand)
    assert found is not None
    assert found.filter.hasFocus()
    assert (found.filter.text(), found.filter.selectedText()) == (text, "")
    QTest.keyClicks(found.filter, "x")
    assert found.filter.text() == text + "x"
    QTest.keyClick(found.filter, Key.Key_Escape)
    assert hand.view.hasFocus()
    assert hand.session.undo_stack.count() == 0


def test_that_a_letter_of_another_script_does_so_too(hand):
    for text in ("ㅎ", "ж", "é", "D"):
        event = QKeyEvent(QEvent.Type.KeyPress, Key.Key_unknown, NONE, text)
        QApplication.sendEvent(hand.view, event)
        assert event.isAccepted()
        assert opened(hand).filter.text() == text
        QTest.keyClick(opened(hand).filter, Key.Key_Escape)


@pytest.mark.parametrize(
    ("key", "modifiers"), [(Key.Key_8, NONE), (Key.Key_Period, NONE), (Key.Key_Space, NONE), (Key.Key_D, CTRL)]
)
def test_that_digits_signs_and_commands_open_nothing(hand, key, modifiers):
    QTest.keyClick(hand.view, key, modifiers)
    assert opened(hand) is None


def test_that_dense_8_goes_after_the_selected_card_and_the_preview_says_so_before(hand):
    hand.session.select(["a1"])
    QTest.keyClick(hand.view, Key.Key_D)
    found = opened(hand)
    QTest.keyClicks(found.filter, "ense 8")
    assert found.preview.text().endswith("Dense 8 after tanh, before Dense 1")
    assert found.filter.accessibleDescription() == found.preview.text()
    QTest.keyClick(found.filter, Key.Key_Return)
    assert {("a1", "h2"), ("h2", "out")} <= hand.wires()
    assert hand.node("h2").fields["units"] == 8
    assert hand.session.undo_stack.undoText() == "add Dense 8"
    assert hand.session.selection == {"h2"}


def test_that_the_preview_says_what_enter_then_does(hand):
    hand.session.select(["in"])
    for words in ("tanh", "dropout 0.3", "12", "add"):
        found = hand.view.quick_add(text=words)
        said = found.preview.text().removeprefix("⏎").strip()
        QTest.keyClick(found.filter, Key.Key_Return)
        (id,) = hand.session.selection
        sources = [hand.scene.faces[one].title for one in hand.session.document.network.sources(id)]
        assert said.startswith(f"{hand.scene.faces[id].title} after {sources[0]}")


def test_that_a_number_out_of_range_is_refused_with_a_word_and_nothing_is_added(hand):
    for text, word in (("dense 5000", "5000"), ("dense 0", "0"), ("dense 2.5", "2.5"), ("dropout 1.5", "1.5")):
        found = hand.view.quick_add(text=text)
        assert word in found.preview.text()
        QTest.keyClick(found.filter, Key.Key_Return)
        assert opened(hand) is found, "it stays, so that the number can be mended"
        QTest.keyClick(found.filter, Key.Key_Escape)
    assert hand.session.undo_stack.count() == 0


def test_that_what_means_nothing_says_so(hand):
    found = hand.view.quick_add(text="flux 7")
    assert "“flux 7”" in found.preview.text()
    QTest.keyClick(found.filter, Key.Key_Return)
    assert hand.session.undo_stack.count() == 0
    QTest.keyClick(found.filter, Key.Key_Escape)


def test_that_at_a_point_the_preview_speaks_of_that_place(hand):
    found = hand.view.quick_add(QPointF(0.0, 300.0), "tanh")
    assert found.preview.text().endswith("tanh here, not connected")
    QTest.keyClick(found.filter, Key.Key_Return)
    assert hand.scene.rects["a2"].topLeft() == QPointF(0.0, 300.0)


def test_that_keys_the_field_has_no_use_for_are_none_of_the_canvas(hand):
    hand.session.select(["h1"])
    document, found = hand.session.document, hand.view.quick_add()
    for key, modifiers in (
        (Key.Key_Delete, NONE), (Key.Key_Insert, NONE), (Key.Key_F2, NONE), (Key.Key_K, CTRL), (Key.Key_T, CTRL),
        (Key.Key_F6, SHIFT), (Key.Key_Plus, NONE), (Key.Key_Minus, NONE), (Key.Key_D, CTRL),
    ):  # fmt: skip
        QTest.keyClick(found.filter, key, modifiers)
    assert opened(hand) is found
    assert hand.view.gesture is None
    assert hand.session.document is document
    QTest.keyClick(found.filter, Key.Key_Escape)


def test_that_keys_on_a_button_over_the_canvas_are_none_of_the_cards(hand):
    hand.session.select(["h1"])
    document, button = hand.session.document, hand.view.overlay.zoom.fit
    button.setFocus()
    for key in (Key.Key_Delete, Key.Key_Backspace, Key.Key_Plus, Key.Key_D):
        QTest.keyClick(button, key)
    assert hand.session.document is document
    assert opened(hand) is None


# --- composing --------------------------------------------------------------------------------------


def test_that_a_composition_that_begins_on_the_canvas_goes_on_in_the_search(hand, korean):
    wanted = tr(rows_asked("dropout")[0].label)
    hand.session.select(["a1"])
    assert hand.view.inputMethodQuery(Qt.InputMethodQuery.ImEnabled)
    assert hand.view.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)
    compose(hand, "ㄷ")
    found = opened(hand)
    assert found is not None
    assert hand.view.hasFocus(), "moving the keyboard now would break the syllable off"
    compose(hand, "드")
    assert found.filter.text() == ""
    assert "드" in found.preview.text() or found.rows.count() > 0
    compose(hand, "", "드")
    assert found.filter.hasFocus()
    assert found.filter.text() == "드"
    found.filter.clear()
    compose(hand, "", wanted)
    QTest.keyClicks(found.filter, " 0.3")
    assert found.rows.count() == 1
    QTest.keyClick(found.filter, Key.Key_Return)
    assert hand.node("drop1").fields["rate"] == 0.3
    assert hand.view.hasFocus()


def test_that_letters_under_way_narrow_the_list(hand, korean):
    wanted = tr(rows_asked("loss")[0].label)
    whole = hand.view.quick_add()
    everything = whole.rows.count()
    compose(hand, wanted[0])
    assert whole.filter.text() == ""
    assert whole.rows.count() < everything
    compose(hand, "")
    assert whole.rows.count() == everything
    QTest.keyClick(whole.filter, Key.Key_Escape)


def test_that_a_composition_that_is_given_up_leaves_nothing(hand):
    compose(hand, "ㅎ")
    assert opened(hand) is not None
    compose(hand, "")
    assert opened(hand) is None
    assert hand.view.composing is None
    assert hand.view.hasFocus()
    assert hand.session.undo_stack.count() == 0


def test_that_a_key_during_a_composition_is_the_fields(hand):
    hand.session.select(["h1"])
    document = hand.session.document
    compose(hand, "ㅎ")
    found = opened(hand)
    QTest.keyClick(hand.view, Key.Key_Delete)
    assert hand.session.document is document
    assert found.filter.hasFocus()
    QTest.keyClick(found.filter, Key.Key_Escape)
    assert opened(hand) is None


def test_that_a_press_or_another_focus_gives_a_composition_up(hand, qtbot):
    compose(hand, "ㅎ")
    hand.click(hand.title("h1"))
    assert opened(hand) is None
    compose(hand, "ㅎ")
    other = QLineEdit()
    qtbot.addWidget(other)
    other.show()
    other.activateWindow()
    other.setFocus()
    qtbot.waitUntil(lambda: opened(hand) is None)
    assert hand.view.composing is None


def test_that_while_a_wire_is_being_drawn_by_key_nothing_is_typed(hand):
    hand.session.select(["in"])
    hand.key(Key.Key_K, CTRL)
    QTest.keyClick(hand.view, Key.Key_D)
    compose(hand, "ㅎ")
    assert opened(hand) is None
    hand.key(Key.Key_Escape)


def test_that_a_network_with_a_residual_block_is_typed(open_canvas, qtbot):
    hand = open_canvas(Document())
    hand.settle()
    for text in ("input", "dense 6", "tanh", "1", "loss"):
        found = hand.view.quick_add(text=text)
        QTest.keyClick(found.filter, Key.Key_Return)
    hand.session.select(["a1"])
    found = hand.view.quick_add(text="residual")
    assert found.preview.text().endswith("Residual block after tanh")
    QTest.keyClick(found.filter, Key.Key_Return)
    qtbot.waitUntil(lambda: hand.session.plan is not None, timeout=5000)
    assert hand.session.problems == ()
    assert hand.session.undo_stack.count() == 6
