"""The loss over two weights, seen from above: heights, lines, and the step across them."""

from __future__ import annotations

import numpy as np
import pytest
from descending import descent_page, settled, surface
from looking import Looker, lecture, stack

from playground.document import edits
from playground.document.presets import PRESETS
from playground.engine.derivation import place_of
from playground.engine.descent import Terrain, handed_to
from playground.engine.optimizers import Hyper
from playground.ui.microscope import weight_choice
from playground.ui.microscope.descent_page import DescentPage
from playground.ui.theme import themes

W1, W3 = ("P.weight", (0, 0)), ("Q.weight", (0, 0))


# --- numbers ----------------------------------------------------------------------------------------


def test_that_the_surface_is_the_lectures_loss_by_hand(descent: DescentPage, looker: Looker) -> None:
    plane = surface(descent, looker)
    assert plane.numbers == (W1, W3), "the steepest beside w₁, of another layer"
    w1, w3 = np.meshgrid(*plane.places)
    np.testing.assert_allclose(plane.heights, 0.5 * (w3 * (w1 + 2.0) - 5.0) ** 2, rtol=1e-12, atol=1e-12)
    assert plane.heights.shape == (65, 65)
    assert descent.plane.picture.colors.shape == (65, 65)


def test_that_the_step_is_drawn_to_where_it_lands(descent: DescentPage, looker: Looker) -> None:
    surface(descent, looker)
    assert descent.plane.here.getData() == (pytest.approx([2.0]), pytest.approx([2.0]))
    assert descent.plane.there.getData() == (pytest.approx([1.94]), pytest.approx([1.88]))
    assert "Slopes 6 along w₁ and 12 along w₃" in descent._landing.text()
    assert "leads from (2, 2) to (1.94, 1.88)" in descent._landing.text()
    assert "falls from 4.5 to 1.913" in descent._whole.text()


def test_that_a_tenth_overshoots_over_the_valley(descent: DescentPage, looker: Looker) -> None:
    descent.rate.setText("0.1")
    descent.rate.commit()
    plane = surface(descent, looker)
    assert plane.lands == pytest.approx((1.4, 0.8))
    assert descent.plane.there.getData() == (pytest.approx([1.4]), pytest.approx([0.8]))
    assert plane.lands_height == pytest.approx(0.5 * (0.8 * 3.4 - 5.0) ** 2)
    assert "from 4.5 up to 8.82" in descent._whole.text()
    assert looker.session.document.training.learning_rate == 0.01


@pytest.mark.parametrize("training", [{}, {"optimizer": "adam", "learning_rate": 0.02}, {"momentum": 0.9, "l2": 0.1}])
def test_that_the_landing_is_what_training_makes_of_the_weights(training: dict[str, object], looker: Looker) -> None:
    looker.open(stack(1, 4, batch_size=10, **training))
    looker.session.step("batch")
    found = looker.begin()
    with descent_page(looker) as page:
        plane = surface(page, looker)
        landed = [float(page.plane.there.getData()[k][0]) for k in (0, 1)]
        looker.reader.finish_batch()
        looker.settle()
    weights = looker.weights()
    assert landed == [weights[place_of(found.program, number)] for number in plane.numbers]
    assert landed != list(plane.at)


def test_that_the_other_optimizers_step_starts_from_the_same_gradient(descent: DescentPage, looker: Looker) -> None:
    surface(descent, looker)
    found = looker.found
    terrain = Terrain(found.program, found.x, found.trace.targets, found.hyper)
    (change,) = handed_to(terrain, found.before, [Hyper("adam", 0.01)])
    assert descent.plane.other.getData() == (pytest.approx([2.0 + change[0]]), pytest.approx([2.0 + change[2]]))
    assert "SGD moves w₁, w₃ by −0.06, −0.12, Adam by −0.01, −0.01" in descent._others.text()
    assert "Adam" in [entry.text for entry in descent.key.entries]


def test_that_beside_adam_it_is_sgd(looker: Looker) -> None:
    looker.open(lecture(optimizer="adam"))
    looker.begin((0,))
    with descent_page(looker) as page:
        surface(page, looker)
        assert page.plane.other.getData() == (pytest.approx([1.94]), pytest.approx([1.88]))
        assert "SGD" in [entry.text for entry in page.key.entries]


def test_that_the_trail_goes_from_step_to_step(descent: DescentPage, looker: Looker) -> None:
    looker.begin()
    ways = [looker.weights()]
    for _ in range(2):
        looker.reader.finish_batch()
        looker.settle()
        ways.append(looker.weights())
    surface(descent, looker)
    np.testing.assert_allclose(np.stack(descent.plane.trail.getData(), axis=1), [[w[0], w[2]] for w in ways])
    assert "before" in [entry.text for entry in descent.key.entries]


# --- what is drawn ----------------------------------------------------------------------------------


def test_that_downhill_is_at_right_angles_to_the_lines_on_the_screen(descent: DescentPage, looker: Looker) -> None:
    surface(descent, looker)
    (left, right), (low, high) = descent.plane.box.viewRange()
    assert descent.plane.box.width() / (right - left) == pytest.approx(descent.plane.box.height() / (high - low))
    x, y = descent.plane.downhill.getData()
    way = np.array([x[1] - x[0], y[1] - y[0]])
    assert way / np.hypot(*way) == pytest.approx(-np.array([6.0, 12.0]) / np.hypot(6.0, 12.0))


def test_that_both_scales_stay_the_same_in_another_shape(descent: DescentPage, looker: Looker) -> None:
    surface(descent, looker)
    descent.resize(560, 420)
    settled(descent, looker)
    (left, right), (low, high) = descent.plane.box.viewRange()
    assert descent.plane.box.width() / (right - left) == pytest.approx(descent.plane.box.height() / (high - low))
    across, up = descent.plane._found.places
    assert (across[-1] - across[0]) / (up[-1] - up[0]) == pytest.approx(descent.plane.aspect())


def test_that_lines_carry_their_heights(descent: DescentPage, looker: Looker) -> None:
    plane = surface(descent, looker)
    texts = [label.toPlainText() for label in descent.plane.lines.labels if label.isVisible()]
    assert len(texts) >= 4
    line = {float(text): label for text, label in zip(texts, descent.plane.lines.labels, strict=False)}
    assert set(line) <= set(descent.plane.levels.tolist())
    cell = max(places[1] - places[0] for places in plane.places)
    for height, label in line.items():
        w1, w3 = label.pos().x(), label.pos().y()
        loss = 0.5 * (w3 * (w1 + 2.0) - 5.0) ** 2
        slope = abs(w3 * (w1 + 2.0) - 5.0) * np.hypot(w3, w1 + 2.0)
        assert abs(loss - height) <= cell * (slope + cell * 20.0)


def test_that_a_close_look_shows_no_more_than_the_step(descent: DescentPage, looker: Looker) -> None:
    wide = surface(descent, looker)
    descent.close_up.click()
    close = surface(descent, looker)
    step = max(abs(lands - at) for at, lands in zip(close.at, close.lands, strict=True))
    (low, high) = close.places[1][0], close.places[1][-1]
    assert high - low <= 4.5 * step < wide.places[1][-1] - wide.places[1][0]
    assert len(descent.plane.there.getData()[0]) == 1


def test_that_heights_that_run_away_are_grey_and_the_step_out_of_the_picture_is_said(
    descent: DescentPage, looker: Looker
) -> None:
    looker.found.before.values[:] = [1e77, 1.0, 1e77]
    descent._try(0.02)
    plane = surface(descent, looker)
    assert np.isfinite(plane.height)
    assert np.isinf(plane.heights).any()
    assert "outside of the picture" in descent._landing.text()
    assert "far too long" in descent._whole.text()
    assert len(descent.plane.here.getData()[0]) == 1
    assert len(descent.plane.there.getData()[0]) == 0
    assert "no finite number" in [entry.text for entry in descent.key.entries]
    grey = int(themes.current().chip.rgb()) & 0xFFFFFF
    assert ((descent.plane.picture.colors & 0xFFFFFF == grey) == ~np.isfinite(plane.heights)).all()


@pytest.mark.parametrize("rate", [1e4, 1e300])
def test_that_a_step_far_away_is_drawn_towards_the_edge(rate: float, looker: Looker) -> None:
    looker.open(stack(1, 3, batch_size=10))
    looker.begin()
    with descent_page(looker) as page:
        page._try(rate)
        plane = surface(page, looker)
        assert "outside of the picture" in page._landing.text()
        assert len(page.plane.there.getData()[0]) == 0
        x, y = page.plane.step.getData()
        way, full = np.array([x[1] - x[0], y[1] - y[0]]), np.subtract(plane.lands, plane.at)
        assert way / np.hypot(*way) == pytest.approx(full / np.hypot(*full))
        assert np.hypot(*way) < 10.0 * (plane.places[0][-1] - plane.places[0][0])


def test_that_weights_without_a_loss_have_no_surface(descent: DescentPage, looker: Looker, qtbot) -> None:
    surface(descent, looker)
    looker.found.before.values[0] = 1e200
    looker.reader.choose("Q.weight", (0, 0))
    settled(descent, looker)
    assert "no finite number" in descent._landing.text()
    assert descent.plane.picture.colors is None
    assert not any(label.isVisible() for label in descent.plane.lines.labels)
    assert not descent.key.entries


# --- which weights ----------------------------------------------------------------------------------


def test_that_a_frozen_weight_is_not_moved_and_not_the_first_choice(looker: Looker) -> None:
    looker.open(edits.set_field(lecture(), "Q", "frozen", True))
    looker.begin((0,))
    with descent_page(looker) as page:
        plane = surface(page, looker)
        assert plane.numbers == (W1, ("P.weight", (1, 0)))
        page.choice.second.setCurrentIndex(1)
        page.choice.second.activated.emit(1)
        plane = surface(page, looker)
        assert plane.numbers == (W1, W3)
        assert plane.lands == pytest.approx((1.94, 2.0))
        assert plane.slopes == (6.0, 12.0)
        looker.reader.choose(*W3)
        page.choice.count.segment("one").click()
        settled(page, looker)
        assert page._landing.text() == "w₃ = 2, slope 12: it is frozen, no step moves it."


def test_that_the_second_one_steps_aside_where_it_becomes_the_first(descent: DescentPage, looker: Looker) -> None:
    assert surface(descent, looker).numbers == (W1, W3)
    looker.reader.choose(*W3)
    settled(descent, looker)
    assert surface(descent, looker).numbers == (W3, W1)


def test_that_the_first_one_is_the_readers(descent: DescentPage, looker: Looker) -> None:
    settled(descent, looker)
    descent.choice.first.activated.emit(2)
    assert looker.reader.target == W3
    settled(descent, looker)
    assert descent._landing.text().startswith("w₃ = 2, slope 12")


def test_that_a_single_weight_has_no_surface(looker: Looker) -> None:
    looker.open(PRESETS["single-neuron"].document)
    looker.begin()
    with descent_page(looker) as page:
        settled(page, looker)
        assert not page.choice.count.segment("two").isEnabled()
        assert len(page.choice.numbers) == 1
        assert len(page.plot.here.getData()[0]) == 1


def test_that_of_many_numbers_the_steepest_are_offered(looker: Looker) -> None:
    looker.open(stack(2, 24, batch_size=10))
    found = looker.begin()
    gradient = np.abs(found.program.flat({name: one.gradient for name, one in found.trace.parameters.items()}))
    offered = weight_choice.offered_of(found, [("h1.weight", (0, 0))])
    places = [place_of(found.program, number) for number in offered]
    most = weight_choice.MOST_OFFERED
    assert ("h1.weight", (0, 0)) in offered
    assert len(offered) in (most, most + 1)
    assert set(np.argsort(gradient)[-most:]) <= set(places)
    second = weight_choice.second_beside(found, ("h1.weight", (0, 0)))
    assert second is not None
    assert second[0].endswith("weight")
    weights = [k for k in places if found.program.parameters and k != place_of(found.program, ("h1.weight", (0, 0)))]
    biases = {k for p in found.program.parameters if p.role == "bias" for k in range(*_span(found.program, p.name))}
    assert gradient[place_of(found.program, second)] == max(gradient[k] for k in weights if k not in biases)


def _span(program, name: str) -> tuple[int, int]:
    return program.slices[name].start, program.slices[name].stop
