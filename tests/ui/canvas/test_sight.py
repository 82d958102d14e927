"""Nothing is ever lost off-screen: limits of view and place, and fit."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication

from playground.document import edits, fragment
from playground.document.model import Document, Network, Node, Wire
from playground.document.wiring import FARTHEST
from playground.messages import message

Key = Qt.Key
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def test_that_however_one_pans_and_zooms_some_of_the_network_stays_in_sight(hand):
    camera = hand.view.camera
    for factor in (1.0, 0.05, 40.0, 0.3, 3.0):
        camera.zoom(factor)
        for by in ((9e5, 0), (-9e5, 0), (0, 9e5), (0, -9e5), (9e5, 9e5), (-9e5, -9e5)):
            camera.pan(QPoint(int(by[0]), int(by[1])))
            whole = hand.scene.contents()
            seen = camera.visible().intersected(whole)
            assert seen.width() >= min(40.0 / camera.scale, whole.width())
            assert seen.height() >= min(40.0 / camera.scale, whole.height())
    camera.fit()
    assert camera.fits()


def test_that_a_network_of_any_width_is_seen_whole_and_zooming_stops_there(open_canvas):
    nodes = tuple(Node(f"h{index}", "dense", {"units": 2}) for index in range(300))
    wires = tuple(Wire(f"h{index}", f"h{index + 1}") for index in range(299))
    hand = open_canvas(Document(network=Network(nodes, wires)))
    hand.view.fit()
    assert hand.view.camera.visible().contains(hand.scene.rects["h0"])
    assert hand.view.camera.visible().contains(hand.scene.rects["h299"])
    scale = hand.view.camera.scale
    for _ in range(30):
        hand.view.zoom_out()
    assert hand.view.camera.scale == pytest.approx(scale, rel=0.01)


def test_that_what_lies_over_the_canvas_stays_when_it_is_panned(hand):
    overlay = hand.view.overlay
    places = [widget.pos() for widget in (overlay.zoom, overlay.summary)]
    hand.view.camera.pan(QPoint(60, 40))
    hand.view.camera.zoom(1.7)
    assert [widget.pos() for widget in (overlay.zoom, overlay.summary)] == places


def test_that_a_card_moved_by_key_is_followed(hand):
    hand.session.select(["loss"])
    for _ in range(120):
        hand.key(Key.Key_Right, CTRL | SHIFT)
    assert hand.view.camera.visible().intersects(hand.scene.rects["loss"])


@pytest.mark.parametrize("far", [1e7, -1e7, 1e300])
def test_that_no_place_is_further_than_the_farthest(hand, far):
    hand.session.edit(message("test"), lambda document: edits.move(document, {"h1": (far, far)}))
    x, y = hand.node("h1").position
    assert max(abs(x), abs(y)) == FARTHEST
    hand.view.tidy()
    hand.view.fit()
    assert hand.view.camera.fits()


def test_that_what_was_copied_from_far_away_is_shown_when_pasted(hand):
    away = edits.add_node(Document(), "d", "dense", (40_000.0, -40_000.0))
    QGuiApplication.clipboard().setText(fragment.copy(away, ["d"]))
    hand.key(Key.Key_V, CTRL)
    (new,) = hand.session.selection
    assert hand.view.camera.visible().intersects(hand.scene.rects[new])
    assert "in" in hand.scene.cards
    hand.view.fit()
    assert hand.view.camera.visible().contains(hand.scene.rects["in"])


def test_that_a_card_drawn_far_outside_the_window_stays_in_it_with_and_without_guides(hand):
    for modifiers in (Qt.KeyboardModifier.NoModifier, CTRL):
        for end in ((1e5, 0.0), (-1e5, 1e5)):
            hand.session.select(["loss"])
            hand.drag(hand.title("loss"), hand.title("loss") + QPointF(*end), modifiers)
            assert hand.view.camera.visible().intersects(hand.scene.rects["loss"])


def test_that_ctrl_t_tidies_as_one_step_and_undo_puts_all_back(hand):
    tidy = dict(hand.scene.rects)
    hand.drag(hand.title("out"), hand.title("out") + QPointF(40.0, 120.0))
    moved = dict(hand.scene.rects)
    hand.key(Key.Key_T, CTRL)
    assert hand.scene.rects == tidy
    assert hand.session.undo_stack.undoText() == "tidy up"
    hand.session.undo_stack.undo()
    assert hand.scene.rects == moved


@pytest.mark.parametrize(
    "junk",
    [
        "\x00\x01\x02\xff" * 50,
        "x" * 3_000_000,
        '{"format": "backprop-playground", "version": 1, "network": {}}',
        "[1, 2, 3]",
        '{"format": "backprop-playground-fragment", "version": 99, "nodes": []}',
        '{"format": "backprop-playground-fragment", "version": 1, "nodes": [{"id": "a", "kind": "dense", "units": -4}],'
        ' "wires": [["a", "nowhere"]]}',
        "x1,x2,class\n1,2,a\n",
        "안녕하세요",
    ],
)
def test_that_junk_is_refused_with_a_word_and_changes_nothing(hand, junk):
    document = hand.session.document
    QGuiApplication.clipboard().setText(junk)
    hand.key(Key.Key_V, CTRL)
    assert len(hand.said) == 1
    assert hand.said[0]
    assert len(hand.said[0]) < 400
    assert hand.session.document is document
    assert hand.session.undo_stack.count() == 0
