"""Gradient descent, seen: the curve, the tangent, where the step lands, and a rate that is only tried."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from looking import Looker, lecture, stack

from playground.ui.microscope.chain_lines import told_apart
from playground.ui.microscope.descent_page import DescentPage
from playground.ui.microscope.descent_words import said
from playground.ui.theme import themes
from playground.ui.translation import set_language


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
    page.end_work()
    page.hide()


def test_that_the_step_of_the_lecture_goes_downhill(descent: DescentPage) -> None:
    assert "w₁ = 2, slope 6: the step leads to 1.94." in descent._landing.text()
    assert "falls from 4.5 to 1.913" in descent._whole.text()


def test_that_a_larger_rate_is_seen_to_overshoot_and_changes_nothing(
    descent: DescentPage, looker: Looker, qtbot
) -> None:
    descent.rate.setText("0.1")
    descent.rate.commit()
    qtbot.waitUntil(lambda: "too long" in descent._whole.text())
    assert "from 4.5 up to 8.82" in descent._whole.text()
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
    assert "SGD moves w₁ by −0.06, Adam by −0.01" in descent._others.text()


def test_that_a_batch_taken_back_shortens_the_trail(descent: DescentPage, looker: Looker, qtbot) -> None:
    looker.begin()
    for _ in range(2):
        looker.reader.finish_batch()
        looker.settle()
    qtbot.waitUntil(lambda: len(descent.plot.before.getData()[0]) == 3)
    looker.reader.back()
    looker.settle()
    qtbot.waitUntil(lambda: len(descent.plot.before.getData()[0]) == 2)


def test_that_the_chosen_weight_is_drawn(descent: DescentPage, looker: Looker, qtbot) -> None:
    looker.reader.choose("Q.weight", (0, 0))
    qtbot.waitUntil(lambda: descent._landing.text().startswith("w₃ = 2, slope 12: the step leads to 1.88."))
    assert descent.plot.here.getData() == (pytest.approx([2.0]), pytest.approx([4.5]))
    assert descent.plot.there.getData()[0] == pytest.approx([1.88])


@pytest.mark.parametrize(
    ("one", "other", "texts"),
    [
        (0.716312345, 0.716298765, ("0.71631", "0.7163")),
        (2.0, 1.94, ("2", "1.94")),
        (4.5, 4.5, ("4.5", "4.5")),
        (1.0, float("inf"), ("1", "∞")),
    ],
)
def test_that_two_numbers_are_written_until_they_differ(one: float, other: float, texts: tuple[str, str]) -> None:
    assert told_apart(one, other) == texts


def test_that_a_power_of_ten_is_raised_in_a_sentence() -> None:
    assert said("4.854e−05") == "4.854·10⁻⁵"
    assert said("−1e+20") == "−1·10²⁰"
    assert said("0.5") == "0.5"


def test_that_a_step_out_of_all_bounds_is_said_and_drawn_without_it(descent: DescentPage, qtbot) -> None:
    descent._try(1e300)
    qtbot.waitUntil(lambda: "far too long" in descent._whole.text())
    assert len(descent.plot.here.getData()[0]) == 1
    assert len(descent.plot.there.getData()[0]) == 0


def test_that_weights_without_a_loss_are_said_to_have_no_slope(descent: DescentPage, looker: Looker, qtbot) -> None:
    looker.found.before.values[0] = 1e200
    looker.reader.choose("P.weight", (0, 0))
    qtbot.waitUntil(lambda: "no finite number" in descent._landing.text())
    assert descent.plot.curve.getData()[0] is None or not len(descent.plot.curve.getData()[0])


def test_that_nothing_is_computed_while_nobody_looks(descent: DescentPage, looker: Looker, monkeypatch) -> None:
    asked = []
    monkeypatch.setattr(descent._lookout, "ask", asked.append)
    descent.hide()
    looker.reader.choose("Q.weight", (0, 0))
    descent._ask()
    assert not asked
    assert not descent._wait.isActive()


def test_that_another_network_has_no_rate_to_try_and_no_trail(descent: DescentPage, looker: Looker, qtbot) -> None:
    descent._try(0.1)
    looker.open(stack(1, 3))
    looker.begin()
    qtbot.waitUntil(lambda: descent.rate.value() == looker.session.document.training.learning_rate)
    assert not descent.usual.isEnabled()
    qtbot.waitUntil(lambda: len(descent.plot.before.getData()[0]) == 1)


def test_that_it_speaks_the_language_and_wears_the_theme_of_the_window(descent: DescentPage, qtbot) -> None:
    set_language("ko")
    descent.retranslate()
    qtbot.waitUntil(lambda: "기울기" in descent._landing.text())
    themes.choose("dark")
    descent.restyle()
    assert descent.plot.backgroundBrush().color() == themes.current().surface
    assert descent.plot.curve.opts["pen"].color() == themes.current().text


def test_that_the_whole_height_is_the_mean_of_the_batch(descent: DescentPage, looker: Looker, qtbot) -> None:
    looker.open(stack(1, 3, batch_size=10, l2=0.1))
    found = looker.begin()
    qtbot.waitUntil(lambda: "w₁" in descent._landing.text() and "2" not in descent._landing.text()[:6])
    height = float(np.asarray(descent.plot.here.getData()[1])[0])
    assert height == pytest.approx(found.trace.loss + found.trace.penalty)
