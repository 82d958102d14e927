"""+ and − change a layer's units in place, and the cards stay tidy around it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from playground.document import edits
from playground.document.model import Document, Network, Node, Wire
from playground.messages import message
from playground.ui.canvas import shape
from playground.ui.canvas.gesture import FoldGesture, UnitsGesture
from playground.ui.canvas.hits import NOTHING, Hit

Key = Qt.Key
NONE, SHIFT, KEYPAD = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.KeypadModifier,
)


def units(hand, id="h1") -> int:
    return hand.node(id).fields["units"]


def overlaps(hand) -> list[tuple[str, str]]:
    cards = [(id, rect.adjusted(1.0, 1.0, -1.0, -1.0)) for id, rect in hand.scene.rects.items()]
    return [(a, b) for i, (a, one) in enumerate(cards) for b, other in cards[i + 1 :] if one.intersects(other)]


@pytest.mark.parametrize("modifiers", [NONE, SHIFT, KEYPAD])
def test_that_plus_and_minus_change_the_selected_layer_by_one_each_one_step(hand, modifiers):
    hand.session.select(["h1"])
    hand.key(Key.Key_Plus, modifiers)
    assert units(hand) == 5
    assert hand.session.undo_stack.undoText() == "add a unit to Dense 4"
    hand.key(Key.Key_Minus, NONE if modifiers == SHIFT else modifiers)
    hand.key(Key.Key_Minus, NONE if modifiers == SHIFT else modifiers)
    assert units(hand) == 3
    assert hand.session.undo_stack.undoText() == "take a unit from Dense 4"
    assert hand.session.undo_stack.count() == 3
    hand.session.undo_stack.undo()
    assert units(hand) == 4
    assert hand.session.selection == {"h1"}


def test_that_the_canvas_claims_them_from_the_window_but_not_with_ctrl_which_zooms(hand):
    for key in (Key.Key_Plus, Key.Key_Minus):
        claim = QKeyEvent(QEvent.Type.ShortcutOverride, key, NONE)
        claim.ignore()
        QApplication.sendEvent(hand.view, claim)
        assert claim.isAccepted()
    hand.session.select(["h1"])
    scale = hand.view.camera.scale
    hand.key(Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)
    assert units(hand) == 4
    assert hand.view.camera.scale > scale


def test_that_several_layers_change_together(hand):
    hand.session.select(["h1", "out", "a1"])
    hand.key(Key.Key_Plus)
    assert (units(hand), units(hand, "out")) == (5, 2)
    assert hand.session.undo_stack.undoText() == "add a unit to 2 layers"
    assert hand.session.undo_stack.count() == 1


def test_that_a_word_is_said_at_the_limits_and_where_there_is_no_layer(hand):
    hand.session.select(["out"])
    hand.key(Key.Key_Minus)
    assert hand.said == ["Dense 1 keeps its last unit; delete the layer itself with Del."]
    hand.session.edit(message("test"), lambda document: edits.set_field(document, "h1", "units", 1024))
    hand.session.select(["h1"])
    document = hand.session.document
    hand.key(Key.Key_Plus)
    assert hand.said[-1] == "Dense 1024 is as wide as a layer can be."
    hand.session.select(["loss"])
    hand.key(Key.Key_Plus)
    assert "Select a dense layer" in hand.said[-1]
    assert hand.session.document is document


def test_that_the_buttons_on_a_card_are_plus_and_minus_and_two_presses_in_a_row_are_two_units(hand):
    point = shape.more_rect(hand.scene.rects["h1"]).center()
    hand.click(point)
    assert units(hand) == 5
    point = shape.more_rect(hand.scene.rects["h1"]).center()
    QTest.mouseDClick(hand.view.viewport(), Qt.MouseButton.LeftButton, NONE, hand.at(point))
    hand.release(point)
    assert units(hand) == 6
    point = shape.fewer_rect(hand.scene.rects["h1"]).center()
    hand.press(point)
    hand.release(point + QPointF(0.0, 90.0))
    assert units(hand) == 6
    hand.click(point)
    assert units(hand) == 5
    assert hand.session.undo_stack.count() == 3


def test_that_a_press_on_plus_acts_when_let_go_on_it(hand, monkeypatch):
    hits = iter([Hit("plus", "h1"), NOTHING, Hit("plus", "out"), Hit("minus", "h1"), Hit("minus", "h1")])
    monkeypatch.setattr(hand.scene, "hit", lambda point, scale=1.0: next(hits))
    point = QPointF()
    UnitsGesture(hand.view, point, "h1", +1).end(point, NONE)
    assert units(hand) == 5
    for id, step in (("h1", 1), ("h1", 1), ("h1", 1)):
        UnitsGesture(hand.view, point, id, step).end(point, NONE)
    assert units(hand) == 5, "let go elsewhere, on another layer, or on the other sign"
    UnitsGesture(hand.view, point, "h1", -1).end(point, NONE)
    assert units(hand) == 4


def test_that_a_press_on_the_fold_folds_when_let_go_on_it(hand, monkeypatch):
    folded: list[str] = []
    hits = iter([Hit("fold", "h1"), Hit("fold", "out"), NOTHING])
    monkeypatch.setattr(hand.scene, "hit", lambda point, scale=1.0: next(hits))
    monkeypatch.setattr(hand.view, "toggle_fold", folded.append)
    for _ in range(3):
        FoldGesture(hand.view, QPointF(), "h1").end(QPointF(), NONE)
    assert folded == ["h1"]


@pytest.mark.parametrize("by_hand", [False, True])
def test_that_a_chain_stays_on_its_line_and_apart_whatever_its_layers_grow_to(hand, by_hand):
    if by_hand:
        hand.session.select(["h1"])
        hand.drag(hand.title("in"), hand.title("in") + QPointF(-40.0, 0.0))
        assert all(node.position is not None for node in hand.session.document.network.nodes)
    joined = hand.scene.wires.courses[Wire("h1", "a1")].docked
    assert joined
    line = hand.scene.rects["h1"].center().y()
    hand.session.select(["h1"])
    for key, times in ((Key.Key_Plus, 9), (Key.Key_Minus, 12)):
        for _ in range(times):
            hand.key(key)
            rects = hand.scene.rects
            assert {rect.center().y() for rect in rects.values()} == {line}
            assert hand.scene.wires.courses[Wire("h1", "a1")].docked, "the activation stays at its layer's side"
            assert rects["out"].left() - rects["a1"].right() >= 24.0
            assert not overlaps(hand)
    assert units(hand) == 1
    while hand.session.undo_stack.canUndo():
        hand.session.undo_stack.undo()
    assert units(hand) == 4


def test_that_cards_placed_above_and_below_make_room_for_one_that_grows(open_canvas):
    nodes = (
        Node("in", "input", {"features": ("x1", "x2")}),
        *(Node(id, "dense", {"units": 2}) for id in "abc"),
        Node("t", "activation", {"function": "tanh"}),
        Node("cat", "concat"),
    )
    wires = (*(Wire("in", id) for id in "abc"), Wire("b", "t"), *(Wire(id, "cat") for id in ("a", "t", "c")))
    hand = open_canvas(Document(network=Network(nodes, wires)))
    hand.settle()
    hand.session.select(["in"])
    hand.key(Key.Key_Left, Qt.KeyboardModifier.ControlModifier)
    assert all(node.position is not None for node in hand.session.document.network.nodes)
    assert not overlaps(hand)
    before = {id: rect.center().y() for id, rect in hand.scene.rects.items()}
    hand.session.select(["b"])
    for _ in range(6):
        hand.key(Key.Key_Plus)
        assert not overlaps(hand)
    after = {id: rect.center().y() for id, rect in hand.scene.rects.items()}
    assert after["b"] == before["b"]
    assert after["a"] < before["a"]
    assert after["c"] > before["c"]
    assert after["in"] == before["in"]
