"""The palette: what a newcomer sees, what More adds, and that every row can be had by mouse and by key."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest

from playground.document.catalog import ACTIVATIONS
from playground.document.model import Document
from playground.ui.canvas.placeable import PLACEABLES, from_mime, to_mime
from playground.ui.palette import Palette


@pytest.fixture
def palette(hand, qtbot):
    palette = Palette(hand.session, hand.view)
    qtbot.addWidget(palette)
    palette.resize(palette.sizeHint())
    palette.show()
    return palette


def names(palette):
    return [row.row.name for row in palette.rows()]


def test_that_a_newcomer_sees_a_layer_and_three_activations_and_more_reveals_all(palette, qtbot):
    assert names(palette) == ["dense", "tanh", "relu", "sigmoid"]
    palette.set_more(True)
    assert {name for name, _ in ACTIVATIONS} | {"dense", "add", "multiply", "concat"} <= set(names(palette))
    assert len(set(names(palette))) == len(names(palette))
    with qtbot.waitSignal(palette.more_changed) as told:
        QTest.mouseClick(palette._more_button, Qt.MouseButton.LeftButton)
    assert told.args == [False]
    assert names(palette) == ["dense", "tanh", "relu", "sigmoid"]


def test_that_input_and_loss_are_offered_only_where_they_are_missing(open_canvas, qtbot):
    hand = open_canvas(Document())
    hand.settle()
    palette = Palette(hand.session, hand.view)
    qtbot.addWidget(palette)
    assert names(palette) == ["input", "dense", "tanh", "relu", "sigmoid", "loss"]
    palette.rows()[0].chosen.emit(palette.rows()[0].row)
    assert hand.kinds() == ["input"]
    assert "input" not in names(palette)
    hand.session.undo_stack.undo()
    assert names(palette)[0] == "input"


def test_that_a_double_click_adds_before_the_output_layer_and_keys_after_the_selected_card(hand, palette):
    rows = {row.row.name: row for row in palette.rows()}
    QTest.mouseDClick(rows["relu"], Qt.MouseButton.LeftButton)
    assert ("a1", "a2") in hand.wires()
    assert ("a2", "out") in hand.wires()
    hand.session.select(["in"])
    QTest.keyClick(rows["dense"], Qt.Key.Key_Space)
    assert ("in", "h2") in hand.wires()
    assert ("h2", "h1") in hand.wires()
    QTest.keyClick(rows["sigmoid"], Qt.Key.Key_Return)
    assert ("h2", "a3") in hand.wires()
    assert hand.session.undo_stack.undoText() == "add sigmoid"


def test_that_a_row_keeps_space_from_the_window_only_while_it_has_the_focus(palette):
    row = palette.rows()[0]
    claim = QKeyEvent(QEvent.Type.ShortcutOverride, Qt.Key.Key_Space, Qt.KeyboardModifier.NoModifier)
    claim.ignore()
    row.event(claim)
    assert claim.isAccepted()
    other = QKeyEvent(QEvent.Type.ShortcutOverride, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    other.ignore()
    row.event(other)
    assert not other.isAccepted()


def test_that_every_row_has_a_name_in_words_also_when_only_icons_are_shown(palette):
    palette.set_more(True)
    wide = palette.rows()[0].sizeHint().width()
    palette.set_compact(True)
    assert palette.rows()[0].sizeHint().width() < min(wide, 48)
    for row in palette.rows():
        assert row.accessibleName().startswith("Add ")
        assert row.toolTip()
        assert row.height() >= 24
    palette.grab()


@pytest.mark.parametrize("name", sorted(PLACEABLES))
def test_that_a_drag_carries_its_row(name):
    assert from_mime(to_mime(PLACEABLES[name])) is PLACEABLES[name]


def test_that_damaged_drags_are_nothing():
    for carried in (b"", b"{", b"[]", b'{"row": 3}', b'{"row": "unheard of"}'):
        data = to_mime(PLACEABLES["dense"])
        data.setData("application/x-backprop-playground-node", carried)
        assert from_mime(data) is None
