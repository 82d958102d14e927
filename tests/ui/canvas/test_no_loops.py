"""A loop is refused on every route to the canvas, and the sentence names both nodes."""

from __future__ import annotations

import json

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from playground.document import edits
from playground.document.fragment import FORMAT, VERSION
from playground.document.shapes import cycle
from playground.messages import message
from playground.ui.canvas import actions
from playground.ui.canvas.connecting import KeyConnect

Key = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier
REFUSED = "tanh cannot feed Dense 4: Dense 4 already leads to tanh, and a network has no loops."


@pytest.fixture
def forked(hand):
    """A network whose sum takes two branches, so that a wire back would not just replace another."""

    def edit(document):
        document = edits.insert_on_wire(
            document, next(w for w in document.network.wires if w.target == "out"), "s", "add"
        )
        return edits.connect(document, "in", "s")

    hand.session.edit(message("fork"), edit)
    hand.session.undo_stack.clear()
    hand.view.fit()
    return hand


def test_that_the_mouse_cannot_close_a_loop(hand):
    document = hand.session.document
    for start, end in ((hand.out("a1"), hand.into("h1")), (hand.into("h1"), hand.out("a1"))):
        hand.session.edit(message("free"), lambda document: edits.move(document, {"h1": (0.0, 300.0)}))
        hand.session.undo_stack.undo()
        hand.drag(start, end)
        assert hand.said[-1] == REFUSED
        assert hand.session.document == document


def test_that_a_wire_back_into_a_sum_is_refused_too(forked):
    document = forked.session.document
    forked.drag(forked.out("out"), forked.into("s"))
    assert forked.said[-1] == "Dense 1 cannot feed Add: Add already leads to Dense 1, and a network has no loops."
    assert forked.session.document is document


def test_that_by_key_no_card_that_would_close_a_loop_can_be_chosen(hand):
    hand.session.select(["a1"])
    hand.key(Key.Key_K, CTRL)
    gesture = hand.view.gesture
    assert isinstance(gesture, KeyConnect)
    assert set(gesture.open) == {"loss"}
    assert str(gesture.refused["h1"]) == REFUSED
    for key in (Key.Key_Left, Key.Key_Up, Key.Key_Tab, Key.Key_Backtab):
        hand.key(key)
        assert gesture.target == "loss"
    hand.key(Key.Key_Escape)


def test_that_no_action_closes_one(hand):
    document = hand.session.document
    assert not actions.connect(hand.session, "a1", "h1")
    assert hand.said[-1] == REFUSED
    assert not actions.connect(hand.session, "h1", "h1")
    assert "Dense 4 cannot feed itself" in hand.said[-1]
    assert hand.session.document is document


def test_that_a_pasted_loop_is_refused_with_both_names(hand):
    document = hand.session.document
    nodes = [
        {"id": "p", "kind": "add", "name": "P"},
        {"id": "q", "kind": "dense", "name": "Q", "units": 2},
        {"id": "r", "kind": "activation"},
    ]
    for wires, names in (
        ([["p", "q"], ["q", "r"], ["r", "p"]], {"P", "Q", "tanh"}),
        ([["p", "q"], ["q", "p"]], {"P", "Q"}),
        ([["p", "p"]], {"P"}),
    ):
        QGuiApplication.clipboard().setText(
            json.dumps({"format": FORMAT, "version": VERSION, "nodes": nodes, "wires": wires})
        )
        hand.key(Key.Key_V, CTRL)
        assert "has no loops" in hand.said[-1]
        assert sum(name in hand.said[-1] for name in names) >= min(2, len(names))
        assert hand.session.document is document


def test_that_undo_and_redo_never_bring_one_back(hand):
    """Two edits that together would close a loop: the one is refused while the other stands, undone or not."""
    session = hand.session
    assert actions.disconnect(session, next(w for w in session.document.network.wires if w.source == "h1"))
    assert actions.connect(session, "a1", "h1")
    session.undo_stack.undo()
    session.undo_stack.undo()
    assert not actions.connect(session, "a1", "h1")
    while session.undo_stack.canRedo():
        session.undo_stack.redo()
        assert cycle(session.document.network) == ()
    assert ("a1", "h1") in hand.wires()
    assert not actions.connect(session, "h1", "a1")
    assert "Dense 4 cannot feed tanh" in hand.said[-1]


def test_that_no_card_on_a_wire_and_no_copy_closes_one(forked):
    session = forked.session
    for wire in session.document.network.wires:
        session.select(["s"])
        forked.view.duplicate()
        (copy,) = session.selection
        actions.put_on_wire(session, [copy], wire, {})
        assert cycle(session.document.network) == ()
        while session.undo_stack.canUndo():
            session.undo_stack.undo()
