"""While a number is asked for, nothing else in the window tells it: neither the plot nor the card under the pointer."""

from __future__ import annotations

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
