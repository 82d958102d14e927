"""The mouse on the canvas, through the real widget and a real session."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from playground.document.model import Document, Network, Node, Wire
from playground.ui.canvas import shape
from playground.ui.canvas.placeable import PLACEABLES, to_mime

NONE, SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier


def test_that_the_canvas_shows_a_card_for_each_node_before_the_trainer_has_answered(open_canvas, small):
    hand = open_canvas(small)
    assert hand.session.plan is None
    assert set(hand.scene.cards) == {"in", "h1", "a1", "out", "loss"}
    assert set(hand.scene.wires.courses) == set(hand.session.document.network.wires)


def test_that_a_click_selects_and_shift_adds_and_takes_away(hand):
    hand.click(hand.title("h1"))
    assert hand.session.selection == {"h1"}
    hand.click(hand.title("out"), SHIFT)
    assert hand.session.selection == {"h1", "out"}
    hand.click(hand.title("h1"), SHIFT)
    assert hand.session.selection == {"out"}
    hand.click(hand.title("in"))
    assert hand.session.selection == {"in"}


def test_that_a_drag_moves_a_card_on_the_grid_as_one_undo_step_and_the_others_stay(hand):
    before = {id: rect.topLeft() for id, rect in hand.scene.rects.items()}
    document = hand.session.document
    start = hand.title("out")
    hand.press(start)
    for step in range(1, 20):
        hand.move(start + QPointF(3.0 * step, 4.1 * step))
    hand.release(start + QPointF(57.0, 77.9))
    place = hand.node("out").position
    assert place is not None
    assert (place[0] % 4.0, place[1] % 4.0) == (0.0, 0.0)
    assert place[0] == pytest.approx(before["out"].x() + 57.0, abs=3.0)
    assert place[1] == pytest.approx(before["out"].y() + 77.9, abs=3.0)
    assert {id: rect.topLeft() for id, rect in hand.scene.rects.items() if id != "out"} == {
        id: place for id, place in before.items() if id != "out"
    }
    assert hand.session.undo_stack.count() == 1
    assert hand.session.undo_stack.undoText() == "move Dense 1"
    hand.session.undo_stack.undo()
    assert hand.session.document == document
    assert {id: rect.topLeft() for id, rect in hand.scene.rects.items()} == before


def test_that_a_layer_takes_the_activation_at_its_side_along(hand):
    before = {id: rect.topLeft() for id, rect in hand.scene.rects.items()}
    hand.drag(hand.title("h1"), hand.title("h1") + QPointF(0.0, 80.0))
    moved = {id: rect.topLeft() - before[id] for id, rect in hand.scene.rects.items()}
    assert moved["a1"] == moved["h1"] != QPointF()
    assert moved["in"] == moved["out"] == QPointF()


def test_that_esc_during_a_drag_leaves_everything_as_it_was(hand):
    document, before = hand.session.document, dict(hand.scene.rects)
    hand.press(hand.title("h1"))
    hand.move(hand.title("h1") + QPointF(90.0, 90.0))
    assert hand.scene.rects != before
    hand.key(Qt.Key.Key_Escape)
    assert hand.scene.rects == before
    hand.release(hand.title("h1"))
    assert hand.session.document is document
    assert hand.session.undo_stack.count() == 0


def test_that_a_card_dragged_far_outside_stays_in_sight(hand):
    hand.drag(hand.title("loss"), hand.title("loss") + QPointF(50_000.0, -50_000.0))
    assert hand.view.camera.visible().contains(hand.scene.rects["loss"])


def test_that_port_to_port_connects_and_replaces_the_wire_of_a_node_with_one_input(hand):
    hand.drag(hand.out("in"), hand.into("out"))
    assert hand.wires() == {("in", "h1"), ("h1", "a1"), ("in", "out"), ("out", "loss")}
    assert hand.session.undo_stack.undoText() == "connect Input to Dense 1"
    hand.session.undo_stack.undo()
    assert ("a1", "out") in hand.wires()


def test_that_a_wire_can_be_drawn_backwards_too(hand):
    hand.drag(hand.into("out"), hand.out("in"))
    assert ("in", "out") in hand.wires()


def test_that_a_loop_is_refused_with_a_word_while_dragging_and_when_dropped(hand):
    document = hand.session.document
    hand.press(hand.out("out"))
    hand.move(hand.scene.rects["h1"].center())
    assert "no loops" in hand.view.overlay.word.text()
    assert hand.scene.cards["h1"].look.ports == "closed"
    assert hand.scene.cards["loss"].look.ports == "closed"  # Dense 1 already feeds it
    hand.release(hand.scene.rects["h1"].center())
    assert hand.session.document is document
    assert any("no loops" in said for said in hand.said)
    assert hand.view.overlay.word.isHidden()
    assert {card.look.ports for card in hand.scene.cards.values()} == {""}


def test_that_esc_gives_up_a_wire(hand):
    items = len(hand.scene.items())
    hand.press(hand.out("in"))
    hand.move(hand.into("out"))
    assert len(hand.scene.items()) == items + 1
    hand.key(Qt.Key.Key_Escape)
    hand.release(hand.into("out"))
    assert len(hand.scene.items()) == items
    assert hand.session.undo_stack.count() == 0


def test_that_a_rubber_band_selects_what_it_touches_and_esc_restores(hand):
    a1, out = hand.scene.rects["a1"], hand.scene.rects["out"]
    start, end = QPointF(out.left() - 30.0, a1.bottom() + 30.0), QPointF(out.right() + 5.0, out.top() + 5.0)
    hand.press(start)
    hand.move(end)
    assert hand.session.selection == {"out"}
    hand.key(Qt.Key.Key_Escape)
    assert hand.session.selection == frozenset()
    hand.release(end)
    hand.drag(start, end)
    assert hand.session.selection == {"out"}
    hand.click(start)
    assert hand.session.selection == frozenset()


def test_that_the_switch_of_an_activation_switches_it_as_one_step(hand):
    point = shape.switch_rect(hand.scene.rects["a1"]).center()
    hand.click(point)
    assert hand.node("a1").fields["enabled"] is False
    assert hand.session.undo_stack.undoText() == "switch tanh off"
    assert hand.scene.faces["a1"].enabled is False
    hand.click(point)
    assert hand.node("a1").fields["enabled"] is True


def test_that_a_switch_let_go_elsewhere_does_nothing(hand):
    hand.press(shape.switch_rect(hand.scene.rects["a1"]).center())
    hand.release(hand.title("in"))
    assert hand.session.undo_stack.count() == 0


def test_that_a_wire_is_selected_by_a_click_and_removed_by_delete(hand):
    hand.click(hand.scene.wires.courses[Wire("out", "loss")].middle + QPointF(12.0, 0.0))
    assert hand.view.selected_wire == Wire("out", "loss")
    hand.key(Qt.Key.Key_Delete)
    assert ("out", "loss") not in hand.wires()
    assert hand.session.undo_stack.undoText() == "remove the wire from Dense 1 to Loss"
    assert hand.view.selected_wire is None


def test_that_a_free_card_dropped_on_a_wire_is_put_on_it(open_canvas):
    network = Network(
        (
            Node("in", "input", {"features": ("x1", "x2")}, position=(0.0, 0.0)),
            Node("out", "dense", {"units": 1}, position=(400.0, 0.0)),
            Node("loss", "loss", {}, position=(600.0, 0.0)),
            Node("free", "dense", {"units": 3}, position=(200.0, 200.0)),
        ),
        (Wire("in", "out"), Wire("out", "loss")),
    )
    hand = open_canvas(Document(network=network))
    hand.settle()
    middle = hand.scene.wires.courses[Wire("in", "out")].middle
    hand.drag(hand.title("free"), hand.title("free") + (middle - hand.scene.rects["free"].center()))
    assert hand.wires() == {("in", "free"), ("free", "out"), ("out", "loss")}
    assert hand.session.undo_stack.count() == 1


# --- from the palette -------------------------------------------------------------------------------


def carry(hand, row, end, drop=True):
    """A drag from the palette over the canvas, as Qt delivers it."""
    data, view = to_mime(PLACEABLES[row]), hand.view.viewport()
    actions, buttons = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    point = hand.at(end)
    for event in (
        QDragEnterEvent(hand.at(end - QPointF(40.0, 30.0)), actions, data, buttons, NONE),
        QDragMoveEvent(point, actions, data, buttons, NONE),
    ):
        QApplication.sendEvent(view, event)
        assert event.isAccepted()
    lit = hand.scene.wires.target
    last = QDropEvent(QPointF(point), actions, data, buttons, NONE) if drop else QDragLeaveEvent()
    QApplication.sendEvent(view, last)
    return lit


def test_that_a_row_dropped_on_a_wire_is_inserted_and_the_wire_lights_up_before(hand):
    wire = Wire("a1", "out")
    lit = carry(hand, "dense", hand.scene.wires.courses[wire].middle)
    assert lit == wire
    assert hand.wires() == {("in", "h1"), ("h1", "a1"), ("a1", "h2"), ("h2", "out"), ("out", "loss")}
    assert hand.session.selection == {"h2"}
    assert hand.session.undo_stack.undoText() == "insert Dense 4"
    rects = list(hand.scene.rects.values())
    assert not any(one.intersects(other) for i, one in enumerate(rects) for other in rects[i + 1 :]), (
        "cards make room for each other"
    )


def test_that_a_row_dropped_beside_stands_there_unconnected_and_nothing_else_moves(hand):
    before = dict(hand.scene.rects)
    where = QPointF(hand.scene.rects["out"].center().x(), hand.scene.rects["h1"].bottom() + 40.0)
    lit = carry(hand, "add", where)
    assert lit is None
    assert "add" in hand.kinds()
    assert hand.scene.rects["add1"].contains(where)
    assert {id: hand.scene.rects[id] for id in before} == before


@pytest.mark.parametrize("by", ["drop", "double click"])
def test_that_the_first_card_stays_where_it_was_put_and_so_do_the_next(open_canvas, qtbot, by):
    hand = open_canvas(Document())
    hand.settle()
    where = QPoint(150, 420)
    if by == "drop":
        carry(hand, "input", hand.view.mapToScene(where))
    else:
        QTest.mouseDClick(hand.view.viewport(), Qt.MouseButton.LeftButton, NONE, where)
        QTest.keyClicks(QApplication.focusWidget(), "Input")
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    (id,) = hand.scene.rects
    seen = hand.at(hand.scene.rects[id].center() if by == "drop" else hand.scene.rects[id].topLeft())
    assert (seen - where).manhattanLength() <= 8
    carry(hand, "dense", hand.view.mapToScene(QPoint(700, 80)))
    qtbot.waitUntil(lambda: hand.session.problems != (), timeout=5000)
    again = hand.at(hand.scene.rects[id].center() if by == "drop" else hand.scene.rects[id].topLeft())
    assert again == seen
    assert hand.view.camera.scale == 1.0


def test_that_a_card_dropped_snug_beside_another_keeps_its_distance(open_canvas):
    hand = open_canvas(Document(network=Network((Node("in", "input", position=(0.0, 0.0)),), ())))
    hand.settle()
    card = hand.scene.rects["in"]
    for where in (card.center() + QPointF(card.width() + 8.0, 0.0), card.center(), card.bottomLeft()):
        carry(hand, "dense", where)
        rects = list(hand.scene.rects.values())
        roomy = [rect.adjusted(-15.0, -15.0, 15.0, 15.0) for rect in rects]
        assert not any(one.intersects(other) for i, one in enumerate(roomy) for other in roomy[i + 1 :])


def test_that_of_two_ports_near_each_other_the_nearer_one_is_taken(open_canvas):
    nodes = (Node("a", "add", position=(0.0, 0.0)), Node("b", "add", position=(86.0, 0.0)))
    hand = open_canvas(Document(network=Network(nodes, ())))
    hand.settle()
    out, into = hand.out("a"), hand.into("b")
    assert into.x() - out.x() < 16.0
    between = (out + into) / 2.0
    assert hand.scene.hit(out + QPointF(2.0, 0.0)).part == "out"
    assert hand.scene.hit(into - QPointF(2.0, 0.0)).part == "in"
    assert hand.scene.hit(between).part == "out", "most wires begin where values leave"
    hand.drag(out, into)
    assert hand.wires() == {("a", "b")}


def test_that_a_wire_dropped_between_two_cards_ends_at_the_nearer_port_of_the_kind_it_needs(open_canvas):
    nodes = (
        Node("in", "input", position=(-200.0, 0.0)),
        Node("a", "add", position=(0.0, 0.0)),
        Node("b", "add", position=(84.0, 0.0)),
    )
    hand = open_canvas(Document(network=Network(nodes, ())))
    hand.settle()
    hand.drag(hand.out("in"), hand.into("b") - QPointF(6.0, 0.0))
    assert hand.wires() == {("in", "b")}


def test_that_a_loss_is_never_put_on_a_wire(hand):
    assert carry(hand, "loss", hand.scene.wires.courses[Wire("a1", "out")].middle) is None
    assert ("a1", "out") in hand.wires()


def test_that_a_drag_that_leaves_takes_its_ghost_along(hand):
    items = len(hand.scene.items())
    carry(hand, "relu", QPointF(20.0, 20.0), drop=False)
    assert len(hand.scene.items()) == items
    assert hand.session.undo_stack.count() == 0
    assert hand.view.gesture is None


def test_that_a_foreign_drag_is_not_taken(hand):
    data = QMimeData()
    data.setText("a text")
    event = QDragEnterEvent(hand.at(QPointF(0.0, 0.0)), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, NONE)
    QApplication.sendEvent(hand.view.viewport(), event)
    assert not event.isAccepted()


def test_that_a_double_click_on_a_title_renames_and_elsewhere_asks_for_the_settings(hand, qtbot):
    from PySide6.QtTest import QTest

    def double(point):
        QTest.mouseDClick(hand.view.viewport(), Qt.MouseButton.LeftButton, NONE, hand.at(point))

    with qtbot.waitSignal(hand.view.inspect_wanted):
        double(QPointF(hand.scene.rects["out"].center().x(), hand.scene.rects["out"].bottom() - 8.0))
    double(hand.title("out"))
    field = QGuiApplication.focusObject()
    assert field.text() == "Dense 1"
    QTest.keyClicks(field, "result")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert hand.node("out").name == "result"
    assert hand.view.hasFocus()
