"""The panel as a person meets it: what it says at each step, its keys, its buttons, and the canvas that goes along."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from bench import Bench
from looking import lecture, stack
from PySide6.QtCore import QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from playground.engine.exact import exact
from playground.ui.microscope.step_words import shown
from playground.ui.theme import themes
from playground.ui.translation import set_language

Key = Qt.Key


def cells(bench: Bench) -> list[tuple[str, ...]]:
    return [row.cells for row in shown(bench.reader).rows]


# --- what is said at each step ---------------------------------------------------------------------


def test_that_the_lecture_is_told_step_by_step(bench: Callable[..., Bench]) -> None:
    desk = bench(lecture())
    desk.begin()
    told = []
    for done in range(len(desk.found.steps) + 1):
        desk.reader.go_to(done)
        told.append((shown(desk.reader).title, shown(desk.reader).text().split("\n")[0]))
    assert told == [
        ("Start", ""),
        ("Forward · P", "P = w₁·A + w₂·B = 2·1 + 1·2 = 4"),
        ("Forward · Q", "Q = w₃·P = 2·4 = 8"),
        ("Loss", "L = ½(Q − C)² = ½(8 − 5)² = 9/2"),
        ("Backward · Loss", "∂L/∂Q = Q − C = 8 − 5 = 3"),
        ("Backward · Q", "∂L/∂P = ∂L/∂Q·∂Q/∂P = 3·2 = 6"),
        ("Backward · P", "∂L/∂w₁ = ∂L/∂P·∂P/∂w₁ = 6·1 = 6"),
        ("Update", "w₁ ← w₁ − η·∂L/∂w₁ = 2 − 0.01·6 = 1.94"),
    ]


def test_that_what_arrives_times_what_is_local_is_what_is_passed_on(bench: Callable[..., Bench]) -> None:
    desk = bench(lecture())
    desk.begin()
    desk.go_to("∂L/∂Q")
    assert cells(desk) == [("∂L/∂P", "3", "w₃ = 2", "6"), ("∂L/∂w₃", "3", "P = 4", "12")]
    desk.go_to("∂L/∂P")
    assert cells(desk)[:2] == [("∂L/∂w₁", "6", "A = 1", "6"), ("∂L/∂w₂", "6", "B = 2", "12")]


def test_that_the_new_weights_shown_are_those_that_the_engine_puts_in_place(bench: Callable[..., Bench]) -> None:
    desk = bench(stack(1, 3, batch_size=5, optimizer="adam"))
    found = desk.begin()
    desk.reader.go_to_stage("update")
    last = [row.cells[-1] for row in shown(desk.reader, exact).rows]
    desk.reader.finish_batch()
    desk.settle()
    assert last == [exact(float(value)) for value in desk.weights()]
    assert len(last) == found.program.size


def test_that_a_bias_shows_the_one_that_it_is_multiplied_by(bench: Callable[..., Bench]) -> None:
    desk = bench(stack(1, 2, batch_size=1))
    desk.begin()
    desk.reader.go_to(1)
    assert cells(desk)[-1][:3] == ("1", "1", "b₁")


def test_that_steps_that_are_not_reached_are_covered(bench: Callable[..., Bench]) -> None:
    desk = bench(lecture())
    desk.begin()
    model = desk.steps.steps.steps
    figures = lambda: [model.figure(row) for row in range(model.rowCount())]  # noqa: E731
    assert figures() == ["", "?", "?", "?", "?", "?", "?", ""]
    desk.reader.go_to(3)
    assert figures() == ["", "4", "8", "9/2", "?", "?", "?", ""]
    desk.reader.go_to(7)
    assert figures() == ["", "4", "8", "9/2", "1", "3", "6", ""]


def test_that_the_gradients_of_a_batch_say_what_they_are(bench: Callable[..., Bench]) -> None:
    desk = bench(stack(1, 2, batch_size=4))
    desk.begin()
    desk.reader.go_to_stage("backward")
    assert "1/n = 1/4" in shown(desk.reader).note
    desk.panel.header.after.click()
    assert desk.reader.row == 1
    assert desk.panel.header.row.text() == "row 2 of 4"


# --- keys and buttons ------------------------------------------------------------------------------


def test_that_the_keys_of_a_clicker_step_wherever_the_focus_is(bench: Callable[..., Bench]) -> None:
    desk = bench(lecture())
    desk.begin()
    steps = desk.steps
    for focus in (desk.panel, steps.steps, steps.table, desk.panel.header.tabs):
        desk.reader.go_to(1)
        focus.setFocus()
        assert desk.panel.isAncestorOf(QApplication.focusWidget()) or focus is desk.panel
        desk.key(Key.Key_PageDown, 3)
        assert desk.reader.done == 4, focus
        desk.key(Key.Key_PageUp)
        assert desk.reader.done == 3
        desk.key(Key.Key_Home)
        assert desk.reader.done == 0


def test_that_escape_hands_the_keyboard_back(bench: Callable[..., Bench]) -> None:
    desk = bench(lecture())
    desk.steps.table.setFocus()
    with desk.bot.waitSignal(desk.panel.left):
        desk.key(Key.Key_Escape)


def test_that_step_begins_with_the_next_batch(bench: Callable[..., Bench]) -> None:
    desk = bench(lecture())
    assert desk.panel.stack.currentWidget() is desk.panel.empty
    assert "press Step" in desk.panel.empty.text()
    desk.panel.foot.buttons["step"].click()
    desk.settle()
    assert desk.panel.stack.currentWidget() is desk.steps
    assert desk.reader.done == 1


def test_that_a_click_on_a_step_goes_there_and_arrows_choose_units(bench: Callable[..., Bench]) -> None:
    desk = bench(stack(1, 3, batch_size=4))
    desk.begin()
    view = desk.steps.steps
    place = view.visualRect(view.steps.index(1, 0)).center()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert desk.reader.done == 1
    desk.key(Key.Key_Right, 2)
    assert desk.reader.unit == 2
    assert desk.steps.units.currentText() == "h₃"
    desk.key(Key.Key_Left)
    assert desk.reader.unit == 1


def test_that_a_row_of_the_update_chooses_its_weight(bench: Callable[..., Bench]) -> None:
    desk = bench(lecture())
    desk.begin()
    desk.reader.go_to_stage("update")
    desk.steps.table.setCurrentIndex(desk.steps.table.model().index(2, 0))
    assert desk.reader.target == ("Q.weight", (0, 0))
    assert desk.steps.written.text() == "w₃ ← w₃ − η·∂L/∂w₃ = 2 − 0.01·12 = 1.88"


def test_that_the_stage_switch_goes_to_the_stage_and_follows_the_steps(bench: Callable[..., Bench]) -> None:
    desk = bench(lecture())
    desk.begin()
    stages = desk.panel.header.stages
    stages.segment("backward").click()
    assert desk.reader.stage == "backward"
    desk.reader.go_to(len(desk.found.steps))
    assert stages.choice() == "update"


def test_that_what_has_no_room_is_in_the_menu(bench: Callable[..., Bench]) -> None:
    desk = bench(lecture())
    foot = desk.panel.foot
    for width in (1400, 760, 560, 420):
        desk.panel.resize(width, 270)
        seen = [press.key for press in foot._presses if foot.buttons[press.key].isVisible()]
        assert seen + [press.key for press in foot.hidden] == [press.key for press in foot._presses]
        inside = [foot.buttons[key].geometry().right() for key in seen]
        assert max(inside) <= foot.width()
        assert foot.more.isVisible() == bool(foot.hidden)
        assert not foot.more.isVisible() or foot.more.geometry().right() <= foot.width()
        assert {"rewind", "back", "step", "play"} <= set(seen)


@pytest.mark.parametrize("size", [QSize(670, 258), QSize(568, 258)], ids=["1280x720", "1024x768"])
def test_that_nothing_is_cut_off_in_a_small_drawer(bench: Callable[..., Bench], size: QSize) -> None:
    desk = bench(stack(2, 8, batch_size=10), size)
    desk.begin()
    for kind in ("forward", "loss", "backward", "update"):
        desk.reader.go_to_stage(kind)
        assert desk.panel.size() == size, "the contents do not push the drawer open"
        for control in desk.panel.findChildren(QAbstractButton):
            if control.isVisible() and control.parent() is not desk.steps.table:
                corner = control.mapTo(desk.panel, control.rect().bottomRight())
                assert desk.panel.rect().contains(corner), control.accessibleName()
        area = desk.steps.area
        assert area.widget().width() <= area.viewport().width()


def test_that_every_control_has_a_name(bench: Callable[..., Bench]) -> None:
    desk = bench(stack(1, 3, batch_size=4))
    desk.begin()
    nameless = [
        one
        for one in desk.panel.findChildren(QWidget)
        if one.focusPolicy() & Qt.FocusPolicy.TabFocus and one.isVisible()
        and not (one.accessibleName() or (isinstance(one, QAbstractButton) and one.text()))
    ]  # fmt: skip
    assert not nameless


def test_that_another_language_and_theme_reach_all_of_it(bench: Callable[..., Bench]) -> None:
    desk = bench(lecture())
    desk.begin()
    set_language("ko")
    themes.choose("dark")
    desk.reader.forward()
    set_language("en")
    assert desk.steps.title.text() == "Forward · P"


# --- the canvas ------------------------------------------------------------------------------------


def test_that_the_card_of_the_present_step_is_outlined_and_the_outline_goes_with_it(
    bench: Callable[..., Bench],
) -> None:
    desk = bench(stack(1, 3, batch_size=4))
    desk.begin()
    cards = desk.canvas.canvas_scene.cards
    desk.reader.go_to(1)
    assert desk.panel.on_canvas.played.parentItem() is cards["h1"]
    desk.reader.go_to_stage("backward")
    assert desk.panel.on_canvas.played.parentItem() is cards["loss"]
    desk.reader.go_to_stage("update")
    assert desk.panel.on_canvas.played is None
    desk.reader.go_to(1)
    desk.panel.hide()
    assert desk.panel.on_canvas.played is None


def test_that_the_operations_show_what_is_reached_and_cover_the_rest(bench: Callable[..., Bench]) -> None:
    desk = bench(lecture())
    desk.canvas.set_view("operations")
    desk.begin()
    view = desk.area.operations
    numbers = lambda: view.operations.numbers  # noqa: E731
    desk.reader.go_to(1)
    assert view.operations.played == "P:0"
    assert (numbers().value("P:0"), numbers().value("Q:0")) == ("4", "?")
    desk.go_to("∂L/∂Q")
    assert view.operations.played == "Q:0"
    assert view.operations.played_words == "arriving 3 × local 2"
    weights = [f"{name}[{index}]" for name, index in (("Q.weight", "0,0"), ("P.weight", "0,0"))]
    assert [numbers().gradient(key) for key in weights] == ["12", "?"]
    assert numbers().gradient("P:0") == "6"
    desk.panel.hide()
    assert view.operations.played is None
    assert view.covered == ()


def test_that_what_stands_below_the_play_head_is_said_in_the_other_language(bench: Callable[..., Bench]) -> None:
    desk = bench(lecture())
    desk.canvas.set_view("operations")
    desk.begin()
    desk.go_to("∂L/∂Q")
    set_language("ko")
    assert desk.area.operations.operations.played_words == "도착 3 × 국소 2"


def test_that_the_operations_show_a_row_of_a_batch_with_its_share_of_the_mean(bench: Callable[..., Bench]) -> None:
    desk = bench(stack(1, 2, batch_size=4, dropout=0.5))
    desk.canvas.set_view("operations")
    found = desk.begin()
    desk.reader.go_to(len(found.steps))
    desk.reader.show_row(2)
    readings = desk.area.operations._readings
    assert desk.area.operations.sample == found.rows[2]
    for node in ("h1", "a1", "drop"):
        for unit in range(2):
            assert readings.values[f"{node}:{unit}"] == pytest.approx(found.trace.values[node][2, unit], abs=1e-15)
            gradient = found.trace.gradients[node][2, unit]
            assert readings.gradients[f"{node}:{unit}"] == pytest.approx(gradient, abs=1e-15)
