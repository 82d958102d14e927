"""What the pointer shows before a press, the menus of the right button, and panning."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from playground.document.model import Wire
from playground.ui.canvas import shape
from playground.ui.canvas.hits import Hit

Cursor = Qt.CursorShape


def open_menu(hand, hit):
    menu = hand.view.open_menu(hit, QPointF(0.0, 0.0), QPoint(0, 0))
    return menu, {action.text().split("\t")[0]: action for action in menu.actions()}


def test_that_the_pointer_tells_what_a_press_will_do(hand):
    hand.move(hand.title("h1"))
    assert hand.view.viewport().cursor().shape() == Cursor.OpenHandCursor
    assert hand.scene.cards["h1"].look.hovered
    hand.move(hand.out("in"))
    assert hand.view.viewport().cursor().shape() == Cursor.CrossCursor
    assert not hand.scene.cards["h1"].look.hovered
    hand.move(shape.switch_rect(hand.scene.rects["a1"]).center())
    assert hand.view.viewport().cursor().shape() == Cursor.PointingHandCursor
    assert hand.scene.cards["a1"].look.switch_hovered
    hand.move(hand.scene.wires.courses[Wire("out", "loss")].middle)
    assert hand.view.viewport().cursor().shape() == Cursor.PointingHandCursor
    assert hand.scene.wires.hovered == Wire("out", "loss")
    hand.move(hand.scene.contents().topLeft() - QPointF(10.0, 60.0))
    assert hand.view.viewport().cursor().shape() == Cursor.ArrowCursor
    assert hand.scene.wires.hovered is None


def test_that_the_smallest_targets_are_24_pixels_at_real_size(hand):
    rect = hand.scene.rects["a1"]
    assert min(shape.switch_target(rect).width(), shape.switch_target(rect).height()) >= 24.0
    assert 2.0 * shape.PORT_REACH >= 24.0


def test_that_a_wire_tells_what_it_carries(hand):
    assert hand.view.tip(hand.scene.wires.courses[Wire("a1", "out")].middle) == "tanh → Dense 1: 4 values"
    assert hand.view.tip(hand.scene.wires.courses[Wire("out", "loss")].middle) == "Dense 1 → Loss: 1 value"


def test_that_the_middle_button_pans_and_the_taken_point_stays_under_the_pointer(hand):
    view = hand.view
    taken = view.mapToScene(QPoint(300, 200))
    QTest.mousePress(view.viewport(), Qt.MouseButton.MiddleButton, Qt.KeyboardModifier.NoModifier, QPoint(300, 200))
    hand._moved(QPoint(340, 170))
    QTest.mouseRelease(view.viewport(), Qt.MouseButton.MiddleButton, Qt.KeyboardModifier.NoModifier, QPoint(340, 170))
    assert (view.mapToScene(QPoint(340, 170)) - taken).manhattanLength() < 2.0
    assert not view.camera.following
    hand.key(Qt.Key.Key_Home)
    assert view.camera.following
    assert view.camera.fits()


def test_that_the_menu_of_a_card_selects_it_and_can_do_what_keys_can(hand):
    menu, entries = open_menu(hand, Hit("card", "a1"))
    assert hand.session.selection == {"a1"}
    entries["Switch off: pass values through"].trigger()
    assert hand.node("a1").fields["enabled"] is False
    menu.close()
    menu, entries = open_menu(hand, Hit("card", "a1"))
    assert "Switch on" in entries
    entries["Delete"].trigger()
    assert "a1" not in hand.scene.cards
    menu.close()


def test_that_the_menu_of_a_wire_inserts_and_removes(hand):
    menu, entries = open_menu(hand, Hit("wire", wire=Wire("a1", "out")))
    inside = {action.text(): action for action in entries["Insert"].menu().actions()}
    assert "Loss" not in inside
    inside["ReLU"].trigger()
    assert {("a1", "a2"), ("a2", "out")} <= hand.wires()
    menu.close()
    menu, entries = open_menu(hand, Hit("wire", wire=Wire("out", "loss")))
    entries["Remove the wire"].trigger()
    assert ("out", "loss") not in hand.wires()
    menu.close()


def test_that_tidy_up_lets_the_layout_place_all_cards_again(hand):
    tidy = dict(hand.scene.rects)
    hand.drag(hand.title("loss"), hand.title("loss") + QPointF(-60.0, 120.0))
    assert hand.scene.rects != tidy
    QGuiApplication.clipboard().setText("nothing of ours")
    menu, entries = open_menu(hand, Hit())
    assert not entries["Paste"].isEnabled()
    entries["Tidy up"].trigger()
    assert hand.scene.rects == tidy
    menu.close()


@pytest.mark.parametrize(("key", "larger"), [(Qt.Key.Key_Plus, True), (Qt.Key.Key_Minus, False)])
def test_that_ctrl_plus_and_minus_zoom_and_ctrl_0_is_real_size(hand, key, larger):
    before = hand.view.camera.scale
    hand.key(key, Qt.KeyboardModifier.ControlModifier)
    assert (hand.view.camera.scale > before) is larger
    hand.key(Qt.Key.Key_0, Qt.KeyboardModifier.ControlModifier)
    assert hand.view.camera.scale == pytest.approx(1.0)
