"""Weights and biases touched: typed, dragged, frozen and put back, by mouse and by keyboard; and fingers that zoom."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QNativeGestureEvent, QPointingDevice
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from strands import FIRST, on_strand

from playground.document import edits
from playground.document.frozen import is_frozen
from playground.messages import message
from playground.ui.canvas import shape
from playground.ui.canvas.connecting import KeyConnect
from playground.ui.canvas.gesture import PanGesture
from playground.ui.canvas.hits import Hit
from playground.ui.canvas.touch import ValueField
from playground.ui.canvas.weight_keys import numbers_of
from playground.ui.hand import LARGEST

Key = Qt.Key
ALT, SHIFT = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ShiftModifier
PLACE = (0, 2)


def value(hand, name: str = "h1.weight", index: tuple[int, ...] = PLACE) -> float:
    """The number in what is shown."""
    snapshot = hand.session.snapshot
    return float(snapshot.plan.program.views(snapshot.values)[name][index])


def set_to(hand, qtbot, number: float, name: str = "h1.weight", index: tuple[int, ...] = PLACE) -> None:
    """Have it, and see it."""
    hand.session.set_parameter(name, index, number)
    qtbot.waitUntil(lambda: value(hand, name, index) == number, timeout=8000)


def field_of(hand) -> ValueField | None:
    shown = [field for field in hand.view.viewport().findChildren(ValueField) if field.isVisible()]
    assert len(shown) <= 1
    return shown[0] if shown else None


def typed(field: ValueField, text: str, key: Key | None = Key.Key_Return) -> None:
    field.selectAll()
    if text.isascii():
        QTest.keyClicks(field, text)
    else:
        field.insert(text)
    if key is not None:
        QTest.keyClick(field, key)


def bias_at(hand, unit: int) -> QPointF:
    return shape.bias_rect(shape.tiles_of(hand.scene.faces["h1"], hand.scene.rects["h1"])[unit]).center()


def opened(hand, hit: Hit):
    menu = hand.view.open_menu(hit, on_strand(hand.scene, FIRST, PLACE), QPoint(0, 0))
    return menu, {action.text().split("\t")[0]: action for action in menu.actions()}


@pytest.fixture
def hand(at_work, qtbot):
    """At a weight of 0.5; as if nothing had been done yet."""
    set_to(at_work, qtbot, 0.5)
    at_work.session.undo_stack.clear()
    return at_work


@pytest.fixture
def point(hand) -> QPointF:
    return on_strand(hand.scene, FIRST, PLACE)


# --- typed -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("text", "number"), [("-1.25", -1.25), ("0,75", 0.75), ("1e-4", 0.0001), ("−2", -2.0)])
def test_that_a_click_opens_a_field_and_enter_sets_what_is_typed_at_once(hand, point, qtbot, text, number):
    updates = hand.session.snapshot.updates
    hand.click(point)
    field = field_of(hand)
    assert field is not None
    assert field.hasFocus()
    assert field.selectedText() == field.text() == "0.5"
    assert field.accessibleName() == "Value of the weight"
    assert hand.view.viewport().rect().contains(field.geometry())
    typed(field, text)
    qtbot.waitUntil(lambda: value(hand) == number, timeout=8000)
    assert hand.session.snapshot.updates == updates, "without training"
    assert field_of(hand) is None
    assert hand.view.hasFocus()
    assert hand.session.undo_stack.count() == 1
    assert hand.session.undo_stack.undoText().startswith("set a weight of Dense 4 to")
    hand.session.undo_stack.undo()
    qtbot.waitUntil(lambda: value(hand) == 0.5, timeout=8000)


def test_that_a_typed_value_is_seen_in_its_line_and_told_at_the_pointer(hand, point, qtbot):
    hand.move(point)
    hand.click(point)
    assert not hand.view.pointed.card.isVisible(), "the field says it"
    assert hand.scene.wires.lit == (FIRST, PLACE)
    typed(field_of(hand), "-2.9")
    qtbot.waitUntil(lambda: "−2.9000" in hand.view.pointed.card.text(), timeout=8000)
    assert hand.view.pointed.card.isVisible()
    wires = hand.scene.wires
    _, drawn, bucket = wires.weights.strand(FIRST, wires.courses[FIRST], PLACE)
    assert bucket % 2 == 0
    assert drawn[0].tolist() in wires.weights.buckets(wires.courses, True)[bucket].tolist()


@pytest.mark.parametrize("text", ["", "7.5", "nonsense"])
def test_that_esc_leaves_the_number_as_it_was_whatever_has_been_typed(hand, point, qtbot, text):
    hand.click(point)
    field = field_of(hand)
    if text:
        typed(field, text, None)
    QTest.keyClick(field, Key.Key_Escape)
    assert field_of(hand) is None
    assert hand.view.hasFocus()
    assert hand.session.undo_stack.count() == 0
    assert hand.said == []
    assert value(hand) == 0.5


@pytest.mark.parametrize("text", ["", "many", "2000000", "nan", "1..2"])
def test_that_what_is_no_number_is_said_and_can_be_mended(hand, point, qtbot, text):
    hand.click(point)
    field = field_of(hand)
    field.selectAll()
    QTest.keyClick(field, Key.Key_Delete)
    typed(field, text)
    assert field_of(hand) is field
    assert field.problem()
    assert hand.view.overlay.word.isVisible()
    assert hand.view.overlay.word.text() == field.problem()
    assert hand.session.undo_stack.count() == 0
    typed(field, "0.25")
    assert field_of(hand) is None
    assert not hand.view.overlay.word.isVisible()
    qtbot.waitUntil(lambda: value(hand) == 0.25, timeout=8000)


def test_that_enter_without_a_change_keeps_every_digit(hand, point, qtbot):
    set_to(hand, qtbot, 0.123456789012)
    count = hand.session.undo_stack.count()
    hand.click(point)
    assert field_of(hand).text() == "0.123457"
    QTest.keyClick(field_of(hand), Key.Key_Return)
    assert field_of(hand) is None
    assert hand.session.undo_stack.count() == count
    assert value(hand) == 0.123456789012


def test_that_leaving_the_field_takes_what_was_typed(hand, point, qtbot):
    hand.click(point)
    typed(field_of(hand), "0.75", None)
    hand.click(hand.title("h1"))
    qtbot.waitUntil(lambda: value(hand) == 0.75, timeout=8000)
    assert field_of(hand) is None


def test_that_another_view_takes_the_field_along(hand, point, qtbot):
    hand.click(point)
    typed(field_of(hand), "0.75", None)
    hand.view.set_view("drawing")
    assert field_of(hand) is None
    qtbot.waitUntil(lambda: value(hand) == 0.75, timeout=8000)
    assert not hand.view.pointed.card.isVisible()


def test_that_a_click_selects_the_wire_and_delete_takes_it_away_only_outside_the_field(hand, point):
    hand.click(point)
    field = field_of(hand)
    assert hand.view.selected_wire == FIRST
    field.selectAll()
    QTest.keyClick(field, Key.Key_Delete)
    assert field.text() == ""
    assert ("in", "h1") in hand.wires()
    QTest.keyClick(field, Key.Key_Escape)
    assert hand.view.selected_wire == FIRST
    hand.key(Key.Key_Delete)
    assert ("in", "h1") not in hand.wires()


def test_that_a_bias_is_typed_as_well(hand, qtbot):
    hand.click(bias_at(hand, 1))
    field = field_of(hand)
    assert field.accessibleName() == "Value of the bias"
    typed(field, "-0.5")
    qtbot.waitUntil(lambda: value(hand, "h1.bias", (1,)) == -0.5, timeout=8000)
    assert hand.session.undo_stack.undoText() == "set a bias of Dense 4 to -0.5"


# --- dragged ---------------------------------------------------------------------------------------------------------


def test_that_a_drag_up_makes_it_larger_and_down_smaller_as_one_undo_step(hand, point, qtbot):
    hand.press(point)
    seen = []
    for up in (10, 30, 50, 45):
        hand.move(point - QPointF(0.0, float(up)) / hand.view.camera.scale)
        wanted = 0.5 + 0.02 * up
        qtbot.waitUntil(lambda wanted=wanted: abs(value(hand) - wanted) < 0.05, timeout=8000)
        seen.append(value(hand))
    assert seen[0] < seen[1] < seen[2] > seen[3]
    hand.release(point - QPointF(0.0, 45.0))
    assert field_of(hand) is None, "a drag is no click"
    assert hand.session.undo_stack.count() == 1
    hand.session.undo_stack.undo()
    qtbot.waitUntil(lambda: value(hand) == 0.5, timeout=8000)


def test_that_shift_is_finer_also_in_the_middle_of_a_drag(hand, point, qtbot):
    up = QPointF(0.0, -40.0) / hand.view.camera.scale
    hand.press(point)
    hand.move(point + up)
    coarse = hand.view.gesture.value - 0.5
    hand.move(point + 2.0 * up, SHIFT)
    fine = hand.view.gesture.value - 0.5 - coarse
    hand.release(point + 2.0 * up, SHIFT)
    assert coarse == pytest.approx(0.8, abs=0.05)
    assert fine == pytest.approx(coarse / 10.0, abs=0.005)
    assert hand.session.undo_stack.count() == 1


def test_that_the_value_goes_along_beside_the_pointer(hand, point):
    hand.press(point)
    for up in (20.0, 60.0):
        there = point - QPointF(0.0, up)
        hand.move(there)
        card = hand.view.pointed.card
        assert card.isVisible()
        assert f"+{hand.view.gesture.value:.4f}" in card.text(), "at once, though the trainer is a moment behind"
        middle, pointer = card.geometry().center(), hand.at(there)
        assert abs(middle.x() - pointer.x()) < card.width() / 2 + 20
        assert abs(middle.y() - pointer.y()) < card.height() / 2 + 20
        assert not card.geometry().contains(pointer)
    hand.release(there)


@pytest.mark.parametrize("back", [False, True])
def test_that_esc_puts_the_number_back_and_touches_no_other_step(hand, point, qtbot, back):
    hand.session.edit(message("another"), lambda document: edits.rename(document, "out", "last"))
    hand.press(point)
    hand.move(point - QPointF(0.0, 50.0))
    if back:
        hand.move(point)
    hand.key(Key.Key_Escape)
    qtbot.waitUntil(lambda: value(hand) == 0.5, timeout=8000)
    assert hand.view.gesture is None
    assert hand.session.undo_stack.index() == 1
    assert hand.session.undo_stack.undoText() == "another"
    assert not hand.view.pointed.card.isVisible()


def test_that_a_drag_taken_back_meanwhile_is_not_taken_back_twice(hand, point, qtbot):
    hand.session.edit(message("another"), lambda document: edits.rename(document, "out", "last"))
    hand.press(point)
    hand.move(point - QPointF(0.0, 50.0))
    hand.session.undo_stack.undo()
    hand.key(Key.Key_Escape)
    assert hand.session.undo_stack.index() == 1
    assert hand.scene.faces["out"].title == "last"


def test_that_a_drag_ends_at_the_largest_number_without_a_word(hand, point, qtbot):
    set_to(hand, qtbot, LARGEST)
    hand.drag(point, point - QPointF(0.0, 80.0))
    assert hand.said == []
    assert value(hand) == LARGEST


def test_that_a_number_is_dragged_while_it_trains(hand, point, qtbot):
    hand.session.train()
    qtbot.waitUntil(lambda: hand.session.snapshot.updates > 20, timeout=8000)
    hand.press(point)
    hand.move(point - QPointF(0.0, 90.0))
    wanted = hand.view.gesture.value
    qtbot.waitUntil(lambda: abs(value(hand) - wanted) < 0.3, timeout=8000)
    hand.release(point - QPointF(0.0, 90.0))
    assert hand.session.running
    assert hand.session.undo_stack.count() == 1
    hand.session.pause()


def test_that_a_bias_is_dragged_as_well(hand, qtbot):
    point = bias_at(hand, 0)
    before = value(hand, "h1.bias", (0,))
    hand.drag(point, point + QPointF(0.0, 40.0))
    qtbot.waitUntil(lambda: value(hand, "h1.bias", (0,)) < before - 0.5, timeout=8000)
    assert hand.session.undo_stack.count() == 1


def test_that_alt_and_a_drag_on_a_line_move_the_canvas(hand, point):
    hand.press(point, ALT)
    assert isinstance(hand.view.gesture, PanGesture)
    hand.release(point, ALT)
    hand.move(point, ALT)
    assert hand.view.viewport().cursor().shape() == Qt.CursorShape.OpenHandCursor


# --- its menu --------------------------------------------------------------------------------------------------------


def test_that_the_menu_freezes_and_frees_a_weight_and_training_leaves_it(hand, qtbot):
    hit = Hit("weight", "h1", FIRST, PLACE)
    menu, entries = opened(hand, hit)
    entries["Freeze: training leaves it as it is"].trigger()
    menu.close()
    assert is_frozen(hand.node("h1"), *PLACE)
    assert hand.session.undo_stack.undoText() == "freeze a weight of Dense 4"
    hand.session.train()
    qtbot.waitUntil(lambda: hand.session.snapshot.updates > 50, timeout=8000)
    hand.session.pause()
    assert value(hand) == 0.5
    assert value(hand, index=(0, 1)) != 0.5
    menu, entries = opened(hand, hit)
    entries["Unfreeze: training changes it"].trigger()
    menu.close()
    assert not is_frozen(hand.node("h1"), *PLACE)


def test_that_the_menu_sets_it_to_0_and_to_where_it_began_and_opens_the_field(hand, qtbot):
    hit = Hit("weight", "h1", FIRST, PLACE)
    initial = hand.session.initial_value("h1.weight", PLACE)
    menu, entries = opened(hand, hit)
    entries["Set to 0"].trigger()
    menu.close()
    qtbot.waitUntil(lambda: value(hand) == 0.0, timeout=8000)
    menu, entries = opened(hand, hit)
    next(entry for text, entry in entries.items() if text.startswith("Back to its initial value, ")).trigger()
    menu.close()
    qtbot.waitUntil(lambda: value(hand) == initial, timeout=8000)
    assert hand.session.undo_stack.count() == 2
    menu, entries = opened(hand, hit)
    entries["Type a value…"].trigger()
    menu.close()
    typed(field_of(hand), "0.125")
    qtbot.waitUntil(lambda: value(hand) == 0.125, timeout=8000)


def test_that_the_menu_of_the_wire_is_in_that_of_its_weights(hand):
    menu, entries = opened(hand, Hit("weight", "h1", FIRST, PLACE))
    assert hand.view.selected_wire == FIRST
    assert "ReLU" in [action.text() for action in entries["Insert"].menu().actions()]
    entries["Remove the wire"].trigger()
    menu.close()
    assert ("in", "h1") not in hand.wires()


def test_that_a_bias_has_the_same_menu_without_what_only_weights_have(hand, qtbot):
    menu, entries = opened(hand, Hit("bias", "h1", index=(1,)))
    assert not any("reeze" in text or "wire" in text for text in entries)
    set_to(hand, qtbot, 0.5, "h1.bias", (1,))
    entries["Set to 0"].trigger()
    menu.close()
    qtbot.waitUntil(lambda: value(hand, "h1.bias", (1,)) == 0.0, timeout=8000)


# --- by keyboard -----------------------------------------------------------------------------------------------------


def test_that_alt_and_arrows_go_over_every_weight_and_bias_unit_by_unit_and_round(hand):
    hand.session.select(["h1"])
    expected = []
    for unit in range(4):
        expected += [("weight", (0, unit)), ("weight", (1, unit)), ("bias", (unit,))]
    found = []
    for _ in range(12):
        hand.key(Key.Key_Down, ALT)
        held = hand.view.pointed.held
        found.append((held.part, held.index))
        assert hand.view.pointed.card.isVisible()
        assert hand.view.viewport().rect().contains(hand.view.pointed.card.geometry())
        assert hand.scene.wires.lit == ((FIRST, held.index) if held.part == "weight" else None)
    assert found == expected
    hand.key(Key.Key_Right, ALT)
    assert hand.view.pointed.held.index == (0, 0)
    hand.key(Key.Key_Up, ALT)
    hand.key(Key.Key_Left, ALT)
    assert hand.view.pointed.held == Hit("weight", "h1", FIRST, (1, 3))
    assert hand.session.selection == {"h1"}


def test_that_what_the_keyboard_comes_to_is_spoken(hand, monkeypatch):
    spoken = []
    monkeypatch.setattr(hand.view, "speak", spoken.append)
    hand.session.select(["h1"])
    spoken.clear()
    hand.view.step_weight(1)
    assert len(spoken) == 1
    assert spoken[0].startswith("w x₁ → z₁, value ")
    assert "∂L/∂w" in spoken[0]


def test_that_enter_types_a_value_there_and_one_goes_on_from_it(hand, qtbot):
    wanted: list[bool] = []
    hand.view.inspect_wanted.connect(lambda: wanted.append(True))
    hand.session.select(["h1"])
    hand.view.step_weight(1)
    hand.view.step_weight(1)
    hand.key(Key.Key_Return)
    typed(field_of(hand), "1.5")
    qtbot.waitUntil(lambda: value(hand, index=(1, 0)) == 1.5, timeout=8000)
    qtbot.waitUntil(lambda: "+1.5000" in hand.view.pointed.card.text(), timeout=8000)
    assert hand.view.pointed.held == Hit("weight", "h1", FIRST, (1, 0))
    hand.key(Key.Key_Down, ALT)
    assert hand.view.pointed.held == Hit("bias", "h1", index=(0,))
    assert wanted == []
    hand.key(Key.Key_Escape)
    assert hand.view.pointed.held is None
    assert hand.session.selection == {"h1"}
    hand.key(Key.Key_Return)
    assert wanted == [True]


def test_that_the_menu_key_opens_the_menu_of_what_the_keyboard_is_at(hand, monkeypatch):
    opened_at = []
    monkeypatch.setattr(hand.view, "open_menu", lambda hit, point, where: opened_at.append(hit))
    hand.session.select(["h1"])
    hand.view.step_weight(-1)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(5, 5), QPoint(5, 5))
    QApplication.sendEvent(hand.view.viewport(), event)
    assert opened_at == [Hit("bias", "h1", index=(3,))]


def test_that_the_pointer_and_another_card_take_over_from_the_keyboard(hand, point):
    hand.session.select(["h1"])
    hand.view.step_weight(1)
    hand.move(point)
    assert hand.view.pointed.held is None
    hand.session.select(["h1"])
    hand.view.step_weight(1)
    hand.key(Key.Key_Right)
    assert hand.view.pointed.held is None
    assert not hand.view.pointed.card.isVisible()
    assert hand.scene.wires.lit is None


def test_that_a_frozen_weight_stays_in_hand_and_one_that_is_gone_does_not(hand, qtbot):
    hand.session.select(["h1"])
    hand.view.step_weight(-1)
    hand.view.step_weight(-1)
    assert hand.view.pointed.held.index == (1, 3)
    hand.session.edit(message("test"), lambda document: edits.freeze_weight(document, "h1", 1, 3, True))
    qtbot.waitUntil(lambda: "frozen" in hand.view.pointed.card.text(), timeout=8000)
    assert hand.view.pointed.held is not None
    hand.session.edit(message("test"), lambda document: edits.set_field(document, "h1", "units", 2))
    qtbot.waitUntil(lambda: hand.view.pointed.held is None, timeout=8000)
    assert not hand.view.pointed.card.isVisible()


def test_that_a_word_is_said_where_there_are_no_weights_to_go_over(hand, qtbot):
    hand.session.select(["a1"])
    hand.key(Key.Key_Down, ALT)
    assert hand.said == ["Select a dense layer to go over its weights."]
    hand.session.edit(message("test"), lambda document: edits.set_field(document, "h1", "units", 40))
    hand.session.select(["h1"])
    hand.key(Key.Key_Down, ALT)
    assert "outline" in hand.said[-1]
    assert numbers_of(hand.scene, "nobody") == []


def test_that_the_canvas_claims_alt_and_arrows_and_a_wire_under_way_keeps_its_own(hand):
    hand.session.select(["h1"])
    hand.key(Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    assert isinstance(hand.view.gesture, KeyConnect)
    hand.key(Key.Key_Down, ALT)
    assert hand.view.pointed.held is None


# --- fingers ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("amount", "larger"), [(0.2, True), (-0.2, False)])
def test_that_a_pinch_on_a_touchpad_zooms_at_the_pointer(hand, amount, larger):
    view, at = hand.view, QPoint(300, 200)
    under, scale = view.mapToScene(at), view.camera.scale
    place = QPointF(view.viewport().mapToGlobal(at))
    event = QNativeGestureEvent(
        Qt.NativeGestureType.ZoomNativeGesture, QPointingDevice.primaryPointingDevice(), 2, QPointF(at), place, place,
        amount, QPointF(),
    )  # fmt: skip
    QApplication.sendEvent(view.viewport(), event)
    assert view.camera.scale == pytest.approx(scale * (1.0 + amount))
    assert (view.camera.scale > scale) is larger
    assert (view.mapToScene(at) - under).manhattanLength() < 3.0
    assert hand.session.undo_stack.count() == 0


def test_that_two_fingers_on_a_screen_zoom_and_move_nothing(hand):
    view, scale = hand.view, hand.view.camera.scale
    device = QTest.createTouchDevice()
    viewport, rects = view.viewport(), dict(hand.scene.rects)
    one, other = QPoint(400, 250), QPoint(440, 250)
    QTest.touchEvent(viewport, device).press(0, one, viewport).press(1, other, viewport).commit()
    for step in range(1, 9):
        aside = QPoint(8 * step, 0)
        QTest.touchEvent(viewport, device).move(0, one - aside, viewport).move(1, other + aside, viewport).commit()
    QTest.touchEvent(viewport, device).release(0, one - aside, viewport).release(1, other + aside, viewport).commit()
    assert view.camera.scale > 1.5 * scale
    assert view.gesture is None
    assert hand.scene.rects == rects
    assert hand.session.undo_stack.count() == 0
