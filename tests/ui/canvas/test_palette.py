"""The palette: what a newcomer sees, what More adds, and that every row can be had by mouse and by key."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from playground.document.catalog import ACTIVATIONS
from playground.document.model import Document
from playground.ui.canvas.placeable import PLACEABLES, from_mime, to_mime
from playground.ui.inspector import Inspector
from playground.ui.palette import Palette
from playground.ui.translation import set_language


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
    assert {name for name, _ in ACTIVATIONS} | {"dense", "dropout", "add", "multiply", "concat"} <= set(names(palette))
    assert len(set(names(palette))) == len(names(palette))
    with qtbot.waitSignal(palette.more_changed) as told:
        QTest.mouseClick(palette._more_button, Qt.MouseButton.LeftButton)
    assert told.args == [False]
    assert names(palette) == ["dense", "tanh", "relu", "sigmoid"]


def test_that_no_row_moves_away_under_the_pointer_that_chose_input_or_loss(open_canvas, qtbot):
    hand = open_canvas(Document())
    hand.settle()
    palette = Palette(hand.session, hand.view)
    qtbot.addWidget(palette)
    palette.resize(palette.sizeHint())
    palette.show()

    def offered():
        return [row.row.name for row in palette.rows() if row.isEnabled()]

    assert names(palette) == ["dense", "tanh", "relu", "sigmoid", "input", "loss"] == offered()
    palette.grab()
    row = palette.rows()[4]
    places = [row.geometry() for row in palette.rows()]
    for _ in range(2):
        QTest.mouseDClick(row, Qt.MouseButton.LeftButton)
    assert hand.kinds() == ["input"]
    assert [row.geometry() for row in palette.rows()] == places
    assert offered() == ["dense", "tanh", "relu", "sigmoid", "loss"]
    assert row.accessibleDescription() == "The network has one already."
    QTest.mouseDClick(palette.rows()[5], Qt.MouseButton.LeftButton)
    assert hand.kinds() == ["input", "loss"]
    assert names(palette) == ["dense", "tanh", "relu", "sigmoid"]
    hand.session.undo_stack.undo()
    assert offered() == ["dense", "tanh", "relu", "sigmoid", "loss"]


def test_that_a_dropout_is_placed_named_by_its_rate_and_set(hand, palette, qtbot):
    palette.set_more(True)
    (row,) = (row for row in palette.rows() if row.row.name == "dropout")
    QTest.mouseDClick(row, Qt.MouseButton.LeftButton)
    assert {("a1", "drop1"), ("drop1", "out")} <= hand.wires()
    assert hand.scene.faces["drop1"].title == "Dropout 0.5"
    assert hand.scene.faces["drop1"].mark == ""
    inspector = Inspector(hand.session)
    qtbot.addWidget(inspector)
    hand.session.select(["drop1"])
    rate = inspector.form.editor("rate")
    rate.setText("0.2")
    rate.commit()
    assert hand.session.document.network.node("drop1").fields["rate"] == 0.2
    assert hand.scene.faces["drop1"].title == "Dropout 0.2"


@pytest.mark.parametrize("language", ["en", "ko"])
def test_that_the_tip_follows_the_rows_in_full(palette, language):
    for more, compact, size in (
        (False, True, (60, 300)), (False, False, (148, 700)), (True, False, (232, 240)), (False, False, (232, 240)),
    ):  # fmt: skip
        set_language(language)
        try:
            palette.set_more(more)
            palette.set_compact(compact)
            palette.resize(*size)
            QApplication.processEvents()
            tip = palette._hint
            assert tip.isHidden() == compact
            if not compact:
                assert 0 < tip.y() - palette.rows()[-1].geometry().bottom() <= 8
                assert tip.height() >= tip.heightForWidth(tip.width())
                assert tip.geometry().right() <= palette.area.viewport().width()
        finally:
            set_language("en")


def test_that_a_narrow_palette_is_a_column_of_icons(palette):
    palette.set_more(True)
    palette.set_compact(True)
    palette.resize(80, 600)
    QApplication.processEvents()
    for row in palette.rows():
        assert (row.width(), row.height()) == (44, 36)
        assert abs(row.geometry().center().x() - palette.area.viewport().rect().center().x()) <= 1
    assert palette.minimumSizeHint().width() <= 84 - 16
    palette.set_compact(False)
    palette.resize(232, 600)
    QApplication.processEvents()
    assert palette.rows()[0].width() == palette.area.viewport().width()


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
        assert row.accessibleName().startswith("Place ")
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
