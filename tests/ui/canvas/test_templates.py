"""Whole networks and blocks at one press: they train as they are, and each is one undo step."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from playground.document import edits
from playground.document.model import DataSpec, Document, Network, Node, Wire
from playground.document.presets import PRESETS
from playground.document.shapes import node_widths
from playground.ui.canvas.placeable import PLACEABLES, TEMPLATES, to_mime
from playground.ui.palette import Palette

WHOLE = [name for name, template in TEMPLATES.items() if template.hidden is not None]
NONE = Qt.KeyboardModifier.NoModifier


def kinds_along(hand) -> list[str]:
    network = hand.session.document.network
    at = next(node.id for node in network.nodes if node.kind == "input")
    found = [hand.node(at).kind]
    while network.targets(at):
        at = network.targets(at)[0]
        found.append(hand.node(at).kind)
    return found


def apart(hand) -> bool:
    rects = list(hand.scene.rects.values())
    return not any(
        one.adjusted(1, 1, -1, -1).intersects(other) for i, one in enumerate(rects) for other in rects[i + 1 :]
    )


@pytest.mark.parametrize(("chosen", "layers"), [("hidden_layer", 2), ("linear", 1), ("deep", 4), ("residual", 4)])
def test_that_the_empty_canvas_offers_all_templates_and_each_trains_at_once(open_canvas, qtbot, chosen, layers):
    hand = open_canvas(Document())
    hand.settle()
    QTest.mouseClick(getattr(hand.view.overlay.invitation, chosen), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: hand.session.plan is not None, timeout=5000)
    assert hand.session.problems == ()
    assert hand.kinds().count("dense") == layers
    assert hand.view.camera.fits()
    assert apart(hand)
    assert hand.session.undo_stack.count() == 1
    hand.session.undo_stack.undo()
    assert hand.session.document.network == Network()


@pytest.mark.parametrize("name", WHOLE)
@pytest.mark.parametrize("data", ["xor", "spambase", "regression", "three classes"])
def test_that_a_network_fits_its_data_whatever_they_are(open_canvas, qtbot, name, data):
    rows = ((1.0, 2.0, 5.0), (2.0, 1.0, 4.0), (1.0, 1.0, 3.0), (3.0, 1.0, 5.0), (2.0, 2.0, 6.0))
    named = tuple((a, b, "pqr"[index % 3]) for index, (a, b, _) in enumerate(rows * 3))
    documents = {
        "xor": Document(),
        "spambase": Document(PRESETS["spambase"].document.data),
        "regression": Document(DataSpec("table", columns=("A", "B", "C"), rows=rows, target="C", task="regression")),
        "three classes": Document(
            DataSpec("table", columns=("A", "B", "C"), rows=named, target="C", task="classification")
        ),
    }
    hand = open_canvas(documents[data])
    hand.settle()
    hand.view.use(TEMPLATES[name])
    qtbot.waitUntil(lambda: hand.session.plan is not None, timeout=5000)
    assert [problem for problem in hand.session.problems if problem.severity == "error"] == []


def test_that_on_a_network_a_template_takes_its_place_and_undo_brings_it_back(hand):
    hand.session.edit(
        TEMPLATES["deep"].text, lambda document: edits.set_field(document, "in", "features", ("x1", "x2", "x1*x2"))
    )
    document = hand.session.document
    hand.view.use(TEMPLATES["deep"])
    assert kinds_along(hand) == ["input", *["dense", "activation"] * 3, "dense", "loss"]
    assert hand.node("in").fields["features"] == ("x1", "x2", "x1*x2"), "what was chosen for the data stays"
    assert not {"h1", "a1", "out"} & set(hand.scene.cards), "no new layer wakes the weights of one that went"
    assert hand.session.undo_stack.undoText() == "start with a deep net"
    hand.session.undo_stack.undo()
    assert hand.session.document == document


def block(hand, source) -> tuple[str, ...]:
    """The block after a card: dense, activation, dense, sum."""
    network = hand.session.document.network
    first = next(id for id in network.targets(source) if hand.node(id).kind == "dense")
    (middle,) = network.targets(first)
    (last,) = network.targets(middle)
    (end,) = network.targets(last)
    return first, middle, last, end


@pytest.mark.parametrize("selected", ["in", "h1", "a1"])
def test_that_a_residual_block_goes_after_the_selected_card_and_is_as_wide(hand, qtbot, selected):
    hand.session.select([selected])
    before = hand.session.document.network.targets(selected)
    hand.view.use(TEMPLATES["residual"])
    ids = block(hand, selected)
    widths = node_widths(hand.session.document.network)
    assert {widths[id] for id in ids} == {widths[selected]}
    assert (selected, ids[-1]) in hand.wires()
    assert hand.session.document.network.targets(ids[-1]) == before
    assert hand.session.selection == {ids[-1]}
    assert hand.session.undo_stack.count() == 1
    qtbot.waitUntil(lambda: hand.session.problems == (), timeout=5000)
    assert apart(hand)


def test_that_with_nothing_selected_it_goes_to_the_end_of_the_chain(hand):
    hand.view.use(TEMPLATES["residual"])
    assert hand.session.document.network.sources("out") == (block(hand, "a1")[-1],)


def test_that_the_wire_around_a_block_is_seen_also_where_cards_were_placed_by_hand(hand):
    for placed in (False, True):
        if placed:
            hand.drag(hand.title("loss"), hand.title("loss") + QPointF(0.0, 60.0))
        hand.session.select(["a1"])
        hand.view.use(TEMPLATES["residual"])
        course = hand.scene.wires.courses[Wire("a1", hand.session.document.network.targets("a1")[-1])]
        ids = block(hand, "a1")
        for id in ids[:-1]:
            assert hand.scene.rects[id].top() > course.middle.y()
        assert apart(hand)
        hand.session.undo_stack.undo()


def test_that_a_block_is_refused_with_a_word_where_nothing_leads_to_it(open_canvas):
    hand = open_canvas(Document(network=Network((Node("loss", "loss"),))))
    hand.settle()
    document = hand.session.document
    hand.view.use(TEMPLATES["residual"])
    assert hand.session.document is document
    assert "needs a layer to follow" in hand.said[-1]


def test_that_templates_are_under_more_and_come_by_double_click(hand, qtbot):
    palette = Palette(hand.session, hand.view)
    qtbot.addWidget(palette)
    assert not {row.row.name for row in palette.rows()} & set(TEMPLATES)
    palette.set_more(True)
    rows = {row.row.name: row for row in palette.rows()}
    assert list(rows)[-len(TEMPLATES) :] == list(TEMPLATES)
    palette.show()
    palette.grab()
    QTest.mouseDClick(rows["linear"], Qt.MouseButton.LeftButton)
    assert kinds_along(hand) == ["input", "dense", "loss"]
    QTest.keyClick(rows["residual"], Qt.Key.Key_Return)
    assert hand.kinds().count("add") == 1


def carry(hand, name, point) -> Wire | None:
    data: QMimeData = to_mime(TEMPLATES.get(name) or PLACEABLES[name])
    view, actions, button = hand.view.viewport(), Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    place = hand.at(point)
    QApplication.sendEvent(view, QDragEnterEvent(place, actions, data, button, NONE))
    QApplication.sendEvent(view, QDragMoveEvent(place, actions, data, button, NONE))
    lit = hand.scene.wires.target
    QApplication.sendEvent(view, QDropEvent(QPointF(place), actions, data, button, NONE))
    return lit


def test_that_a_block_is_dropped_on_a_wire_and_a_network_anywhere(hand, qtbot):
    wire = Wire("out", "loss")
    assert carry(hand, "residual", hand.scene.wires.courses[wire].middle) == wire
    assert hand.session.document.network.sources("loss") == (block(hand, "out")[-1],)
    qtbot.waitUntil(lambda: hand.session.problems == (), timeout=5000)
    assert carry(hand, "deep", hand.scene.wires.courses[Wire("a1", "out")].middle) is None
    assert hand.kinds().count("dense") == 4
    assert hand.session.undo_stack.count() == 2
