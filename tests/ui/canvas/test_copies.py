"""Alt and a drag: copies follow the pointer; on the empty canvas the view moves."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt

from playground.document.model import Document, Network, Node, Wire
from playground.ui.canvas.card import CardItem

ALT = Qt.KeyboardModifier.AltModifier
ALT_CTRL = ALT | Qt.KeyboardModifier.ControlModifier


def test_that_alt_drag_copies_a_card_as_one_step_and_the_original_stays(hand):
    document, before = hand.session.document, dict(hand.scene.rects)
    start = hand.title("out")
    hand.drag(start, start + QPointF(8.0, 140.0), ALT)
    assert hand.session.selection == {"h2"}
    assert hand.node("h2").fields["units"] == 1
    assert hand.scene.rects["h2"].topLeft() == before["out"].topLeft() + QPointF(8.0, 140.0)
    assert {id: hand.scene.rects[id] for id in before} == before
    assert hand.session.undo_stack.count() == 1
    assert hand.session.undo_stack.undoText() == "duplicate Dense 1"
    hand.session.undo_stack.undo()
    assert hand.session.document == document


def test_that_selected_cards_are_copied_together_with_the_wires_among_them(hand):
    hand.session.select(["h1", "a1"])
    before = dict(hand.scene.rects)
    start = hand.title("h1")
    hand.drag(start, start + QPointF(0.0, 220.0), ALT_CTRL)
    assert hand.session.selection == {"h2", "a2"}
    assert ("h2", "a2") in hand.wires()
    assert len(hand.wires()) == 5
    between = hand.scene.rects["a2"].topLeft() - hand.scene.rects["h2"].topLeft()
    assert between == before["a1"].topLeft() - before["h1"].topLeft()


def test_that_the_copies_follow_the_pointer_and_esc_leaves_nothing(hand):
    document, items = hand.session.document, set(hand.scene.items())
    hand.session.select(["h1", "a1"])
    start = hand.title("h1")
    hand.press(start, ALT)
    hand.move(start + QPointF(20.0, 20.0), ALT_CTRL)
    ghosts = [item for item in hand.scene.items() if item not in items and isinstance(item, CardItem)]
    assert sorted(ghost.face.kind for ghost in ghosts) == ["activation", "dense"]
    assert {id: card.pos() for id, card in hand.scene.cards.items()} == {
        id: rect.topLeft() for id, rect in hand.scene.rects.items()
    }
    first = {ghost: ghost.pos() for ghost in ghosts}
    hand.move(start + QPointF(100.0, 40.0), ALT_CTRL)
    assert {(ghost.pos() - first[ghost]).toTuple() for ghost in ghosts} == {(80.0, 20.0)}
    hand.key(Qt.Key.Key_Escape)
    assert set(hand.scene.items()) == items
    hand.release(start + QPointF(100.0, 100.0), ALT)
    assert hand.session.document is document
    assert hand.session.undo_stack.count() == 0
    assert hand.session.selection == {"h1", "a1"}


def test_that_alt_and_a_click_only_select(hand):
    hand.click(hand.title("out"), ALT)
    assert hand.session.selection == {"out"}
    assert hand.session.undo_stack.count() == 0


def test_that_alt_drag_on_the_empty_canvas_moves_the_view(hand):
    document, corner = hand.session.document, hand.view.mapToScene(hand.view.viewport().rect().bottomLeft())
    start = corner + QPointF(30.0, -40.0)
    before, place = hand.view.camera.visible(), hand.at(start)
    hand.press(start, ALT)
    hand._moved(place + (place - place), ALT)
    hand._moved(hand.at(start) + hand.at(QPointF(40.0, -30.0)) - hand.at(QPointF()), ALT)
    hand.release(start, ALT)
    assert hand.view.camera.visible().topLeft() != before.topLeft()
    assert hand.session.document is document


def test_that_a_copy_dropped_on_a_wire_is_put_on_it(hand):
    wire = Wire("out", "loss")
    middle = hand.scene.wires.courses[wire].middle
    start = hand.title("a1")
    hand.press(start, ALT)
    hand.move(start + QPointF(40.0, 40.0), ALT)
    end = start + (middle - hand.scene.rects["a1"].center())
    hand.move(end, ALT)
    assert hand.scene.wires.target == wire
    hand.release(end, ALT)
    assert {("out", "a2"), ("a2", "loss")} <= hand.wires()
    assert hand.session.undo_stack.count() == 1
    assert hand.scene.wires.target is None


def test_that_a_copy_dragged_far_outside_stays_in_sight(hand):
    start = hand.title("out")
    hand.drag(start, start + QPointF(90_000.0, 90_000.0), ALT)
    (new,) = hand.session.selection
    assert hand.view.camera.visible().contains(hand.scene.rects[new])


def test_that_several_free_cards_dropped_on_a_wire_are_put_on_it_in_one_row(open_canvas):
    nodes = (
        Node("in", "input", {"features": ("x1", "x2")}, position=(0.0, 0.0)),
        Node("out", "dense", {"units": 1}, position=(600.0, 0.0)),
        Node("loss", "loss", {}, position=(800.0, 0.0)),
        Node("b", "activation", {"function": "relu"}, position=(360.0, 260.0)),
        Node("a", "dense", {"units": 3}, position=(200.0, 260.0)),
    )
    hand = open_canvas(Document(network=Network(nodes, (Wire("in", "out"), Wire("out", "loss")))))
    hand.settle()
    hand.session.select(["a", "b"])
    middle = hand.scene.wires.courses[Wire("in", "out")].middle
    hand.drag(hand.title("a"), hand.title("a") + (middle - hand.scene.rects["a"].center()))
    assert hand.wires() == {("in", "a"), ("a", "b"), ("b", "out"), ("out", "loss")}
    assert hand.session.undo_stack.undoText() == "insert 2 cards"
    rects = list(hand.scene.rects.values())
    assert not any(one.intersects(other) for i, one in enumerate(rects) for other in rects[i + 1 :])


def test_that_cards_with_wires_of_their_own_are_only_moved(hand):
    wires = hand.wires()
    middle = hand.scene.wires.courses[Wire("out", "loss")].middle
    hand.drag(hand.title("a1"), hand.title("a1") + (middle - hand.scene.rects["a1"].center()))
    assert hand.wires() == wires
    assert hand.session.undo_stack.undoText() == "move tanh"
