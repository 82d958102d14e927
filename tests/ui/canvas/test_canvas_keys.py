"""The canvas by keyboard alone, what a screen reader hears, and whose keys are whose."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QGuiApplication, QInputMethodEvent, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget

from playground.document import edits
from playground.document.model import Document, Network
from playground.messages import message
from playground.ui.canvas.quick_add import QuickAdd
from playground.ui.canvas.rename import NameField

Key = Qt.Key
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def quick(hand, text):
    hand.key(Key.Key_Insert)
    field = QApplication.focusWidget()
    assert isinstance(field.parent(), QuickAdd)
    QTest.keyClicks(field, text)
    QTest.keyClick(field, Key.Key_Return)
    assert hand.view.hasFocus()


def test_that_a_network_is_built_from_nothing_by_keyboard_alone(open_canvas):
    hand = open_canvas(Document())
    hand.settle()
    for text in ("input", "dense", "tanh", "dense", "loss"):
        quick(hand, text)
    assert hand.kinds() == ["activation", "dense", "dense", "input", "loss"]
    assert hand.wires() == {("in", "h1"), ("h1", "a1"), ("a1", "h2"), ("h2", "loss")}
    assert hand.session.selection == {"loss"}
    assert hand.session.undo_stack.count() == 5


def test_that_arrows_walk_along_the_wires_and_tab_goes_on_and_leaves_after_the_last(hand):
    hand.key(Key.Key_Right)
    visited = [hand.view.current]
    for _ in range(4):
        hand.key(Key.Key_Right)
        visited.append(hand.view.current)
    assert visited == ["in", "h1", "a1", "out", "loss"]
    hand.key(Key.Key_Left)
    assert hand.session.selection == {"out"}
    QTest.keyClick(hand.view, Key.Key_Tab)
    assert hand.session.selection == {"loss"}
    QTest.keyClick(hand.view, Key.Key_Tab)
    assert not hand.view.hasFocus()


def test_that_shift_and_arrows_take_along(hand):
    hand.key(Key.Key_Right)
    hand.key(Key.Key_Right, SHIFT)
    hand.key(Key.Key_Right, SHIFT)
    assert hand.session.selection == {"in", "h1", "a1"}


def test_that_ctrl_k_arrows_and_enter_connect_and_esc_does_not(hand):
    hand.session.select(["in"])
    hand.key(Key.Key_K, CTRL)
    first = hand.view.gesture.target
    hand.key(Key.Key_Right)
    assert hand.view.gesture.target != first
    hand.key(Key.Key_Escape)
    assert hand.view.gesture is None
    assert hand.session.undo_stack.count() == 0
    hand.key(Key.Key_K, CTRL)
    for _ in range(10):
        if hand.view.gesture.target == "out":
            break
        QTest.keyClick(hand.view, Key.Key_Tab)
    hand.key(Key.Key_Return)
    assert ("in", "out") in hand.wires()


def test_that_delete_closes_the_chain_and_the_keyboard_goes_on_beside_it(hand):
    hand.session.select(["a1"])
    hand.key(Key.Key_Delete)
    assert hand.wires() == {("in", "h1"), ("h1", "out"), ("out", "loss")}
    assert hand.session.selection == {"h1"}
    assert hand.session.undo_stack.undoText() == "delete tanh"


def test_that_ctrl_and_arrows_move_and_a_held_key_is_one_step(hand):
    hand.session.select(["out"])
    before = hand.scene.rects["out"].topLeft()
    for _ in range(3):
        QApplication.sendEvent(hand.view, QKeyEvent(QEvent.Type.KeyPress, Key.Key_Down, CTRL))
    QApplication.sendEvent(hand.view, QKeyEvent(QEvent.Type.KeyRelease, Key.Key_Down, CTRL))
    assert hand.scene.rects["out"].topLeft().y() == before.y() + 12.0
    assert hand.session.undo_stack.count() == 1
    hand.key(Key.Key_Right, CTRL | SHIFT)
    assert hand.scene.rects["out"].topLeft().x() == before.x() + 16.0
    assert hand.session.undo_stack.count() == 2


def test_that_shift_f6_switches_and_enter_asks_for_the_settings(hand, qtbot):
    hand.session.select(["a1"])
    hand.key(Key.Key_F6, SHIFT)
    assert hand.node("a1").fields["enabled"] is False
    with qtbot.waitSignal(hand.view.inspect_wanted):
        hand.key(Key.Key_Return)


def test_that_copies_keep_their_wires_and_junk_is_refused_with_a_word(hand):
    hand.session.select(["h1", "a1"])
    hand.key(Key.Key_C, CTRL)
    hand.key(Key.Key_V, CTRL)
    assert hand.session.selection == {"h2", "a2"}
    assert ("h2", "a2") in hand.wires()
    hand.key(Key.Key_9)  # no key of the canvas
    hand.key(Key.Key_D, CTRL)
    assert hand.session.selection == {"h3", "a3"}
    hand.key(Key.Key_X, CTRL)
    assert hand.session.undo_stack.undoText() == "cut 2 cards"
    assert "h3" not in {node.id for node in hand.session.document.network.nodes}
    document = hand.session.document
    for junk in ("", "nonsense", '{"format": "backprop-playground-fragment", "version": 1, "nodes": 7}'):
        QGuiApplication.clipboard().setText(junk)
        said = len(hand.said)
        hand.key(Key.Key_V, CTRL)
        assert len(hand.said) == said + 1
    assert hand.session.document is document


def test_that_ctrl_a_selects_all_and_esc_none(hand):
    hand.key(Key.Key_A, CTRL)
    assert hand.session.selection == set(hand.scene.cards)
    hand.key(Key.Key_Escape)
    assert hand.session.selection == frozenset()


@pytest.mark.parametrize("key", [Key.Key_Space, Key.Key_F5])
def test_that_space_is_left_to_the_window(hand, key):
    event = QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier)
    hand.view.keyPressEvent(event)
    assert not event.isAccepted()
    claim = QKeyEvent(QEvent.Type.ShortcutOverride, key, Qt.KeyboardModifier.NoModifier)
    claim.ignore()
    hand.view.event(claim)
    assert not claim.isAccepted()


def test_that_keys_in_the_name_field_edit_text_only(hand):
    hand.session.select(["out"])
    document = hand.session.document
    hand.key(Key.Key_F2)
    field = QApplication.focusWidget()
    assert isinstance(field, NameField)
    for key in (Key.Key_Delete, Key.Key_Backspace, Key.Key_A, Key.Key_C, Key.Key_S, Key.Key_Space, Key.Key_Left):
        QTest.keyClick(field, key)
    QTest.keyClick(field, Key.Key_A, CTRL)
    assert hand.session.selection == {"out"}
    assert hand.session.document is document
    QTest.keyClick(field, Key.Key_Escape)
    assert hand.session.document is document
    assert hand.view.hasFocus()


def test_that_korean_is_composed_in_the_name_field(hand):
    hand.session.select(["out"])
    hand.key(Key.Key_F2)
    field = QApplication.focusWidget()
    field.selectAll()
    for part in ("ㅎ", "하", "한"):
        QApplication.sendEvent(field, QInputMethodEvent(part, []))
    done = QInputMethodEvent("", [])
    done.setCommitString("한")
    QApplication.sendEvent(field, done)
    assert field.text() == "한"
    QTest.keyClick(field, Key.Key_Return)
    assert hand.node("out").name == "한"
    assert hand.scene.faces["out"].title == "한"


def test_that_the_keys_act_only_where_the_focus_is(hand, qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    column = QVBoxLayout(window)
    other = QLineEdit("text")
    column.addWidget(hand.view)
    column.addWidget(other)
    window.show()
    window.activateWindow()
    hand.session.select(["h1"])
    other.setFocus()
    other.selectAll()
    QTest.keyClick(other, Key.Key_Delete)
    assert other.text() == ""
    assert "h1" in hand.scene.cards
    hand.view.setParent(None)


def test_that_a_screen_reader_hears_the_selected_node_with_units_activation_and_problems(open_canvas, small):
    hand = open_canvas(small)
    hand.settle()
    assert hand.view.accessibleName() == "Canvas"
    assert "2 → 4 → 1" in hand.view.accessibleDescription()
    hand.session.select(["h1"])
    assert hand.view.accessibleDescription() == "Dense 4. Dense. 4 values. fed by Input"
    hand.session.select(["a1"])
    assert hand.view.accessibleDescription() == "tanh. Activation. 4 values. tanh. on. fed by Dense 4"
    hand.key(Key.Key_F6, SHIFT)
    assert "off" in hand.view.accessibleDescription()
    hand.session.edit(message("test"), lambda document: edits.set_field(document, "out", "units", 3))
    hand.session.select(["out"])
    (problem,) = (problem for problem in hand.session.problems if problem.node == "out")
    assert hand.view.accessibleDescription().endswith(str(problem.message))


def test_that_an_empty_canvas_invites_and_one_press_builds_a_network_that_trains(open_canvas, qtbot):
    hand = open_canvas(Document())
    hand.settle()
    invitation = hand.view.overlay.invitation
    assert invitation.isVisible()
    assert "Type a name" in hand.view.accessibleDescription()
    QTest.mouseClick(invitation.hidden_layer, Qt.MouseButton.LeftButton)
    assert invitation.isHidden()
    qtbot.waitUntil(lambda: hand.session.plan is not None, timeout=5000)
    assert hand.session.problems == ()
    assert hand.session.undo_stack.undoText() == "start with one hidden layer"
    hand.session.undo_stack.undo()
    assert hand.session.document.network == Network()
    assert invitation.isVisible()
