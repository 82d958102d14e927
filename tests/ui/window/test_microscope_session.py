"""A learner's session on a network of their own, 2-3-1: stepped by keys, rewound, finished, and asked why."""

from __future__ import annotations

import numpy as np
import pytest
from driving import Desk, Key

from playground.ui.canvas import shape


def settled(desk: Desk) -> None:
    reader = desk.window.microscope.reader
    desk.until(lambda: not reader.waiting and reader.found is not None)


def test_that_a_learner_steps_through_their_own_network_and_back(desk):
    desk.show_neurons()
    rect = desk.scene.rects[desk.id("Dense 4")]
    desk.move(rect.center())
    desk.click_at(shape.fewer_rect(rect).center())
    desk.runs()
    assert desk.titles() == ["Input", "Dense 3", "tanh", "Dense 1", "Loss"]
    panel, reader = desk.window.microscope, desk.window.microscope.reader
    before = desk.session.snapshot.values.copy()
    desk.canvas.setFocus()
    desk.key(Key.Key_F8)
    assert panel.isVisible()
    desk.key(Key.Key_PageDown)
    settled(desk)
    seen = []
    while not reader.at_end:
        desk.key(Key.Key_PageDown)
        seen.append(reader.step.kind)
    assert list(dict.fromkeys(seen)) == ["forward", "loss", "backward", "update"]
    promised = reader.found.after.values.copy()
    np.testing.assert_array_equal(desk.session.snapshot.values, before)

    desk.key(Key.Key_Home)
    assert reader.done == 0
    desk.click(panel.foot.buttons["batch"])
    settled(desk)
    desk.until(lambda: desk.session.snapshot.updates == 1)
    np.testing.assert_array_equal(desk.session.snapshot.values, promised)
    desk.key(Key.Key_PageUp)
    settled(desk)
    desk.until(lambda: desk.session.snapshot.updates == 0)
    np.testing.assert_array_equal(desk.session.snapshot.values, before)

    panel.show_weight("h1.weight", (0, 2))
    chain = panel.pages["chain"]
    derivation = chain._derivation
    assert derivation.gradient == pytest.approx(reader.found.trace.parameters["h1.weight"].gradient[0, 2], rel=1e-12)
    assert "∂L/∂" in chain.equations.text()
    desk.window.activateWindow()
    panel.setFocus()
    desk.key(Key.Key_Escape)
    assert desk.canvas.hasFocus()


def test_that_a_click_on_a_data_point_opens_the_microscope_on_it(desk):
    region, panel = desk.window.region, desk.window.microscope
    region.row_picked.emit(7)
    settled(desk)
    assert panel.isVisible()
    assert panel.reader.rows == (7,)
    np.testing.assert_array_equal(panel.reader.found.x[0], desk.session.plan.dataset.x_train[7])
