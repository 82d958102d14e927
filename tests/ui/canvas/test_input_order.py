"""The order of a concat's inputs changed in the inspector, on the canvas and in the outline; weights go along."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest

from playground.document import edits
from playground.document.model import Document, Network, Node, Wire
from playground.messages import message
from playground.ui.canvas.hits import Hit
from playground.ui.inspector import Inspector
from playground.ui.outline import Outline
from playground.ui.outline_menu import row_menu
from playground.ui.outline_rows import Key

K, ALT = Qt.Key, Qt.KeyboardModifier.AltModifier
SPOKEN = Qt.ItemDataRole.AccessibleTextRole
LEARNED = {"in": [0, 1], "h1": [2, 3, 4], "h2": [5]}


def joined() -> Document:
    """The input and two layers (3 and 1) side by side; an addition, whose order makes no difference, beside them."""
    nodes = (
        Node("in", "input", {"features": ("x1", "x2")}),
        Node("h1", "dense", {"units": 3}),
        Node("h2", "dense", {"units": 1}),
        Node("cat", "concat"),
        Node("o1", "dense", {"units": 1}),
        Node("add", "add"),
        Node("loss", "loss", {"function": "binary_cross_entropy"}),
    )
    pairs = [("in", "h1"), ("in", "h2"), ("in", "cat"), ("h1", "cat"), ("h2", "cat"), ("cat", "o1"), ("o1", "add"),
             ("h2", "add"), ("add", "loss")]  # fmt: skip
    return Document(network=Network(nodes, tuple(Wire(*pair) for pair in pairs)))


@pytest.fixture
def hand(open_canvas, qtbot):
    hand = open_canvas(joined())
    qtbot.waitUntil(lambda: hand.session.snapshot is not None, timeout=8000)
    return hand


@pytest.fixture
def inspector(hand, qtbot):
    inspector = Inspector(hand.session)
    qtbot.addWidget(inspector)
    inspector.resize(300, 600)
    inspector.show()
    inspector.activateWindow()
    hand.session.select(["cat"])
    return inspector


def order(hand) -> tuple[str, ...]:
    return hand.session.document.network.sources("cat")


def listed(inspector) -> list[str]:
    rows = inspector.inputs.rows
    return [rows.item(row).text() for row in range(rows.count())]


def weight(hand) -> np.ndarray:
    snapshot = hand.session.snapshot
    return snapshot.plan.program.views(snapshot.values)["o1.weight"].copy()


# --- the inspector ---------------------------------------------------------------------------------------------------


def test_that_the_inputs_of_a_concat_are_listed_in_their_order_and_those_of_no_other_node(hand, inspector):
    assert listed(inspector) == ["1.  Input, 2 values", "2.  Dense 3, 3 values", "3.  Dense 1, 1 value"]
    for ids in (["add"], ["h1"], ["in"], ["cat", "h1"], []):
        hand.session.select(ids)
        assert not inspector.inputs.isVisible()
    hand.session.select(["cat"])
    assert inspector.inputs.isVisible()
    hand.session.edit(message("test"), lambda document: edits.set_field(document, "h1", "units", 5))
    assert listed(inspector)[1] == "2.  Dense 5, 5 values"
    gone = [Wire("in", "cat"), Wire("h1", "cat")]
    hand.session.edit(message("test"), lambda document: edits.remove(document, wires=gone))
    assert not inspector.inputs.isVisible()


def test_that_buttons_move_an_input_as_one_named_step_and_its_weights_go_along(hand, inspector, qtbot):
    inputs, session = inspector.inputs, hand.session
    session.step("epoch")
    qtbot.waitUntil(lambda: session.snapshot.epoch == 1, timeout=8000)
    before = weight(hand)
    inputs.rows.setCurrentRow(0)
    assert (inputs.up.isEnabled(), inputs.down.isEnabled()) == (False, True)
    for wanted, at in ((("h1", "in", "h2"), 1), (("h1", "h2", "in"), 2)):
        inputs.down.click()
        assert order(hand) == wanted
        assert inputs.current() == "in", "the list stays at what was moved"
        assert inputs.rows.currentRow() == at
        qtbot.waitUntil(lambda: session.settled and session.snapshot.plan.document == session.document, timeout=8000)
        rows = [row for source in wanted for row in LEARNED[source]]
        np.testing.assert_array_equal(weight(hand), before[rows])
    assert (inputs.up.isEnabled(), inputs.down.isEnabled()) == (True, False)
    assert session.undo_stack.undoText() == "reorder the inputs of Concat"
    assert session.undo_stack.count() == 2
    session.undo_stack.undo()
    session.undo_stack.undo()
    assert order(hand) == ("in", "h1", "h2")
    assert listed(inspector)[0] == "1.  Input, 2 values"
    qtbot.waitUntil(lambda: session.settled and session.snapshot.plan.document == session.document, timeout=8000)
    np.testing.assert_array_equal(weight(hand), before)


def test_that_alt_with_an_arrow_moves_an_input_and_an_arrow_alone_goes_to_the_next(hand, inspector):
    inspector.focus_first()
    rows = inspector.inputs.rows
    assert rows.hasFocus()
    QTest.keyClick(rows, K.Key_Down)
    assert (inspector.inputs.current(), order(hand)) == ("h1", ("in", "h1", "h2"))
    QTest.keyClick(rows, K.Key_Down, ALT)
    assert (inspector.inputs.current(), order(hand)) == ("h1", ("in", "h2", "h1"))
    QTest.keyClick(rows, K.Key_Down, ALT)
    assert order(hand) == ("in", "h2", "h1")
    for _ in range(3):
        QTest.keyClick(rows, K.Key_Up, ALT)
    assert order(hand) == ("h1", "in", "h2")
    assert hand.session.undo_stack.count() == 3, "at an end nothing is done"
    assert rows.hasFocus()


def test_that_tab_goes_from_the_list_to_its_buttons(hand, inspector):
    inputs = inspector.inputs
    inputs.rows.setCurrentRow(1)
    stops = [inspector.name, inputs.rows, inputs.up, inputs.down]
    inspector.name.setFocus()
    for stop in stops[1:]:
        QTest.keyClick(inspector.focusWidget(), K.Key_Tab)
        assert inspector.focusWidget() is stop
        assert stop.accessibleName() or stop.text()


def test_that_the_list_is_that_of_the_concat_that_is_selected(hand, inspector):
    def another(document: Document) -> Document:
        document = edits.add_node(document, "cat2", "concat")
        return edits.connect(edits.connect(document, "h2", "cat2"), "h1", "cat2")

    hand.session.edit(message("test"), another)
    inspector.inputs.rows.setCurrentRow(2)
    hand.session.select(["cat2"])
    assert listed(inspector) == ["1.  Dense 1, 1 value", "2.  Dense 3, 3 values"]
    inspector.inputs.rows.setCurrentRow(1)
    inspector.inputs.up.click()
    assert hand.session.document.network.sources("cat2") == ("h1", "h2")
    assert order(hand) == ("in", "h1", "h2")


# --- canvas and outline ----------------------------------------------------------------------------------------------


def entries(menu) -> dict[str, bool]:
    return {action.text(): action.isEnabled() for action in menu.actions() if "in Concat" in action.text()}


def test_that_the_menu_of_a_wire_moves_it_among_the_inputs(hand):
    view = hand.view
    menu = view.open_menu(Hit("wire", wire=Wire("in", "cat")), QPointF(), QPoint())
    assert entries(menu) == {"Earlier in Concat": False, "Later in Concat": True}
    next(action for action in menu.actions() if action.text() == "Later in Concat").trigger()
    menu.close()
    assert order(hand) == ("h1", "in", "h2")
    menu = view.open_menu(Hit("wire", wire=Wire("h2", "cat")), QPointF(), QPoint())
    assert entries(menu) == {"Earlier in Concat": True, "Later in Concat": False}
    menu.close()
    for wire in (Wire("h2", "add"), Wire("in", "h1")):
        menu = view.open_menu(Hit("wire", wire=wire), QPointF(), QPoint())
        assert entries(menu) == {}
        menu.close()


def test_that_the_outline_says_which_input_a_wire_is_and_moves_it(hand, qtbot):
    outline = Outline(hand.session, hand.view)
    qtbot.addWidget(outline)
    outline.show()
    model = outline.model

    def heard() -> list[str]:
        parent = model.find(Key("node", "cat"))
        return [model.index(row, 0, parent).data(SPOKEN) for row in range(model.rowCount(parent))]

    assert [words.split(" to ")[0] for words in heard()] == [
        "Wire from Input", "Wire from Dense 3", "Wire from Dense 1"]  # fmt: skip
    assert [words.rsplit(". ", 1)[1] for words in heard()] == [f"input {number} of 3" for number in (1, 2, 3)]
    outline.go_to(Key("wire", "cat", "h2"))
    menu = row_menu(outline, outline.current)
    assert entries(menu) == {"Earlier in Concat": True, "Later in Concat": False}
    next(action for action in menu.actions() if action.text() == "Earlier in Concat").trigger()
    assert order(hand) == ("in", "h2", "h1")
    assert [words.split(" to ")[0] for words in heard()] == [
        "Wire from Input", "Wire from Dense 1", "Wire from Dense 3"]  # fmt: skip
    assert [words.rsplit(". ", 1)[1] for words in heard()] == [f"input {number} of 3" for number in (1, 2, 3)]
    assert outline.current == Key("wire", "cat", "h2"), "the row that was moved is still the current one"
    parent = model.find(Key("node", "add"))
    assert "input" not in model.index(0, 0, parent).data(SPOKEN).replace("Input", "")
