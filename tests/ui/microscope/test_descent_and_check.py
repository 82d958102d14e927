"""Gradient descent, seen, and the gradient check at a button."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Iterator

import pytest
from looking import Looker, lecture, stack

from playground.document import edits
from playground.document.model import Document, Network, Node, Wire
from playground.ui.microscope.check_page import CheckPage
from playground.ui.microscope.descent_page import DescentPage


@pytest.fixture
def descent(looker: Looker, qtbot) -> Iterator[DescentPage]:
    looker.open(lecture())
    looker.begin((0,))
    page = DescentPage(looker.reader)
    qtbot.addWidget(page)
    page.resize(700, 260)
    page.show()
    qtbot.waitUntil(lambda: "w₁" in page._landing.text())
    yield page
    page.hide()


@pytest.fixture
def check(looker: Looker, qtbot) -> Iterator[CheckPage]:
    page = CheckPage(looker.reader)
    qtbot.addWidget(page)
    page.show()
    yield page
    page.close_check()
    page.hide()


def test_that_the_step_of_the_lecture_goes_downhill(descent: DescentPage) -> None:
    assert "w₁ = 2, slope 6: the step leads to 1.94." in descent._landing.text()
    assert "falls from 9/2 to 1.913" in descent._whole.text()


def test_that_a_larger_rate_is_seen_to_overshoot_and_changes_nothing(
    descent: DescentPage, looker: Looker, qtbot
) -> None:
    descent.rate.setText("0.1")
    descent.rate.commit()
    qtbot.waitUntil(lambda: "too long" in descent._whole.text())
    assert "from 9/2 up to 8.82" in descent._whole.text()
    assert looker.session.document.training.learning_rate == 0.01
    descent.usual.click()
    qtbot.waitUntil(lambda: "falls" in descent._whole.text())


def test_that_the_curve_is_the_true_loss_and_the_tangent_touches_it(descent: DescentPage) -> None:
    x, y = descent.plot.curve.getData()
    for place, height in zip(x.tolist(), y.tolist(), strict=True):
        assert height == pytest.approx(0.5 * (2.0 * (place + 2.0) - 5.0) ** 2, rel=1e-12)
    (left, right), (low, high) = descent.plot.tangent.getData()
    assert (high - low) / (right - left) == pytest.approx(6.0)


def test_that_the_trail_grows_with_every_batch(descent: DescentPage, looker: Looker, qtbot) -> None:
    looker.begin()
    looker.reader.finish_batch()
    looker.settle()
    qtbot.waitUntil(lambda: len(descent.plot.before.getData()[0]) == 2)


def test_that_sgd_and_adam_use_the_same_gradient_differently(descent: DescentPage) -> None:
    assert "SGD moves this weight by −0.06, Adam by −0.01" in descent._others.text()


def test_that_all_gradients_agree(check: CheckPage, looker: Looker, qtbot) -> None:
    looker.open(stack(2, 4, l2=0.01))
    looker.begin()
    check.button.click()
    qtbot.waitUntil(check.button.isEnabled, timeout=20_000)
    assert check.words.text().startswith("All 37 gradients agree")
    assert check.table.rowCount() == 6


def test_that_a_corner_is_called_one(check: CheckPage, looker: Looker, qtbot) -> None:
    """A ReLU whose input is 0 on the row."""
    nodes = (
        Node("in", "input", {"features": ("x1", "x2")}),
        Node("h", "dense", {"units": 1}),
        Node("a", "activation", {"function": "relu"}),
        Node("out", "dense", {"units": 1}),
        Node("loss", "loss", {"function": "binary_cross_entropy"}),
    )
    wires = tuple(Wire(one.id, other.id) for one, other in itertools.pairwise(nodes))
    given = {"h": {"weight": ((0.0,), (0.0,)), "bias": (0.0,)}}
    looker.open(Document(network=Network(nodes, wires), parameters=given))
    looker.begin((0,))
    check.button.click()
    qtbot.waitUntil(check.button.isEnabled, timeout=20_000)
    assert "corner" in check.words.text()
    assert check.words.text().startswith("All")


def test_that_a_check_is_stale_once_the_weights_have_moved(check: CheckPage, looker: Looker, qtbot) -> None:
    looker.open(lecture())
    looker.begin()
    check.button.click()
    qtbot.waitUntil(check.button.isEnabled, timeout=20_000)
    assert check.table.rowCount() == 2
    looker.reader.finish_batch()
    looker.settle()
    assert check.table.rowCount() == 0
    assert "check again" in check.words.text()


def test_that_the_thread_is_waited_for(check: CheckPage, looker: Looker) -> None:
    looker.open(edits.set_training(stack(4, 16), batch_size=60))
    looker.begin()
    check.button.click()
    check.close_check()
    assert not any(thread.name == "gradient check" for thread in threading.enumerate())
