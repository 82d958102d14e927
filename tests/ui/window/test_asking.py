"""While a number is asked for, nothing else in the window tells it: neither the plot nor the card under the pointer."""

from __future__ import annotations

from driving import Key
from PySide6.QtCore import QPointF

from playground.ui.canvas.hits import Hit

SLOPE = "∂L/∂w"


def test_that_the_plot_and_the_pointer_do_not_tell_what_is_asked_for(desk):
    window = desk.window
    panel, reader, region = window.microscope, window.microscope.reader, window.region
    region.row_picked.emit(7)
    desk.until(lambda: not reader.waiting and reader.found is not None)
    desk.show_neurons()
    (wire,) = [one for one in desk.session.document.network.wires if one.target == "out"]
    desk.until(lambda: desk.session.snapshot.gradient is not None)
    weight = Hit("weight", "out", wire, (0, 0))

    def told() -> tuple[bool, bool]:
        """Whether the plot tells a value, and the card of a weight its slope."""
        region._point((0.2, 0.3))
        desk.canvas.pointed.at(Hit(), None)
        desk.canvas.pointed.at(weight, QPointF())
        card = " ".join(line.text for line in desk.canvas.pointed._lines())
        return "→" in region.reading(), SLOPE in card

    assert told() == (True, True)
    reader.go_to(1)
    panel.foot.buttons["ask"].click()
    assert told() == (False, True), "a value is asked for"
    reader.go_to(len(reader.found.steps) - 1)
    assert told() == (True, False), "a slope, and what it makes"
    panel.bar.guess.setText(repr(reader.asking.turn.question.right))
    panel.bar.check.click()
    assert told() == (True, True), "it is answered"
    panel.bar.next.click()
    assert told() == (True, False)
    panel.hide()
    assert told() == (True, True)


def test_that_the_keys_of_the_window_leave_an_answer_alone(desk):
    window = desk.window
    panel, reader = window.microscope, window.microscope.reader
    window.region.row_picked.emit(7)
    desk.until(lambda: not reader.waiting and reader.found is not None)
    window.activateWindow()
    panel.foot.buttons["ask"].setFocus()
    desk.key(Key.Key_Space)
    assert reader.asking.on
    assert panel.bar.guess.hasFocus()
    desk.type("-0.5 a")
    assert panel.bar.guess.text() == "-0.5 a"
    assert not desk.session.running, "a space in an answer does not start the training"
    desk.key(Key.Key_Home)
    desk.key(Key.Key_Delete)
    assert panel.bar.guess.text() == "0.5 a"
    assert reader.done == 1, "nor does Home rewind"
    desk.key(Key.Key_Return)
    assert "is no number" in panel.bar.verdict.text()
    desk.key(Key.Key_PageDown)
    assert reader.done == 2
    assert panel.bar.guess.hasFocus()
    assert panel.bar.guess.text() == ""
    desk.key(Key.Key_Escape)
    assert not reader.asking.on
    assert panel.isAncestorOf(desk.focus) or panel is desk.focus
    desk.key(Key.Key_Escape)
    assert not panel.isAncestorOf(desk.focus)
